"""Charts of several lines, over days or over months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.html import format_html, format_html_join

from seatwise.web import formats
from seatwise.web.charts.shapes import Chart, Line, Value, axes, drawn_lines, top, whole

Row = Mapping[str, Any]
_CSS: Final = ("line", "line line-2", "line line-3")


def lines(
    rows: Sequence[Row],
    title: str,
    columns: Mapping[str, str],
    *,
    name: str = "lines",
    key: str = "day",
    metric: str = "usage-days",
) -> Chart:
    """columns: of the metric, with the words for each line; at most three, so that each is told from the others."""
    drawn = [
        Line(words, [row[column] for row in rows], css, column)
        for (column, words), css in zip(columns.items(), _CSS, strict=False)
    ]
    most, step = top([value for line in drawn for value in line.values])
    labels = [_label(row[key]) for row in rows]
    has_gaps = any(row.get("state", "complete") != "complete" for row in rows)
    inside = format_html("{}{}", axes(most, step, labels, is_between=False), drawn_lines(drawn, most, is_between=False))
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(drawn, rows, key, is_whole=not has_gaps),
        note="Where days are not known, these numbers are the least that is true." if has_gaps else "",
        svg=whole(name, inside),
        headings=("Day" if key == "day" else "Month", *columns.values()),
        rows=tuple((str(row[key]), _whole(row[key]), _cells(row, drawn)) for row in rows),
        keys=tuple((f"key-{each.css.split()[-1]}", each.words) for each in drawn),
        most=most,
        metric=metric,
    )


def months(
    rows: Sequence[Row],
    title: str,
    noun: tuple[str, str] = ("person", "people"),
    *,
    name: str = "use",
    column: str = "n_people",
    metric: str = "usage-months",
) -> Chart:
    """A bar a month; the lighter ones are known in part, the hatched ones not at all."""
    counts: list[Value] = [row[column] for row in rows]
    most, step = top(counts)
    n = max(1, len(rows))
    told = []
    for i, (row, value) in enumerate(zip(rows, counts, strict=True)):
        share = 1.0 if value is None else value / most
        css = "s-unknown" if value is None else "day" if row["n_days_known"] >= row["n_days"] else "part"
        at = (f"{100 * (i + 0.15) / n:.3f}%", f"{70 / n:.3f}%", f"{100 - 100 * share:.2f}%", f"{100 * share:.2f}%")
        told.append((css, *at))
    bars = format_html_join("", '<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>', told)
    labels = [_label(row["month"]) for row in rows]
    keys = [("bar", "Each month")]
    keys += [("bar bar-part", "Known in part")] if any(css == "part" for css, *_ in told) else []
    keys += [("s-unknown", "Not known")] if None in counts else []
    line = Line(noun[1].capitalize(), counts, column=column)
    days = [("n_days_known", str(row["n_days_known"]), f"{row['n_days_known']} of {row['n_days']}") for row in rows]
    return Chart(
        name=name,
        title=title,
        sentence=_sentence([line], rows, "month"),
        svg=whole(name, format_html('{}<g class="bars">{}</g>', axes(most, step, labels, is_between=True), bars)),
        headings=("Month", noun[1].capitalize(), "Days known"),
        rows=tuple(
            (row["month"], _whole(row["month"]), (*_cells(row, [line]), known))
            for row, known in zip(rows, days, strict=True)
        ),
        keys=tuple(keys),
        most=most,
        metric=metric,
    )


def _cells(row: Row, drawn: Sequence[Line]) -> tuple[tuple[str, str, str], ...]:
    values = [(each.column, row[each.column]) for each in drawn]
    return tuple(
        (column, formats.raw(value), "Not known" if value is None else str(formats.decimal(value)))
        for column, value in values
    )


def _sentence(drawn: Sequence[Line], rows: Sequence[Row], key: str, *, is_whole: bool = True) -> str:
    """Where days are missing, nothing is said of growth: it would be that of what is known."""
    told = []
    for each in drawn:
        known = [(row[key], value) for row, value in zip(rows, each.values, strict=True) if value is not None]
        if len(known) > 1:
            (first, a), (last, b) = known[0], known[-1]
            if not is_whole:
                told.append(f"{each.words}: {formats.decimal(b)} ({_whole(last)}).")
                continue
            change = "as many as" if a == b else "up from" if b > a else "down from"
            told.append(
                f"{each.words}: {formats.decimal(b)} ({_whole(last)}), {change} {formats.decimal(a)} ({_whole(first)})."
            )
        elif known:
            told.append(
                f"{each.words}: {formats.decimal(known[0][1])} ({_whole(known[0][0])}), nothing before is known."
            )
    return " ".join(told) or "Nothing is known of this time yet."


def _label(value: str) -> str:
    found = _date(value)
    return f"{found.day} {found:%b}" if len(value) > 7 else f"{found:%b %Y}"


def _whole(value: str) -> str:
    found = _date(value)
    return str(formats.day(found)) if len(value) > 7 else f"{found:%B %Y}"


def _date(value: str) -> date:
    return date.fromisoformat(value if len(value) > 7 else f"{value}-01")
