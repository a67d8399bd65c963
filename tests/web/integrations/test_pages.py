"""Available and connected apps, and a connection's page: what it shows and what can be done there."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.support.tiny_lake import TENANT
from tests.web.conftest import Site
from tests.web.integrations.conftest import HTMX, Trip


@pytest.mark.parametrize("asked", ["entra", "Azure", "MICROSOFT", "office 365", "active directory", "aad"])
def test_entra_is_found_by_what_people_call_it(site: Site, asked: str) -> None:
    shown = site.client("viewer").get(site.address("integrations"), {"q": asked}).content.decode()
    assert re.findall(r"<h2>(.*?)</h2>", shown) == ["Microsoft Entra ID"]


def test_what_is_planned_says_so_and_offers_no_button(site: Site) -> None:
    shown = site.client("owner").get(site.address("integrations")).content.decode()
    cards = shown.split('<article class="card app-card"')[1:]
    assert len(cards) == 4 and sum("Planned" in card for card in cards) == 3
    assert all(("Planned" in card) != ('class="btn btn-primary"' in card) for card in cards)
    assert 'Available apps <span class="count">4<' in shown and 'Connected apps <span class="count">0<' in shown


def test_a_search_that_finds_nothing_leads_back(site: Site) -> None:
    shown = site.client("viewer").get(site.address("integrations"), {"q": "<b>"}).content.decode()
    assert "No app is called “&lt;b&gt;”" in shown and "Show all apps" in shown


def test_a_viewer_is_told_who_can_connect(site: Site) -> None:
    shown = site.client("viewer").get(site.address("integrations")).content.decode()
    assert "An owner or admin of this company can connect it." in shown and "entra/connect" not in shown


def test_before_you_begin_names_roles_licence_and_reasons(site: Site) -> None:
    from seatwise.catalog.permissions import FIVE
    from seatwise.catalog.registry import DATASETS

    shown = site.client("admin").get(site.address("entra_connect")).content.decode()
    for told in (
        "Privileged Role Administrator",
        "Cloud Application Administrator is not enough",
        "Reports Reader",
        "P1",
    ):
        assert told in shown
    for permission in FIVE.values():
        assert permission.name in shown and permission.opens in shown
    assert all(dataset.why in shown for dataset in DATASETS.values())


def test_every_data_set_has_a_name_for_people() -> None:
    from seatwise.catalog.registry import DATASETS
    from seatwise.web.integrations.reads import LABELS

    assert set(LABELS) == set(DATASETS)


def test_the_dialog_the_panel_and_the_page_are_the_same_words(site: Site) -> None:
    client, address = site.client("admin"), site.address("entra_connect")
    page = client.get(address).content.decode()
    panel = client.get(address, **HTMX).content.decode()
    dialog = client.get(address, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="dialogs").content.decode()
    assert panel.strip() in page and panel.strip() in dialog
    assert "<dialog" in dialog and "<dialog" not in page and "<html" not in panel


def test_progress_asks_again_while_a_run_goes_on_and_stops_by_itself(site: Site) -> None:
    from seatwise.control.models import Run

    site.connected()
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    run = Run.objects.create(
        tenant_id=TENANT,
        kind="sync",
        state="running",
        trigger="first",
        as_of=now,
        created_at=now,
        started_at=now,
        progress={"steps": {"users": ["done", 340, 1, 0.0, None, ""], "sign_ins": ["wait", 1200, 2, 14.0, 95.0, ""]}},
    )
    client, address = site.client("viewer"), site.address("entra_progress")
    shown = client.get(address, **HTMX).content.decode()
    assert 'hx-trigger="every 1s"' in shown and "340 read" in shown
    assert "1,200 read · waiting for Microsoft, 14 s so far" in shown and "about 2 min left" in shown
    Run.objects.filter(pk=run.pk).update(state="done", ended_at=now, outcome={"datasets": {}})
    shown = client.get(address, **HTMX).content.decode()
    assert "every 1s" not in shown and 'hx-swap-oob="true"' in shown and "Done, 30 Jun 2026" in shown


def test_asking_twice_makes_one_run_and_cancel_ends_it(site: Site) -> None:
    from seatwise.control.models import Run

    site.connected()
    client = site.client("analyst")
    client.post(site.address("entra_sync"))
    client.post(site.address("entra_sync"))
    assert Run.objects.count() == 1 and Run.objects.get().asked_by == site.people["analyst"]
    client.post(site.address("entra_cancel"))
    assert Run.objects.get().state == "cancelled"


def test_the_schedule_is_one_of_five(site: Site) -> None:
    connection = site.connected()
    client = site.client("admin")
    for sent, kept in (("15", 15), ("1440", 1440), ("0", 0), ("7", 0), ("", 0)):
        client.post(site.address("entra_schedule"), {"every_min": sent})
        connection.refresh_from_db()
        assert connection.sync_every_min == kept
    assert connection.next_sync_at is None
    assert "only when somebody asks" in client.get(site.address("entra")).content.decode()


@pytest.mark.parametrize(
    ("state", "code", "step", "button", "leads"),
    [
        ("needs_reauth", "access_ended", "reconnect", "Reconnect", "entra/connect?step=ways"),
        ("needs_reauth", "secret_expired", "swap_secret", "Replace the secret", "entra/swap"),
        ("degraded", "permission_missing", "grant", "See how to grant it", "entra/guide#step-consent"),
        ("validation_error", "app_disabled", "test", "Test connection", "entra/test"),
    ],
)
def test_a_state_shows_its_reason_and_the_step_that_helps(
    site: Site, state: str, code: str, step: str, button: str, leads: str
) -> None:
    site.connected(state=state, code=code, reason="Because of <this>.", next_step=step)
    shown = (
        site.client("owner")
        .get(
            site.address(
                "integrations",
            )
            + "?tab=connected"
        )
        .content.decode()
    )
    assert "Because of &lt;this&gt;." in shown and button in shown and leads in shown
    for_viewer = site.client("viewer").get(site.address("integrations") + "?tab=connected").content.decode()
    assert "Because of &lt;this&gt;." in for_viewer
    assert (leads in for_viewer) is (step == "grant")


def test_a_viewer_sees_the_connection_and_no_way_to_change_it(site: Site) -> None:
    site.connected()
    shown = site.client("viewer").get(site.address("entra")).content.decode()
    assert "Northwind" in shown
    main = shown.split("<main")[1]
    assert "<form" not in main and "entra/disconnect" not in main and "entra/swap" not in main


@pytest.mark.parametrize(("days", "chip"), [(45, "in 45 days"), (1, "in 1 day"), (0, "today"), (-2, "Expired")])
def test_the_end_of_a_secret_is_counted_down(site: Site, monkeypatch: pytest.MonkeyPatch, days: int, chip: str) -> None:
    from datetime import timedelta

    monkeypatch.setenv("SEATWISE_NOW", "2026-06-30T12:00:00Z")
    ends_at = datetime(2026, 6, 30, 13, tzinfo=UTC) + timedelta(days=days)
    site.connected(credential_ends_at=ends_at)
    shown = site.client("admin").get(site.address("entra")).content.decode()
    assert chip in shown and "The client secret end" in shown and "Replace the secret" in shown


def test_a_secret_is_swapped_only_when_the_new_one_works(granted: Trip) -> None:
    from seatwise.control import vault

    client = granted.site.client("admin")
    client.post(granted.at("entra_connect"), granted.form())
    connection = granted.connection()
    assert connection is not None
    wrong = client.post(
        granted.at("entra_swap"), {"kind": "client_secret", "client_secret": "made-up~secret~long~enough"}
    )
    assert "AADSTS7000215" in wrong.content.decode()
    assert vault.fetch(connection.id, "credential") == granted.app["client_secret"]
    added = granted.sandbox.control("POST", "/identity", {"do": "add_secret", "client_id": granted.app["client_id"]})
    sent = {"kind": "client_secret", "client_secret": added["client_secret"], "ends_on": "2027-01-31"}
    answer = client.post(granted.at("entra_swap"), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert vault.fetch(connection.id, "credential") == added["client_secret"]
    connection.refresh_from_db()
    assert connection.credential_ends_at == datetime(2027, 1, 31, tzinfo=UTC)


def test_the_test_is_a_checklist_of_permissions_and_first_pages(granted: Trip) -> None:
    client = granted.site.client("admin")
    client.post(granted.at("entra_connect"), granted.form())
    shown = client.post(granted.at("entra_test"), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="checks").content.decode()
    for told in ("Token", "AuditLog.Read.All", "Premium licence", "Sign-ins, last 30 days"):
        assert told in shown
    assert 'data-s="failed"' not in shown


def test_disconnecting_keeps_the_data_and_says_how_to_clean_up(granted: Trip) -> None:
    from seatwise.control import vault

    client = granted.site.client("admin")
    client.post(granted.at("entra_connect"), granted.form())
    connection = granted.connection()
    assert connection is not None
    shown = client.post(granted.at("entra_disconnect"), {"data": "keep"}).content.decode()
    assert "Last step, in Entra" in shown and granted.app["client_id"] in shown
    assert vault.versions(connection.id, "credential") == []
    after = client.get(granted.at("integrations", "?tab=connected")).content.decode()
    assert "is disconnected" in after and 'Connected apps <span class="count">0<' in after


def test_erasing_wants_the_name(granted: Trip) -> None:
    client = granted.site.client("admin")
    client.post(granted.at("entra_connect"), granted.form())
    connection = granted.connection()
    assert connection is not None
    wrong = client.post(granted.at("entra_disconnect"), {"data": "erase", "name": "Northwind?"}).content.decode()
    assert "to erase what was read. Nothing was changed." in wrong and granted.connection() is not None
    client.post(granted.at("entra_cancel"))
    client.post(granted.at("entra_disconnect"), {"data": "erase", "name": connection.tenant_name.upper()})
    assert granted.connection() is None


def test_runs_tell_what_was_fetched_and_why_it_failed(site: Site) -> None:
    from seatwise.control.models import Run

    site.connected()
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    told = {"rows": 10, "pages": 1, "waited_s": 70.0, "unchanged": 4, "set_aside": {"other_tenant": 3}}
    Run.objects.create(
        tenant_id=TENANT, kind="sync", state="partial", trigger="schedule", as_of=now, created_at=now,
        started_at=now, ended_at=now, n_claims=2,
        outcome={"datasets": {"users": told}, "missing": [{"dataset": "sign_ins", "sentence": "No sign-ins: why."}]},
    )  # fmt: skip
    shown = site.client("viewer").get(site.address("entra_runs")).content.decode()
    for words in ("Done in part", "Schedule", "No sign-ins: why.", "Set aside: 3 (other tenant).", "70 s", "cut off"):
        assert words in shown
