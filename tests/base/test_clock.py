"""The one clock: what is read, what is written, who wins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from seatwise.base import clock

NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _running() -> Iterator[None]:
    yield
    clock.set_now(None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-14T12:00:00Z", NOON),
        ("2026-10-14T12:00:00.1234567Z", NOON.replace(microsecond=123456)),
        ("2026-10-14T12:00:00.5+00:00", NOON.replace(microsecond=500000)),
        ("2026-10-14T14:00:00+02:00", NOON),
        ("2026-10-14T12:00:00", NOON),
        ("2026-10-14", NOON.replace(hour=0)),
    ],
)
def test_times_are_read_as_utc(text: str, moment: datetime) -> None:
    assert clock.parse_time(text) == moment


def test_times_are_written_in_whole_seconds_cut_off() -> None:
    assert clock.format_time(NOON.replace(microsecond=999_999)) == "2026-10-14T12:00:00Z"


def test_the_command_beats_the_environment_beats_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.now().tzinfo == UTC
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-14T12:00:00Z")
    assert clock.now() == NOON
    clock.set_now(NOON.replace(hour=13))
    assert clock.now().hour == 13


def test_no_time_is_an_error() -> None:
    with pytest.raises(ValueError, match="noon"):
        clock.parse_time("noon")


def test_the_wall_clock_runs_on_while_the_other_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_now(NOON)
    before = clock.wall()
    assert datetime.now(UTC) >= before > NOON
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", "-86400")
    assert timedelta(hours=23) < before - clock.wall() < timedelta(hours=25)
