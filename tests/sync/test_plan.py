"""What is asked for next, from what was read before: pure values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.catalog.activity import SETTLED_AFTER
from seatwise.sync import plan
from seatwise.sync.plan import Read, Span

NOW = datetime(2026, 10, 14, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHOLE = Span(NOW - 30 * DAY, NOW)


def read(from_at: datetime, to_at: datetime, read_at: datetime, n_rows: int = 100) -> Read:
    return Read(from_at, to_at, read_at, n_rows)


def test_a_first_read_of_people_is_two_windows_newest_first() -> None:
    assert plan.windows("interactiveUser", [], NOW) == [Span(NOW - 7 * DAY, NOW), Span(NOW - 30 * DAY, NOW - 7 * DAY)]


def test_a_first_read_of_machines_is_one_window() -> None:
    assert plan.windows("managedIdentity", [], NOW) == [WHOLE]


def test_without_premium_only_seven_days_are_asked_for() -> None:
    assert plan.windows("interactiveUser", [], NOW, has_premium=False) == [Span(NOW - 7 * DAY, NOW)]


def test_a_part_of_a_second_is_read_up_to_its_end() -> None:
    assert plan.everything(NOW + timedelta(microseconds=1)).to_at == NOW + timedelta(seconds=1)


def test_nothing_is_read_twice_at_the_same_now() -> None:
    assert plan.windows("interactiveUser", [read(WHOLE.from_at, NOW, NOW)], NOW) == []


def test_what_a_killed_run_left_out_is_read_first_of_all() -> None:
    reads = [read(NOW - 7 * DAY, NOW, NOW)]
    assert plan.windows("interactiveUser", reads, NOW) == [Span(NOW - 30 * DAY, NOW - 7 * DAY)]


def test_two_days_later_the_last_three_days_are_read_again_when_cheap() -> None:
    reads = [read(WHOLE.from_at, NOW, NOW, 3000)]
    later = NOW + 2 * DAY
    found = plan.windows("interactiveUser", reads, later)
    assert found == [Span(NOW - SETTLED_AFTER - plan.LAG, later)]


def test_a_large_tenant_reads_again_by_the_schedule_and_always_the_last_two_hours() -> None:
    reads = [read(WHOLE.from_at, NOW, NOW, 3_000_000)]
    soon = NOW + timedelta(minutes=30)
    assert plan.windows("interactiveUser", reads, soon) == [Span(NOW - 2 * HOUR, soon)]
    due = NOW + timedelta(minutes=61)
    assert plan.windows("interactiveUser", reads, due) == [Span(NOW - SETTLED_AFTER - plan.LAG, due)]


def test_a_settled_window_is_never_read_again() -> None:
    reads = [read(WHOLE.from_at, NOW - 5 * DAY, NOW), read(NOW - 5 * DAY, NOW, NOW + 4 * DAY)]
    later = NOW + 5 * DAY
    found = plan.windows("interactiveUser", reads, later)
    assert found == [Span(NOW - 2 * HOUR, later)]


def test_after_a_pause_longer_than_the_retention_all_is_read() -> None:
    reads = [read(NOW - 90 * DAY, NOW - 60 * DAY, NOW - 60 * DAY)]
    assert plan.windows("managedIdentity", reads, NOW) == [WHOLE]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 29), st.integers(1, 40), st.integers(0, 30), st.integers(0, 9_000)), max_size=8)
)
def test_no_second_of_the_retention_stays_unread(days: list[tuple[int, int, int, int]]) -> None:
    reads = []
    for start, width, age, n_rows in days:
        from_at = WHOLE.from_at + start * DAY
        to_at = min(from_at + width * DAY, NOW)
        if from_at < to_at:
            reads.append(read(from_at, to_at, max(to_at, NOW - age * DAY), n_rows))
    found = plan.windows("nonInteractiveUser", reads, NOW)
    spans = found + [Span(one.from_at, one.to_at) for one in reads]
    at = WHOLE.from_at
    while at < NOW:
        assert any(span.from_at <= at < span.to_at for span in spans)
        at += 12 * HOUR
    for window in found:
        assert WHOLE.from_at <= window.from_at < window.to_at <= NOW
    for newer, older in pairwise(found):
        assert older.to_at <= newer.from_at


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.integers(0, 240))
def test_everything_that_may_have_come_late_is_read_again(age_h: int, created_h: int) -> None:
    read_at = NOW - age_h * HOUR
    created = read_at - created_h * HOUR / 2
    reads = [read(WHOLE.from_at, read_at, read_at, 1000)]
    found = plan.windows("interactiveUser", reads, NOW)
    may_be_late = read_at - created < SETTLED_AFTER
    if may_be_late:
        assert any(window.from_at <= created for window in found)


def test_pages_are_estimated_from_the_first_page_either_way_round() -> None:
    span = Span(NOW - 10 * DAY, NOW)
    assert plan.n_pages(span, span.from_at, span.from_at + DAY) == pytest.approx(10)
    assert plan.n_pages(span, span.to_at - DAY, span.to_at) == pytest.approx(10)
    assert plan.n_pages(span, span.from_at, span.from_at) > 1000


def test_a_window_of_many_pages_is_split_and_the_parts_are_the_whole() -> None:
    assert plan.parts_for(WHOLE, 40) == [WHOLE]
    parts = plan.parts_for(WHOLE, 400)
    assert len(parts) == 14
    assert parts[0].to_at == WHOLE.to_at and parts[-1].from_at == WHOLE.from_at
    assert all(older.to_at == newer.from_at for newer, older in pairwise(parts))


def test_halving_ends_at_a_minute() -> None:
    span, n = WHOLE, 0
    while parts := plan.halve(span):
        assert [parts[1].from_at, parts[1].to_at, parts[0].to_at] == [span.from_at, parts[0].from_at, span.to_at]
        span, n = parts[0], n + 1
    assert span.width <= plan.NARROWEST and n < 20


def test_people_come_before_machines_and_newer_before_older() -> None:
    old, new = Span(NOW - 30 * DAY, NOW - 7 * DAY), Span(NOW - 7 * DAY, NOW)
    jobs = [("managedIdentity", new), ("interactiveUser", old), ("nonInteractiveUser", new), ("interactiveUser", new)]
    assert plan.order(jobs) == [jobs[3], jobs[2], jobs[0], jobs[1]]  # type: ignore[arg-type]


def test_the_unbroken_stretch_is_the_newest_one() -> None:
    reads = [read(NOW - 9 * DAY, NOW - 8 * DAY, NOW), read(NOW - 5 * DAY, NOW - DAY, NOW), read(NOW - DAY, NOW, NOW)]
    assert plan.unbroken(reads) == Span(NOW - 5 * DAY, NOW)
    assert plan.unbroken([]) is None
