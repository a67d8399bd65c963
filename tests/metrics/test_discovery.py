"""Findings: each product once per finding, and only where it is proven."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Product
from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.app("wiki")
    return lake


def found(lake: TinyLake, finding: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {row["product_id"]: row for row in lake.ask("discovery", **more) if row["finding"] == finding}


def decided(*products: Product) -> Decided:
    return Decided(products=products)


def test_new_is_a_first_use_of_the_last_seven_days(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.sign_in("ada", "crm", at(6, "00:00:00"))
    crm.sign_in("bob", "crm", at(1))
    crm.sign_in("ada", "wiki", at(7, "23:59:59"))
    rows = found(crm, "new")
    assert list(rows) == ["crm"]
    assert (rows["crm"]["on"], rows["crm"]["n_used_30d"], rows["crm"]["product"]) == ("2026-06-24", 2, "Crm")
    assert (rows["crm"]["n_people"], rows["crm"]["scopes"], rows["crm"]["n_in_category"]) == (None, [], None)


@pytest.mark.parametrize(("days", "expected"), [(36, []), (37, ["crm"])])
def test_nothing_is_new_without_the_thirty_days_before_it(crm: TinyLake, days: int, expected: list[str]) -> None:
    crm.read_days(days)
    crm.sign_in("ada", "crm", at(6))
    assert list(found(crm, "new")) == expected


def test_a_gap_takes_away_what_is_new(crm: TinyLake) -> None:
    crm.window(at(60, "00:00:00"), at(20, "10:00:00"))
    crm.window(at(19, "00:00:00"), AS_OF)
    crm.sign_in("ada", "crm", at(2))
    assert found(crm, "new") == {}


def test_failures_and_automation_make_nothing_new_nor_in_use(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.sign_in("ada", "crm", at(2), error_code=50126)
    crm.sign_in("ada", "crm", at(2), kind="managedIdentity")
    closed = decided(Product("crm", ("crm",), state="closed"))
    assert crm.ask("discovery", decided=closed) == []


def test_use_long_ago_makes_it_old(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.sign_in("ada", "crm", at(200), feed="diagnostic")
    crm.sign_in("ada", "crm", at(2))
    assert found(crm, "new") == {}


def grant(lake: TinyLake, app_id: str, person: str | None, scope: str) -> None:
    lake.add(
        "oauth2_permission_grants",
        grant_id=f"g{lake.number()}",
        client_id=f"sp-{app_id}",
        consent_type="AllPrincipals" if person is None else "Principal",
        principal_id=person,
        scope=scope,
    )


def test_consented_by_people_tells_how_many_and_what_for(crm: TinyLake) -> None:
    grant(crm, "crm", "ada", "User.Read Mail.Read")
    grant(crm, "crm", "ada", "Files.Read")
    grant(crm, "crm", "bob", " User.Read ")
    grant(crm, "wiki", "ada", "User.Read")
    grant(crm, "wiki", None, "Mail.Read")
    rows = found(crm, "consented_by_people")
    assert {key: (row["n_people"], row["scopes"]) for key, row in rows.items()} == {
        "crm": (2, ["Files.Read", "Mail.Read", "User.Read"])
    }


def test_no_owner_is_said_of_what_is_held_or_used(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.user("ada")
    for app_id in ("held", "idle", "owned"):
        crm.app(app_id)
    crm.assign("held", "ada")
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("ada", "owned", at(1))
    crm.sign_in("ada", "idle", at(31))
    owned = decided(Product("owned", ("owned",), owner="Eve"))
    assert set(found(crm, "no_owner", decided=owned)) == {"crm", "held"}


def test_closed_and_ignored_products_in_use(crm: TinyLake) -> None:
    crm.read_days(60)
    for app_id in ("crm", "wiki"):
        crm.sign_in("ada", app_id, at(29))
    crm.app("quiet")
    states = decided(
        Product("crm", ("crm",), state="closed"),
        Product("wiki", ("wiki",), state="ignored"),
        Product("quiet", ("quiet",), state="closed"),
    )
    rows = crm.ask("discovery", decided=states)
    assert [(row["finding"], row["product_id"], row["n_used_30d"]) for row in rows] == [
        ("closed_in_use", "crm", 1),
        ("ignored_in_use", "wiki", 1),
        ("no_owner", "crm", 1),
    ]


def test_one_category_needs_two_products_in_use(crm: TinyLake) -> None:
    crm.read_days(60)
    for app_id in ("notes", "plans", "loner"):
        crm.app(app_id)
    for app_id in ("crm", "wiki", "loner"):
        crm.sign_in("ada", app_id, at(1))
    sorted_in = decided(
        Product("crm", ("crm",), category="Productivity"),
        Product("wiki", ("wiki",), category="Productivity"),
        Product("notes", ("notes",), category="Productivity"),
        Product("loner", ("loner",), category="Finance"),
    )
    rows = found(crm, "same_category", decided=sorted_in)
    assert {key: row["n_in_category"] for key, row in rows.items()} == {"crm": 2, "wiki": 2}


def test_microsofts_products_stay_out_unless_asked_for(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.sign_in("ada", "teams", at(1))
    assert crm.ask("discovery") == []
    assert {row["finding"] for row in crm.answer("discovery", microsoft=True).rows} == {"new", "no_owner"}


def test_counts_of_use_are_unknown_without_a_covered_day(crm: TinyLake) -> None:
    grant(crm, "crm", "ada", "User.Read")
    assert found(crm, "consented_by_people")["crm"]["n_used_30d"] is None
