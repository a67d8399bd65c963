"""Products: apps folded into one, seats by hand, states, movement; counted on paper."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, HandSeat, Policy, Product, ProductPolicy
from seatwise.metrics.shapes import Filter
from tests.support.tiny_lake import MICROSOFT, TinyLake, at

MERGED = Decided(products=(Product("crm", ("crm", "crm-old")),))


def row(lake: TinyLake, product_id: str = "crm", **more: Any) -> dict[str, Any]:
    (found,) = [row for row in lake.answer("products", **more).rows if row["product_id"] == product_id]
    return found


def people(lake: TinyLake, product_id: str = "crm", **more: Any) -> dict[str, dict[str, Any]]:
    rows = lake.answer("product-users", where=(Filter("product_id", "is", (product_id,)),), **more).rows
    return {row["user_id"] or row["upn"]: row for row in rows}


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """ada: direct in both apps; bob: by a group in the old one; cyd: uses without a seat."""
    for app in ("crm", "crm-old"):
        lake.app(app)
        lake.assign(app, "ada")
    for person in ("ada", "bob", "cyd"):
        lake.user(person)
    lake.group("g", "bob", "ada", name="Sales")
    lake.assign("crm-old", "g", "Group")
    lake.sign_in("ada", "crm", at(1, "09:00:00"), event_id="b", correlation_id="one")
    lake.sign_in("ada", "crm-old", at(1, "09:00:00"), event_id="a", correlation_id="one")
    lake.sign_in("cyd", "crm-old", at(3))
    lake.read_days(100)
    lake.derive()
    return lake


def test_merging_two_apps_counts_a_person_once(crm: TinyLake) -> None:
    apart = [row(crm, app)["n_seats"] for app in ("crm", "crm-old")]
    found = row(crm, decided=MERGED)
    assert apart == [1, 2]
    assert (found["n_seats"], found["n_used_30d"], found["n_without_seat_30d"]) == (2, 2, 1)
    assert (found["n_sign_ins_30d"], found["app_ids"]) == (3, ["crm", "crm-old"])
    assert [r["product_id"] for r in crm.answer("products", decided=MERGED).rows] == ["crm"]


def test_paths_and_evidence_of_a_merged_product(crm: TinyLake) -> None:
    found = people(crm, decided=MERGED)
    assert {user: (r["path"], r["groups"]) for user, r in found.items()} == {
        "ada": ("both", ["Sales"]),
        "bob": ("group", ["Sales"]),
        "cyd": ("none", []),
    }
    assert (found["ada"]["evidence_id"], found["ada"]["evidence_app_id"]) == ("a", "crm-old")


def test_an_app_of_a_product_that_says_nothing_of_its_activity_proves_nothing_beyond_the_run(lake: TinyLake) -> None:
    for app in ("crm", "crm-old"):
        lake.app(app)
    lake.user("ada")
    lake.assign("crm", "ada")
    lake.read_days(40)
    lake.add("app_activity", app_id="crm", last_sign_in_at=at(200))
    lake.derive()
    assert people(lake)["ada"]["status"] == "unused"
    assert people(lake, decided=MERGED)["ada"]["status"] == "idle"
    lake.add("app_activity", app_id="crm-old", last_sign_in_at=at(120))
    lake.derive()
    assert people(lake, decided=MERGED)["ada"]["proven_days"] == 120


def test_a_product_has_its_own_kinds_and_its_own_period(crm: TinyLake) -> None:
    crm.sign_in("bob", "crm-old", at(2), kind="nonInteractiveUser")
    crm.derive()
    own = Decided(policies=(ProductPolicy("crm-old", ("interactiveUser",), 3),))
    assert row(crm, "crm-old")["n_used_30d"] == 3
    found = row(crm, "crm-old", decided=own)
    assert (found["n_used_30d"], found["n_active"], found["n_unused"]) == (2, 1, 1)
    assert people(crm, "crm-old", decided=own)["cyd"]["status"] == "idle"
    assert row(crm, "crm", decided=own)["n_active"] == 1


def test_a_seat_by_hand_is_a_seat_of_whoever_it_names(crm: TinyLake) -> None:
    seats = (HandSeat("crm", "ada@x.example", "ada"), HandSeat("crm", "cyd@x.example", "cyd"))
    decided = Decided(hand_seats=(*seats, HandSeat("crm", " Gone@X.example ")))
    found = people(crm, decided=decided)
    assert {user: r["path"] for user, r in found.items()} == {
        "ada": "direct", "cyd": "hand", " Gone@X.example ": "hand",
    }  # fmt: skip
    nobody = found[" Gone@X.example "]
    assert (nobody["user_id"], nobody["status"], nobody["is_leaver"], nobody["known_on"]) == (
        None,
        "unknown",
        True,
        None,
    )
    assert (row(crm, decided=decided)["n_seats"], row(crm, decided=decided)["n_leavers"]) == (3, 1)


def test_a_product_by_hand_is_one_that_entra_does_not_see(crm: TinyLake) -> None:
    decided = Decided(products=(Product("paper", name="Paper"),), hand_seats=(HandSeat("paper", "a@x", "ada"),))
    found = row(crm, "paper", decided=decided)
    assert (found["name"], found["is_by_hand"], found["app_ids"], found["n_seats"]) == ("Paper", True, [], 1)
    assert (found["n_unknown"], found["n_used_30d"], found["n_started_30d"]) == (1, None, None)


def test_ignored_products_are_hidden_unless_asked_for(crm: TinyLake) -> None:
    decided = Decided(products=(Product("crm", ("crm",), state="ignored"),))
    assert [r["product_id"] for r in crm.answer("products", decided=decided).rows] == ["crm-old"]
    by_state = crm.answer("products", decided=decided, where=(Filter("state", "is", ("ignored",)),)).rows
    assert [r["product_id"] for r in by_state] == ["crm"]
    assert row(crm, decided=decided, where=(Filter("product_id", "is", ("crm",)),))["state"] == "ignored"
    assert crm.answer("totals", decided=decided).rows[0]["n_products"] == 1
    assert [r["n_seats"] for r in crm.answer("people", decided=decided).rows] == [1, 1, 0]


def test_microsofts_products_show_use_and_no_seats(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("teams", "ada")
    crm.sign_in("ada", "teams", at(1))
    crm.derive()
    assert "teams" not in {r["product_id"] for r in crm.answer("products").rows}
    found = row(crm, "teams", microsoft=True)
    assert (found["n_seats"], found["n_active"], found["n_used_30d"], found["use_band"]) == (None, None, 1, "unknown")


@pytest.mark.parametrize(("first", "days", "started"), [(5, 100, 1), (29, 60, 1), (29, 59, 0), (30, 100, 0)])
def test_a_start_needs_thirty_known_days_before_it(lake: TinyLake, first: int, days: int, started: int) -> None:
    lake.app("crm")
    lake.sign_in("ada", "crm", at(first))
    lake.sign_in("ada", "crm", at(1))
    lake.read_days(days)
    lake.derive()
    assert row(lake)["n_started_30d"] == started


def test_a_start_is_not_counted_where_none_could_be_known(lake: TinyLake) -> None:
    lake.app("crm")
    lake.sign_in("ada", "crm", at(1))
    lake.read_days(30)
    lake.derive()
    assert (row(lake)["n_started_30d"], row(lake)["n_used_30d"]) == (None, 1)


@pytest.mark.parametrize(("last", "stopped"), [(29, 0), (30, 1), (59, 1), (60, 0)])
def test_who_stopped_was_last_seen_thirty_to_fifty_nine_days_ago(lake: TinyLake, last: int, stopped: int) -> None:
    lake.app("crm")
    lake.sign_in("ada", "crm", at(last))
    lake.read_days(100)
    lake.derive()
    assert row(lake)["n_stopped_30d"] == stopped


@pytest.mark.parametrize(
    ("active", "unknown", "band"), [(7, 0, "well"), (6, 0, "under"), (3, 0, "under"), (2, 0, "mostly_unused"),
                                    (6, 1, "unknown"), (3, 3, "under")],
)  # fmt: skip
def test_how_well_seats_are_used_is_said_when_it_is_certain(
    lake: TinyLake, active: int, unknown: int, band: str
) -> None:
    lake.app("crm")
    seats = []
    for n in range(10):
        lake.user(f"u{n}")
        if n < 10 - unknown:
            lake.assign("crm", f"u{n}")
        else:
            seats.append(HandSeat("crm", f"nobody{n}@x"))
        if n < active:
            lake.sign_in(f"u{n}", "crm", at(1))
    lake.read_days(100)
    lake.derive()
    assert row(lake, decided=Decided(hand_seats=tuple(seats)))["use_band"] == band


def test_a_gap_in_coverage_makes_a_claim_unknown_and_says_when_it_is_known(lake: TinyLake) -> None:
    lake.app("crm")
    lake.user("ada")
    lake.assign("crm", "ada")
    lake.read_days(12)
    lake.derive()
    found = people(lake)["ada"]
    assert (found["status"], found["proven_days"], found["known_on"]) == ("unknown", 12, "2026-07-18")
    period = Decided(policy=Policy(inactive_days=20))
    assert people(lake, decided=period)["ada"]["known_on"] == "2026-07-08"


def test_leavers_and_guests_hold_seats_that_are_counted(lake: TinyLake) -> None:
    lake.app("crm")
    for person, more in {"ada": {}, "bob": {"is_enabled": False}, "cyd": {"user_type": "guest"}}.items():
        lake.user(person, **more)
        lake.assign("crm", person)
    lake.sign_in("gone", "crm", at(1), user_type="guest")
    lake.read_days(30)
    lake.derive()
    assert (row(lake)["n_leavers"], row(lake)["n_guests"], row(lake)["n_seats"]) == (1, 1, 3)
    found = people(lake)
    assert {user: (r["is_leaver"], r["kind"], r["is_enabled"]) for user, r in found.items()} == {
        "ada": (False, "member", True), "bob": (True, "member", False), "cyd": (False, "guest", True),
        "gone": (True, "guest", None),
    }  # fmt: skip
