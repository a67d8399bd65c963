"""How completely sign-ins are known, and what an answer says of itself."""

from __future__ import annotations

from typing import Any

from seatwise.metrics.decided import Decided, Policy
from tests.support.tiny_lake import AS_OF, KINDS, TinyLake, at


def cell(
    lake: TinyLake, days_back: int, kind: str = "interactiveUser", **more: Any
) -> tuple[str, int | None, str | None]:
    day = at(days_back).date().isoformat()
    (found,) = [row for row in lake.ask("coverage", **more) if row["day"] == day and row["kind"] == kind]
    return found["state"], found["n_events"], found["reason"]


def test_thirty_days_of_four_kinds_in_order(lake: TinyLake) -> None:
    rows = lake.ask("coverage")
    assert [(row["day"], row["kind"]) for row in rows] == sorted((row["day"], row["kind"]) for row in rows)
    assert (len(rows), rows[0]["day"], rows[-1]["day"]) == (120, "2026-06-01", "2026-06-30")
    assert {row["kind"] for row in rows} == set(KINDS)


def test_nothing_read_is_missing_and_counts_nothing(lake: TinyLake) -> None:
    assert cell(lake, 3) == ("missing", None, "not_read")


def test_complete_counts_failures_too_and_zero_is_zero(lake: TinyLake) -> None:
    lake.read_days(30)
    lake.sign_in("ada", "crm", at(3))
    lake.sign_in("ada", "crm", at(3), error_code=1)
    assert cell(lake, 3) == ("complete", 2, None)
    assert cell(lake, 4) == ("complete", 0, None)


def test_today_is_complete_up_to_as_of(lake: TinyLake) -> None:
    lake.read_days(2)
    lake.sign_in("ada", "crm", at(0, "11:00:00"))
    assert cell(lake, 0) == ("complete", 1, None)
    assert cell(lake, 0, as_of=at(0, "13:00:00")) == ("partial", 1, "not_read")
    assert cell(lake, 0, as_of=at(0, "10:00:00")) == ("complete", 0, None)


def test_a_day_read_in_parts_is_complete_only_without_a_gap(lake: TinyLake) -> None:
    lake.window(at(3, "00:00:00"), at(3, "10:00:00"))
    lake.window(at(3, "12:00:00"), at(2, "00:00:00"))
    assert cell(lake, 3) == ("partial", 0, "not_read")
    lake.window(at(3, "09:00:00"), at(3, "12:00:00"), feed="diagnostic")
    assert cell(lake, 3) == ("complete", 0, None)


def test_kinds_are_apart(lake: TinyLake) -> None:
    lake.window(at(3, "00:00:00"), at(2, "00:00:00"), "servicePrincipal")
    assert [cell(lake, 3, kind)[0] for kind in KINDS] == ["missing", "missing", "complete", "missing"]


def test_a_failed_reading_tells_why_and_takes_nothing_back(lake: TinyLake) -> None:
    lake.window(at(5, "00:00:00"), at(3, "00:00:00"), state="missing", reason="premium_missing")
    lake.window(at(4, "00:00:00"), at(3, "00:00:00"))
    assert cell(lake, 5) == ("missing", None, "premium_missing")
    assert cell(lake, 4) == ("complete", 0, None)


def test_a_partial_window_is_partial(lake: TinyLake) -> None:
    lake.window(at(5, "00:00:00"), at(4, "00:00:00"), state="partial", reason="hours_missing", feed="diagnostic")
    assert cell(lake, 5) == ("partial", 0, "hours_missing")


def test_a_later_reading_that_differs_takes_back_the_proof_of_its_hours_until_one_agrees(lake: TinyLake) -> None:
    lake.window(at(9, "00:00:00"), at(2, "00:00:00"))
    differing = {"state": "partial", "reason": "differing"}
    lake.window(at(5, "00:00:00"), at(4, "00:00:00"), read_at=at(0, "11:00:00"), **differing)
    assert [cell(lake, days)[0] for days in (6, 5, 4)] == ["complete", "partial", "complete"]
    assert cell(lake, 5) == ("partial", 0, "differing")
    lake.window(at(5, "00:00:00"), at(4, "00:00:00"), read_at=at(0, "11:30:00"))
    assert cell(lake, 5) == ("complete", 0, None)


def test_a_file_nobody_vouched_for_is_partial(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(5), feed="portal")
    assert cell(lake, 5) == ("partial", 1, "not_vouched")


def test_every_imported_day_is_listed_and_older_days_of_graph_are_not(lake: TinyLake) -> None:
    lake.window(at(50, "00:00:00"), AS_OF)
    lake.window(at(45, "00:00:00"), at(43, "00:00:00"), feed="diagnostic")
    lake.sign_in("ada", "crm", at(60), feed="portal")
    days = sorted({row["day"] for row in lake.ask("coverage")})
    assert days[:3] == ["2026-05-01", "2026-05-16", "2026-05-17"]
    assert len(days) == 33


def test_the_answer_speaks_of_the_counted_kinds_only(lake: TinyLake) -> None:
    lake.window(at(29, "00:00:00"), AS_OF, "interactiveUser", "nonInteractiveUser")
    lake.ask("coverage")
    found = lake.answer("apps").coverage
    assert (found.state, found.from_, found.to, found.reason) == (
        "complete",
        "2026-06-01T00:00:00Z",
        "2026-06-30T12:00:00Z",
        None,
    )


def test_the_answer_is_partial_from_the_first_known_day(lake: TinyLake) -> None:
    lake.read_days(10)
    lake.ask("coverage")
    found = lake.answer("apps").coverage
    assert (found.state, found.from_, found.reason) == ("partial", "2026-06-21T00:00:00Z", "not_read")


def test_the_answer_is_missing_with_its_reason(lake: TinyLake) -> None:
    lake.read_days(30, state="missing", reason="permission_missing")
    lake.ask("coverage")
    found = lake.answer("apps").coverage
    assert (found.state, found.from_, found.to, found.reason) == ("missing", None, None, "permission_missing")


def test_a_policy_of_one_kind_asks_for_that_kind_only(lake: TinyLake) -> None:
    lake.window(at(29, "00:00:00"), AS_OF, "interactiveUser")
    lake.ask("coverage")
    assert lake.answer("apps").coverage.state == "partial"
    assert lake.answer("apps", decided=Decided(policy=Policy(kinds=("interactiveUser",)))).coverage.state == "complete"


def test_an_event_by_two_feeds_is_one_event(lake: TinyLake) -> None:
    lake.read_days(30)
    for feed in ("diagnostic", "graph", "portal"):
        lake.sign_in("ada", "crm", at(3), feed=feed, event_id="one")
    assert cell(lake, 3) == ("complete", 1, None)
