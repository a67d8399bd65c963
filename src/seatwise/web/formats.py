"""How a value of an answer reads: counts, money, days, how long ago. The one place, for pages of every kind."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.base import clock

UNKNOWN: Final = SafeString(
    '<span class="muted" title="Not known">—<span class="visually-hidden"> not known</span></span>'
)
NONE: Final = SafeString('<span class="muted">—<span class="visually-hidden"> none</span></span>')
# Signs that are read alike everywhere; any other currency stands with its code.
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}


def counted(number: int | None) -> str | SafeString:
    """1,248; unknown is a dash with the word, never a zero."""
    return UNKNOWN if number is None else f"{number:,}"


def decimal(number: float | Decimal | None) -> str | SafeString:
    """12.4, with its one decimal only when there is one."""
    if number is None:
        return UNKNOWN
    return f"{number:,.1f}".removesuffix(".0")


def money(amount: float | Decimal | None, currency: str | None) -> str | SafeString:
    """€1,240 or CHF 12.50: cents only when there are some."""
    if amount is None:
        return UNKNOWN
    told = f"{abs(amount):,.2f}".removesuffix(".00")
    code = (currency or "").upper()
    before = "−" if amount < 0 else ""
    if code in _SIGNS:
        return f"{before}{_SIGNS[code]}{told}"
    return f"{before}{code}\N{NO-BREAK SPACE}{told}" if code else f"{before}{told}"


def share(part: int | None, whole: int | None) -> str:
    """56%; empty when there is no whole."""
    return "" if part is None or not whole else f"{round(100 * part / whole)}%"


def day(moment: datetime | date | str | None) -> str | SafeString:
    """14 Oct 2026."""
    found = moment_of(moment)
    return UNKNOWN if found is None else f"{found.day} {found:%b %Y}"


def minute(moment: datetime | str | None) -> str | SafeString:
    """14 Oct 2026, 10:00 (UTC)."""
    found = moment_of(moment)
    if found is None:
        return UNKNOWN
    return format_html(
        '<time class="num" datetime="{}" title="{} UTC">{}</time>',
        clock.format_time(found),
        f"{found.day} {found:%b %Y, %H:%M:%S}",
        f"{found.day} {found:%b %Y, %H:%M}",
    )


def since(moment: datetime | date | str | None, now: datetime) -> str | SafeString:
    """ "12 minutes ago" with the exact time in the title."""
    found = moment_of(moment)
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


def moment_of(value: datetime | date | str | None) -> datetime | None:
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


def tile(name: str, kind: str = "") -> SafeString:
    """A letter tile tinted from the name. kind: words of "large" and "round"."""
    words = "".join(f" tile-{word[0] if word == 'large' else word}" for word in kind.split())
    return format_html('<span class="tile{} t{}" aria-hidden="true">{}</span>', words, tint(name), letters(name))


def is_money(column: str) -> bool:
    """Whether a column of an answer holds an amount, by its name: counts begin with n_, amounts end with their span."""
    return column.endswith(("_month", "_year")) and not column.startswith("n_")


def raw(value: Any) -> str:
    """The value as a program reads it back: what stands in `data-value`. Empty when it is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(each) for each in value)
    return str(value)


def read(row: Mapping[str, Any], column: str, now: datetime) -> str | SafeString:
    """The one reading of a cell, by the name and the kind of its value."""
    value = row.get(column)
    if value is None:
        return UNKNOWN
    if is_money(column):
        return money(value, row.get("currency"))
    if column.endswith("_on"):
        return day(value)
    if column.endswith("_at"):
        return since(value, now)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return counted(value)
    return decimal(value) if isinstance(value, (float, Decimal)) else str(value)
