"""The connect dialog by keyboard alone: every control can be reached, the focus is seen, Escape gives it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walks
from tests.browser.stage import Stage, stage
from tests.support.chromium import focused


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("keyboard")) as made:
        yield made


@pytest.fixture
def page(ground: Stage) -> Iterator[Page]:
    ground.clear()
    with ground.visit() as seen:
        yield seen.go(ground.path("settings/integrations/"))


def tab_to(page: Page, name: str, *, at_most: int = 40) -> None:
    """Presses Tab until what is named has the focus, and sees that the focus shows."""
    met = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        met.append(focused(page))
        if name in met[-1]:
            assert is_shown(page), f"no one sees that {met[-1]} has the focus"
            return
    raise AssertionError(f"{name!r} was not reached by Tab; met: {met}")


def is_shown(page: Page) -> bool:
    """Whether the focused thing has an outline or a ring."""
    return bool(
        page.evaluate(
            """() => {
              const seen = e => { const s = getComputedStyle(e);
                return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== "none"; };
              const e = document.activeElement;
              return seen(e) || (e.parentElement && seen(e.parentElement));
            }"""
        )
    )


def test_from_the_button_to_the_connection_without_a_mouse(ground: Stage, page: Page) -> None:
    app = ground.registered(consented=True)
    tab_to(page, "Connect Microsoft Entra ID")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", name="Before you begin")).to_be_focused()
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.get_by_text("How should Seatwise connect?").wait_for()
    expect(page.get_by_role("radio", name="OAuth 2.0").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="OAuth 2.0 Client Credentials")).to_be_checked()
    tab_to(page, "Microsoft cloud")
    page.keyboard.type("sandbox")
    expect(page.get_by_label("Microsoft cloud")).to_have_value("sandbox")
    for label, value in (
        ("Client ID", app["client_id"]),
        ("Client Secret", app["client_secret"]),
        ("Tenant ID", ground.sandbox.tenant_id),
    ):
        tab_to(page, label)
        page.keyboard.type(value)
    tab_to(page, "Test and connect")
    page.keyboard.press("Enter")
    walks.is_connected(page)


def test_the_focus_stays_in_the_dialog_and_escape_gives_it_back(page: Page) -> None:
    page.get_by_role("link", name="Connect Microsoft Entra ID").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("heading", name="Before you begin").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside, focused(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Connect Microsoft Entra ID")).to_be_focused()


def test_a_fault_takes_the_focus_to_its_field(ground: Stage, page: Page) -> None:
    dialog = walks.open_ways(page)
    walks.fill_client(dialog, ground.sandbox.client_id, "abc8Q~" + "fine" * 8, "too short")
    dialog.get_by_role("button", name="Test and connect").press("Enter")
    expect(dialog.get_by_label("Tenant ID", exact=True)).to_be_focused()


def test_tabs_move_with_the_arrow_keys(page: Page) -> None:
    page.get_by_role("tab", name="Available apps").focus()
    page.keyboard.press("ArrowRight")
    assert "Connected apps" in focused(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Connected apps")).to_have_attribute("aria-selected", "true")


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.reload()
    page.keyboard.press("Tab")
    assert "Skip to content" in focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_menu_opens_and_closes_without_a_mouse(ground: Stage, page: Page) -> None:
    """Before anything is read there is no list: the company's switcher is the same kind of menu."""
    summary = page.locator("details.switcher summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.switcher")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.switcher")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
