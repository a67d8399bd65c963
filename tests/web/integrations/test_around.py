"""A connection's words fit its way, and what stands around a test or a run changes with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.conftest import TENANT, Site
from tests.web.integrations.conftest import HTMX, Trip

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
CHECKS = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "checks"}


def page(site: Site, role: str = "admin") -> str:
    return site.client(role).get(site.address("entra")).content.decode()


@pytest.mark.parametrize(
    ("method", "step", "words"),
    [
        ("client_secret", "swap_secret", "Needs a new secret"),
        ("certificate", "swap_secret", "Needs a new certificate"),
        ("oauth2", "reconnect", "Needs a new sign-in"),
        ("oauth2", "swap_secret", "Needs a new secret"),
        ("admin_consent", "reconnect", "Needs a new approval"),
        ("client_secret", "grant", "Needs a new approval"),
        ("client_secret", "reconnect", "Needs reconnecting"),
    ],
)
def test_the_label_names_what_is_needed(site: Site, method: str, step: str, words: str) -> None:
    site.connected(method=method, state="needs_reauth", code="any", reason="Because.", next_step=step)
    assert f'<span class="chip chip-bad">{words}</span>' in page(site)


def test_a_secret_of_the_install_is_replaced_where_it_is_kept(site: Site) -> None:
    site.connected(method="oauth2", state="needs_reauth", code="secret_expired", reason="R.", next_step="swap_secret")
    assert "entra/connect?step=registration&amp;cloud=" in page(site, "owner")
    assert "An owner of this company can do this" in page(site, "analyst")


def test_a_secret_that_microsoft_calls_expired_has_ended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_NOW", NOW.isoformat())
    connection = site.connected(credential_ends_at=NOW + timedelta(days=30, hours=1))
    assert "Client secret expires" in (shown := page(site)) and "The client secret ends in 30 days" in shown
    connection.state, connection.code, connection.next_step = "needs_reauth", "secret_expired", "swap_secret"
    connection.save()
    shown = page(site)
    assert '<dt>Client secret</dt><dd><span class="chip chip-bad">Expired</span></dd>' in shown
    assert "in 30 days" not in shown and "30 Jul 2026" not in shown


def test_the_credential_of_the_install_is_called_so(site: Site) -> None:
    site.connected(method="admin_consent")
    assert "This install’s registration" in page(site)


def test_after_a_test_the_head_the_facts_and_the_side_note_come_along(granted: Trip) -> None:
    client = granted.site.client("admin")
    client.post(granted.at("entra_connect"), granted.form())
    granted.sandbox.control("POST", "/identity", {"do": "expire_secret", "client_id": granted.app["client_id"]})
    shown = client.post(granted.at("entra_test"), **CHECKS).content.decode()
    for part in ("entra-head", "entra-meta", "sync-note"):
        assert f'id="{part}" hx-swap-oob="true"' in shown
    for words in ("Needs a new secret", "Replace the secret", "Expired", "Needs attention", "AADSTS7000222"):
        assert words in shown


def test_the_last_fragment_of_a_sync_takes_the_side_note_along(site: Site) -> None:
    from seatwise.control.models import Run

    site.connected()
    about = {"tenant_id": TENANT, "kind": "sync", "trigger": "first", "as_of": NOW, "created_at": NOW}
    run = Run.objects.create(**about, state="running", started_at=NOW)
    client, address = site.client("viewer"), site.address("entra_progress")
    assert "sync-note" not in client.get(address, **HTMX).content.decode()
    Run.objects.filter(pk=run.pk).update(state="done", ended_at=NOW, outcome={"datasets": {}})
    shown = client.get(address, **HTMX).content.decode()
    assert 'id="sync-note" hx-swap-oob="true"' in shown and "Synced" in shown and "Syncing" not in shown


def test_a_step_stops_turning_at_its_own_end(site: Site) -> None:
    from seatwise.control.models import Run

    site.connected()
    steps = {
        "users": ["done", 340, 1, 0.0, None, ""],
        "groups": ["missing", 0, 0, 0.0, None, ""],
        "sign_ins": ["page", 1200, 2, 0.0, None, ""],
    }
    about = {"tenant_id": TENANT, "kind": "sync", "trigger": "first", "as_of": NOW, "created_at": NOW}
    Run.objects.create(**about, state="running", started_at=NOW, progress={"steps": steps})
    shown = site.client("viewer").get(site.address("entra_progress"), **HTMX).content.decode()
    states = [part.split('"')[0] for part in shown.split('<li data-s="')[1:]]
    assert states.count("done") == 1 and states.count("missing") == 1 and states.count("now") == 1


def test_the_pages_say_company_where_people_read_of_one(site: Site) -> None:
    templates = Path(__file__).parents[3] / "src" / "seatwise" / "web" / "templates"
    told = [path.name for path in templates.rglob("*.html") if "of this workspace" in path.read_text("utf-8")]
    assert told == []
    assert "of this company" in site.client("viewer").get(site.address("integrations")).content.decode()
