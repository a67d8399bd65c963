"""Answers one question from one tenant's lake; the same question and table versions give the same answer."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.base.errors import AskAdmin
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake
from seatwise.metrics.frame import Frame
from seatwise.metrics.picking import check, pick
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Metric, Question, Result

# Ignored products are shown to those who ask for them: by state, or for that very product.
_ASKS_FOR_IGNORED: Final = ("state", "product_id")


def ask(question: Question, lake: Lake) -> Result:
    """The metric's rows that are wanted, in the order wanted; counts that nothing is known of are None.

    Errors: AskAdmin for a name that no metric has, and for columns, values and parameters the metric does not have.
    """
    metric = metric_of(question.name)
    frame = Frame(lake, question.as_of, question.decided, metric.needs_use)
    frame.set(variables(question, metric))
    frame.need(metric.sql)
    lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE answer AS SELECT * FROM {source(metric)}")
    return result(question, frame, "answer")


def answer(question: Question, places: Places) -> Result:
    """`ask` of the tables as they are published now."""
    with Lake(places) as lake:
        return ask(question, lake)


def metric_of(name: str) -> Metric:
    """Errors: AskAdmin for a name that no metric has."""
    if name not in METRICS:
        raise AskAdmin(code="metric_unknown", sentence=f"Unknown question. Known: {', '.join(METRICS)}")
    return METRICS[name]


def variables(question: Question, metric: Metric) -> dict[str, object]:
    """What the metric's SQL is told of the question. Errors: AskAdmin for a parameter the metric does not take."""
    asked = {wanted.column for wanted in question.where}
    return {
        **check(question, metric),
        "shows_microsoft": question.microsoft,
        "shows_ignored": any(column in asked for column in _ASKS_FOR_IGNORED),
        "hides_names": bool(question.pseudonyms),
        "pseudonym_secret": question.pseudonyms.hex(),
    }


def source(metric: Metric) -> str:
    """SQL that can stand after FROM: all the metric's rows, its columns by name."""
    names = ", ".join(f'"{column.name}"' for column in metric.columns)
    return f"({metric.sql}) AS answer({names})"


def result(question: Question, frame: Frame, rows: str) -> Result:
    """What the question wants of the metric's rows. rows: SQL that can stand after FROM."""
    metric = metric_of(question.name)
    picked = pick(frame.lake, rows, metric, question)
    return Result(metric.columns, picked.rows, frame.as_of, frame.coverage, picked.n_rows, picked.sums, picked.facets)
