"""Which rows are wanted: filters, search, order, pages, sums and facets, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from seatwise.base.errors import AskAdmin
from seatwise.metrics.decided import Decided, Price, Product
from seatwise.metrics.shapes import Filter, Result, Sort
from tests.support.tiny_lake import TinyLake, at

DECIDED = Decided(
    products=(Product("b", ("b",), state="closed", owner="Zoe"), Product("c", ("c",), state="approved")),
    prices=(
        Price("product", "a", "seat", Decimal("12.505"), "EUR", "month"),
        Price("product", "b", "seat", Decimal(3), "EUR", "month"),
        Price("product", "c", "seat", Decimal(7), "USD", "month"),
    ),
)


@pytest.fixture
def three(lake: TinyLake) -> TinyLake:
    """Products a (2 seats, 12.51 a seat), b (1 seat) and c (1 seat, dollars)."""
    for app, name in (("a", "Übersicht"), ("b", "Jira_100%"), ("c", "jira cloud")):
        lake.app(app, name=name)
    for app, person in (("a", "ada"), ("a", "bob"), ("b", "ada"), ("c", "ada")):
        if person not in {row["user_id"] for row in lake.tables["users"]}:
            lake.user(person)
        lake.assign(app, person)
    lake.sign_in("ada", "a", at(1, "10:00:00"))
    lake.sign_in("ada", "b", at(2, "10:00:00"))
    lake.read_days(100)
    lake.derive()
    return lake


def answer(lake: TinyLake, *where: Filter, **more: Any) -> Result:
    return lake.answer("products", decided=DECIDED, where=where, **more)


def ids(found: Result) -> list[str]:
    return [row["product_id"] for row in found.rows]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter("product_id", "is", ("A", "c")), ["a", "c"]),
        (Filter("state", "is", (None,)), ["a"]),
        (Filter("state", "is", ("closed", None)), ["a", "b"]),
        (Filter("state", "not", ("closed",)), ["a", "c"]),
        (Filter("state", "not", ("closed", None)), ["c"]),
        (Filter("n_seats", "from", (2,)), ["a"]),
        (Filter("n_seats", "to", ("1",)), ["b", "c"]),
        (Filter("price_seat_month", "is", (12.51,)), ["a"]),
        (Filter("price_seat_month", "from", ("12.52",)), []),
        (Filter("last_used_at", "to", ("2026-06-28",)), ["b"]),
        (Filter("last_used_at", "from", ("2026-06-29T10:00:00Z",)), ["a"]),
        (Filter("app_ids", "has", ("b", "x")), ["b"]),
        (Filter("is_by_hand", "is", ("true",)), []),
        (Filter("owner", "is", ("Zoe' OR 1=1 --",)), []),
    ],
)
def test_filters(three: TinyLake, where: Filter, expected: list[str]) -> None:
    found = answer(three, where)
    assert (sorted(ids(found)), found.n_rows) == (expected, len(expected))


@pytest.mark.parametrize(
    ("text", "expected"), [("JIRA", ["b", "c"]), ("übers", ["a"]), ("0%", ["b"]), ("zoe", ["b"]), ("'", [])]
)
def test_search_looks_for_the_text_as_it_is_typed(three: TinyLake, text: str, expected: list[str]) -> None:
    assert sorted(ids(answer(three, search=text))) == expected


def test_order_puts_empty_cells_last_whichever_way(three: TinyLake) -> None:
    assert ids(answer(three, sort=(Sort("last_used_at"),))) == ["b", "a", "c"]
    assert ids(answer(three, sort=(Sort("last_used_at", "down"),))) == ["a", "b", "c"]
    assert ids(answer(three, sort=(Sort("could_save_month", "down"), Sort("name")))) == ["a", "c", "b"]


def test_pages_keep_count_and_sums_of_the_whole(three: TinyLake) -> None:
    pages = [answer(three, sort=(Sort("product_id"),), limit=2, offset=offset) for offset in (0, 2)]
    assert [ids(page) for page in pages] == [["a", "b"], ["c"]]
    assert {page.n_rows for page in pages} == {3}
    assert {page.sums["n_seats"] for page in pages} == {4}
    assert pages[1].sums["cost_month"] == 28.01


def test_a_facet_counts_what_the_other_filters_leave(three: TinyLake) -> None:
    found = answer(
        three, Filter("state", "is", ("closed",)), Filter("n_seats", "is", (1,)), facets=("state", "n_seats", "app_ids")
    )
    assert found.facets == {
        "state": [("approved", 1), ("closed", 1)],
        "n_seats": [(1, 1)],
        "app_ids": [("b", 1)],
    }


@pytest.mark.parametrize(
    "more",
    [
        {"where": (Filter("nope", "is", ("x",)),)},
        {"where": (Filter("n_seats", "from", ("many",)),)},
        {"where": (Filter("n_seats", "from", (1, 2)),)},
        {"where": (Filter("is_by_hand", "is", ("perhaps",)),)},
        {"where": (Filter("name", "has", ("x",)),)},
        {"where": (Filter("app_ids", "is", ("x",)),)},
        {"sort": (Sort("name; DROP TABLE users"),)},
        {"facets": ('name" --',)},
        {"of": (("by", "department"),)},
    ],
)
def test_what_the_metric_does_not_have_is_refused_in_words(three: TinyLake, more: dict[str, Any]) -> None:
    with pytest.raises(AskAdmin):
        three.answer("products", **more)


def test_a_parameter_takes_only_its_words(three: TinyLake) -> None:
    with pytest.raises(AskAdmin, match="department, job_title, group"):
        three.answer("teams", of=(("by", "shoe size"),))


def test_search_looks_into_lists_too(three: TinyLake) -> None:
    three.add("oauth2_permission_grants", grant_id="1", client_id="sp-b", consent_type="Principal",
              principal_id="ada", scope="Mail.Read", resource_id="graph")  # fmt: skip
    three.derive()
    assert [row["app_id"] for row in three.answer("consents", search="mail.read").rows] == ["b"]
    assert three.answer("consents", search="calendar").rows == []
