"""Who began and who stopped, and only where it is proven."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy, Product, ProductPolicy
from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.user("ada", department="Sales")
    return lake


def moves(lake: TinyLake, **more: Any) -> list[tuple[str, str, str, str]]:
    return [(row["product_id"], row["user_id"], row["change"], row["on"]) for row in lake.ask("movement", **more)]


@pytest.mark.parametrize(
    ("first", "days", "expected"), [(0, 31, True), (0, 30, False), (29, 60, True), (29, 59, False)]
)
def test_started_needs_the_thirty_days_before_it(crm: TinyLake, first: int, days: int, expected: bool) -> None:
    crm.read_days(days)
    crm.sign_in("ada", "crm", at(first))
    assert moves(crm) == ([("crm", "ada", "started", str(at(first).date()))] if expected else [])


def test_a_gap_takes_the_claim_away(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(5))
    crm.window(at(99, "00:00:00"), at(20, "10:00:00"))
    crm.window(at(19, "00:00:00"), AS_OF)
    assert moves(crm) == []
    crm.window(at(20, "00:00:00"), at(19, "00:00:00"))
    assert moves(crm) == [("crm", "ada", "started", "2026-06-25")]


def test_who_used_it_before_did_not_start(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(99))
    crm.sign_in("ada", "crm", at(5))
    assert moves(crm) == []


def test_who_used_it_thirty_days_ago_did_not_start(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(30))
    crm.sign_in("ada", "crm", at(5))
    assert moves(crm) == []


def test_failures_and_automation_start_nobody(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(5), error_code=50126)
    crm.sign_in("ada", "crm", at(5), kind="servicePrincipal")
    assert moves(crm) == []


@pytest.mark.parametrize(("last", "expected"), [(29, False), (30, True), (59, True), (60, False)])
def test_stopped_is_a_last_use_in_the_thirty_days_before(crm: TinyLake, last: int, expected: bool) -> None:
    crm.read_days(30)
    crm.sign_in("ada", "crm", at(last), feed="diagnostic")
    assert moves(crm) == ([("crm", "ada", "stopped", str(at(last).date()))] if expected else [])


def test_nobody_stopped_while_absence_is_not_proven(crm: TinyLake) -> None:
    crm.read_days(29)
    crm.sign_in("ada", "crm", at(40), feed="diagnostic")
    assert moves(crm) == []


def test_nobody_stopped_who_is_active_under_a_longer_period(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(40))
    assert moves(crm) == [("crm", "ada", "stopped", "2026-05-21")]
    assert moves(crm, decided=Decided(policies=(ProductPolicy("crm", inactive_days=45),))) == []


def test_the_products_own_kinds_decide_what_is_known(crm: TinyLake) -> None:
    crm.window(at(99, "00:00:00"), AS_OF, "interactiveUser")
    crm.sign_in("ada", "crm", at(5))
    crm.sign_in("ada", "crm", at(50), kind="nonInteractiveUser")
    assert moves(crm) == []
    own = Decided(policies=(ProductPolicy("crm", kinds=("interactiveUser",)),))
    assert moves(crm, decided=own) == [("crm", "ada", "started", "2026-06-25")]
    assert moves(crm, decided=Decided(policy=Policy(kinds=("interactiveUser",)))) == moves(crm, decided=own)


def test_moving_within_a_merged_product_is_no_movement(crm: TinyLake) -> None:
    crm.app("crm2")
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(45))
    crm.sign_in("ada", "crm2", at(5))
    assert moves(crm) == [("crm2", "ada", "started", "2026-06-25"), ("crm", "ada", "stopped", "2026-05-16")]
    assert moves(crm, decided=Decided(products=(Product("crm", ("crm", "crm2")),))) == []


def test_names_of_people_there_and_gone_newest_first(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(5), user_name="Not This")
    crm.sign_in("gone", "crm", at(4))
    crm.sign_in("ada", "teams", at(4))
    rows = crm.ask("movement")
    assert [(row["product"], row["name"], row["department"], row["on"]) for row in rows] == [
        ("Crm", "Gone", None, "2026-06-26"),
        ("Crm", "Ada", "Sales", "2026-06-25"),
    ]
    ignored = Decided(products=(Product("crm", ("crm",), state="ignored"),))
    assert moves(crm, decided=ignored) == []


def test_names_are_hidden_where_they_are_to_be(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(5))
    crm.sign_in("gone", "crm", at(4))
    names = [row["name"] for row in crm.ask("movement", pseudonyms=b"secret")]
    assert len(set(names)) == 2
    assert {name.split(" ")[0] for name in names} == {"Person"}


def of_products(lake: TinyLake, **more: Any) -> dict[str, tuple[Any, ...]]:
    return {
        row["product_id"]: tuple(list(row.values())[2:])  # after id and name
        for row in lake.ask("movement-products", **more)
    }


def test_thirty_days_against_the_thirty_before(crm: TinyLake) -> None:
    crm.app("wiki")
    crm.read_days(90)
    for person in ("ada", "bob", "cyd"):
        crm.sign_in(person, "crm", at(59, "00:00:00"))
    crm.sign_in("dan", "crm", at(60))
    crm.sign_in("ada", "crm", at(29))
    crm.sign_in("eve", "crm", at(1))
    crm.sign_in("ada", "wiki", at(1))
    crm.app("unused")
    assert of_products(crm) == {
        # started: eve (all 30 days before day 1 known); stopped: bob, cyd; 3 → 2 people is −33.3 %
        "crm": (1, 2, 2, 3, -33.3),
        "wiki": (1, 0, 1, 0, None),
    }


def test_no_comparison_with_a_gap_on_either_side(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(40))
    crm.sign_in("ada", "crm", at(1))
    crm.window(at(59, "00:00:00"), at(10, "00:00:00"))
    crm.window(at(9, "00:00:00"), AS_OF)
    assert of_products(crm)["crm"] == (None, 0, 1, 1, None)
    crm.tables["windows"] = []
    crm.window(at(58, "00:00:00"), AS_OF)
    assert of_products(crm)["crm"] == (0, 0, 1, 1, None)
    crm.window(at(59, "00:00:00"), at(58, "00:00:00"))
    assert of_products(crm)["crm"] == (0, 0, 1, 1, 0.0)


def test_the_days_before_are_unknown_and_not_zero_without_a_covered_one(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1))
    crm.read_days(30)
    assert of_products(crm)["crm"] == (None, None, 1, None, None)
    crm.window(at(31, "00:00:00"), at(30, "00:00:00"))
    assert of_products(crm)["crm"] == (None, 0, 1, 0, None)
    crm.tables["windows"] = []
    crm.sign_in("bob", "crm", at(40))
    assert of_products(crm)["crm"] == (None, None, 1, 1, None)
