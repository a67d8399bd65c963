"""The oracle about products, people and money, against companies counted by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from entra_sandbox import cli, oracle
from entra_sandbox.oracle.decided import Decided, HandSeat, Policy, Price, Product, ProductPolicy, read
from entra_sandbox.world import Member, Sku
from tests.entra_sandbox.made import NOW, Made, ago, app, group, seat, sign_in, user


def rows(name: str, made: Made, decided: Decided | None = None, **more: Any) -> list[dict[str, Any]]:
    return list(oracle.answer(name, made, NOW, decided=decided, **more)["rows"])


def one(name: str, made: Made, decided: Decided | None = None, **more: Any) -> dict[str, Any]:
    (row,) = rows(name, made, decided, **more)
    return row


def price(subject: str, amount: str, basis: str = "seat", period: str = "month", **more: Any) -> Price:
    return Price(more.pop("kind", "product"), subject, basis, Fraction(amount), "EUR", period, **more)


TWO_APPS = Decided(products=(Product("crm", ("crm", "crm2"), name="Customer desk"),))


def test_two_apps_of_one_product_count_a_person_once() -> None:
    made = Made(
        [user("ann"), user("bob")], [app("crm"), app("crm2")], [group("sales")], {"sales": [Member("ann", "user")]},
        [seat("ann", "crm"), seat("sales", "crm2", "Group"), seat("bob", "crm2")],
        events=[sign_in("1", "ann", "crm", ago(days=2)), sign_in("2", "ann", "crm2", ago(days=1))],
    )  # fmt: skip
    row = one("products", made, TWO_APPS)
    assert (row["name"], row["app_ids"], row["n_seats"], row["n_used_30d"], row["n_sign_ins_30d"]) == (
        "Customer desk", ["crm", "crm2"], 2, 1, 2,
    )  # fmt: skip
    ann, bob = rows("product-users", made, TWO_APPS)
    assert (ann["path"], ann["groups"], ann["evidence_id"], ann["evidence_app_id"]) == ("both", ["Sales"], "2", "crm2")
    assert (ann["first_used_on"], ann["last_used_at"]) == ("2026-06-28", "2026-06-29T12:00:00Z")
    assert (bob["path"], bob["status"], bob["n_sign_ins_30d"]) == ("direct", "idle", 0)
    assert {r["app_id"] for r in rows("apps", made, TWO_APPS)} == {"crm", "crm2"}


def test_a_policy_of_the_product_counts_fewer_kinds_and_waits_longer() -> None:
    made = Made([user("ann")], [app("crm"), app("mail")], seats=[seat("ann", "crm"), seat("ann", "mail")], events=[
        sign_in("1", "ann", "crm", ago(days=1), kind="nonInteractiveUser"),
        sign_in("2", "ann", "mail", ago(days=1), kind="nonInteractiveUser"), sign_in("3", "ann", "crm", ago(days=40)),
    ])  # fmt: skip
    decided = Decided(policies=(ProductPolicy("crm", ("interactiveUser",), 45),))
    crm, mail = rows("product-users", made, decided, days=120)
    assert (crm["status"], crm["n_sign_ins_30d"], crm["last_used_at"]) == ("active", 0, "2026-05-21T12:00:00Z")
    assert (mail["status"], mail["n_sign_ins_30d"]) == ("active", 1)
    crm, mail = rows("product-users", made, Decided(policy=Policy(("interactiveUser",))), days=120)
    assert (crm["status"], mail["status"], mail["evidence_id"]) == ("idle", "unused", None)
    assert rows("apps", made, decided)[1]["n_used_30d"] == 0


def test_money_is_exact_until_it_is_shown_and_only_proven_seats_are_claimed() -> None:
    people = [user("ann"), user("bob"), user("cid"), user("dan")]
    made = Made(people, [app("crm")], seats=[seat(p.id, "crm") for p in people],
                events=[sign_in("1", "ann", "crm", ago(days=1)), sign_in("2", "bob", "crm", ago(days=60))])  # fmt: skip
    decided = Decided(prices=(price("crm", "100.10", period="year"),), protected=frozenset({"dan"}))
    row = one("products", made, decided, days=120)
    assert (row["n_active"], row["n_idle"], row["n_unused"]) == (1, 1, 2)
    # 100.10 a year is 8.341666… a month; four seats are 33.3666…, not four times 8.34.
    assert (row["price_seat_month"], row["cost_month"], row["could_save_month"], row["could_save_year"]) == (
        8.34, 33.37, 8.34, 100.1,
    )  # fmt: skip
    assert row["idle_month"] == 8.34
    dan = next(r for r in rows("product-users", made, decided, days=120) if r["user_id"] == "dan")
    assert (dan["status"], dan["is_protected"], dan["cost_month"], dan["could_save_month"]) == ("unused", True, 8.34, 0)
    assert one("totals", made, decided, days=120)["all_could_save_month"] == 8.34
    without = one("products", made, days=120)
    assert (without["cost_month"], without["could_save_month"], without["currency"]) == (None, None, None)


def test_what_is_unknown_is_worth_nothing_yet_and_says_when_it_will_be_known() -> None:
    made = Made([user("ann")], [app("crm")], seats=[seat("ann", "crm")])
    decided = Decided(policy=Policy(inactive_days=45), prices=(price("crm", "10"),))
    row = one("product-users", made, decided)
    assert (row["status"], row["proven_days"], row["known_on"]) == ("unknown", 30, "2026-07-15")
    assert (row["could_save_month"], row["unknown_month"]) == (0, 10)
    saved = one("savings", made, decided)
    assert (saved["n_unknown"], saved["unknown_month"], saved["could_save_month"], saved["known_on"]) == (
        1, 10, 0, "2026-07-15",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "seat_month", "cost"),
    [
        (price("crm", "1200", "contract", "year", seats_bought=10), 10.0, 100.0),
        (price("crm", "1200", "contract", "year"), 50.0, 100.0),
        (price("crm", "12", seats_bought=5), 12.0, 60.0),
        (price("crm", "12", seats_bought=1), 12.0, 24.0),
        (price("crm", "0.06", period="year"), 0.01, 0.01),
    ],
)
def test_prices_by_seat_and_by_contract(given: Price, seat_month: float, cost: float) -> None:
    made = Made([user("ann"), user("bob")], [app("crm")], seats=[seat("ann", "crm"), seat("bob", "crm")])
    row = one("products", made, Decided(prices=(given,)))
    assert (row["price_seat_month"], row["cost_month"]) == (seat_month, cost)


def test_another_currency_stands_in_its_own_row_only() -> None:
    made = Made([user("ann")], [app("crm"), app("mail")], seats=[seat("ann", "crm"), seat("ann", "mail")])
    decided = Decided(prices=(price("crm", "7"), replace(price("mail", "9"), currency="USD")))
    assert {(r["product_id"], r["currency"], r["cost_month"]) for r in rows("products", made, decided)} == {
        ("crm", "EUR", 7.0), ("mail", "USD", 9.0),
    }  # fmt: skip
    total = one("totals", made, decided)
    assert (total["cost_month"], total["n_other_currency"], total["n_products_priced"]) == (7.0, 1, 2)
    assert one("people", made, decided)["cost_month"] == 7.0
    assert one("teams", made, decided)["cost_month"] == 7.0


def test_an_ignored_product_leaves_every_sum() -> None:
    made = Made([user("ann")], [app("crm")], seats=[seat("ann", "crm")])
    decided = Decided(products=(Product("crm", ("crm",), state="ignored"),), prices=(price("crm", "7"),))
    for name in ("products", "product-users", "team-products", "seat-groups", "savings"):
        assert rows(name, made, decided) == []
    assert (one("totals", made, decided)["n_seats"], one("people", made, decided)["n_seats"]) == (0, 0)
    row = one("products", made, decided, ignored=True)
    assert (row["state"], row["n_seats"], row["cost_month"], row["could_save_month"]) == ("ignored", 1, 7.0, None)


def test_what_entra_does_not_see_is_unknown_and_never_zero() -> None:
    decided = Decided(
        products=(Product("hand-1", name="Payroll bureau"),), prices=(price("hand-1", "20"),),
        hand_seats=(HandSeat("hand-1", "ann@made.example", "ann"), HandSeat("hand-1", "Zoe@other.example"),
                    HandSeat("hand-1", "ANN@made.example", "ann")),
    )  # fmt: skip
    made = Made([user("ann")])
    row = one("products", made, decided)
    assert (row["n_seats"], row["n_unknown"], row["n_leavers"], row["n_used_30d"], row["use_band"]) == (
        2, 2, 1, None, "unknown",
    )  # fmt: skip
    assert (row["cost_month"], row["could_save_month"], row["unknown_month"]) == (40, 0, 40)
    ann, zoe = sorted(rows("product-users", made, decided), key=lambda r: r["user_id"] is None)
    assert (ann["path"], ann["status"], ann["is_leaver"], ann["known_on"]) == ("hand", "unknown", False, None)
    assert (zoe["user_id"], zoe["name"], zoe["is_leaver"], zoe["n_sign_ins_30d"]) == (
        None, "Zoe@other.example", True, None,
    )  # fmt: skip


def test_leavers_and_guests_still_hold_seats() -> None:
    gone = replace(user("ann"), account_enabled=False)
    made = Made([gone, user("gus", user_type="Guest")], [app("crm")], seats=[seat("ann", "crm"), seat("gus", "crm")])
    row = one("products", made)
    assert (row["n_seats"], row["n_leavers"], row["n_guests"]) == (2, 1, 1)
    assert [(r["user_id"], r["is_leaver"], r["kind"]) for r in rows("product-users", made)] == [
        ("ann", True, "member"), ("gus", False, "guest"),
    ]  # fmt: skip


def test_who_started_and_who_stopped() -> None:
    made = Made([user("ann"), user("bob"), user("cid")], [app("crm")], events=[
        sign_in("1", "ann", "crm", ago(days=29)), sign_in("2", "bob", "crm", ago(days=30)),
        sign_in("3", "cid", "crm", ago(days=59)), sign_in("4", "cid", "crm", ago(days=80)),
    ])  # fmt: skip
    row = one("products", made, days=60)
    assert (row["n_started_30d"], row["n_stopped_30d"]) == (1, 2)
    assert one("products", made, days=59)["n_started_30d"] == 0
    assert (one("products", made)["n_started_30d"], one("products", made)["n_stopped_30d"]) == (None, 1)


def test_seats_only_through_one_group() -> None:
    made = Made(
        [user("ann"), user("bob"), user("cid")], [app("crm")], [group("one"), group("two")],
        {"one": [Member("ann", "user"), Member("bob", "user"), Member("cid", "user")], "two": [Member("bob", "user")]},
        [seat("one", "crm", "Group"), seat("two", "crm", "Group"), seat("cid", "crm")],
    )  # fmt: skip
    found = {r["group_id"]: (r["n_seats"], r["n_only"]) for r in rows("seat-groups", made)}
    assert found == {"one": (3, 1), "two": (1, 0)}


def test_teams_by_department_and_by_group() -> None:
    ann, bob = replace(user("ann"), department="Sales"), user("bob")
    made = Made([ann, bob], [app("crm")], [group("g"), group("not assigned")], {"g": [Member("bob", "user")]},
                [seat("g", "crm", "Group")], events=[sign_in("1", "ann", "crm", ago(days=1))])  # fmt: skip
    found = {r["team"]: (r["n_people"], r["n_using_30d"], r["n_seats"]) for r in rows("teams", made)}
    assert found == {"Sales": (1, 1, 0), "": (1, 0, 1)}
    found = {
        r["team"]: (r["n_people"], r["n_using_30d"], r["n_seats"]) for r in rows("teams", made, of={"by": "group"})
    }
    assert found == {"g": (1, 0, 1), "": (1, 1, 0)}
    assert {(r["team"], r["n_seats"], r["n_used_30d"]) for r in rows("team-products", made)} == {
        ("Sales", 0, 1), ("", 1, 0),
    }  # fmt: skip


def test_licences_by_state_each_one_once() -> None:
    people = [replace(user(n), assigned_skus=(("e3", None), ("e3", "office"))[i % 2:i % 2 + 1]) for i, n in
              enumerate(("ann", "bob", "cid"))]  # fmt: skip
    people[2] = replace(people[2], account_enabled=False)
    made = Made(people, [app("crm")], [group("office")], events=[sign_in("1", "ann", "crm", ago(days=1))])
    made.skus = [Sku("e3", "E3", 5, 3, "Enabled", "User", ()), Sku("site", "SITE", 1, 0, "Enabled", "Company", ())]
    decided = Decided(prices=(price("e3", "12", kind="licence", renewal_on=date(2026, 8, 1), notice_days=30),))
    row = one("licences", made, decided, days=120)
    assert (row["n_bought"], row["n_assigned"], row["n_unassigned"], row["n_disabled"]) == (5, 3, 2, 1)
    assert (row["n_active"], row["n_unused"], row["n_direct"], row["n_group"]) == (1, 1, 2, 1)
    assert (row["cost_month"], row["unassigned_month"], row["disabled_month"], row["could_save_month"]) == (
        60,
        24,
        12,
        48,
    )
    assert (row["renewal_on"], row["notice_on"]) == ("2026-08-01", "2026-07-02")
    found = {r["user_id"]: (r["path"], r["could_save_month"]) for r in rows("licence-users", made, decided, days=120)}
    assert found == {"ann": ("direct", 0.0), "bob": ("group", 12.0), "cid": ("direct", 12.0)}


def test_decisions_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {
        "revision": 3, "currency": "USD", "policy": {"kinds": ["interactiveUser"], "inactive_days": 14},
        "policies": [{"product_id": "a", "kinds": None, "inactive_days": 60}],
        "products": [{"product_id": "a", "app_ids": ["a", "b"], "name": None, "state": "approved"}],
        "prices": [{"subject_kind": "product", "subject_id": "a", "basis": "seat", "amount": "9.90",
                    "currency": "USD", "period": "month", "seats_bought": 3, "renewal_on": "2027-01-31",
                    "notice_days": 30, "link": None}],
        "hand_seats": [{"product_id": "a", "address": "x@y.example", "user_id": None}], "protected": ["u"],
    }  # fmt: skip
    found = read(json.dumps(told))
    assert (found.currency, found.policy, found.policy_of("a").inactive_days) == (
        "USD", Policy(("interactiveUser",), 14), 60,
    )  # fmt: skip
    assert (found.prices[0].amount, found.prices[0].notice_on) == (Fraction("9.9"), date(2027, 1, 1))
    file = tmp_path / "decided.json"
    file.write_text(json.dumps(told))
    words = ["oracle", "totals", "--users", "20", "--apps", "5", "--as-of", "2026-10-14T10:00:00Z", "--format", "json"]
    cli.main([*words, "--decided", str(file)])
    assert json.loads(capsys.readouterr().out)["rows"][0]["currency"] == "USD"
    file.write_text("{")
    with pytest.raises(SystemExit):
        cli.main([*words, "--decided", str(file)])
