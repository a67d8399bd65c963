"""What a run tells while it goes on, and what it has to say at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["token", "page", "seal", "apply", "derive", "wait", "done", "missing"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step. rows, pages, waited_s: of the data set, so far; left_s: a guess in seconds, None without one."""

    dataset: str
    phase: Phase
    rows: int = 0
    pages: int = 0
    waited_s: float = 0.0
    left_s: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A planned data set that could not be read, wholly or in part.

    sentence:    what is missing, why, and what to do, wherever it is shown.
    permission:  the permission whose absence is the reason, if it is.
    command:     what the command line adds: what to type then; empty when there is nothing to type.
    """

    dataset: str
    code: str
    sentence: str
    permission: str | None = None
    command: str = ""


@dataclass(slots=True)
class Counted:
    """What was read of one data set.

    waited_s:   seconds waited because Microsoft wanted it.
    unchanged:  rows that were known before, with equal content.
    set_aside:  reason → rows that could not be placed.
    odd:        values that were not as declared, by what became of them (type_changed, value_dropped, …).
    """

    rows: int = 0
    pages: int = 0
    waited_s: float = 0.0
    unchanged: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """state: done, or partial when something planned is missing."""

    state: Literal["done", "partial", "failed"]
    missing: list[Missing] = field(default_factory=list)
    datasets: dict[str, Counted] = field(default_factory=dict)


Report = Callable[[Progress], None]


class Tally:
    """Counts what one data set has got and tells it on."""

    def __init__(self, dataset: str, report: Report) -> None:
        self.dataset = dataset
        self.counted = Counted()
        self.left_s: float | None = None
        self._report = report

    def page(self, n_rows: int, odd: Mapping[str, int] | None = None) -> None:
        self.counted.rows += n_rows
        self.counted.pages += 1
        for word, n in (odd or {}).items():
            self.counted.odd[word] = self.counted.odd.get(word, 0) + n
        self.tell("page")

    def landed(self, unchanged: int, set_aside: Mapping[tuple[str, str], int]) -> None:
        """A package is in its table. set_aside: (kind, reason) → rows."""
        self.counted.unchanged += unchanged
        for (_, reason), n in set_aside.items():
            self.counted.set_aside[reason] = self.counted.set_aside.get(reason, 0) + n

    def waits(self, seconds: float) -> None:
        self.counted.waited_s += seconds
        self.tell("wait")

    def tell(self, phase: Phase, detail: str = "") -> None:
        counted = self.counted
        self._report(Progress(self.dataset, phase, counted.rows, counted.pages, counted.waited_s, self.left_s, detail))
