"""The link for an administrator who has no account here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.integrations.conftest import ADMIN, APP_ADMIN, HTMX, Trip

if TYPE_CHECKING:
    from django.test import Client


def _link(trip: Trip, client: Client, hours: str = "24") -> str:
    shown = client.post(trip.at("entra_links"), {"cloud": "sandbox", "hours": hours}, **HTMX).content.decode()
    address = shown.split('id="consent-link" value="')[1].split('"')[0]
    assert address.startswith("http://localhost:8600/consent/")
    return address.removeprefix("http://localhost:8600")


def test_an_administrator_approves_and_the_workspace_is_connected(trip: Trip) -> None:
    trip.with_registration()
    member, outsider = trip.site.client("admin"), trip.site.client("stranger")
    link = _link(trip, member)
    page = outsider.get(link).content.decode()
    for told in ("Admin Osei", "Northwind", "AuditLog.Read.All", "To see who used which app", "works once"):
        assert told in page
    back = outsider.get(trip.walk(trip.left(outsider, outsider.post(link)), ADMIN))
    done = outsider.get(back.headers["Location"]).content.decode()
    assert "Thank you" in done and "Northwind" in done
    connection = trip.connection()
    assert connection is not None and connection.method == "admin_consent" and connection.state == "active"
    assert "Your administrator has approved" in member.get(trip.at("integrations")).content.decode()
    assert "was used already" in outsider.get(link).content.decode()


def test_looking_at_the_link_uses_nothing_up(trip: Trip) -> None:
    trip.with_registration()
    link = _link(trip, trip.site.client("admin"))
    for _ in range(3):
        assert trip.site.client("stranger").get(link).status_code == 200


def test_declined_keeps_the_link(trip: Trip) -> None:
    trip.with_registration()
    outsider = trip.site.client("stranger")
    link = _link(trip, trip.site.client("admin"))
    back = outsider.get(trip.walk(trip.left(outsider, outsider.post(link)), press="Cancel"))
    assert "declined" in outsider.get(back.headers["Location"]).content.decode()
    assert trip.connection() is None and outsider.get(link).status_code == 200


def test_a_cloud_application_administrator_is_not_enough(trip: Trip) -> None:
    from tests.entra_sandbox.browser import Browser

    trip.with_registration()
    outsider = trip.site.client("stranger")
    address = trip.left(outsider, outsider.post(_link(trip, trip.site.client("admin"))))
    browser = Browser(trip.sandbox.ca)
    assert "AADSTS90094" in browser.press(browser.open(address), APP_ADMIN).text


OTHER, PERSONAL = "11111111-1111-1111-1111-111111111111", "9188040d-6c67-4c5b-b112-36a304b66dad"


@pytest.mark.parametrize("tenant", [OTHER, PERSONAL, "x"])
def test_the_tenant_in_the_return_is_never_believed(trip: Trip, tenant: str) -> None:
    trip.with_registration()
    outsider = trip.site.client("stranger")
    back = trip.walk(trip.left(outsider, outsider.post(_link(trip, trip.site.client("admin")))))
    forged = back.replace(trip.sandbox.tenant_id, tenant)
    assert forged != back
    answer = outsider.get(forged)
    assert "Nothing was stored" in outsider.get(answer.headers["Location"]).content.decode()
    assert trip.connection() is None


def test_a_revoked_and_an_expired_link_say_so(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control.models import Link

    trip.with_registration()
    member, outsider = trip.site.client("admin"), trip.site.client("stranger")
    revoked = _link(trip, member)
    member.post(trip.at("entra_link_revoke", link=Link.objects.get().id))
    assert "was revoked" in outsider.get(revoked).content.decode()
    week = _link(trip, member, "168")
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(8 * 86400))
    assert "has expired" in outsider.get(week).content.decode()
    assert outsider.get("/consent/made-up").status_code == 404


def test_the_link_is_shown_once(trip: Trip) -> None:
    trip.with_registration()
    member = trip.site.client("admin")
    link = _link(trip, member)
    shown = member.get(trip.at("integrations", "?tab=connected")).content.decode()
    assert "Links sent to an administrator" in shown and link not in shown


def test_a_link_of_another_workspace_cannot_be_revoked(trip: Trip) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    trip.with_registration()
    access.consent_link(trip.site.people["other"], trip.site.elsewhere, "sandbox")
    link = Link.objects.get()
    trip.site.client("owner").post(trip.at("entra_link_revoke", link=link.id))
    link.refresh_from_db()
    assert link.revoked_at is None
