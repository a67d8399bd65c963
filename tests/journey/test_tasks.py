"""Five questions that people bring, each answered within four clicks from the overview, by links alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journey.stack import Row
from tests.journey.test_pages_truth import Company, company
from tests.support.chromium import chromium

MOST_CLICKS = 4


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with chromium() as browser, company(tmp_path_factory.mktemp("tasks"), browser, 24, 100) as found:
        yield found


@dataclass
class Walk:
    """One person who begins at the overview and clicks."""

    page: Page
    n_clicks: int = 0

    def click(self, what: Locator) -> None:
        self.n_clicks += 1
        assert self.n_clicks <= MOST_CLICKS, f"{self.n_clicks} clicks"
        what.click()
        self.page.wait_for_load_state("networkidle")

    def menu(self, words: str) -> None:
        self.click(self.page.get_by_role("navigation", name="Main").get_by_role("link", name=words, exact=True))

    def keys(self, metric: str) -> list[str]:
        """Of the rows that a table of that answer shows."""
        rows = self.page.locator(f'table[data-list="{metric}"] tbody tr').all()
        return [row.get_attribute("data-key") or "" for row in rows]

    def cell(self, metric: str, key: str, column: str) -> str:
        row = self.page.locator(f'table[data-list="{metric}"] tbody tr[data-key="{key}"]')
        return row.locator(f'[data-column="{column}"]').get_attribute("data-value") or ""


@pytest.fixture
def walk(here: Company) -> Iterator[Walk]:
    page = here.go(here.seen.page(), "")
    yield Walk(page)
    page.close()


def truth(here: Company, name: str, **more: Any) -> list[Row]:
    rows: list[Row] = here.oracle.answer(name, **more)["rows"]
    return rows


def _shown(n: int | None) -> str:
    return "" if n is None else str(n)


def test_our_least_used_paid_app_and_whose_seats_to_take(here: Company, walk: Walk) -> None:
    walk.menu("Apps")
    walk.click(walk.page.get_by_role("link", name="Mostly unused"))
    bad = [p for p in truth(here, "products") if p["use_band"] == "mostly_unused"]
    worst = max(bad, key=lambda p: (p["could_save_month"] or 0, p["name"]))
    assert worst["could_save_month"] and walk.keys("products")[0] == worst["product_id"]
    walk.click(walk.page.locator(f'tr[data-key="{worst["product_id"]}"]').get_by_role("link").first)
    walk.click(walk.page.get_by_role("link", name="Review unused seats"))
    holders = [
        r for r in truth(here, "product-users") if r["product_id"] == worst["product_id"] and r["path"] != "none"
    ]
    takeable = {r["user_id"] for r in holders if r["status"] in ("never", "unused")}
    assert takeable and set(walk.keys("product-users")) <= takeable
    expect(walk.page.locator("#list-count")).to_contain_text(f"of {len(takeable)} ")


def test_which_leavers_still_cost_money(here: Company, walk: Walk) -> None:
    walk.menu("People")
    walk.click(walk.page.get_by_role("link", name="Held by disabled accounts"))
    leavers = {r["user_id"]: r for r in truth(here, "people") if r["is_leaver"] and r["n_seats"]}
    shown = walk.keys("people")
    assert leavers and set(shown) == set(leavers)
    for user_id in shown:
        cost = walk.cell("people", user_id, "cost_month")
        assert (float(cost) if cost else None) == leavers[user_id]["cost_month"]


def test_who_uses_an_app_and_since_when(here: Company, walk: Walk) -> None:
    walk.menu("Apps")
    app = walk.keys("products")[0]
    walk.click(walk.page.locator(f'tr[data-key="{app}"]').get_by_role("link").first)
    theirs = {r["user_id"]: r for r in truth(here, "product-users") if r["product_id"] == app}
    shown = walk.keys("product-users")
    assert shown and set(shown) <= set(theirs)
    for user_id in shown:
        assert walk.cell("product-users", user_id, "status") == theirs[user_id]["status"]
        assert walk.cell("product-users", user_id, "first_used_on") == (theirs[user_id]["first_used_on"] or "")


def test_what_a_team_uses_and_costs(here: Company, walk: Walk) -> None:
    walk.menu("Teams")
    team = next(key for key in walk.keys("teams") if key)
    walk.click(walk.page.locator(f'tr[data-key="{team}"]').get_by_role("link").first)
    (total,) = (r for r in truth(here, "teams") if r["team"] == team)
    products = {r["product_id"]: r for r in truth(here, "team-products") if r["team"] == team}
    cost = walk.page.locator('[data-metric="teams"][data-column="cost_month"]').first.get_attribute("data-value")
    assert cost and float(cost) == total["cost_month"]
    shown = walk.keys("team-products")
    assert shown and set(shown) <= set(products)
    for product_id in shown:
        assert walk.cell("team-products", product_id, "n_used_30d") == _shown(products[product_id]["n_used_30d"])


def test_is_last_tuesdays_data_complete(here: Company, walk: Walk) -> None:
    walk.menu("Coverage")
    today = here.oracle.known.today
    tuesday = today - timedelta(days=(today.weekday() - 1) % 7 or 7)
    said = walk.page.locator("table.cal td").filter(has_text=f"{tuesday.day} {tuesday:%b}").all_text_contents()
    assert len(said) >= 2, "no cell of the calendar says so"
    state, _ = here.oracle.known.state(tuesday)
    assert all(state in words.lower() for words in said), said
