"""Every state of a list: its menus, filtered, filtered to nothing, other columns, an app over several spans of time."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.stage import Stage
from tests.browser.state import State, Way, at
from tests.support.chromium import Visit


def _menu(path: str, name: str) -> Way:
    def way(stage: Stage, seen: Visit, page: Page) -> None:
        seen.go(stage.path(path), page)
        page.locator(name).locator("summary").click()
        page.locator(f"{name} details[open]").wait_for()

    return way


def _app(more: str = "") -> Way:
    """The app with the most seats: it has groups, consents and people of every state."""

    def way(stage: Stage, seen: Visit, page: Page) -> None:
        seen.go(stage.path("apps/?sort=n_seats&way=down"), page)
        address = page.locator("main table tbody a").first.get_attribute("href")
        seen.go(f"{address}{more}", page)

    return way


LISTS = (
    State("apps-filtered", at("apps/?f_use_band=under&f_use_band=mostly_unused&f_origin=gallery&sort=n_used_30d")),
    State("apps-nothing-found", at("apps/?q=no+app+of+this+name&f_origin=gallery")),
    State("apps-columns", at("apps/?cols=n_seats,owner,state,vendor,origin,sso,n_started_30d,could_save_month&per=50")),
    State("apps-filters-menu", _menu("apps/?f_origin=gallery", "#list-filters")),
    State("apps-export-menu", _menu("apps/", "#list-export")),
    State("app-30-days", _app("?days=30")),
    State("app-12-months", _app("?days=365")),
    State("app-people-filtered", _app("?f_status=idle&f_path=group&f_path=both#list")),
)
