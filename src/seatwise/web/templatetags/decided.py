"""Template words of decisions: a number now and as it would be."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.control.decisions.preview import Moved
from seatwise.web import formats

register = template.Library()


@register.simple_tag
def was_now(moved: Moved, column: str, css: str = "") -> SafeString:
    """A cell: the number, and the one before it when that is another."""
    before, after = (_read(row.get(column), column, row.get("currency")) for row in (moved.before, moved.after))
    classes = f"num r {css}".strip()
    if before == after:
        return format_html('<td class="{}">{}</td>', classes, after)
    return format_html(
        '<td class="{}"><s class="muted"><span class="visually-hidden">before </span>{}</s> <b>{}</b></td>',
        classes,
        before,
        after,
    )


def _read(value: float | int | None, column: str, currency: str | None) -> str | SafeString:
    if formats.is_money(column):
        return formats.NONE if value is None else formats.money(value, currency)
    return formats.counted(None if value is None else int(value))
