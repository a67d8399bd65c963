"""The parts every chart is made of: axes, labels, a line through known points, the table under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Value = float | int | None
_STEPS: Final = (1, 2, 2.5, 5, 10)
_MOST_TICKS: Final = 5
_MOST_LABELS: Final = 6


@dataclass(frozen=True)
class Line:
    """One line of a chart. css: how it is drawn ("line", "line line-2", "line line-3"); column: of the metric."""

    words: str
    values: Sequence[Value]
    css: str = "line"
    column: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart, ready to be shown by `charts/_chart.html`.

    name:      what its ids begin with; one on a page.
    title:     what is counted. sentence: what it shows, in words.
    headings:  of the table. rows: (key, label, cells); a cell is (column, raw value, words).
    keys:      (css of the swatch, words). most: upper end of the axis.
    """

    name: str
    title: str
    sentence: str
    svg: SafeString
    headings: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]
    keys: tuple[tuple[str, str], ...]
    most: float
    metric: str = ""
    note: str = ""


def top(values: Sequence[Value]) -> tuple[float, float]:
    """The axis's upper end and its step, both round, for what is to be shown."""
    most = max((value for value in values if value is not None), default=0)
    if most <= _MOST_TICKS - 1:
        return float(max(1, -(-most // 1))), 1.0
    raw = most / (_MOST_TICKS - 1)
    power = 10.0 ** (len(str(int(raw))) - 1)
    step = next(power * each for each in _STEPS if power * each >= raw and (power * each).is_integer())
    return step * -(-most // step), step


def axes(most: float, step: float, labels: Sequence[str], *, is_between: bool) -> SafeString:
    """Lines and numbers of the value axis, and as many labels below as fit.

    is_between: a label stands in the middle of its band (bars), else on its point (lines).
    """
    n = round(most / step)
    marks = [(f"{100 - 100 * i / n:.2f}%", f"{step * i:,.0f}") for i in range(n + 1)]
    grid = format_html_join(
        "",
        '<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text class="y" x="-10" y="{0}" dy="4">{1}</text>',
        marks,
    )
    every = max(1, -(-len(labels) // _MOST_LABELS))
    shown = range(every // 2, len(labels), every) if is_between else range(0, len(labels), every)
    below = [(f"{100 * place(i, len(labels), is_between):.2f}%", labels[i]) for i in shown]
    told = format_html_join("", '<text class="x" x="{}" y="100%" dy="22">{}</text>', below)
    return format_html('<g aria-hidden="true">{}</g><g aria-hidden="true">{}</g>', grid, told)


def place(i: int, n: int, is_between: bool) -> float:
    """Where the i-th of n stands across the width, 0 to 1."""
    if is_between:
        return (i + 0.5) / n
    return i / (n - 1) if n > 1 else 0.5


def path(values: Sequence[Value], most: float, *, is_between: bool, width: float = 1000, height: float = 100) -> str:
    """The line through the known values; a gap where one is not known, a dot where one stands alone."""
    told: list[str] = []
    is_open = False
    for i, value in enumerate(values):
        if value is None:
            is_open = False
            continue
        x, y = width * place(i, len(values), is_between), height - height * value / most
        alone = not is_open and (i + 1 == len(values) or values[i + 1] is None)
        told.append(f"{'L' if is_open else 'M'}{x:.1f} {y:.2f}" + ("h.01" if alone else ""))
        is_open = True
    return "".join(told)


def drawn_lines(lines: Sequence[Line], most: float, *, is_between: bool) -> SafeString:
    """Stretched to the chart's size; strokes keep their width."""
    paths = format_html_join(
        "", '<path class="{}" d="{}"/>', ((one.css, path(one.values, most, is_between=is_between)) for one in lines)
    )
    return format_html(
        '<svg viewBox="0 0 1000 100" preserveAspectRatio="none" width="100%" height="100%">{}</svg>', paths
    )


def whole(name: str, inside: SafeString) -> SafeString:
    return format_html('<svg role="img" aria-labelledby="{0}-title {0}-words">{1}</svg>', name, inside)
