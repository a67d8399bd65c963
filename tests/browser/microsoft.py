"""What a person does on Microsoft's pages, which the sandbox shows: pick an account, accept or decline."""

from __future__ import annotations

import re

from playwright.sync_api import Page

ADMIN = "Sandbox Administrator"
PLAIN = "Sandbox User"
PERSONAL = "Sandbox Personal"


def pick(page: Page, who: str = ADMIN) -> None:
    page.get_by_role("heading", name="Pick an account").wait_for()
    page.get_by_role("button", name=re.compile(f"^{re.escape(who)}")).first.click()


def accept(page: Page, *, for_everybody: bool = False) -> None:
    page.get_by_role("heading", name=re.compile("^Permissions requested")).wait_for()
    if for_everybody:
        page.get_by_role("checkbox", name=re.compile("on behalf of your organization")).check()
    page.get_by_role("button", name="Accept").click()


def decline(page: Page) -> None:
    page.get_by_role("heading", name=re.compile("^Permissions requested")).wait_for()
    page.get_by_role("button", name="Cancel").click()


def permissions_asked(page: Page) -> set[str]:
    """The permissions that the consent page names, as `User.Read.All`."""
    return {text for text in page.locator(".wants code").all_inner_texts() if "." in text}
