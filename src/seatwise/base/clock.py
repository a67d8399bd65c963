"""The one clock of the product, always UTC: `now` for data, which can be set, and `wall` for everything that passes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

_set_to: datetime | None = None


def now() -> datetime:
    """The current time, aware, in UTC: what `set_now` said, else SEATWISE_NOW, else the machine's."""
    if _set_to is not None:
        return _set_to
    told = os.environ.get("SEATWISE_NOW")
    return parse_time(told) if told else datetime.now(UTC)


def set_now(moment: datetime | None) -> None:
    """Stop the clock of this process at a moment; None lets it run again."""
    global _set_to
    _set_to = None if moment is None else moment.astimezone(UTC)


def wall() -> datetime:
    """The machine's time, aware, in UTC, whatever `now` was set to: for links, leases, sessions, the audit log.

    SEATWISE_WALL_OFFSET_S moves it by so many seconds, for trials.
    """
    return datetime.now(UTC) + timedelta(seconds=float(os.environ.get("SEATWISE_WALL_OFFSET_S") or 0))


def parse_time(text: str) -> datetime:
    """An aware time in UTC from RFC 3339 text; a bare date is its first instant. Errors: ValueError.

    Digits beyond microseconds are cut, a missing zone means UTC.
    """
    moment = datetime.fromisoformat(_six_digits(text.strip()))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC, truncated to whole seconds: 2026-10-14T10:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_words(moment: datetime) -> str:
    """For people: 14 Oct 2026, 10:00 UTC."""
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def _six_digits(text: str) -> str:
    # Microsoft writes up to seven fractional digits; Python 3.11 refuses some lengths it later learned to read.
    head, point, tail = text.partition(".")
    if not point:
        return text
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    return f"{head}.{digits[:6]:0<6}{tail[len(digits) :]}"
