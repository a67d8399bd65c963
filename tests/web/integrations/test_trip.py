"""Out to Microsoft and back through the real addresses; whatever was tampered with is refused and stores nothing."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.web.integrations.conftest import ADMIN, HTMX, PERSONAL, PLAIN, Trip

CALLBACK = "/connect/azureactivedirectory/callback"
OTHER = "11111111-1111-1111-1111-111111111111"


def test_sign_in_and_accept_stands_under_connected_apps(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.signed_in(client)
    assert back.status_code == 303
    assert urlsplit(back.headers["Location"]).query == "" and back.headers["Referrer-Policy"] == "no-referrer"
    assert back.headers["Location"].startswith("/connect/done/")
    done = client.get(back.headers["Location"])
    assert done.headers["Location"] == trip.at("integrations", "?tab=connected&new=1")
    connection = trip.connection()
    assert connection is not None and connection.method == "oauth2" and connection.state == "active"
    shown = client.get(done.headers["Location"]).content.decode()
    assert "Microsoft Entra ID" in shown and connection.account in shown


def test_the_address_at_microsoft_asks_with_pkce_state_and_nonce(trip: Trip) -> None:
    trip.with_registration()
    address = trip.begun(trip.site.client("admin"))
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
    assert asked["redirect_uri"] == f"http://localhost:8600{CALLBACK}"


def test_the_pop_up_says_that_it_is_done_and_a_full_page_does_not(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    panel = client.post(trip.at("entra_connect"), {"method": "oauth2", "cloud": "sandbox"}, **HTMX).content.decode()
    start = panel.split('data-start="')[1].split('"')[0]
    attempt = panel.split('data-attempt="')[1].split('"')[0]
    assert client.get(trip.at("entra_outcome", attempt=attempt), **HTMX).status_code == 204
    address = client.get(f"{start}?as=pop-up").headers["Location"]
    back = client.get(trip.walk(address))
    done = client.get(back.headers["Location"])
    assert f'data-done="{attempt}"' in done.content.decode()
    assert done.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    told = client.get(trip.at("entra_outcome", attempt=attempt), **HTMX)
    assert told.headers["HX-Redirect"] == trip.at("integrations", "?tab=connected&new=1")


def test_declined_says_so_and_offers_another_try(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.signed_in(client, press="Cancel")
    shown = client.get(back.headers["Location"]).content.decode()
    assert "declined" in shown and "Try again" in shown and "AADSTS65004" in shown
    assert trip.connection() is None


def test_a_personal_account_is_refused_with_the_reason(trip: Trip) -> None:
    from tests.entra_sandbox.browser import Browser

    trip.with_registration()
    browser = Browser(trip.sandbox.ca)
    page = browser.press(browser.open(trip.begun(trip.site.client("admin"))), PERSONAL)
    # Microsoft's own page refuses it, since the sign-in asks for work accounts only.
    assert "AADSTS" in page.text and trip.connection() is None


def test_who_may_not_consent_never_comes_back_and_is_offered_the_link(trip: Trip) -> None:
    from tests.entra_sandbox.browser import Browser

    trip.with_registration()
    client = trip.site.client("admin")
    browser = Browser(trip.sandbox.ca)
    page = browser.press(browser.open(trip.begun(client)), PLAIN)
    assert "AADSTS90094" in page.text
    shown = client.get(trip.at("entra_connect", "?step=ways")).content.decode()
    assert "Send a link to your administrator" in shown


def _changed(back: str, **changes: str | None) -> str:
    """The return with other parameters; None takes one away."""
    query = {**dict(parse_qsl(urlsplit(back).query)), **changes}
    return f"{CALLBACK}?{urlencode({name: value for name, value in query.items() if value is not None})}"


@pytest.mark.parametrize(
    "change",
    [
        {"state": None},
        {"state": "made-up"},
        {"code": None},
        {"code": "made-up"},
        {"tenant": "11111111-1111-1111-1111-111111111111"},
        {"admin_consent": "True"},
        {"admin_consent": "True", "tenant": "11111111-1111-1111-1111-111111111111", "code": None},
        {"error": "access_denied"},
    ],
    ids=json.dumps,
)
def test_a_tampered_return_is_refused_and_stores_nothing(trip: Trip, change: dict[str, str | None]) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.walk(trip.begun(client))
    answer = client.get(_changed(back, **change))
    assert answer.status_code == 303 and urlsplit(answer.headers["Location"]).query == ""
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Nothing was stored" in shown
    assert trip.connection() is None


def test_a_return_counts_once_and_only_in_its_own_session(trip: Trip) -> None:
    trip.with_registration()
    client, other = trip.site.client("admin"), trip.site.client("owner")
    back = trip.walk(trip.begun(client))
    stolen = other.get(back)
    assert stolen.headers["Location"] == "/connect/refused" and trip.connection() is None
    assert trip.site.client("stranger").get(back).headers["Location"] == "/connect/refused"
    done = client.get(back).headers["Location"]
    assert trip.connection() is not None
    assert client.get(back).headers["Location"] == "/connect/refused"
    assert other.get(done).status_code == 404


def test_a_parameter_told_twice_is_not_believed(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.walk(trip.begun(client))
    assert client.get(f"{back}&code=other").headers["Location"] == "/connect/refused"
    assert trip.connection() is None


def test_after_ten_minutes_the_return_is_refused(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.walk(trip.begun(client))
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", "601")
    shown = client.get(client.get(back).headers["Location"]).content.decode()
    assert "ten minutes" in shown and trip.connection() is None


def test_nothing_in_the_address_chooses_where_one_goes(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    back = trip.walk(trip.begun(client))
    answer = client.get(f"{back}&next=https://evil.example&redirect_uri=https://evil.example")
    assert answer.headers["Location"].startswith("/connect/")
    start = f"/connect/azureactivedirectory/start/{OTHER}?url=https://evil.example"
    assert "evil" not in client.get(start).content.decode()


def test_another_tenant_is_refused_on_reconnect(granted: Trip) -> None:
    granted.site.connected(tenant_id=OTHER, cloud="sandbox")
    granted.site.workspace.tenant_id = OTHER
    granted.site.workspace.save()
    answer = granted.site.client("admin").post(granted.at("entra_connect"), granted.form(), **HTMX)
    assert "This is another tenant" in answer.content.decode()
    connection = granted.connection()
    assert connection is not None and connection.tenant_id == OTHER


def test_reconnect_keeps_identity_schedule_and_data(trip: Trip) -> None:
    trip.with_registration()
    client = trip.site.client("admin")
    trip.signed_in(client)
    before = trip.connection()
    assert before is not None
    client.post(trip.at("entra_schedule"), {"every_min": "360"})
    trip.signed_in(client, ADMIN)
    after = trip.connection()
    assert after is not None and after.id == before.id and after.sync_every_min == 360
