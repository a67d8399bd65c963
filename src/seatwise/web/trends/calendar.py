"""A calendar of how completely each day is known: a row for each kind of sign-in, and what is to be done about gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from seatwise.web import formats

Row = Mapping[str, Any]

KINDS: Final[Mapping[str, str]] = {
    "interactiveUser": "People, with a sign-in page",
    "nonInteractiveUser": "People, in the background",
    "servicePrincipal": "Apps by themselves",
    "managedIdentity": "Azure resources",
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "complete": ("chip-good", "Complete"),
    "late": ("chip-live", "Complete so far"),
    "partial": ("chip-warn", "In part"),
    "missing": ("chip-bad", "Missing"),
}
# Microsoft adds sign-ins to a day for as long as this.
_SETTLES: Final = timedelta(hours=72)
# Microsoft keeps sign-ins for as long as this; what it gave no more comes only from a file.
_KEPT_DAYS: Final = 30

# Days from which on the calendar draws them narrow; and how many a month's name takes.
DENSE: Final = 40
_ROOM, _ROOM_DENSE = 5, 15

_REASONS: Final[Mapping[str, str]] = {
    "not_read": "It was not read.",
    "permission_missing": "The app registration lacks a permission.",
    "role_missing": "The account that connected has no role that may read sign-ins.",
    "premium_missing": "The tenant has no Entra ID P1 licence, which Microsoft asks for.",
    "premium_refused": "Microsoft answered as if the tenant had no premium licence, though it has one.",
    "read_failed": "Reading it failed.",
    "differing": "Microsoft gave differing answers for the same hours.",
    "not_vouched": "A file told of this day, but not that it holds all of it.",
}
_READ_AGAIN: Final = "The next sync reads it."
_IMPORT: Final = "Microsoft has it no more. A file exported in time can fill it: import it below."
_REMEDIES: Final[Mapping[str, str]] = {
    "permission_missing": "Grant it under Integrations; the next sync reads what is missing.",
    "role_missing": "Give the account the role Reports Reader; the next sync reads what is missing.",
    "premium_missing": "Buy a single P1 licence, or export the sign-in log and import it below.",
    "premium_refused": "This passes by itself; the next sync tries again.",
    "not_vouched": "Import the file again and say from when to when it is complete.",
}


@dataclass(frozen=True)
class Cell:
    """One day of one kind. state: complete, late (complete, yet Microsoft may add some), partial or missing."""

    day: str
    state: str
    words: str
    n_events: int | None
    is_first: bool


@dataclass(frozen=True)
class Strip:
    """One kind of sign-in over all days."""

    kind: str
    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Gap:
    """Days in a row that lack the same, for the same reason."""

    when: str
    n_days: int
    kinds: str
    state: str
    why: str
    remedy: str


@dataclass(frozen=True)
class Calendar:
    """strips: one for each kind; months: (words, days, whether there is room for words); gaps: newest first."""

    strips: tuple[Strip, ...]
    months: tuple[tuple[str, int, bool], ...]
    gaps: tuple[Gap, ...]
    n_days: int
    n_complete: int
    n_partial: int
    n_missing: int
    first_day: str

    @property
    def is_dense(self) -> bool:
        return self.n_days > DENSE


def calendar(rows: Sequence[Row], as_of: datetime, days: int | None) -> Calendar:
    """rows: of `coverage`, by day. days: only the newest so many; None for all.

    A day counts as complete when people's sign-ins of both kinds are; apps by themselves are never use.
    """
    every = sorted({row["day"] for row in rows})
    shown = every[-days:] if days else every
    known = {(row["day"], row["kind"]): row for row in rows}
    strips = tuple(Strip(kind, words, _cells(shown, kind, known, as_of)) for kind, words in KINDS.items())
    people = [{known[day, kind]["state"] for kind in list(KINDS)[:2] if (day, kind) in known} for day in shown]
    return Calendar(
        strips=strips,
        months=tuple(_months(shown)),
        gaps=tuple(_gaps(shown, known, as_of)),
        n_days=len(shown),
        n_complete=sum(1 for states in people if states == {"complete"}),
        n_partial=sum(1 for states in people if states not in ({"complete"}, {"missing"})),
        n_missing=sum(1 for states in people if states == {"missing"}),
        first_day=next((row["day"] for row in rows if row["state"] != "missing"), ""),
    )


def reason(word: str | None) -> str:
    """Why a day is not known whole, in a sentence."""
    return "" if not word else _REASONS.get(word, f"{word.replace('_', ' ').capitalize()}.")


def remedy(word: str | None, day: date, as_of: datetime) -> str:
    """What to do about it."""
    if word is not None and word in _REMEDIES:
        return _REMEDIES[word]
    return _IMPORT if (as_of.date() - day).days >= _KEPT_DAYS else _READ_AGAIN


def state_of(row: Row, as_of: datetime) -> str:
    """Its state, told apart from complete while Microsoft may still add sign-ins to the day."""
    ends = datetime.combine(date.fromisoformat(row["day"]), datetime.min.time(), as_of.tzinfo) + timedelta(days=1)
    return "late" if row["state"] == "complete" and ends > as_of - _SETTLES else str(row["state"])


def _cells(days: Sequence[str], kind: str, known: Mapping[tuple[str, str], Row], as_of: datetime) -> tuple[Cell, ...]:
    found = []
    for at, day in enumerate(days):
        row = known.get((day, kind), {"day": day, "state": "missing", "n_events": None, "reason": "not_read"})
        state = state_of(row, as_of)
        told = f"{formats.day(day)}: {STATES[state][1].lower()}"
        if row["n_events"] is not None:
            told += f", {row['n_events']:,} sign-in{'' if row['n_events'] == 1 else 's'}"
        told += f". {reason(row['reason'])}" if row["reason"] else ""
        is_first = at == 0 or day[:7] != days[at - 1][:7]
        found.append(Cell(day, state, told, row["n_events"], is_first))
    return tuple(found)


def _months(days: Sequence[str]) -> Iterable[tuple[str, int, bool]]:
    """Name and number of days of each month; no room where the name would reach into the next one."""
    room = _ROOM_DENSE if len(days) > DENSE else _ROOM
    for month, those in groupby(days, key=lambda day: day[:7]):
        n = len(list(those))
        yield f"{date.fromisoformat(month + '-01'):%B %Y}", n, n >= room or n == len(days)


def _gaps(days: Sequence[str], known: Mapping[tuple[str, str], Row], as_of: datetime) -> list[Gap]:
    """What is missing, days in a row together, newest first."""
    lacks = [(day, _lack(day, known, as_of)) for day in days]
    found = []
    for lack, those in groupby(lacks, key=lambda one: one[1]):
        if lack:
            stretch = [day for day, _ in those]
            found += [_gap(stretch, *one) for one in lack]
    return found[::-1]


def _lack(day: str, known: Mapping[tuple[str, str], Row], as_of: datetime) -> tuple[tuple[str, str, str, str], ...]:
    """(state, kinds, why, remedy) of each thing that a day lacks."""
    lacking: dict[tuple[str, str], list[str]] = {}
    for kind, words in KINDS.items():
        row = known.get((day, kind))
        if row is not None and row["state"] != "complete":
            lacking.setdefault((row["state"], row["reason"] or ""), []).append(words)
    on = date.fromisoformat(day)
    return tuple(
        (state, _all_of(kinds), reason(word), remedy(word, on, as_of)) for (state, word), kinds in lacking.items()
    )


def _all_of(kinds: list[str]) -> str:
    return "All sign-ins" if len(kinds) == len(KINDS) else "; ".join(kinds)


def _gap(days: list[str], state: str, kinds: str, why: str, what: str) -> Gap:
    when = str(formats.day(days[0]))
    if len(days) > 1:
        when = f"{when} – {formats.day(days[-1])}"
    return Gap(when, len(days), kinds, state, why, what)
