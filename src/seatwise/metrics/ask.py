"""Answers one question from one tenant's lake; the same question and table versions give the same answer."""

from __future__ import annotations

from datetime import UTC

from seatwise.base.errors import AskAdmin
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake
from seatwise.metrics import frame
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Question, Result


def ask(question: Question, lake: Lake) -> Result:
    """The metric's rows in its order; counts that nothing is known of are None.

    Errors: AskAdmin for a name that no metric has.
    """
    metric = METRICS.get(question.name)
    if metric is None:
        raise AskAdmin(code="metric_unknown", sentence=f"Unknown question. Known: {', '.join(METRICS)}")
    covered = frame.set_up(question, lake, metric.needs_use)
    names = [column.name for column in metric.columns]
    rows = [dict(zip(names, row, strict=True)) for row in lake.rows(metric.sql)]
    return Result(metric.columns, rows, question.as_of.astimezone(UTC).replace(microsecond=0), covered)


def answer(question: Question, places: Places) -> Result:
    """`ask` of the tables as they are published now."""
    with Lake(places) as lake:
        return ask(question, lake)
