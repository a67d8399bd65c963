"""The chart of days: a bar for each, hatched where nothing is known, and the mean of seven days as a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.utils.html import format_html, format_html_join

from seatwise.web import formats
from seatwise.web.charts.shapes import Chart, Line, Value, axes, drawn_lines, top, whole

Row = Mapping[str, Any]
_WEEK: Final = 7
_STATES: Final = {"complete": "Whole day", "partial": "In part", "missing": "Not known"}


def daily(
    rows: Sequence[Row],
    title: str,
    noun: tuple[str, str] = ("person", "people"),
    *,
    name: str = "use",
    column: str = "n_people",
    mean: str = "mean_7d",
    metric: str = "usage-days",
) -> Chart:
    """rows: of `usage-days`, in the order of their days; a day nobody knows anything of has no count."""
    counts: list[Value] = [row[column] for row in rows]
    means: list[Value] = [row.get(mean) for row in rows] if mean else []
    most, step = top([*counts, *means])
    labels = [_short(row["day"]) for row in rows]
    parts = [
        axes(most, step, labels, is_between=True),
        format_html('<g class="bars">{}</g>', format_html_join("", *_bars(rows, counts, most))),
    ]
    if mean:
        parts.append(drawn_lines([Line("Average of 7 days", means)], most, is_between=True))
    states = {row.get("state") for row in rows}
    keys = [("bar", "Each day")]
    keys += [("bar bar-part", "Known in part")] if "partial" in states else []
    keys += [("s-unknown", "Not known")] if None in counts else []
    keys += [("avg", "Average of 7 days")] if mean else []
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(rows, counts, means, noun),
        svg=whole(name, format_html("{}" * len(parts), *parts)),
        headings=("Day", noun[1].capitalize(), *(("Average of 7 days",) if mean else ()), "Sign-ins known"),
        rows=tuple(_row(row, column, mean) for row in rows),
        keys=tuple(keys),
        most=most,
        metric=metric,
    )


def _bars(rows: Sequence[Row], counts: Sequence[Value], most: float) -> tuple[str, list[tuple[str, ...]]]:
    """A bar a day; days in a row of which nothing is known are one hatched field."""
    n = len(rows)
    told: list[tuple[str, ...]] = []
    for is_gap, group in groupby(range(n), key=lambda i: counts[i] is None):
        days = list(group)
        if is_gap:
            told.append(("s-unknown", f"{100 * days[0] / n:.3f}%", f"{100 * len(days) / n:.3f}%", "0%", "100%"))
            continue
        for i in days:
            share = (counts[i] or 0) / most
            css = "day" if rows[i].get("state") == "complete" else "part"
            at = (f"{100 * (i + 0.11) / n:.3f}%", f"{78 / n:.3f}%")
            told.append((css, *at, f"{100 - 100 * share:.2f}%", f"{100 * share:.2f}%"))
    return '<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>', told


def _row(row: Row, column: str, mean: str) -> tuple[str, str, tuple[tuple[str, str, str], ...]]:
    names = (column, mean) if mean else (column,)
    cells = [(each, formats.raw(row.get(each)), _words(row.get(each))) for each in names]
    state = str(row.get("state", ""))
    cells.append(("state", state, _STATES.get(state, "")))
    return row["day"], str(formats.day(row["day"])), tuple(cells)


def _words(value: Value) -> str:
    return "Not known" if value is None else str(formats.decimal(value))


def _sentence(rows: Sequence[Row], counts: Sequence[Value], means: Sequence[Value], noun: tuple[str, str]) -> str:
    """What changed, by the mean at both ends; and how many days nothing is known of."""
    if not rows:
        return "There are no days to show yet."
    gaps = sum(1 for value in counts if value is None)
    lacks = f" Nothing is known of {gaps} of these {len(rows)} days." if gaps else ""
    last = formats.day(rows[-1]["day"])
    if not any(counts):
        return f"Nobody was seen in the {len(rows)} days to {last}.{lacks}" if gaps < len(rows) else lacks.strip()
    weeks = _weeks(rows, counts, means)
    if len(weeks) > 1:
        (start, a), (end, b) = weeks[0], weeks[-1]
        first, now = formats.decimal(a), formats.decimal(b)
        if first == now:
            return f"A usual day has {now} {noun[1]}, in the week to {end} as in the week to {start}.{lacks}"
        way = "grew" if b > a else "fell"
        return f"A usual day {way} from {first} {noun[1]} in the week to {start} to {now} in the week to {end}.{lacks}"
    most = max(value for value in counts if value is not None)
    return f"At most {formats.decimal(most)} {noun[0] if most == 1 else noun[1]} on one day.{lacks}"


def _weeks(rows: Sequence[Row], counts: Sequence[Value], means: Sequence[Value]) -> list[tuple[str, float]]:
    """Day and mean of every week that is known whole; the last day is left out, it may not be over."""
    known: list[tuple[str, float]] = []
    for i in range(_WEEK - 1, len(means) - 1):
        mean = means[i]
        if mean is not None and None not in counts[i - _WEEK + 1 : i + 1]:
            known.append((str(formats.day(rows[i]["day"])), mean))
    return known


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b}"
