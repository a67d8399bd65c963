"""The words a question, a metric and an answer are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from seatwise.metrics.decided import NOTHING_DECIDED, Decided, Policy

__all__ = ["Column", "ColumnType", "Coverage", "Filter", "Metric", "Policy", "Question", "Result", "Sort", "State"]

ColumnType = Literal["guid", "text", "bool", "int", "number", "money", "time", "day", "list"]
State = Literal["complete", "partial", "missing"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted, by one column of the answer.

    is:     the value is one of `values`; None among them stands for an empty cell.
    not:    the value is none of them.
    from, to:  not less, not more than the one value; empty cells never.
    has:    a list holds one of the values.
    """

    column: str
    op: Literal["is", "not", "from", "to", "has"]
    values: tuple[str | int | float | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by one column; empty cells last, whichever way."""

    column: str
    way: Literal["up", "down"] = "up"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which moment.

    as_of:      the answer's now; cut to whole seconds.
    microsoft:  show Microsoft's own apps too.
    app:        for app-users: one app only.
    decided:    what people decided: policies, prices, products …
    of:         what the metric's own parameters are, by name; see `Metric.parameters`.
    where:      only rows that meet all of these.
    search:     only rows with this text in a column of `Metric.searched`, whatever its case.
    sort:       before the metric's own order.
    limit, offset:  a page of what is left; None for all.
    facets:     columns of which to count the values, of all rows that `search` and the other columns' filters leave.
    """

    name: str
    as_of: datetime
    microsoft: bool = False
    app: str | None = None
    decided: Decided = NOTHING_DECIDED
    of: tuple[tuple[str, str], ...] = ()
    where: tuple[Filter, ...] = ()
    search: str = ""
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    offset: int = 0
    facets: tuple[str, ...] = ()
    pseudonyms: bytes = field(default=b"", repr=False)

    @property
    def policy(self) -> Policy:
        return self.decided.policy


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer.

    is_personal:  hidden behind pseudonyms from roles that may not see names.
    is_summed:    its sum over all rows that are left stands in `Result.sums`.
    """

    name: str
    type: ColumnType
    help: str
    unit: str | None = None
    is_personal: bool = False
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """One question that can be asked, declared once; its answer, exports and documentation follow.

    sql:      over the views of `metrics.frame`; gives the columns in order, times and days as text. A column of type
              money holds an exact amount (see `metrics.money`), one of type number a DECIMAL with one place.
    order:    SQL after ORDER BY, over the columns: the metric's own order, down to a key.
    source:   which of Microsoft's answers it rests on.
    caveats:  what the numbers do not say.
    needs_use:  False when the views of coverage are enough.
    searched:   columns that `Question.search` looks into.
    parameters: name and default of each parameter it takes; the default is text too.
    choices:  for a parameter that takes only certain words: its name and those.
    is_wide:  one row per person and product or the like: too many to keep, so that each question picks from them.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    sql: str
    order: str
    source: str
    caveats: tuple[str, ...] = ()
    needs_use: bool = True
    searched: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_wide: bool = False


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
    """An answer: rows as dictionaries of JSON values, in the order asked for.

    n_rows:  rows before paging.
    sums:    of the summed columns, over all those rows; None when no row has a value.
    facets:  for each column asked for, its values and how many rows have them, most first.
    """

    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    as_of: datetime
    coverage: Coverage
    n_rows: int = 0
    sums: dict[str, Any] = field(default_factory=dict)
    facets: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)
