"""Who holds or uses what, and the status each person is proven to have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy
from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.user("ada")
    lake.assign("crm", "ada")
    return lake


def row(lake: TinyLake, user_id: str = "ada", **more: Any) -> dict[str, Any]:
    (found,) = [row for row in lake.ask("app-users", **more) if row["user_id"] == user_id]
    return found


def status(lake: TinyLake, **more: Any) -> str:
    return str(row(lake, **more)["status"])


def test_the_four_paths_and_the_groups_that_grant(crm: TinyLake) -> None:
    for person in ("bob", "cyd", "dan"):
        crm.user(person)
    crm.group("g2", "bob", "ada", name="Zeta")
    crm.group("g1", "bob", name="beta")
    crm.group("idle", "bob", name="not assigned")
    for group in ("g1", "g2"):
        crm.assign("crm", group, "Group")
    crm.sign_in("cyd", "crm", at(1))
    found = {row["user_id"]: (row["path"], row["groups"]) for row in crm.ask("app-users")}
    assert found == {
        "ada": ("both", ["Zeta"]),
        "bob": ("group", ["Zeta", "beta"]),
        "cyd": ("none", []),
    }


def test_failures_alone_make_no_row(crm: TinyLake) -> None:
    crm.sign_in("eve", "crm", at(1), error_code=50126)
    assert [row["user_id"] for row in crm.ask("app-users")] == ["ada"]


def test_deleted_people_are_named_by_their_newest_event(crm: TinyLake) -> None:
    crm.sign_in("gone", "crm", at(9))
    crm.sign_in("gone", "crm", at(8), error_code=1, user_name="Later Name", upn="later@x.example")
    crm.sign_in("ada", "crm", at(8), user_name="Not This")
    found = row(crm, "gone")
    assert (found["name"], found["upn"], found["path"]) == ("Later Name", "later@x.example", "none")
    assert row(crm)["name"] == "Ada"


def test_the_evidence_is_the_newest_success_and_on_equal_seconds_the_smallest_id(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1, "09:00:00"), event_id="0", kind="nonInteractiveUser")
    crm.sign_in("ada", "crm", at(1, "10:00:00.9"), event_id="b")
    crm.sign_in("ada", "crm", at(1, "10:00:00.1"), event_id="a", kind="nonInteractiveUser")
    crm.sign_in("ada", "crm", at(1, "10:00:01"), event_id="c", error_code=1)
    found = row(crm)
    assert (found["evidence_id"], found["last_used_at"]) == ("a", "2026-06-29T10:00:00Z")
    assert found["n_sign_ins_30d"] == 3


def test_evidence_of_an_earlier_moment(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(3, "09:00:00"), event_id="early")
    crm.sign_in("ada", "crm", at(3, "11:00:00"), event_id="later")
    assert row(crm, as_of=at(3, "10:00:00"))["evidence_id"] == "early"
    assert row(crm, as_of=at(2, "10:00:00"))["evidence_id"] == "later"


def test_microsofts_apps_show_only_use_and_only_when_asked_for(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("teams", "ada")
    crm.user("bob")
    crm.sign_in("bob", "teams", at(1))
    assert {row["app_id"] for row in crm.ask("app-users")} == {"crm"}
    shown = crm.answer("app-users", microsoft=True).rows
    assert [(row["app_id"], row["user_id"], row["path"]) for row in shown] == [
        ("crm", "ada", "direct"),
        ("teams", "bob", "none"),
    ]


def test_one_app_only_whatever_the_case_of_its_id(crm: TinyLake) -> None:
    crm.app("wiki")
    crm.assign("wiki", "ada")
    assert [row["app_id"] for row in crm.ask("app-users", app=" WIKI ")] == ["wiki"]


def test_path_is_unknown_when_seats_are(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1))
    del crm.tables["app_role_assignments"]
    found = row(crm)
    assert (found["path"], found["groups"]) == (None, None)


def test_active_is_use_within_the_period_whatever_is_proven(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(29, "00:00:00"), feed="portal")
    assert status(crm) == "active"


@pytest.mark.parametrize(("days", "expected"), [(29, "unknown"), (30, "idle"), (89, "idle"), (90, "unused")])
def test_absence_is_claimed_as_far_as_complete_days_reach(crm: TinyLake, days: int, expected: str) -> None:
    crm.read_days(days)
    assert status(crm) == expected


def test_one_incomplete_day_or_kind_breaks_the_run(crm: TinyLake) -> None:
    crm.window(at(99, "00:00:00"), at(40, "10:00:00"))
    crm.window(at(39, "00:00:00"), AS_OF)
    assert status(crm) == "idle"
    crm.tables["windows"] = []
    crm.window(at(99, "00:00:00"), AS_OF, "interactiveUser")
    assert status(crm) == "unknown"
    assert status(crm, decided=Decided(policy=Policy(kinds=("interactiveUser",)))) == "unused"


def test_windows_that_touch_are_one_run_and_import_extends_it(crm: TinyLake) -> None:
    crm.window(at(99, "00:00:00"), at(25, "13:00:00"), feed="diagnostic")
    crm.window(at(25, "13:00:00"), at(3, "00:00:00"))
    crm.window(at(4, "00:00:00"), AS_OF)
    assert status(crm) == "unused"


@pytest.mark.parametrize(("last", "expected"), [(30, "idle"), (89, "idle"), (90, "unused")])
def test_idle_turns_into_unused_ninety_days_after_the_last_use(crm: TinyLake, last: int, expected: str) -> None:
    crm.sign_in("ada", "crm", at(last))
    crm.read_days(200)
    assert status(crm) == expected


@pytest.mark.parametrize(("made", "expected"), [(99, "never"), (100, "unused")])
def test_never_needs_proof_back_to_the_day_the_account_was_made(lake: TinyLake, made: int, expected: str) -> None:
    lake.app("crm")
    lake.user("ada", created_at=at(made))
    lake.assign("crm", "ada")
    lake.read_days(100)
    assert status(lake) == expected


def test_never_is_not_said_of_somebody_with_use_on_record(lake: TinyLake) -> None:
    lake.app("crm")
    lake.user("ada", created_at=at(95))
    lake.assign("crm", "ada")
    lake.sign_in("ada", "crm", at(95))
    lake.read_days(100)
    assert status(lake) == "unused"


@pytest.mark.parametrize(
    ("days_ago", "expected"), [(None, "idle"), (60, "idle"), (89, "idle"), (90, "unused"), (10, "idle")]
)
def test_the_last_success_anywhere_reaches_further_back(crm: TinyLake, days_ago: int | None, expected: str) -> None:
    crm.read_days(30)
    crm.add("user_activity", user_id="ada", last_successful_at=None if days_ago is None else at(days_ago))
    assert status(crm) == expected


def test_attempts_and_empty_activity_prove_nothing(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.add("user_activity", user_id="ada", last_sign_in_at=at(300), last_non_interactive_at=at(300))
    assert status(crm) == "idle"


def test_the_apps_own_last_activity_reaches_further_back_for_everybody(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.add("app_activity", app_id="crm", last_sign_in_at=at(120))
    assert status(crm) == "unused"


def test_activity_extends_a_run_but_makes_none(crm: TinyLake) -> None:
    crm.add("user_activity", user_id="ada", last_successful_at=at(300))
    crm.window(at(30, "00:00:00"), AS_OF - timedelta(hours=20))
    assert status(crm) == "unknown"


def test_a_shorter_period_claims_sooner(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(10))
    crm.read_days(12)
    assert status(crm) == "active"
    assert status(crm, decided=Decided(policy=Policy(inactive_days=10))) == "idle"


def test_counts_follow_what_is_known(crm: TinyLake) -> None:
    assert row(crm)["n_sign_ins_30d"] is None
    crm.read_days(30)
    assert row(crm)["n_sign_ins_30d"] == 0
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("ada", "crm", at(31))
    assert row(crm)["n_sign_ins_30d"] == 1
