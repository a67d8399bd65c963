"""What the numbers mean, rules 13 to 25 (seats, status, completeness, money): one small world for each sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy, Price, Product, ProductPolicy
from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


def price(subject: str = "crm", amount: str = "12.00", **more: Any) -> Price:
    return Price("product", subject, "seat", Decimal(amount), "EUR", "month", **more)


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """One app with one seat holder; nothing of the sign-ins was read."""
    lake.app("crm")
    lake.user("ada")
    lake.assign("crm", "ada")
    return lake


def one(lake: TinyLake, metric: str = "products", **more: Any) -> dict[str, Any]:
    (row,) = lake.ask(metric, **more)
    return row


def status(lake: TinyLake, **more: Any) -> str:
    return str(one(lake, "app-users", **more)["status"])


def test_rule_13_a_seat_is_one_existing_person_however_many_ways_it_is_given(crm: TinyLake) -> None:
    crm.group("sales", "ada", "gone")
    crm.assign("crm", "sales", "Group")
    crm.assign("crm", "ada", app_role_id="another")
    crm.assign("crm", "deleted")
    assert (one(crm, "apps")["n_seats"], one(crm)["n_seats"]) == (1, 1)


def test_rule_13_disabled_people_guests_and_disabled_apps_count(lake: TinyLake) -> None:
    lake.app("crm", is_enabled=False)
    lake.user("ada", is_enabled=False)
    lake.user("gus", user_type="guest")
    for person in ("ada", "gus"):
        lake.assign("crm", person)
    found = one(lake)
    assert (found["n_seats"], found["n_leavers"], found["n_guests"], found["is_enabled"]) == (2, 1, 1, False)


def test_rule_13_nested_groups_give_no_seat_nor_do_devices_and_principals(lake: TinyLake) -> None:
    lake.app("crm")
    for person in ("ada", "bob", "cyd"):
        lake.user(person)
    lake.group("outer", "ada")
    lake.group("outer", "inner", kind="group")
    lake.group("outer", "bob", kind="device")
    lake.group("outer", "robot", kind="servicePrincipal")
    lake.group("inner", "cyd")
    lake.assign("crm", "outer", "Group")
    lake.assign("crm", "robot", "ServicePrincipal")
    assert [row["user_id"] for row in lake.ask("app-users")] == ["ada"]
    assert {row["user_id"]: row["n_seats"] for row in lake.ask("people")} == {"ada": 1, "bob": 0, "cyd": 0}


def test_rule_14_app_users_are_seat_holders_and_everyone_with_a_success(crm: TinyLake) -> None:
    crm.user("bob")
    crm.user("cyd")
    crm.sign_in("bob", "crm", at(40))
    assert [(row["user_id"], row["path"]) for row in crm.ask("app-users")] == [("ada", "direct"), ("bob", "none")]


def test_rule_14_deleted_people_appear_only_there_named_by_their_newest_event(crm: TinyLake) -> None:
    crm.sign_in("gone", "crm", at(9), user_name="Old Name")
    crm.sign_in("gone", "crm", at(8), user_name="New Name", error_code=50126)
    (found,) = [row for row in crm.ask("app-users") if row["user_id"] == "gone"]
    assert (found["name"], found["path"]) == ("New Name", "none")
    assert [row["user_id"] for row in crm.ask("users")] == ["ada"]
    assert [row["user_id"] for row in crm.ask("people")] == ["ada"]


def test_rule_14_failures_alone_make_no_row(crm: TinyLake) -> None:
    crm.user("bob")
    crm.sign_in("bob", "crm", at(1), error_code=50126)
    assert [row["user_id"] for row in crm.ask("product-users")] == ["ada"]


def test_rule_15_users_are_all_user_objects_and_never_deleted_ones(lake: TinyLake) -> None:
    lake.user("ada", is_enabled=False)
    lake.user("gus", user_type="guest")
    lake.user("old", valid_to=at(3))
    assert {row["user_id"] for row in lake.ask("users")} == {"ada", "gus"}
    assert {row["user_id"] for row in lake.ask("people")} == {"ada", "gus"}


def test_rule_15_counts_leave_microsofts_apps_out_and_the_last_use_does_not(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("teams", "ada")
    crm.sign_in("ada", "teams", at(1))
    crm.read_days(30)
    old, new = one(crm, "users"), one(crm, "people")
    assert (old["n_seats"], old["n_apps_used_30d"], old["last_used_at"]) == (1, 0, "2026-06-29T08:00:00Z")
    assert (new["n_seats"], new["n_products_used_30d"], new["last_product"]) == (1, 0, "Teams")


def test_rule_16_people_count_with_or_without_a_seat_and_seats_used_never_pass_seats(crm: TinyLake) -> None:
    for person in ("ada", "bob", "cyd"):
        crm.sign_in(person, "crm", at(1))
    found = one(crm)
    assert (found["n_used_30d"], found["n_seats_used_30d"], found["n_seats"], found["n_without_seat_30d"]) == (
        3, 1, 1, 2,
    )  # fmt: skip


@pytest.mark.parametrize(("last", "expected"), [(44, "active"), (45, "idle")])
def test_rule_17_active_is_use_within_the_period_of_the_app(crm: TinyLake, last: int, expected: str) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(last))
    decided = Decided(policies=(ProductPolicy("crm", inactive_days=45),))
    assert (status(crm, decided=decided), one(crm, "product-users", decided=decided)["status"]) == (expected, expected)


@pytest.mark.parametrize(("read", "expected"), [(29, "unknown"), (30, "idle"), (89, "idle"), (90, "unused")])
def test_rule_17_absence_is_claimed_as_far_as_it_is_proven(crm: TinyLake, read: int, expected: str) -> None:
    crm.read_days(read)
    assert (status(crm), one(crm, "product-users")["status"]) == (expected, expected)


def test_rule_17_the_last_success_of_the_person_or_activity_of_the_app_reach_further_back(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.add("user_activity", user_id="ada", last_successful_at=at(95))
    assert (status(crm), one(crm, "product-users")["proven_days"]) == ("unused", 95)
    crm.tables["user_activity"] = []
    crm.add("app_activity", app_id="crm", last_sign_in_at=at(120))
    assert (status(crm), one(crm, "product-users")["proven_days"]) == ("unused", 120)


def test_rule_17_an_activity_that_is_not_older_than_the_run_adds_nothing(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.add("user_activity", user_id="ada", last_successful_at=at(10))
    assert one(crm, "product-users")["proven_days"] == 30


@pytest.mark.parametrize(("made", "expected"), [(99, "never"), (100, "unused")])
def test_rule_17_never_needs_proof_back_to_the_day_the_person_came(
    lake: TinyLake, made: int, expected: str
) -> None:  # fmt: skip
    lake.app("crm")
    lake.user("ada", created_at=at(made))
    lake.assign("crm", "ada")
    lake.read_days(100)
    assert (status(lake), one(lake, "product-users")["status"]) == (expected, expected)


def test_rule_17_an_empty_sign_in_activity_proves_nothing(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.add("user_activity", user_id="ada", last_successful_at=None, last_sign_in_at=at(300))
    assert (status(crm), one(crm, "product-users")["proven_days"]) == ("idle", 30)


def test_rule_17_money_is_promised_on_proven_states_only_and_shown_by_state(lake: TinyLake) -> None:
    lake.app("crm")
    for person in ("ada", "bob", "cyd"):
        lake.user(person)
        lake.assign("crm", person)
    lake.read_days(100)
    lake.sign_in("ada", "crm", at(1))
    lake.sign_in("bob", "crm", at(50))
    found = one(lake, decided=Decided(prices=(price(),)))
    assert (found["cost_month"], found["could_save_month"], found["idle_month"], found["unknown_month"]) == (
        36.0, 12.0, 12.0, 0.0,
    )  # fmt: skip


def test_rule_17_a_gap_in_coverage_takes_away_the_claim_and_its_money(crm: TinyLake) -> None:
    priced = Decided(prices=(price(),))
    crm.read_days(100)
    whole = one(crm, decided=priced)
    assert (whole["n_unused"], whole["n_unknown"], whole["could_save_month"]) == (1, 0, 12.0)
    crm.tables["windows"] = []
    crm.window(at(99, "00:00:00"), at(5, "00:00:00"))
    crm.window(at(4, "00:00:00"), AS_OF)
    torn = one(crm, decided=priced)
    assert (torn["n_unused"], torn["n_unknown"]) == (0, 1)
    assert (torn["could_save_month"], torn["unknown_month"]) == (0.0, 12.0)
    # The run is 5 days long; 25 more make the period of 30.
    assert one(crm, "product-users", decided=priced)["known_on"] == "2026-07-25"


def test_rule_18_a_day_and_kind_is_complete_partial_or_missing_with_a_reason(crm: TinyLake) -> None:
    crm.window(at(3, "00:00:00"), at(1, "12:00:00"), "interactiveUser")
    crm.sign_in("ada", "crm", at(2), error_code=50126)
    found = {(row["day"], row["kind"]): row for row in crm.ask("coverage")}
    assert len(found) == 30 * 4
    whole = found["2026-06-28", "interactiveUser"]
    assert (whole["state"], whole["n_events"], whole["reason"]) == ("complete", 1, None)
    part, none = found["2026-06-29", "interactiveUser"], found["2026-06-30", "interactiveUser"]
    assert (part["state"], none["state"], none["n_events"]) == ("partial", "missing", None)
    assert part["reason"] and none["reason"]


def test_rule_19_a_count_without_a_covered_day_is_null_and_never_zero(crm: TinyLake) -> None:
    found = one(crm)
    assert (found["n_used_30d"], found["n_seats_used_30d"], found["n_sign_ins_30d"]) == (None, None, None)
    assert (found["n_seats"], found["n_unknown"], found["use_band"]) == (1, 1, "unknown")


def test_rule_19_with_some_covered_days_a_count_is_a_lower_bound_and_the_answer_partial(crm: TinyLake) -> None:
    crm.read_days(3)
    crm.sign_in("ada", "crm", at(1))
    assert one(crm)["n_used_30d"] == 1
    assert crm.answer("products").coverage.state == "partial"


def test_rule_21_guids_compare_in_lower_case(crm: TinyLake) -> None:
    assert [row["user_id"] for row in crm.ask("app-users", app="CRM")] == ["ada"]


def test_rule_22_one_event_by_two_feeds_is_one_event(crm: TinyLake) -> None:
    crm.read_days(30)
    for feed in ("portal", "diagnostic", "graph"):
        crm.sign_in("ada", "crm", at(1), event_id="same", feed=feed)
    assert one(crm)["n_sign_ins_30d"] == 1


def test_rule_24_seats_of_an_earlier_moment_come_from_history(crm: TinyLake) -> None:
    crm.tables["app_role_assignments"][0]["valid_to"] = at(10)
    crm.app("wiki")
    assert {row["product_id"]: row["n_seats"] for row in crm.ask("products")} == {"crm": 0, "wiki": 0}
    then = {row["product_id"]: row["n_seats"] for row in crm.answer("products", at(20)).rows}
    assert then == {"crm": 1, "wiki": 0}


def test_rule_25_a_missing_price_is_asked_for_and_never_zero(crm: TinyLake) -> None:
    crm.read_days(100)
    found, total = one(crm), one(crm, "totals")
    assert (found["cost_month"], found["could_save_month"], found["currency"]) == (None, None, None)
    assert (total["n_products_unpriced"], total["cost_month"], total["all_could_save_month"]) == (1, None, None)
    free = one(crm, decided=Decided(prices=(price(amount="0"),)))
    assert (free["cost_month"], free["could_save_month"]) == (0.0, 0.0)


def test_merging_two_apps_counts_a_person_once(crm: TinyLake) -> None:
    crm.app("crm2")
    crm.group("sales", "ada")
    crm.assign("crm2", "sales", "Group")
    crm.read_days(30)
    for app_id in ("crm", "crm2"):
        crm.sign_in("ada", app_id, at(1))
    apart = crm.ask("products")
    assert sorted((row["n_seats"], row["n_used_30d"]) for row in apart) == [(1, 1), (1, 1)]
    merged = one(crm, decided=Decided(products=(Product("crm", ("crm", "crm2")),), prices=(price(),)))
    assert (merged["n_seats"], merged["n_used_30d"], merged["n_sign_ins_30d"]) == (1, 1, 2)
    assert merged["cost_month"] == 12.0
    person = one(crm, "product-users", decided=Decided(products=(Product("crm", ("crm", "crm2")),)))
    assert (person["path"], person["groups"]) == ("both", ["sales"])


def test_a_policy_change_recomputes_history(crm: TinyLake) -> None:
    crm.read_days(100)
    crm.sign_in("ada", "crm", at(50), kind="nonInteractiveUser")
    then = {"as_of": at(40, "12:00:00")}
    assert one(crm, "product-users", **then)["status"] == "active"
    fewer = Decided(policy=Policy(kinds=("interactiveUser",)))
    assert one(crm, "product-users", decided=fewer, **then)["status"] == "idle"
