"""The oracle about use over time and what wants attention, against companies counted by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from entra_sandbox import oracle
from entra_sandbox.oracle.decided import Decided, Price, Product
from entra_sandbox.oracle.money import money, tenth
from entra_sandbox.world import Member, OAuth2PermissionGrant
from tests.entra_sandbox.made import MICROSOFT, NOW, Made, ago, app, group, seat, sign_in, user


def rows(name: str, made: Made, decided: Decided | None = None, **more: Any) -> list[dict[str, Any]]:
    return list(oracle.answer(name, made, NOW, decided=decided, **more)["rows"])


def test_halves_go_up() -> None:
    assert [money(Fraction(n, 1000)) for n in (5, 4, 15, 1005)] == [0.01, 0.0, 0.02, 1.01]
    assert [tenth(Fraction(n, 100)) for n in (5, 14, 1225)] == [0.1, 0.1, 12.3]


def test_day_by_day_over_a_week_and_a_month() -> None:
    made = Made([user("ann"), user("bob")], [app("crm"), app("mail"), app("teams", MICROSOFT)], events=[
        sign_in("1", "ann", "crm", ago(seconds=1)), sign_in("2", "ann", "mail", ago(days=0, seconds=9)),
        sign_in("3", "bob", "crm", ago(days=6)), sign_in("4", "bob", "crm", ago(days=7)),
        sign_in("5", "bob", "teams", ago(seconds=2)), sign_in("6", "cid", "crm", ago(days=29)),
    ])  # fmt: skip
    days = {r["day"]: r for r in rows("usage-days", made, days=40, of={"days": "60"})}
    assert len(days) == 60
    today = days["2026-06-30"]
    assert (today["n_people"], today["n_products"], today["n_sign_ins"]) == (1, 2, 2)
    # ann today and bob six days ago: two of seven days with one person each.
    assert (today["mean_7d"], today["n_week"], today["n_month"]) == (0.3, 2, 3)
    assert (days["2026-06-29"]["n_people"], days["2026-06-29"]["n_month"]) == (0, 2)
    assert days["2026-05-22"]["n_people"] == 0
    missing = days["2026-05-21"]
    assert (missing["state"], missing["n_people"], missing["mean_7d"], missing["n_month"]) == (
        "missing", None, None, None,
    )  # fmt: skip
    only = rows("usage-days", made, of={"product": "teams", "days": "1"})
    assert [(r["day"], r["n_people"]) for r in only] == [("2026-06-30", 1)]


def test_month_by_month() -> None:
    made = Made([user("ann")], [app("crm")], events=[sign_in("1", "ann", "crm", ago(days=29)),
                                                     sign_in("2", "ann", "crm", ago(days=30))])  # fmt: skip
    found = rows("usage-months", made, of={"months": "3"})
    assert [(r["month"], r["n_people"], r["n_sign_ins"], r["n_days_known"], r["n_days"]) for r in found] == [
        ("2026-04", None, None, 0, 30), ("2026-05", 1, 1, 0, 31), ("2026-06", 1, 1, 30, 30),
    ]  # fmt: skip


def test_movement_and_how_much_it_is() -> None:
    people = [user(n) for n in ("ann", "bob", "cid")]
    made = Made(people, [app("crm")], events=[
        sign_in("1", "ann", "crm", ago(days=3)), sign_in("2", "bob", "crm", ago(days=31)),
        sign_in("3", "cid", "crm", ago(days=40)), sign_in("4", "cid", "crm", ago(days=2)),
        sign_in("5", "dee", "crm", ago(days=50)),
    ])  # fmt: skip
    assert [(r["user_id"], r["change"], r["on"]) for r in rows("movement", made, days=90)] == [
        ("ann", "started", "2026-06-27"), ("bob", "stopped", "2026-05-30"), ("dee", "stopped", "2026-05-11"),
    ]  # fmt: skip
    (row,) = rows("movement-products", made, days=60)
    assert (row["n_started"], row["n_stopped"], row["n_used_30d"], row["n_used_before_30d"], row["change_share"]) == (
        1, 2, 2, 3, -33.3,
    )  # fmt: skip
    (row,) = rows("movement-products", made, days=59)
    assert (row["n_used_before_30d"], row["change_share"]) == (3, None)


def test_what_is_discovered() -> None:
    made = Made([user("ann"), user("bob")], [app("crm"), app("mail"), app("old")], grants=[
        OAuth2PermissionGrant("1", "sp-mail", "Principal", "ann", "sp-old", "User.Read openid"),
        OAuth2PermissionGrant("2", "sp-mail", "Principal", "bob", "sp-old", " User.Read Mail.Read"),
        OAuth2PermissionGrant("3", "sp-crm", "AllPrincipals", None, "sp-old", "User.Read"),
        OAuth2PermissionGrant("4", "sp-crm", "Principal", "bob", "sp-old", "User.Read"),
    ], events=[sign_in("1", "ann", "mail", ago(days=6)), sign_in("2", "ann", "crm", ago(days=9)),
               sign_in("3", "ann", "crm", ago(days=1)), sign_in("4", "ann", "old", ago(days=1))])  # fmt: skip
    decided = Decided(products=(
        Product("crm", ("crm",), category="Sales", owner="Bo", state="closed"), Product("mail", ("mail",), owner="Bo",
        category="Sales"), Product("old", ("old",), category="Sales", state="ignored"),
    ))  # fmt: skip
    found = {(r["finding"], r["product_id"]): r for r in rows("discovery", made, decided, days=37)}
    assert set(found) == {
        ("new", "mail"), ("consented_by_people", "mail"), ("closed_in_use", "crm"), ("ignored_in_use", "old"),
        ("same_category", "crm"), ("same_category", "mail"),
    }  # fmt: skip
    assert found["new", "mail"]["on"] == "2026-06-24"
    consent = found["consented_by_people", "mail"]
    assert (consent["n_people"], consent["scopes"]) == (2, ["Mail.Read", "User.Read", "openid"])
    assert found["same_category", "crm"]["n_in_category"] == 2
    assert not any(r["finding"] == "new" for r in rows("discovery", made, decided, days=36))
    assert [(r["app_id"], r["consent"], r["n_people"], r["people"], r["resource"]) for r in rows("consents", made)] == [
        ("crm", "admin", None, [], "Old"), ("crm", "user", 1, ["Bob"], "Old"),
        ("mail", "user", 2, ["Ann", "Bob"], "Old"),
    ]  # fmt: skip


def test_cards() -> None:
    people = [user(f"p{n}") for n in range(6)]
    made = Made(people, [app("crm")], [group("g")], {"g": [Member(p.id, "user") for p in people]},
                [seat("g", "crm", "Group")], events=[sign_in("1", "p0", "crm", ago(days=10))])  # fmt: skip
    contract = Price("product", "crm", "contract", Fraction(120), "EUR", "month", 12, date(2026, 8, 29))
    decided = Decided(prices=(contract,), protected=frozenset({"p1"}))
    found = {
        r["card"]: (r["subject_id"], r["n"], r["worth_month"], r["on"])
        for r in rows("insights", made, decided, days=120)
    }
    assert found == {
        "unused_seats": ("crm", 4, 40.0, None), "wasteful_group": ("g", 5, 40.0, None),
        "renewal": ("crm", 60, 120.0, "2026-08-29"), "contract_too_large": ("crm", 11, 110.0, "2026-08-29"),
    }  # fmt: skip
