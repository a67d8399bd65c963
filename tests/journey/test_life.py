"""What happens to a connection afterwards, as its owner sees it: renewing, replacing, expiring, ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import microsoft, walks
from tests.browser.stage import Stage, stage
from tests.support.install import ready_file, registered
from tests.support.sandbox import running_sandbox

DAYS = ((45, "ends in 45 days"), (6, "ends in 6 days"), (1, "ends in 1 day,"), (-2, "ended on"))
_CONNECTION = """
from pathlib import Path
from django.conf import settings
from seatwise.control.models import Connection, DataKey, Secret
found = Connection.objects.first()
print(json.dumps(found and {
    "id": str(found.id), "tenant_id": found.tenant_id, "state": found.state, "every": found.sync_every_min,
    "hint": found.secret_hint, "n_secrets": Secret.objects.filter(data_key_id=found.id).count(),
    "n_keys": DataKey.objects.filter(id=found.id).count(),
}))
"""

_FORGET_ACCESS = """
from seatwise.control import vault
from seatwise.control.models import Connection
vault.drop(Connection.objects.get().id, "access_token")
"""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("life")) as made:
        yield made


@pytest.fixture
def fresh(ground: Stage) -> Stage:
    ground.clear()
    return ground


def manage(page: Page) -> None:
    """The connection's own page."""
    walks.open_integrations(page, "Connected apps")
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("heading", name="Microsoft Entra ID", level=1).wait_for()


def connected_by_sign_in(page: Page, fresh: Stage) -> None:
    dialog = walks.open_ways(page)
    walks.fill_registration(dialog, fresh.registered())
    walks.sign_in_with_microsoft(page, dialog)
    walks.is_connected(page)
    walks.is_synced(page)


def test_reconnecting_keeps_identity_data_and_schedule(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        connected_by_sign_in(page, fresh)
        manage(page)
        page.get_by_label("Sync", exact=True).select_option("360")
        page.get_by_role("button", name="Save").click()
        before = fresh.install.inside(_CONNECTION)
        fresh.sandbox.control("POST", "/users/revoke", {"user": administrator(fresh)})
        fresh.sandbox.control("POST", "/identity", {"do": "sign_out"})
        # The token of the first sync would still do for an hour.
        fresh.install.inside(_FORGET_ACCESS)
        page.get_by_role("button", name="Sync now").click()
        state = page.get_by_role("article", name="State")
        expect(state).to_contain_text("Needs a new sign-in", timeout=60_000)
        n_apps = walks.apps_shown(page, fresh)
        expect(page.locator("main")).to_contain_text(re.compile("Showing data of"))
        assert n_apps == len(fresh.sandbox.oracle("apps")["rows"])

        manage(page)
        state.get_by_role("link", name="Reconnect").click()
        dialog = page.get_by_role("dialog")
        walks.choose(dialog, "OAuth 2.0")
        walks.choose_sandbox(dialog)
        with walks.microsoft_pop_up(page, dialog) as window:
            microsoft.pick(window)
        walks.is_connected(page)
        after = fresh.install.inside(_CONNECTION)
        assert (after["id"], after["tenant_id"], after["every"]) == (before["id"], before["tenant_id"], 360)
        assert (before["state"], after["state"]) == ("active", "active")


def administrator(fresh: Stage) -> str:
    found = fresh.install.inside(
        "from seatwise.control.models import Connection\nprint(json.dumps(Connection.objects.first().account))"
    )
    return str(found)


def test_another_tenant_is_refused_on_reconnect(fresh: Stage, tmp_path: Path) -> None:
    with running_sandbox(users=10, apps=5, seed=99, limits="off") as other, fresh.visit() as seen:
        page = seen.go(fresh.path())
        connected_by_sign_in(page, fresh)
        before = fresh.install.inside(_CONNECTION)
        # The cloud "sandbox" is now another tenant's: its owner signs in to it by mistake.
        foreign = registered(other, consented=True)
        fresh.install.restart(SEATWISE_SANDBOX=str(ready_file(other, tmp_path)))
        try:
            fresh.install.inside(
                "from seatwise.control import connections\nfrom seatwise.control.models import Person\n"
                "connections.set_registration(Person.objects.first(), 'sandbox', given['id'], secret=given['secret'])",
                id=foreign["client_id"],
                secret=foreign["client_secret"],
            )
            page.goto(fresh.install.home + fresh.path())
            manage(page)
            page.get_by_role("link", name="Reconnect").last.click()
            dialog = page.get_by_role("dialog")
            walks.choose(dialog, "OAuth 2.0")
            walks.choose_sandbox(dialog)
            # Microsoft is asked for the tenant that is connected, and does not know it there.
            with page.expect_popup() as opened:
                dialog.get_by_role("button", name="Continue to Microsoft").click()
            expect(opened.value.get_by_text("AADSTS90002").first).to_be_visible()
            opened.value.close()
            dialog.get_by_role("link", name="Cancel").click()
            walks.fill_client(dialog, foreign["client_id"], foreign["client_secret"], other.tenant_id)
            dialog.get_by_role("button", name="Test and connect").click()
            expect(dialog.get_by_role("alert")).to_contain_text(re.compile("another tenant|other tenant"))
            assert fresh.install.inside(_CONNECTION) == before
        finally:
            fresh.install.restart(SEATWISE_SANDBOX=str(ready_file(fresh.sandbox, fresh.install.data.parent)))


def test_disconnecting_keeps_what_was_read(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        app = fresh.connected_by_secret(page)
        walks.is_synced(page)
        n_apps = walks.apps_shown(page, fresh)
        manage(page)
        page.get_by_role("link", name="Disconnect").click()
        page.get_by_role("radio", name=re.compile("^Keep them")).check()
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("heading", name="Disconnected").wait_for()
        expect(page.locator("main")).to_contain_text("Enterprise applications")
        expect(page.locator("main")).to_contain_text(app["client_id"])
        found = fresh.install.inside(_CONNECTION)
        assert (found["state"], found["n_secrets"], found["n_keys"]) == ("disconnected", 0, 0)
        assert walks.apps_shown(page, fresh) == n_apps


def test_disconnecting_can_erase_everything(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        fresh.connected_by_secret(page)
        walks.is_synced(page)
        lake = fresh.install.data / "lake" / fresh.sandbox.tenant_id
        assert lake.is_dir()
        manage(page)
        page.get_by_role("link", name="Disconnect").click()
        page.get_by_role("radio", name=re.compile("^Erase them")).check()
        field = page.get_by_label(re.compile("^To erase, type the name"))
        field.fill("not its name")
        seen.expects.append("status of 422")
        page.get_by_role("button", name="Disconnect").click()
        expect(field).to_have_attribute("aria-invalid", "true")
        name = page.locator("label[for=name] b").inner_text()
        page.get_by_role("radio", name=re.compile("^Erase them")).check()
        field.fill(name)
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("heading", name="Disconnected").wait_for()
        assert fresh.install.inside(_CONNECTION) is None
        assert not lake.exists()
        walks.open_integrations(page, "Connected apps")
        expect(page.get_by_text("Nothing is connected yet")).to_be_visible()


def test_a_secret_is_swapped_only_when_the_new_one_works(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        app = fresh.connected_by_secret(page)
        walks.is_synced(page)
        manage(page)
        page.get_by_role("link", name="Replace the secret").click()
        page.get_by_label("Client Secret", exact=True).fill("abc8Q~" + "wrong" * 7)
        seen.expects.append("status of 422")
        page.get_by_role("button", name="Test and replace").first.click()
        expect(page.get_by_role("alert")).to_contain_text("Copy the column “Value”")
        assert fresh.install.inside(_CONNECTION)["hint"] == app["client_secret"][-4:]

        new = fresh.sandbox.control("POST", "/identity", {"do": "add_secret", "client_id": app["client_id"]})
        page.get_by_label("Client Secret", exact=True).fill(new["client_secret"])
        page.get_by_role("button", name="Test and replace").first.click()
        page.get_by_role("heading", name="Microsoft Entra ID", level=1).wait_for()
        expect(page.get_by_role("article", name="State")).to_contain_text("Active")
        found = fresh.install.inside(_CONNECTION)
        assert (found["hint"], found["n_secrets"]) == (new["client_secret"][-4:], 1)


def test_a_refused_permission_is_named_and_the_rest_is_read(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        app = fresh.connected_by_secret(page)
        walks.is_synced(page)
        names = ["AuditLog.Read.All"]
        fresh.sandbox.control(
            "POST", "/identity", {"do": "revoke", "client_id": app["client_id"], "permissions": names}
        )
        manage(page)
        page.get_by_role("button", name="Test connection").click()
        checks = page.get_by_role("status", name="Result of the test")
        expect(checks).to_contain_text(re.compile("AuditLog.Read.All.*missing", re.IGNORECASE | re.DOTALL))
        page.reload()
        state = page.get_by_role("article", name="State")
        expect(state).to_contain_text("Partly working")
        expect(state).to_contain_text("AuditLog.Read.All")


def test_the_end_of_a_secret_is_warned_of_in_time(fresh: Stage) -> None:
    today = datetime.now(UTC).date()
    ends_on = today + timedelta(days=200)
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        walks.connect_with_secret(page, fresh, fresh.registered(consented=True), ends_on.isoformat())
        walks.is_synced(page)
        expect(page.locator("main")).not_to_contain_text("The client secret ends")
        try:
            for left, words in (
                (45, "ends in 45 days"),
                (6, "ends in 6 days"),
                (1, "ends in 1 day,"),
                (-2, "ended on"),
            ):
                moment = datetime.combine(ends_on - timedelta(days=left), datetime.min.time(), UTC)
                fresh.install.restart(SEATWISE_NOW=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
                page.goto(fresh.install.home + fresh.path("settings/integrations/?tab=connected"))
                card = walks.is_connected(page)
                expect(card).to_contain_text(f"The client secret {words}")
                expect(card.get_by_role("link", name="Replace the secret")).to_be_visible()
        finally:
            fresh.install.env.pop("SEATWISE_NOW", None)
            fresh.install.restart()
