"""What every sign-in page owes a person, whatever they see it with: a name, a language, labels, contrast, a way on."""

from __future__ import annotations

import re

import pytest

from entra_sandbox.identity import html
from tests.entra_sandbox.browser import Browser, Page
from tests.entra_sandbox.login import ADMIN, REDIRECT, authorize_address, registered
from tests.support.sandbox import Sandbox

COLOURS = [dict(re.findall(r"--(\w+):(#\w+)", block)) for block in re.findall(r":root\{.*?\}", html._STYLE, re.DOTALL)]


@pytest.fixture(scope="module")
def pages(tenant: Sandbox) -> dict[str, Page]:
    """One of each page a newcomer can meet."""
    app = registered(tenant, name="Fresh app", consented=False)["client_id"]
    browser, plain = Browser(tenant.ca), Browser(tenant.ca)
    picker = browser.open(authorize_address(tenant, client_id=app))
    first = plain.open(authorize_address(tenant, client_id=app))
    return {
        "picker": picker,
        "nobody": browser.press(picker, "Search", q="nobody of that name"),
        "consent": browser.press(picker, ADMIN),
        "approval": plain.press(first, "Sandbox User"),
        "personal": plain.press(first, "Sandbox Personal"),
        "redirect": browser.open(authorize_address(tenant, redirect_uri="http://localhost:8000/elsewhere")),
        "tenant": browser.open(authorize_address(tenant, tenant="00000000-1111-4222-8333-444444444444")),
        "explained": browser.open(f"{tenant.pages}/error?code=90094"),
        "unknown": browser.open(f"{tenant.pages}/error?code=1"),
        "out": browser.open(f"{tenant.pages}/{tenant.tenant_id}/oauth2/v2.0/logout"),
    }


def title(page: Page) -> str:
    return page.text.partition("<title>")[2].partition("</title>")[0]


def test_each_page_has_a_title_of_its_own_that_says_sandbox(pages: dict[str, Page]) -> None:
    assert len({title(page) for page in pages.values()}) == len(pages)
    assert all("Sandbox" in title(page) and "Nothing here is real" in page.text for page in pages.values())


def test_each_page_has_a_language_one_heading_and_no_blank_to_fill(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert '<html lang="en">' in page.text and page.text.count("<h1>") == 1 and "<main>" in page.text, name
        assert not re.search(r"\{\w+\}", page.text.partition("</style>")[2]), name


def test_each_control_that_can_be_seen_has_a_label(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for tag in re.findall(r"<input[^>]*>", page.text):
            if 'type="hidden"' in tag:
                continue
            id_ = re.search(r'id="(\w+)"', tag)
            is_inside = re.search(r"<label[^>]*>" + re.escape(tag), page.text)
            assert is_inside or (id_ and f'for="{id_.group(1)}"' in page.text), (name, tag)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", COLOURS, ids=["light", "dark"])
def test_text_and_controls_stand_out(colours: dict[str, str]) -> None:
    for ink, on in (("ink", "card"), ("soft", "card"), ("soft", "hover"), ("mark", "card"), ("on", "mark")):
        assert contrast(colours[ink], colours[on]) >= 4.5, (ink, on)
    assert contrast(colours["warn"], colours["card"]) >= 4.5
    assert contrast(colours["edge"], colours["card"]) >= 3


def links(page: Page) -> dict[str, str]:
    return {
        text: there.replace("&amp;", "&") for there, text in re.findall(r'<a href="([^"]*)">([^<]*)</a>', page.text)
    }


def test_who_needs_approval_can_take_another_account_or_go_back(tenant: Sandbox) -> None:
    app = registered(tenant, name="Another app", consented=False)["client_id"]
    browser = Browser(tenant.ca)
    refused = browser.press(browser.open(authorize_address(tenant, client_id=app)), "Sandbox User")
    ways = links(refused)
    back = ways["Return to the app without granting anything"]
    assert back.startswith(f"{REDIRECT}?error=access_denied") and "state=the+state" in back
    again = browser.open(f"{tenant.pages}{ways['Sign in with another account']}")
    assert "Accept" in browser.press(again, ADMIN).forms[0].buttons
