"""The governor against a server that counts for itself; Retry-After in every form; back-off."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.microsoft import limits
from seatwise.microsoft.limits import Governor, Meter

NOW = datetime(2026, 10, 14, 10, 0, 0, tzinfo=UTC)


def most_in_a_span(times: list[float]) -> int:
    """The most arrivals in any ten seconds, wherever they begin."""
    return max(sum(1 for other in times if at <= other <= at + 10.0) for at in times)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 8), st.floats(0, 1)), min_size=10, max_size=40))
def test_a_strict_server_never_meets_a_sixth_request_in_ten_seconds(requests: list[tuple[float, float, float]]) -> None:
    meter, now, arrivals, running = Meter(limits.REPORTS_PER_SPAN), 0.0, [], []
    for pause_s, takes_s, share in requests:
        now += pause_s
        while True:
            for one in [one for one in running if one[0] <= now]:
                meter.end(one[1], one[0])
                running.remove(one)
            wait_s = meter.wait(1, now)
            if wait_s == 0:
                break
            now = min([now + wait_s, *(ends for ends, _ in running if ends > now)])
        running.append((now + takes_s, meter.begin(1)))
        arrivals.append(now + takes_s * share)
    assert most_in_a_span(arrivals) <= 5


def test_five_are_let_through_at_once_and_the_sixth_waits_for_the_first() -> None:
    meter = Meter(5)
    for _ in range(5):
        assert meter.wait(1, 0.0) == 0
        meter.end(meter.begin(1), 0.5)
    assert meter.wait(1, 1.0) == pytest.approx(9.5 + limits.MARGIN_S)
    assert meter.wait(1, 10.5 + limits.MARGIN_S) == 0


def test_units_add_up_and_one_dear_request_is_never_stuck() -> None:
    meter = Meter(10)
    meter.end(meter.begin(8), 0.0)
    assert meter.wait(2, 1.0) == 0
    assert meter.wait(3, 1.0) > 0
    assert Meter(10).wait(50, 0.0) == 0


def test_a_warning_slows_down_and_wears_off() -> None:
    meter = Meter(1000)
    meter.warn(1.0, 0.0)
    meter.end(meter.begin(700), 0.0)
    assert meter.wait(100, 1.0) > 0
    for now in range(20, 100, 10):
        meter.wait(1, float(now))
    meter.end(meter.begin(700), 100.0)
    assert meter.wait(100, 101.0) == 0


def test_parked_means_nothing_goes_out() -> None:
    meter = Meter(5)
    meter.park(7.0, 100.0)
    assert meter.wait(1, 103.0) == pytest.approx(4.0)
    assert meter.wait(1, 107.0) == 0


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("1.5", 1.5),
        ("7200", 3600.0),
        ("Wed, 14 Oct 2026 10:00:30 GMT", 30.0),
        ("Wed, 14 Oct 2026 09:00:00 GMT", 1.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("1e9", None),
    ],
)
def test_retry_after_in_every_form(told: str, seconds: float | None) -> None:
    headers = {"retry-after": told, "date": "Wed, 14 Oct 2026 10:00:00 GMT"}
    assert limits.retry_after(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_text_breaks_it(told: str) -> None:
    found = limits.retry_after({"retry-after": told, "x-ms-throttle-limit-percentage": told}, NOW)
    assert found is None or 1.0 <= found <= 3600.0
    limits.throttle_share({"x-ms-throttle-limit-percentage": told})


def test_back_off_grows_to_a_minute_and_has_full_jitter() -> None:
    draw = random.Random(1)  # noqa: S311 - a seeded draw
    longest = [max(limits.back_off(attempt, draw) for _ in range(400)) for attempt in range(1, 9)]
    assert longest[0] <= 2 < longest[1] <= 4 < longest[3] <= 16
    assert 55 < longest[-1] <= 60
    assert min(limits.back_off(6, draw) for _ in range(400)) < 1


@pytest.mark.parametrize(("n_users", "units"), [(49, 3500), (50, 5000), (500, 5000), (501, 8000)])
def test_the_directory_budget_follows_the_size_of_the_tenant(n_users: int, units: int) -> None:
    assert limits.units_per_span(n_users) == units
    governor = Governor()
    governor.size(n_users)
    assert governor.meters["directory"].budget == units * limits.DIRECTORY_SHARE
    assert governor.meters["reports"].budget == 5


def test_only_a_server_without_limits_lifts_ours() -> None:
    governor = Governor()
    governor.lift({"retry-after": "1"})
    assert governor.meters["reports"].budget == 5
    governor.lift({"x-sandbox-limits": "off"})
    governor.size(10)
    assert {meter.budget for meter in governor.meters.values()} == {limits.NO_LIMIT}
