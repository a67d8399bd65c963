"""Cards about contracts, renewals and Microsoft's licences."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from seatwise.metrics.decided import Decided, HandSeat, Price, Product
from tests.metrics.ten_seats import PEOPLE, cards, decided, per_seat, use
from tests.support.tiny_lake import D, TinyLake


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """Ten people with a seat each."""
    lake.app("crm")
    for person in PEOPLE:
        lake.user(person)
        lake.assign("crm", person)
    return lake


@pytest.mark.parametrize(("days", "expected"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_renewal_is_told_sixty_days_ahead(crm: TinyLake, days: int, expected: bool) -> None:
    crm.read_days(100)
    use(crm, PEOPLE[:4], 5)
    price = per_seat(renewal_on=D + timedelta(days=days))
    found = cards(crm, "renewal", decided=decided(price))
    assert found == ({"crm": (days, 120.0, "EUR", str(D + timedelta(days=days)))} if expected else {})


def test_a_renewal_tells_how_well_it_is_used(crm: TinyLake) -> None:
    crm.read_days(100)
    use(crm, PEOPLE[:4], 5)
    price = per_seat(renewal_on=D)
    (row,) = [row for row in crm.ask("insights", decided=decided(price)) if row["card"] == "renewal"]
    assert row["detail"] == "4 of 10 seats active"


def contract(seats: int | None) -> Decided:
    return decided(Price("product", "crm", "contract", Decimal(1200), "EUR", "year", seats_bought=seats))


def test_a_contract_is_too_large_for_its_active_people(crm: TinyLake) -> None:
    crm.read_days(100)
    use(crm, PEOPLE[:4], 5)
    # 100 a month for 15 seats: 11 too many are worth 73.33
    assert cards(crm, "contract_too_large", decided=contract(15)) == {"crm": (11, 73.33, "EUR", None)}
    assert cards(crm, "contract_too_large", decided=contract(4)) == {}
    assert cards(crm, "contract_too_large", decided=contract(None)) == {}


def test_a_contract_is_not_too_large_for_people_nothing_is_known_of(crm: TinyLake) -> None:
    assert cards(crm, "contract_too_large", decided=contract(10)) == {}
    assert cards(crm, "contract_too_large", decided=contract(12)) == {"crm": (2, 16.67, "EUR", None)}


def test_people_who_use_it_without_a_seat_need_one_too(crm: TinyLake) -> None:
    crm.read_days(100)
    use(crm, (*PEOPLE[:4], "kim", "leo"), 5)
    use(crm, ("mia",), 31)
    assert cards(crm, "contract_too_large", decided=contract(10))["crm"][0] == 4
    assert cards(crm, "contract_too_large", decided=contract(6)) == {}


def test_nothing_is_said_of_the_contract_of_what_nobody_holds_or_entra_does_not_see(crm: TinyLake) -> None:
    crm.app("wiki")
    price = Price("product", "wiki", "contract", Decimal(1200), "EUR", "year", seats_bought=9)
    assert cards(crm, "contract_too_large", decided=decided(price)) == {}
    by_hand = decided(price, products=(Product("wiki", (), name="Paper"),), hand_seats=(HandSeat("wiki", "a@x"),))
    del crm.tables["service_principals"][1]
    assert cards(crm, "contract_too_large", decided=by_hand) == {}


def licensed(lake: TinyLake, person: str, **more: Any) -> None:
    lake.user(person, assigned_licenses='[{"skuId": "E5", "disabledPlans": []}, {"skuId": "e3"}]', **more)


@pytest.fixture
def skus(lake: TinyLake) -> TinyLake:
    for sku, units in (("e5", 20), ("e3", 4)):
        lake.add("subscribed_skus", sku_id=sku, part_number=sku.upper(), applies_to="User", enabled_units=units)
    lake.add("subscribed_skus", sku_id="room", part_number="ROOM", applies_to="Company", enabled_units=1)
    lake.app("crm")
    for person in ("ada", "bob", "cyd"):
        licensed(lake, person)
    licensed(lake, "dan", is_enabled=False)
    lake.user("eve")
    return lake


def licence(amount: str, **more: Any) -> Decided:
    return decided(Price("licence", "e5", "seat", Decimal(amount), "EUR", "month", **more))


def test_licences_of_people_who_do_not_sign_in_and_of_disabled_accounts(skus: TinyLake) -> None:
    skus.read_days(60)
    use(skus, ("ada",), 29)
    use(skus, ("bob",), 30)
    assert cards(skus, "idle_licences", decided=licence("50")) == {
        "e5": (2, 100.0, "EUR", None),
        "e3": (2, None, None, None),
    }
    assert cards(skus, "disabled_licences", decided=licence("50"))["e5"] == (1, 50.0, "EUR", None)
    rows = {row["subject_id"]: row for row in skus.answer("insights").rows if row["card"] == "idle_licences"}
    assert (rows["e5"]["subject_kind"], rows["e5"]["name"], rows["e5"]["detail"]) == (
        "licence",
        "E5",
        "2 of 4 licences assigned",
    )


def test_nobody_is_said_not_to_sign_in_while_days_are_missing(skus: TinyLake) -> None:
    skus.read_days(29)
    use(skus, ("ada",), 1, error_code=50126)
    assert cards(skus, "idle_licences") == {}
    assert set(cards(skus, "disabled_licences")) == {"e5", "e3"}


def test_licences_renew_too(skus: TinyLake) -> None:
    renewal = D + timedelta(days=7)
    (row,) = [
        row for row in skus.ask("insights", decided=licence("50", renewal_on=renewal)) if row["card"] == "renewal"
    ]
    assert (row["subject_kind"], row["subject_id"], row["n"], row["worth_month"], row["on"], row["detail"]) == (
        "licence",
        "e5",
        7,
        1000.0,  # twenty bought
        str(renewal),
        "4 of 20 licences assigned",
    )
