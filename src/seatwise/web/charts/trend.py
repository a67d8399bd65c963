"""The small line inside a row, with what it shows in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.web.charts.shapes import Value, path


def trend(values: Sequence[Value], words: str = "Trend") -> SafeString:
    """values: oldest first; None where not known. words: what it is of, before the sentence."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString('<span class="muted">—<span class="visually-hidden"> not known</span></span>')
    most = max(known) or 1
    drawn = path(values, most, is_between=False, width=100, height=24)
    end = f"M100 {24 - 24 * known[-1] / most:.1f}h.01" if values[-1] is not None else ""
    return format_html(
        '<svg class="spark" viewBox="0 -2 100 29" preserveAspectRatio="none" role="img" aria-label="{}: {}">'
        '<path class="base" d="M0 26H100"/><path d="{}"/><path class="end" d="{}"/></svg>',
        words,
        _told(known),
        drawn,
        end,
    )


def _told(known: Sequence[float]) -> str:
    first, last = known[0], known[-1]
    if first == last:
        return "as at the beginning"
    if not first:
        return f"up from 0 to {last:g}"
    change = round(100 * (last - first) / first)
    return f"{'up' if change > 0 else 'down'} {abs(change)} percent" if change else "as at the beginning"
