"""People who cannot approve by themselves: the link for the administrator, and who is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import microsoft, walks
from tests.browser.stage import Stage, stage


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("people")) as made:
        yield made


@pytest.fixture
def fresh(ground: Stage) -> Stage:
    ground.clear()
    return ground


def make_link(page: Page, stage: Stage) -> str:
    """The link for the administrator, as the dialog shows it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the link").click()
    return dialog.get_by_label("Link", exact=True).input_value()


def test_without_admin_rights_a_link_leads_the_administrator_to_the_connection(fresh: Stage) -> None:
    with fresh.visit() as asks, fresh.visit(signed_in=False) as administrator:
        page = asks.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered())
        with page.expect_popup() as opened:
            dialog.get_by_role("button", name="Continue to Microsoft").click()
        window = opened.value
        microsoft.pick(window, microsoft.PLAIN)
        expect(window.get_by_text("Need admin approval")).to_be_visible()
        window.close()
        dialog.get_by_role("link", name="Cancel").click()
        dialog.get_by_role("link", name="Send a link to your administrator").click()
        link = make_link(page, fresh)

        shown = administrator.go(link)
        expect(shown.get_by_role("heading", level=1)).to_contain_text("Dana Kowalski asks for your approval")
        for words in ("Northwind Trading", "AuditLog.Read.All", "dana@northwind.example", "works once"):
            expect(shown.locator("main")).to_contain_text(words)
        shown.get_by_role("button", name="Continue to Microsoft").click()
        microsoft.pick(shown)
        microsoft.accept(shown)
        expect(shown.get_by_role("heading", level=1)).to_contain_text("connected")

        page.goto(fresh.install.home + fresh.path())
        walks.open_integrations(page, "Connected apps")
        walks.is_connected(page)
        walks.is_synced(page)

        administrator.expects.append(r"status of 4(04|10)")
        again = administrator.go(link)
        expect(again.get_by_role("heading", level=1)).to_contain_text("cannot be used")


def test_an_administrator_who_declines_leaves_the_link_usable(fresh: Stage) -> None:
    with fresh.visit() as asks, fresh.visit(signed_in=False) as administrator:
        page = asks.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered())
        dialog.get_by_role("link", name="Send a link to your administrator").click()
        link = make_link(page, fresh)
        shown = administrator.go(link)
        shown.get_by_role("button", name="Continue to Microsoft").click()
        microsoft.pick(shown)
        administrator.expects.append(r"status of 4")
        microsoft.decline(shown)
        expect(shown.locator("main")).to_contain_text("declined")
        administrator.go(link, shown)
        shown.get_by_role("button", name="Continue to Microsoft").click()
        microsoft.pick(shown)
        microsoft.accept(shown)
        expect(shown.get_by_role("heading", level=1)).to_contain_text("connected")


def test_a_personal_account_is_refused_by_microsoft_and_the_page_waits_for_another(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered())
        with page.expect_popup() as opened:
            dialog.get_by_role("button", name="Continue to Microsoft").click()
        window = opened.value
        microsoft.pick(window, microsoft.PERSONAL)
        expect(window.get_by_text("AADSTS50020").first).to_be_visible()
        window.close()
        dialog.get_by_role("link", name="Cancel").click()
        walks.choose_sandbox(dialog)
        walks.sign_in_with_microsoft(page, dialog)
        walks.is_connected(page)


def test_a_plain_user_s_account_without_a_reporting_role_is_told_apart(fresh: Stage) -> None:
    """The administrator consented for everybody, but who signs in may not read sign-ins."""
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered(consented=True))
        with walks.microsoft_pop_up(page, dialog) as window:
            microsoft.pick(window, microsoft.PLAIN)
        card = walks.is_connected(page)
        expect(card).to_contain_text(re.compile("Reports Reader|Global Reader"), timeout=60_000)
