"""What imported files prove about time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from tests.lake.forms.made import (
    OTHER,
    diagnostic,
    event_id,
    graph,
    lines,
)
from tests.sync.desk import Desk, at_a_fixed_time, blob, desk

__all__ = ["at_a_fixed_time", "desk"]


def test_whole_hours_of_a_storage_export_are_proven_and_run_together(desk: Desk) -> None:
    for hour in range(24):
        at = f"2026-09-30T{hour:02d}:15:32Z"
        desk.put(blob(hour), lines(diagnostic(hour, createdDateTime=at)) if hour % 2 else b"")
    desk.put(blob(3, container="noninteractiveusersigninlogs"), b"")
    desk.put(blob(3, part="_1"), lines(diagnostic(77, createdDateTime="2026-09-30T03:59:00Z")))
    desk.read(tenant=None)
    assert desk.windows() == [
        ("interactiveUser", "complete", "30 00:00", "01 00:00"),
        ("nonInteractiveUser", "complete", "30 03:00", "30 04:00"),
    ]


def test_a_missing_hour_leaves_a_gap(desk: Desk) -> None:
    for hour in (0, 1, 3):
        desk.put(blob(hour), b"")
    desk.read(tenant=None)
    assert [(first, last) for *_, first, last in desk.windows()] == [("30 00:00", "30 02:00"), ("30 03:00", "30 04:00")]


def test_an_hour_that_still_grows_proves_nothing_but_its_whole_lines_are_kept(desk: Desk) -> None:
    desk.put(blob(6), lines(diagnostic(1), diagnostic(2))[:-10])
    found = desk.read()
    assert found.kept == 1
    assert desk.windows() == []
    assert "incomplete" in found.notes[0]


def test_hours_of_another_tenant_prove_nothing(desk: Desk) -> None:
    desk.put(blob(6, tenant=OTHER), b"")
    desk.put(blob(7), b"")
    desk.read()
    assert [first for _, _, first, _ in desk.windows()] == ["30 07:00"]


def test_no_hour_is_complete_beyond_now(desk: Desk) -> None:
    clock.set_now(datetime(2026, 9, 30, 6, 20, tzinfo=UTC))
    desk.put(blob(6), lines(diagnostic(1)))
    desk.put(blob(9), b"")
    desk.read()
    assert desk.windows() == [("interactiveUser", "complete", "30 06:00", "30 06:20")]


def test_other_forms_are_partial_until_somebody_vouches(desk: Desk) -> None:
    desk.put("a", lines(graph(1), graph(2, createdDateTime="2026-10-02T01:00:00Z")))
    desk.read()
    assert desk.windows() == [("interactiveUser", "partial", "30 06:15", "02 01:00")]
    assert [row["reason"] for row in desk.rows("windows")] == ["not_vouched"]


def test_vouched_days_are_complete_for_people_and_for_what_the_files_hold(desk: Desk) -> None:
    principal = graph(2, signInEventTypes=["servicePrincipal"], servicePrincipalId=event_id(5))
    desk.put("a", lines(graph(1), principal))
    desk.read(complete="2026-09-01/2026-09-30")
    assert [window for window in desk.windows() if window[1] == "complete"] == [
        ("interactiveUser", "complete", "01 00:00", "01 00:00"),
        ("nonInteractiveUser", "complete", "01 00:00", "01 00:00"),
        ("servicePrincipal", "complete", "01 00:00", "01 00:00"),
    ]
    assert {row["to_at"].month for row in desk.rows("windows") if row["state"] == "complete"} == {10}


def test_vouched_times_end_where_they_say_and_never_beyond_now(desk: Desk) -> None:
    desk.put("a", lines(graph(1)))
    desk.read(complete="2026-10-13T00:00:00Z/2026-10-14T09:30:00Z")
    desk.read(complete="2026-10-14/2026-10-20")
    ends = {window[3] for window in desk.windows() if window[1] == "complete"}
    assert ends == {"14 09:30", "14 10:00"}


@pytest.mark.parametrize("text", ["2026-10-02/2026-10-01", "2026-10-01", "yesterday/today", "2026-10-01/2026-13-01"])
def test_a_stretch_that_is_none_is_said_before_anything_is_read(desk: Desk, text: str) -> None:
    with pytest.raises(AskAdmin, match="--complete 2026-10-01/2026-10-31"):
        desk.read(desk.put("a", lines(graph(1))), complete=text)
    assert desk.listing() == []
