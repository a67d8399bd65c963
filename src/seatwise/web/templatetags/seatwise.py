"""Template words: icons, letter tiles, numbers, times, seat bars."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from seatwise.base import clock
from seatwise.web.icons import ICONS
from seatwise.web.tables import Heading, Table

register = template.Library()

# The one picture of use, left to right: (word of the metric, words for people).
STATUSES = (
    ("active", "Active in 30 days"),
    ("idle", "Idle 30 to 89 days"),
    ("unused", "Unused for 90 days"),
    ("never", "Never used"),
    ("unknown", "Not known"),
)
# In a list, where only use within 30 days is told apart, what is left is "rest".
_PARTS = (*(name for name, _ in STATUSES), "rest")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """size: "small" for 15 px, else 18."""
    # The drawings are our own constants.
    drawing = mark_safe(ICONS[name])  # noqa: S308
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        " icon-s" if size == "small" else "",
        drawing,
    )


@register.simple_tag
def tile(name: str, kind: str = "") -> SafeString:
    """A letter tile tinted from the name. kind: words of "large" and "round"."""
    words = "".join(f" tile-{word[0] if word == 'large' else word}" for word in kind.split())
    return format_html('<span class="tile{} t{}" aria-hidden="true">{}</span>', words, tint(name), letters(name))


def letters(name: str) -> str:
    """One or two letters that stand for a name: initials of two words, else its first two."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in (name or "").split()]
    words = [word for word in words if word]
    if not words:
        return "?"
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return words[0][0].upper() + words[0][1:2].lower()


def tint(name: str) -> int:
    return zlib.crc32((name or "").casefold().encode("utf-8", "replace")) % 6


@register.filter
def count(number: int | None) -> str | SafeString:
    """1,248; unknown is a dash with the word, never a zero."""
    return UNKNOWN if number is None else f"{number:,}"


UNKNOWN = SafeString('<span class="muted" title="Not known">—<span class="visually-hidden"> not known</span></span>')


@register.filter
def plural(number: int | None, words: str) -> str:
    """`3|plural:"app,apps"` is "3 apps"."""
    one, many = words.split(",")
    return f"{number or 0:,} {one if number == 1 else many}"


@register.filter
def day(moment: datetime | date | str | None) -> str | SafeString:
    """14 Oct 2026."""
    found = _moment(moment)
    return UNKNOWN if found is None else f"{found.day} {found:%b %Y}"


@register.filter
def minute(moment: datetime | str | None) -> str | SafeString:
    """14 Oct 2026, 10:00 (UTC)."""
    found = _moment(moment)
    if found is None:
        return UNKNOWN
    return format_html(
        '<time class="num" datetime="{}" title="{} UTC">{}</time>',
        clock.format_time(found),
        f"{found.day} {found:%b %Y, %H:%M:%S}",
        f"{found.day} {found:%b %Y, %H:%M}",
    )


@register.filter
def ago(moment: datetime | str | None) -> str | SafeString:
    """ "12 minutes ago", of the machine's clock, with the exact time in the title."""
    return _since(moment, clock.wall())


@register.filter
def data_ago(moment: datetime | str | None) -> str | SafeString:
    """The same, of the data's clock."""
    return _since(moment, clock.now())


def _since(moment: datetime | str | None, now: datetime) -> str | SafeString:
    found = _moment(moment)
    if found is None:
        return UNKNOWN
    exact = f"{found.day} {found:%b %Y, %H:%M:%S} UTC"
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>', clock.format_time(found), exact, in_words(found, now)
    )


def in_words(moment: datetime, now: datetime) -> str:
    """How long ago, or a date when it is more than six days away; also of things to come."""
    away = (now - moment).total_seconds()
    seconds = abs(away)
    if seconds < 45:
        return "just now" if away >= 0 else "in a moment"
    for unit_s, word, below_s in ((60, "minute", 3_600), (3_600, "hour", 86_400), (86_400, "day", 6.5 * 86_400)):
        n = max(1, round(seconds / unit_s))
        if seconds < below_s and n * unit_s < below_s:
            told = f"{n} {word}{'' if n == 1 else 's'}"
            return f"{told} ago" if away >= 0 else f"in {told}"
    return f"{moment.day} {moment:%b %Y}"


def _moment(value: datetime | date | str | None) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return clock.parse_time(value.isoformat())
    try:
        return clock.parse_time(value)
    except ValueError:
        return None


@register.simple_tag
def seatbar(seats: Mapping[str, int], large: bool = False) -> SafeString:
    """The bar of a count per status. Its numbers must stand beside it: the bar itself is hidden from readers."""
    total = sum(seats.get(name, 0) for name in _PARTS)
    parts: list[tuple[str, str, str]] = []
    at = 0
    for name in _PARTS:
        n = seats.get(name, 0)
        if n and total:
            parts.append((name, f"{100 * at / total:.2f}%", f"{100 * n / total:.2f}%"))
        at += n
    drawn = format_html_join("", '<rect class="s-{}" x="{}" width="{}"/>', parts)
    return format_html('<svg class="seatbar{}" aria-hidden="true">{}</svg>', " seatbar-l" if large else "", drawn)


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """56%; empty when there is no whole."""
    return "" if part is None or not whole else f"{round(100 * part / whole)}%"


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changed: Any) -> str:
    """This page's address with some of its parameters set, or taken out when empty."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    told = query.urlencode()
    return f"?{told}" if told else "?"


@register.inclusion_tag("parts/_field.html")
def field(bound: BoundField, label: str = "", hint: str | None = None, **attributes: str) -> dict[str, Any]:
    """One field of a form with label, hint and fault. hint: "" for none. Attributes: of the control, with _ for -."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    kept = {name: value for name, value in bound.field.widget.attrs.items() if name not in ("placeholder", "class")}
    bound.help_text = bound.help_text if hint is None else hint
    is_secret = getattr(bound.field.widget, "input_type", "") == "password"
    return {
        "field": bound,
        "label": label or bound.label,
        "control": bound.as_widget(attrs={**kept, "class": "input", **named, "placeholder": ""}),
        "is_secret": is_secret,
    }


@register.filter
def words_of(key: str, words: Mapping[str, str]) -> str:
    """The words for a machine word, or the machine word itself when it is a new one."""
    return words.get(key, key)


@register.filter
def minus(whole: int, part: int) -> int:
    return whole - part


@register.simple_tag(takes_context=True)
def sort_by(context: dict[str, Any], table: Table, heading: Heading) -> str:
    """This page's address, sorted by that column; once more turns it round."""
    turned = {"up": "down", "down": "up"}[table.way]
    way = turned if table.sort == heading.key else heading.first
    return address_with(context, sort=heading.key, way=way, page="")


@register.inclusion_tag("parts/_use_cell.html")
def use_cell(row: Mapping[str, Any]) -> dict[str, Any]:
    """Seats in use of an app: numbers, share and bar."""
    seats, used = row["n_seats"], row["n_seats_used_30d"]
    parts = {"unknown": 1} if seats and used is None else {"active": used or 0, "rest": (seats or 0) - (used or 0)}
    return {"seats": seats, "used": used, "parts": parts}


@register.simple_tag
def status_rows(seats: Mapping[str, int]) -> list[tuple[str, str, int, str]]:
    """(status, words, how many, share) of every status that occurs."""
    total = sum(seats.values())
    return [(key, words, seats[key], share(seats[key], total)) for key, words in STATUSES if seats.get(key)]


_CHIPS = {
    "active": ("chip-good", "Active"),
    "idle": ("chip-warn", "Idle"),
    "unused": ("chip-bad", "Unused"),
    "never": ("", "Never used"),
    "unknown": ("chip-unknown", "Not known"),
}


@register.simple_tag
def status_chip(row: Mapping[str, Any]) -> SafeString:
    css, words = _CHIPS.get(row["status"], ("", row["status"]))
    return format_html('<span class="chip {}">{}</span>', css, words)
