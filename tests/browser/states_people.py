"""The pages of people, teams and licences."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.stage import Stage
from tests.browser.state import State, Way, at
from tests.support.chromium import Visit


def _first_of(path: str) -> Way:
    """What the first row of a list leads to."""

    def way(stage: Stage, seen: Visit, page: Page) -> None:
        seen.go(stage.path(path), page)
        page.locator("main tbody a.rowlink").first.click()
        page.wait_for_load_state()

    return way


def _forget(stage: Stage, seen: Visit, page: Page) -> None:
    _first_of("people/")(stage, seen, page)
    page.get_by_role("link", name="Forget this person").click()
    page.wait_for_load_state()


def _forget_mistyped(stage: Stage, seen: Visit, page: Page) -> None:
    _forget(stage, seen, page)
    page.get_by_label("Type the name to confirm").fill("somebody else")
    page.get_by_role("button", name="Forget this person").click()
    page.get_by_text("exactly as it stands here").first.wait_for()


PEOPLE = (
    State("people", at("people/")),
    State("people-leavers", at("people/?f_is_leaver=1&f_n_seats=1")),
    State("people-none", at("people/?q=nobody+of+this+name")),
    State("person", _first_of("people/?f_n_seats=1")),
    State("person-forget", _forget),
    State("person-forget-mistyped", _forget_mistyped),
    State("teams", at("teams/")),
    State("teams-groups", at("teams/?by=group")),
    State("team", _first_of("teams/")),
    State("licences", at("licences/")),
    State("licence", _first_of("licences/")),
)
