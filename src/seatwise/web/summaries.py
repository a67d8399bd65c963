"""Sums and shares of an answer's rows, for the figures above a table. Unknown stays unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seatwise.base import clock
from seatwise.catalog.activity import USER_KINDS
from seatwise.control.answers import Answer

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Apps:
    """n_known: apps of which use is known at all; seats_used is None when it is known of none with seats."""

    n: int
    n_used: int
    n_known: int
    seats: int | None
    seats_used: int | None
    n_idle: int


@dataclass(frozen=True)
class People:
    n: int
    n_using: int | None


@dataclass(frozen=True)
class Known:
    """How many of the last 30 days sign-ins are known of. state, from_: as the answer tells them.

    lacks_premium:  Microsoft refused for want of a licence, even if most days were never asked for.
    """

    state: str
    days: int
    partial: int
    from_: str | None
    to: str | None
    lacks_premium: bool


def of_apps(rows: Iterable[Row]) -> Apps:
    told = list(rows)
    known = [row for row in told if row["n_used_30d"] is not None]
    seated = [row for row in told if row["n_seats"] is not None]
    counted = [row for row in seated if row["n_seats_used_30d"] is not None]
    return Apps(
        n=len(told),
        n_used=sum(1 for row in known if row["n_used_30d"]),
        n_known=len(known),
        seats=sum(row["n_seats"] for row in seated) if seated else None,
        seats_used=sum(row["n_seats_used_30d"] for row in counted) if counted else None,
        n_idle=sum(1 for row in counted if row["n_seats"] and not row["n_seats_used_30d"]),
    )


def of_people(rows: Iterable[Row]) -> People:
    told = [row for row in rows if row["is_enabled"] is not False]
    known = [row["n_apps_used_30d"] for row in told if row["n_apps_used_30d"] is not None]
    return People(n=len(told), n_using=sum(1 for n in known if n) if known else None)


def of_coverage(answer: Answer) -> Known:
    """Of the 30 days that end with the answer's now, those of which every counted kind is known whole, or in part."""
    covered = answer.result.coverage
    days: dict[str, list[str]] = {}
    counted = [row for row in answer.result.rows if row["kind"] in USER_KINDS]
    for row in counted:
        days.setdefault(row["day"], []).append(row["state"])
    last = sorted(days)[-30:]
    whole = sum(1 for day in last if all(state == "complete" for state in days[day]))
    partial = sum(1 for day in last if any(state != "missing" for state in days[day])) - whole
    lacks = any(row["reason"] == "premium_missing" for row in counted if row["day"] in last)
    return Known(covered.state, whole, partial, covered.from_, covered.to, lacks)


def of_statuses(rows: Iterable[Row]) -> dict[str, int]:
    """How many of those with a seat are active, idle, unused, never, unknown."""
    return dict(Counter(row["status"] for row in rows if row["path"] != "none"))


def data_time(answer: Answer) -> str:
    return clock.format_time(answer.result.as_of)
