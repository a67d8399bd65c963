"""Money: exact until it is shown, claimed of proven states only, never zero for unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatwise.metrics import money
from seatwise.metrics.decided import Decided, HandSeat, Price, Product
from tests.support.tiny_lake import TinyLake, at

SKU = "aaaaaaaa-0000-0000-0000-000000000001"


def price(subject_id: str = "crm", basis: Any = "seat", amount: str = "10", **more: Any) -> Price:
    told = {"subject_kind": "product", "currency": "EUR", "period": "month", **more}
    return Price(subject_id=subject_id, basis=basis, amount=Decimal(amount), **told)


def row(lake: TinyLake, product_id: str = "crm", **more: Any) -> dict[str, Any]:
    (found,) = [row for row in lake.answer("products", **more).rows if row["product_id"] == product_id]
    return found


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """Seven seats: ada active, bob idle for 40 days, cyd unused since day 95, the others never used at all."""
    lake.app("crm")
    lake.app("wiki")
    for n, person in enumerate(("ada", "bob", "cyd", "dan", "eve", "fay", "gus")):
        lake.user(person, department="Sales" if n < 4 else None, created_at=at(150))
        lake.assign("crm", person)
    lake.assign("wiki", "ada")
    for person, day in {"ada": 1, "bob": 40, "cyd": 95}.items():
        lake.sign_in(person, "crm", at(day))
    lake.read_days(200)
    lake.derive()
    return lake


def test_only_never_used_and_unused_seats_are_claimed(crm: TinyLake) -> None:
    found = row(crm, decided=Decided(prices=(price(),)))
    assert [found[f"n_{s}"] for s in ("active", "idle", "unused", "never", "unknown")] == [1, 1, 1, 4, 0]
    assert (found["cost_month"], found["could_save_month"], found["idle_month"], found["could_save_year"]) == (
        70.0, 50.0, 10.0, 600.0,
    )  # fmt: skip


def test_a_missing_price_is_no_money_and_never_zero(crm: TinyLake) -> None:
    found = row(crm)
    assert {found[c] for c in ("currency", "cost_month", "could_save_month", "idle_month", "unknown_month")} == {None}
    totals = crm.answer("totals").rows[0]
    assert (totals["cost_month"], totals["all_could_save_month"], totals["n_products_unpriced"]) == (None, None, 2)


def test_protected_people_are_not_offered(crm: TinyLake) -> None:
    decided = Decided(prices=(price(),), protected=frozenset({"cyd", "dan", "bob"}))
    found = row(crm, decided=decided)
    assert (found["could_save_month"], found["idle_month"], found["n_never"]) == (30.0, 10.0, 4)


def test_a_gap_in_coverage_takes_the_claim_and_its_money_away(crm: TinyLake) -> None:
    crm.tables["windows"] = []
    crm.read_days(20)
    crm.derive()
    found = row(crm, decided=Decided(prices=(price(),)))
    assert (found["could_save_month"], found["idle_month"], found["unknown_month"]) == (0.0, 0.0, 60.0)


def test_a_contract_is_shared_among_the_seats_bought_and_else_among_those_held(crm: TinyLake) -> None:
    bought = row(crm, decided=Decided(prices=(price(basis="contract", amount="1000", seats_bought=30),)))
    assert (bought["price_seat_month"], bought["cost_month"], bought["could_save_month"]) == (33.33, 1000.0, 166.67)
    held = row(crm, decided=Decided(prices=(price(basis="contract", amount="1000", period="year"),)))
    assert (held["price_seat_month"], held["cost_month"], held["could_save_month"]) == (11.9, 83.33, 59.52)


def test_seats_bought_and_not_held_cost_too(crm: TinyLake) -> None:
    assert row(crm, decided=Decided(prices=(price(seats_bought=9),)))["cost_month"] == 90.0
    assert row(crm, decided=Decided(prices=(price(seats_bought=3),)))["cost_month"] == 70.0


def test_a_contract_without_seats_has_no_price_of_a_seat(crm: TinyLake) -> None:
    crm.app("empty")
    crm.derive()
    found = row(crm, "empty", decided=Decided(prices=(price("empty", "contract", "100"),)))
    assert (found["price_seat_month"], found["cost_month"], found["could_save_month"]) == (None, 100.0, None)


def test_another_currency_stands_in_its_row_and_in_no_sum(crm: TinyLake) -> None:
    decided = Decided(prices=(price(), price("wiki", currency="USD", amount="5")))
    answer = crm.answer("products", decided=decided)
    assert {r["product_id"]: (r["currency"], r["cost_month"]) for r in answer.rows} == {
        "crm": ("EUR", 70.0), "wiki": ("USD", 5.0),
    }  # fmt: skip
    assert answer.sums["cost_month"] == 70.0
    assert crm.answer("totals", decided=decided).rows[0]["n_other_currency"] == 1
    ada = crm.answer("people", decided=decided).rows[0]
    assert (ada["name"], ada["currency"], ada["cost_month"]) == ("Ada", "EUR", 10.0)


def test_sums_add_up_before_they_are_rounded(crm: TinyLake) -> None:
    """Each person's seat is 1/7 of a cent short of a round one: seven rounded cells would be 0.07 off."""
    decided = Decided(prices=(price(basis="contract", amount="100"),))
    answer = crm.answer("product-users", decided=decided)
    assert [r["cost_month"] for r in answer.rows][:7] == [14.29] * 7
    assert answer.sums["cost_month"] == 100.0


def test_half_a_cent_is_rounded_up(crm: TinyLake) -> None:
    assert row(crm, decided=Decided(prices=(price(amount="0.06", period="year"),)))["price_seat_month"] == 0.01
    assert row(crm, decided=Decided(prices=(price(amount="0.0599", period="year"),)))["price_seat_month"] == 0.0


def test_shares_of_different_contracts_add_up_exactly(crm: TinyLake) -> None:
    """1/3 and 1/6 of a contract make a half: 0.01 with the half cent rounded up, which no decimal fraction gives."""
    crm.assign("wiki", "dan")
    crm.derive()
    third = price(basis="contract", amount="0.01", seats_bought=3)
    sixth = price("wiki", "contract", "0.01", seats_bought=6)
    dan = next(r for r in crm.answer("people", decided=Decided(prices=(third, sixth))).rows if r["user_id"] == "dan")
    assert dan["cost_month"] == 0.01


def test_ignored_products_cost_and_nothing_is_claimed(crm: TinyLake) -> None:
    decided = Decided(products=(Product("crm", ("crm",), state="ignored"),), prices=(price(),))
    assert crm.answer("totals", decided=decided).rows[0]["cost_month"] is None
    assert [r["subject_id"] for r in crm.answer("savings", decided=decided).rows] == ["wiki"]


def test_renewal_and_notice(crm: TinyLake) -> None:
    found = row(crm, decided=Decided(prices=(price(renewal_on=date(2026, 12, 31), notice_days=90),)))
    assert (found["renewal_on"], found["notice_on"]) == ("2026-12-31", "2026-10-02")
    assert row(crm, decided=Decided(prices=(price(renewal_on=date(2026, 12, 31)),)))["notice_on"] is None


def test_teams_add_up_people_seats_and_money(crm: TinyLake) -> None:
    rows = crm.answer("teams", decided=Decided(prices=(price(),))).rows
    assert [(r["team"], r["n_people"], r["n_using_30d"], r["n_seats"], r["cost_month"]) for r in rows] == [
        ("", 3, 0, 3, 30.0), ("Sales", 4, 1, 5, 40.0),
    ]  # fmt: skip
    products = crm.answer("team-products", decided=Decided(prices=(price(),))).rows
    assert [(r["team"], r["product_id"], r["n_seats"], r["could_save_month"]) for r in products] == [
        ("", "crm", 3, 30.0), ("Sales", "crm", 4, 20.0), ("Sales", "wiki", 1, None),
    ]  # fmt: skip


def test_groups_that_give_seats(crm: TinyLake) -> None:
    crm.group("g1", "ada", "dan", "hal", name="One")
    crm.group("g2", "hal", name="Two")
    crm.user("hal", created_at=at(150))
    for group in ("g1", "g2"):
        crm.assign("wiki", group, "Group")
    crm.derive()
    decided = Decided(prices=(price("wiki"),), hand_seats=(HandSeat("wiki", "d", "dan"),))
    rows = crm.answer("seat-groups", decided=decided).rows
    assert [(r["name"], r["n_seats"], r["n_only"], r["n_never"], r["cost_month"]) for r in rows] == [
        ("One", 3, 0, 3, 30.0), ("Two", 1, 0, 1, 10.0),
    ]  # fmt: skip
    by_group = crm.answer("teams", of=(("by", "group"),)).rows
    assert [(r["name"], r["n_people"]) for r in by_group] == [("", 5), ("One", 3), ("Two", 1)]


@pytest.fixture
def licensed(crm: TinyLake) -> TinyLake:
    """Ten bought, five held: ada active, bob idle, dan never, gus disabled, and eve by a group."""
    crm.tables["users"] = []
    for person in ("ada", "bob", "dan", "eve", "gus"):
        way = f'[{{"skuId":"{SKU}","assignedByGroup":{chr(34) + "g" + chr(34) if person == "eve" else "null"}}}]'
        crm.user(
            person,
            created_at=at(150),
            is_enabled=person != "gus",
            assigned_licenses=f'[{{"skuId":"{SKU.upper()}","disabledPlans":[]}}]',
            license_states=way,
        )
    crm.group("g", name="All staff")
    crm.add("subscribed_skus", sku_id=SKU, part_number="ENTERPRISEPACK", applies_to="User",
            capability_status="Enabled", consumed_units=5, enabled_units=10)  # fmt: skip
    crm.derive()
    return crm


def test_licences_are_each_counted_once(licensed: TinyLake) -> None:
    decided = Decided(prices=(price(SKU, amount="20", subject_kind="licence"),))
    (found,) = licensed.answer("licences", decided=decided).rows
    assert [found[f"n_{c}"] for c in ("bought", "assigned", "unassigned", "disabled", "direct", "group")] == [
        10, 5, 5, 1, 4, 1,
    ]  # fmt: skip
    assert [found[f"n_{s}"] for s in ("active", "idle", "unused", "never", "unknown")] == [1, 1, 0, 2, 0]
    assert (found["name"], found["cost_month"]) == ("Office 365 E3", 200.0)
    assert (found["unassigned_month"], found["disabled_month"], found["could_save_month"]) == (100.0, 20.0, 160.0)
    users = licensed.answer("licence-users", decided=decided).rows
    assert {r["user_id"]: (r["path"], r["groups"], r["could_save_month"]) for r in users} == {
        "ada": ("direct", [], 0.0), "bob": ("direct", [], 0.0), "dan": ("direct", [], 20.0),
        "eve": ("group", ["All staff"], 20.0), "gus": ("direct", [], 20.0),
    }  # fmt: skip


def test_totals_and_savings_put_products_and_licences_together(licensed: TinyLake) -> None:
    decided = Decided(prices=(price(), price(SKU, amount="20", subject_kind="licence")), protected=frozenset({"gus"}))
    totals = licensed.answer("totals", decided=decided).rows[0]
    assert (totals["n_people"], totals["n_enabled"], totals["n_seats"], totals["n_leaver_seats"]) == (5, 4, 6, 1)
    assert (totals["could_save_month"], totals["licences_could_save_month"], totals["all_could_save_month"]) == (
        20.0, 140.0, 160.0,
    )  # fmt: skip
    savings = {r["subject_id"]: r for r in licensed.answer("savings", decided=decided).rows}
    assert (savings["crm"]["never_month"], savings["crm"]["n_never"], savings["wiki"]["never_month"]) == (20.0, 3, None)
    assert (savings[SKU]["could_save_month"], savings[SKU]["never_month"]) == (140.0, 40.0)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 5_000), st.integers(0, 2_000)), min_size=1, max_size=4))
def test_shares_are_exact_fractions(contracts: list[tuple[int, int, int]]) -> None:
    """Parts of several contracts in the small unit add up to the fraction that paper gives, to the last digit."""
    parts = money.unit(seats for _, seats, _ in contracts)
    told = sum(money.share(annual, seats, parts) * n for annual, seats, n in contracts)
    exact = sum((Fraction(annual * n, seats) for annual, seats, n in contracts), Fraction(0))
    if parts < money.MOST:
        assert Fraction(told, parts) == exact
    assert abs(Fraction(told, parts) - exact) < Fraction(1, 10**8)
