"""Answers kept warm: one lake at one moment stays open, and what was worked out once is picked from again.

See docs/decisions/0012-answers-are-kept-warm.md.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

import duckdb

from seatwise.lake import reading
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake, published_mark
from seatwise.metrics.ask import metric_of, result, source, variables
from seatwise.metrics.decided import NOTHING_DECIDED, Decided
from seatwise.metrics.frame import Frame
from seatwise.metrics.shapes import Metric, Question, Result

_T = TypeVar("_T")
# Answers of whole metrics that stay, and results that stay; a result of more rows is worked out each time.
_TABLES: Final = 48
_RESULTS: Final = 512
_ROWS: Final = 200
# What people's pages ask for first.
_FIRST: Final = ("totals", "products", "people", "savings", "insights", "usage-days", "teams", "licences", "discovery")


class StandClosedError(Exception):
    """The stand was put away: ask the one that took its place."""


class Stand:
    """Questions about one tenant at one moment, of the tables as they were published then.

    Threads may ask at once: one after the other is answered.
    """

    def __init__(self, places: Places, as_of: datetime, decided: Decided, *, memory_mb: int) -> None:
        began = time.monotonic()
        self.as_of = as_of
        self._lock = threading.Lock()
        self._lake = Lake(places, memory_mb=memory_mb)
        try:
            self._frame = Frame(self._lake, as_of, decided)
        except BaseException:
            self._lake.connection.close()
            raise
        self._tables: OrderedDict[Hashable, str] = OrderedDict()
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._n_made = 0
        self._is_closed = False
        self.seconds = time.monotonic() - began

    def ask(self, question: Question) -> Result:
        """As `metrics.ask`, at the stand's `as_of`.

        Errors: those of `ask`; StandClosedError, also when its files are gone because somebody was forgotten.
        """
        metric = metric_of(question.name)
        told = variables(question, metric)
        key = replace(question, decided=NOTHING_DECIDED, as_of=self.as_of)
        with self._lock:
            if self._is_closed:
                raise StandClosedError
            try:
                if question.decided is not self._frame.decided and self._frame.decide(question.decided):
                    self._forget()
            except duckdb.IOException as error:
                self._is_closed = True
                raise StandClosedError from error
            if key in self._results:
                self._results.move_to_end(key)
                return _copy(self._results[key])
            try:
                self._frame.set(told)
                found = result(question, self._frame, self._rows(metric, told))
            except duckdb.IOException as error:
                self._is_closed = True
                raise StandClosedError from error
            if len(found.rows) <= _ROWS:
                self._results[key] = found
                _bound(self._results, _RESULTS)
            return _copy(found)

    def close(self) -> None:
        """Let go of memory and files, once nobody asks any more."""
        with self._lock:
            self._is_closed = True
            self._lake.connection.close()

    def warm(self) -> None:
        """Work out what pages ask for first, before anybody does."""
        began = time.monotonic()
        for name in _FIRST:
            self.ask(Question(name, self.as_of, decided=self._frame.decided, limit=0))
        self.seconds += time.monotonic() - began

    def _rows(self, metric: Metric, told: dict[str, object]) -> str:
        """SQL after FROM: the metric's rows, from where they are kept."""
        self._frame.need(metric.sql)
        if metric.is_wide:
            return source(metric)
        key = (metric.name, tuple(told.items()))
        if key not in self._tables:
            self._n_made += 1
            name = f"kept_{self._n_made}"
            self._lake.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {source(metric)}")
            self._tables[key] = name
            for gone in _bound(self._tables, _TABLES):
                self._lake.connection.execute(f"DROP TABLE {gone}")
        self._tables.move_to_end(key)
        return self._tables[key]

    def _forget(self) -> None:
        for name in self._tables.values():
            self._lake.connection.execute(f"DROP TABLE {name}")
        self._tables.clear()
        self._results.clear()


def mark(places: Places) -> str:
    """Differs as soon as something new was published; empty before the first time. Looks at names of files only."""
    return published_mark(places)


def is_kept(places: Places, mark: str) -> bool:
    """Whether what was published then may still be shown: not any more once somebody was forgotten since."""
    return reading.is_kept(places, mark)


def _bound(kept: OrderedDict[Hashable, _T], most: int) -> list[_T]:
    """Drop the longest unused; gives what was dropped."""
    gone = []
    while len(kept) > most:
        gone.append(kept.popitem(last=False)[1])
    return gone


def _copy(found: Result) -> Result:
    """So that who was answered may change it."""
    return replace(found, rows=[dict(row) for row in found.rows], sums=dict(found.sums), facets=dict(found.facets))
