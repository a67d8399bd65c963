"""Every page and state of what people decide, on a company that was connected and read."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.stage import Stage
from tests.browser.state import State, Way, at
from tests.support.chromium import Visit

_FILE = (
    "name;price;currency;renewal date;owner;colour\n"
    "{first};{price};EUR;31.03.2027;Amara Osei;\n"
    "{second};1.234;EUR;;;\n"
    "{first} and more;9;EUR;;;\n"
)


def _first(stage: Stage, seen: Visit, page: Page, n: int = 0) -> str:
    """The address of a product's decisions, from the list of prices."""
    seen.go(stage.path("settings/prices/"), page)
    address = page.locator("main table tbody th a").nth(n).get_attribute("href")
    assert address
    return address.partition("?")[0]


def _names(page: Page) -> list[str]:
    return page.locator("main table tbody th a").all_inner_texts()


def _product(stage: Stage, seen: Visit, page: Page) -> None:
    """With a price, an owner and a history."""
    seen.go(_first(stage, seen, page), page)
    _priced(page, "12.50", "Amara Osei")
    seen.go(_first(stage, seen, page), page)


def _priced(page: Page, amount: str, owner: str) -> None:
    page.get_by_label("Price", exact=True).fill(amount)
    page.get_by_label("Renews on").fill("2027-03-31")
    page.get_by_label("Notice period in days").fill("90")
    page.get_by_label("Owner", exact=True).fill(owner)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def _previewed(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(_first(stage, seen, page), page)
    page.get_by_label("Inactivity period in days").fill("7")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What would change").wait_for()


def _refused(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(_first(stage, seen, page, 1), page)
    page.get_by_label("Price", exact=True).fill("1,234")
    page.get_by_label("Link to the contract").fill("the shared folder")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("could be 1234 or 1.234").wait_for()


def _below(rest: str, n: int = 0) -> Way:
    return lambda stage, seen, page: _gone(seen, page, _first(stage, seen, page, n) + rest)


def _gone(seen: Visit, page: Page, address: str) -> None:
    seen.go(address, page)


def _merged(stage: Stage, seen: Visit, page: Page) -> None:
    address = _first(stage, seen, page, 2)
    seen.go(address + "merge?q=", page)
    if page.get_by_role("checkbox").count():
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Merge", exact=True).click()
        page.get_by_text("Apps in it").wait_for()


def _seats(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(_first(stage, seen, page) + "seats", page)
    page.get_by_label("Addresses").fill("kim@elsewhere.example, dana@elsewhere.example")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Not in the directory").first.wait_for()


def _licence(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/prices/licences/"), page)
    found = page.locator("main table tbody th a")
    if found.count():
        found.first.click()
        page.get_by_role("button", name="Save").wait_for()


def _policy(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/policy/"), page)
    page.get_by_label("Inactivity period in days").fill("7")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What would change").wait_for()


def _policy_refused(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/policy/?inactive_days=soon"), page)
    page.get_by_text("Choose at least one").wait_for()


def _handed_in(stage: Stage, seen: Visit, page: Page, price: str = "13,75") -> None:
    _first(stage, seen, page)
    first, second, *_ = _names(page)
    text = _FILE.format(first=first, second=second, price=price)
    seen.go(stage.path("decide/file/prices/"), page)
    page.get_by_label("CSV file").set_input_files(
        {"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name="What this file would do").wait_for()


def _imported(stage: Stage, seen: Visit, page: Page) -> None:
    _handed_in(stage, seen, page, "14,50")
    page.get_by_role("button", name=re.compile("^Import ")).click()
    page.get_by_role("heading", name="The file is in").wait_for()


def _person(stage: Stage, seen: Visit, page: Page) -> None:
    user = stage.install.inside(
        "from seatwise.control import answers\n"
        "print(json.dumps(answers.ask('users', limit=1, sort=(answers.Sort('name'),)).result.rows[0]['user_id']))"
    )
    seen.go(stage.path(f"decide/person/{user}/"), page)
    page.get_by_label("Reason").fill("On leave until March")
    page.get_by_role("button", name=re.compile("^(Protect|Save the reason)$")).click()
    page.get_by_role("button", name="End the protection").wait_for()


DECIDED = (
    State("prices", at("settings/prices/")),
    State("product-decided", _product),
    State("product-preview", _previewed),
    State("product-refused", _refused),
    State("product-merge", _below("merge", 1)),
    State("product-merged", _merged),
    State("product-seats", _seats),
    State("app-by-hand", at("decide/app/")),
    State("licence-prices", at("settings/prices/licences/")),
    State("licence-price", _licence),
    State("prices-import", at("decide/file/prices/")),
    State("prices-import-shown", _handed_in),
    State("prices-imported", _imported),
    State("person-protected", _person),
    State("protected", at("settings/protected/")),
    State("policy", at("settings/policy/")),
    State("policy-preview", _policy),
    State("policy-refused", _policy_refused),
    State("decisions", at("decisions/")),
)
