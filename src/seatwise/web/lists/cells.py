"""Draws the cells of a list, each kind in one way, with the raw value beside the words for programs to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from seatwise.web import formats
from seatwise.web.formats import NONE, UNKNOWN
from seatwise.web.lists.declared import ListColumn, Row

# The one picture of use, left to right: (word of the metric, words for people).
STATUSES: Final = (
    ("active", "Active"),
    ("idle", "Idle"),
    ("unused", "Unused for 90 days"),
    ("never", "Never used"),
    ("unknown", "Not known yet"),
)
STATUS_CHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "active": ("chip-good", "Active"),
    "idle": ("chip-warn", "Idle"),
    "unused": ("chip-bad", "Unused"),
    "never": ("", "Never used"),
    "unknown": ("chip-unknown", "Not known"),
}
BANDS: Final[Mapping[str, tuple[str, str]]] = {
    "well": ("chip-good", "Well used"),
    "under": ("chip-warn", "Under-used"),
    "mostly_unused": ("chip-bad", "Mostly unused"),
    "none": ("", "No seats"),
    "unknown": ("chip-unknown", "Not known"),
}
# In a list, where only use within 30 days is told apart, what is left is "rest".
_PARTS: Final = (*(name for name, _ in STATUSES), "rest")
_LISTED: Final = 2


@dataclass
class Around:
    """What a cell may need to know of its page. now: the data's clock; may: the person's rights by name."""

    workspace: UUID
    metric: str
    now: datetime
    key: str = ""
    may: Mapping[str, bool] = field(default_factory=dict)
    coverage: str = "complete"
    query: str = ""

    def url(self, name: str, **named: Any) -> str:
        """The address of a page of this workspace; empty when this install has no such page."""
        try:
            return reverse(name, kwargs={"workspace": self.workspace, **named})
        except NoReverseMatch:
            return ""


def drawn(row: Row, column: ListColumn, around: Around, address: str = "") -> SafeString:
    """One cell, as the table's `<td>`, or `<th>` for the first of a row."""
    draw = column.kind if callable(column.kind) else KINDS[column.kind]
    words = draw(row, column, around)
    if column.is_fixed and column.kind not in ("app", "person") and address and not callable(column.kind):
        words = format_html('<a class="rowlink" href="{}">{}</a>', address, words)
    css = " ".join(filter(None, [column.css, "num" if column.kind in _NUMBERS else ""]))
    tag = "th" if column.is_fixed else "td"
    # What stands there in plain words needs no second telling.
    raw = "" if column.kind in _WORDS else format_html(' data-value="{}"', formats.raw(row.get(column.name)))
    return format_html(
        '<{}{}{} data-metric="{}" data-column="{}"{}>{}</{}>',
        tag,
        SafeString(' scope="row"') if column.is_fixed else "",
        format_html(' class="{}"', css) if css else "",
        around.metric,
        column.name,
        raw,
        words,
        tag,
    )


def number(
    row: Row, column: str, metric: str, now: datetime, key: str = "", words: str | SafeString = ""
) -> SafeString:
    """One value outside a table of rows, marked with what it is. key: of its row, when the metric has several."""
    return format_html(
        '<span class="num" data-metric="{}" data-column="{}"{} data-value="{}">{}</span>',
        metric,
        column,
        format_html(' data-key="{}"', key) if key else "",
        formats.raw(row.get(column)),
        words or formats.read(row, column, now),
    )


def seatbar(seats: Mapping[str, int | None], large: bool = False) -> SafeString:
    """The bar of a count per status. Its numbers must stand beside it: the bar itself is hidden from readers."""
    counts = [(name, seats.get(name) or 0) for name in _PARTS]
    total = sum(n for _, n in counts)
    parts: list[tuple[str, str, str]] = []
    at = 0
    for name, n in counts:
        if n and total:
            parts.append((name, f"{100 * at / total:.2f}%", f"{100 * n / total:.2f}%"))
        at += n
    shapes = format_html_join("", '<rect class="s-{}" x="{}" width="{}"/>', parts)
    return format_html('<svg class="seatbar{}" aria-hidden="true">{}</svg>', " seatbar-l" if large else "", shapes)


def statuses(row: Row) -> dict[str, int | None]:
    """The counts of a row that has `n_active`, `n_idle`, …"""
    return {name: row.get(f"n_{name}") for name, _ in STATUSES}


def chip(words: str, css: str = "") -> SafeString:
    return format_html('<span class="chip{}">{}</span>', f" {css}" if css else "", words)


def _text(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    value = row.get(column.name)
    if value in (None, ""):
        return format_html('<span class="muted">{}</span>', column.empty) if column.empty else NONE
    return conditional_escape(str(value))


def _read(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    if row.get(column.name) is None and column.empty:
        return format_html('<span class="muted">{}</span>', column.empty)
    return formats.read(row, column.name, around.now)


def _day(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """A day, whatever the column is called."""
    value = row.get(column.name)
    return formats.day(value) if value is not None else _read(row, column, around)


def _count(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return formats.counted(row.get(column.name))


def _money(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    value = row.get(column.name)
    if value is None:
        return format_html('<span class="muted">{}</span>', column.empty) if column.empty else NONE
    return formats.money(value, row.get("currency"))


def _change(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """A share of change in percent, with its direction in words for those who do not see the sign."""
    value = row.get(column.name)
    if value is None:
        return UNKNOWN
    css, sign = ("up", "+") if value > 0 else ("down", "−") if value < 0 else ("", "")
    return format_html('<span class="{}">{}{}%</span>', css, sign, formats.decimal(abs(value)))


def _list(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    values = row.get(column.name)
    if values is None:
        return UNKNOWN
    if not values:
        return format_html('<span class="muted">{}</span>', column.empty) if column.empty else NONE
    told = ", ".join(str(each) for each in values[:_LISTED])
    more = len(values) - _LISTED
    if more <= 0:
        return conditional_escape(told)
    return format_html('<span title="{}">{} and {} more</span>', ", ".join(str(each) for each in values), told, more)


def _named(row: Row, column: ListColumn, around: Around, kind: str, route: str, key: str) -> SafeString:
    name = row.get(column.name) or row.get(key) or "Unknown"
    address = around.url(route, **{route: row[key]}) if row.get(key) else ""
    first = format_html('<a class="rowlink" href="{}">{}</a>' if address else "{1}", address, name)
    under = (row.get(column.sub) or column.empty) if column.sub else ""
    told = format_html("{}<span>{}</span>", first, under) if under else first
    return format_html('<div class="appcell">{}<div>{}</div></div>', formats.tile(str(name), kind), told)


def _app(row: Row, column: ListColumn, around: Around) -> SafeString:
    return _named(row, column, around, "", "app", "product_id")


def _person(row: Row, column: ListColumn, around: Around) -> SafeString:
    return _named(row, column, around, "round", "person", "user_id")


def _seats(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """Active of all seats, the share, and the bar of the five states."""
    seats, active = row.get("n_seats"), row.get("n_active")
    if seats is None:
        return UNKNOWN
    key = str(row.get(around.key, ""))
    whole = number(row, "n_seats", around.metric, around.now, key)
    if not seats:
        return format_html('<span class="muted">No seats<span hidden>{}</span></span>', whole)
    states = statuses(row)
    unknown = states["unknown"] or 0
    part = number(row, "n_active", around.metric, around.now, key, UNKNOWN if unknown == seats else "")
    share = "" if unknown == seats else formats.share(active, seats)
    told = ", ".join(f"{states[name] or 0:,} {word.lower()}" for name, (_, word) in STATUS_CHIPS.items())
    return format_html(
        '<div class="usecell" title="{}"><span class="num"><span>{} <span class="muted">of {}</span></span>'
        '<b>{}</b></span>{}<span class="visually-hidden">{}</span></div>',
        told,
        part,
        whole,
        f"≥ {share}" if share and unknown else share,
        seatbar(states if active is not None else {"unknown": 1}),
        told,
    )


def _status(row: Row, column: ListColumn, around: Around) -> SafeString:
    """What is proven of one person's use; for an unknown one, when it will be known."""
    css, words = STATUS_CHIPS.get(str(row.get(column.name)), ("", str(row.get(column.name) or "")))
    if not words:
        return UNKNOWN
    known = row.get("known_on")
    if row.get(column.name) == "unknown" and known:
        return format_html('{}<span class="under">until {}</span>', chip(words, css), formats.day(known))
    return chip(words, css)


def _band(row: Row, column: ListColumn, around: Around) -> SafeString:
    css, words = BANDS.get(str(row.get(column.name)), ("", str(row.get(column.name) or "Not known")))
    return chip(words, css)


KINDS: Final[Mapping[str, Callable[[Row, ListColumn, Around], str | SafeString]]] = {
    "text": _text,
    "count": _count,
    "number": _read,
    "money": _money,
    "day": _day,
    "ago": _read,
    "bool": _read,
    "change": _change,
    "list": _list,
    "app": _app,
    "person": _person,
    "seats": _seats,
    "status": _status,
    "band": _band,
}
_WORDS: Final = frozenset({"text", "app", "person", "list"})
_NUMBERS: Final = frozenset({"count", "number", "money", "day", "ago", "change"})
