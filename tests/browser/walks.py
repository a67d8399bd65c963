"""What people do on our pages, told once: in the words that the pages use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import microsoft
from tests.support.chromium import Visit
from tests.support.install import Install

if TYPE_CHECKING:
    from tests.browser.stage import Stage

SYNC_MS = 120_000
LATER_ROUND = re.compile(r"/w/[0-9a-f-]{36}/")


def become_owner(seen: Visit, install: Install, page: Page | None = None) -> Page:
    page = seen.go(install.owner_link(), page)
    page.get_by_label("Your name").fill(install.owner["name"])
    page.get_by_label("Email address").fill(install.owner["email"])
    page.get_by_label("Password", exact=True).fill(install.owner["password"])
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(LATER_ROUND)
    return page


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label(re.compile("^Email")).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def open_integrations(page: Page, tab: str = "Available apps") -> None:
    """Settings, Integrations, and the tab, as the story says it."""
    expect(page.get_by_role("navigation", name="Settings")).to_be_visible()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Integrations").click()
    page.get_by_role("heading", name="Integrations", level=1).wait_for()
    page.get_by_role("tab", name=re.compile(tab)).click()
    expect(page.get_by_role("tab", name=re.compile(tab))).to_have_attribute("aria-selected", "true")


def open_connect(page: Page) -> Locator:
    """The dialog on its first step."""
    open_integrations(page)
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Microsoft Entra ID"))
    card.get_by_role("link", name=re.compile("^Connect")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("heading", name="Before you begin").wait_for()
    return dialog


def open_ways(page: Page) -> Locator:
    """The dialog on the step with the two ways, the sandbox chosen as the cloud."""
    dialog = open_connect(page)
    dialog.get_by_role("link", name="Continue").click()
    dialog.get_by_text("How should Seatwise connect?").wait_for()
    choose_sandbox(dialog)
    return dialog


def choose_sandbox(dialog: Locator) -> None:
    cloud = dialog.get_by_label("Microsoft cloud")
    if cloud.count() and cloud.input_value() != "sandbox":
        with dialog.page.expect_response(lambda answer: "cloud=sandbox" in answer.url):
            cloud.select_option("sandbox")


def choose(dialog: Locator, way: str) -> None:
    """way: "OAuth 2.0" or "OAuth 2.0 Client Credentials"."""
    dialog.get_by_role("radio", name=re.compile(f"^{re.escape(way)}(?! Client)")).check()


def fill_client(dialog: Locator, client_id: str, client_secret: str, tenant: str, ends_on: str = "") -> None:
    choose(dialog, "OAuth 2.0 Client Credentials")
    dialog.get_by_label("Client ID", exact=True).fill(client_id)
    dialog.get_by_label("Client Secret", exact=True).fill(client_secret)
    dialog.get_by_label("Tenant ID", exact=True).fill(tenant)
    if ends_on:
        dialog.get_by_label(re.compile("^Secret expires on")).fill(ends_on)


def connect_with_secret(page: Page, stage: Stage, app: dict[str, Any], ends_on: str = "") -> None:
    dialog = open_ways(page)
    fill_client(dialog, app["client_id"], app["client_secret"], stage.sandbox.tenant_id, ends_on)
    dialog.get_by_role("button", name="Test and connect").click()
    is_connected(page)


def fill_registration(dialog: Locator, app: dict[str, Any]) -> None:
    """The install's own app registration, asked for once; the next click then goes to Microsoft."""
    choose(dialog, "OAuth 2.0")
    dialog.get_by_label("Client ID of the registration").fill(app["client_id"])
    dialog.get_by_label("Client Secret of the registration").fill(app["client_secret"])
    dialog.get_by_role("button", name="Continue to Microsoft").click()
    dialog.get_by_text("A window of Microsoft opens").wait_for()


@contextmanager
def microsoft_pop_up(page: Page, dialog: Locator) -> Iterator[Page]:
    """The window that "Continue to Microsoft" opens; it closes itself when the block has done its work."""
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Continue to Microsoft").click()
    window = opened.value
    yield window
    if not window.is_closed():
        window.wait_for_event("close")


def sign_in_with_microsoft(page: Page, dialog: Locator, who: str = microsoft.ADMIN) -> None:
    with microsoft_pop_up(page, dialog) as window:
        microsoft.pick(window, who)
        microsoft.accept(window)


def is_connected(page: Page) -> Locator:
    """Microsoft Entra ID stands under Connected apps; gives its card."""
    tab = page.get_by_role("tab", name=re.compile("Connected apps"))
    expect(tab).to_have_attribute("aria-selected", "true")
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Microsoft Entra ID"))
    expect(card).to_be_visible()
    return card


def is_synced(page: Page) -> None:
    """The first sync is over, as the page says by itself, without being loaded again."""
    expect(page.get_by_text(re.compile(r"^Done, .* rows read in")).first).to_be_visible(timeout=SYNC_MS)


def apps_shown(page: Page, stage: Stage) -> int:
    """How many apps the Apps page says there are."""
    page.goto(stage.install.home + stage.path("apps/"))
    page.get_by_role("heading", name="Apps", level=1).wait_for()
    found = re.search(r"of ([\d,]+) apps|([\d,]+) apps", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()[:600]
    return int((found[1] or found[2]).replace(",", ""))
