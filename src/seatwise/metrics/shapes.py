"""The words a question, a metric and an answer are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from seatwise.catalog.activity import USER_KINDS

ColumnType = Literal["guid", "text", "bool", "int", "time", "day", "list"]
State = Literal["complete", "partial", "missing"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as use, and how long without it is idle.

    kinds:          kinds of sign-in that count, of the two in which a person acts.
    inactive_days:  days without use after which a person is not active.
    """

    kinds: tuple[str, ...] = USER_KINDS
    inactive_days: int = 30


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which moment.

    as_of:      the answer's now; cut to whole seconds.
    microsoft:  show Microsoft's own apps too.
    app:        for app-users: one app only.
    """

    name: str
    as_of: datetime
    microsoft: bool = False
    app: str | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer."""

    name: str
    type: ColumnType
    help: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One question that can be asked, declared once; its answer, exports and documentation follow.

    sql:      over the views of `metrics.frame`; gives the columns in order, times and days as text, sorted.
    source:   which of Microsoft's answers it rests on.
    caveats:  what the numbers do not say.
    needs_use:  False when the views of coverage are enough.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    sql: str
    source: str
    caveats: tuple[str, ...] = ()
    needs_use: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the last 30 days the counted sign-ins cover.

    from_, to:  bounds of what is known, RFC 3339; None when nothing is.
    reason:     machine word, None when complete.
    """

    state: State
    from_: str | None
    to: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """An answer: rows as dictionaries of JSON values, in the metric's order."""

    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    as_of: datetime
    coverage: Coverage
