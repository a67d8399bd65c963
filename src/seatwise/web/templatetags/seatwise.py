"""Template words: icons, letter tiles, numbers, times, seat bars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from seatwise.base import clock
from seatwise.web import formats
from seatwise.web.icons import ICONS
from seatwise.web.lists import cells

register = template.Library()

STATUSES = cells.STATUSES
UNKNOWN = formats.UNKNOWN

register.filter("count", formats.counted)
register.filter("decimal", formats.decimal)
register.filter("day", formats.day)
register.filter("minute", formats.minute)
register.filter("share", formats.share)
register.simple_tag(formats.tile, name="tile")


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
def number(row: Mapping[str, Any] | None, column: str, metric: str, key: str = "", **named: Any) -> str | SafeString:
    """One value of an answer's row, formatted by its name and kind, marked with what it is.

    key: of the row, when the metric has several. words: said in place of the value as it reads by itself.
    """
    if row is None:
        return UNKNOWN
    return cells.number(row, column, metric, clock.now(), key, named.get("words", ""))


@register.simple_tag
def ratio(row: Mapping[str, Any] | None, part: str, whole: str) -> str | SafeString:
    """56% of two counts of a row; a dash where one is not known or there is no whole."""
    return UNKNOWN if row is None else formats.share(row.get(part), row.get(whole)) or UNKNOWN


@register.simple_tag
def money(amount: float | Decimal | None, currency: str | None) -> str | SafeString:
    return formats.money(amount, currency)


@register.simple_tag
def chip(words: str, css: str = "") -> SafeString:
    return cells.chip(words, css)


@register.simple_tag
def band_chip(row: Mapping[str, Any]) -> SafeString:
    css, words = cells.BANDS.get(str(row.get("use_band")), ("", "Not known"))
    return cells.chip(words, css)


@register.filter
def plural(number: int | None, words: str) -> str:
    """`3|plural:"app,apps"` is "3 apps"."""
    one, many = words.split(",")
    return f"{number or 0:,} {one if number == 1 else many}"


@register.filter
def word(number: int | None, words: str) -> str:
    """`3|word:"has,have"` is "have"."""
    one, many = words.split(",")
    return one if number == 1 else many


@register.simple_tag(takes_context=True)
def link_to(context: dict[str, Any], route: str, **named: Any) -> str:
    """The address of a page of this workspace; empty where this install has no such page, or no workspace is open."""
    workspace = context["frame"].workspace
    if workspace is None:
        return ""
    try:
        return reverse(route, kwargs={"workspace": workspace.id, **named})
    except NoReverseMatch:
        return ""


@register.filter
def ago(moment: datetime | str | None) -> str | SafeString:
    """ "12 minutes ago", of the machine's clock, with the exact time in the title."""
    return formats.since(moment, clock.wall())


@register.filter
def data_ago(moment: datetime | date | str | None) -> str | SafeString:
    """The same, of the data's clock."""
    return formats.since(moment, clock.now())


@register.simple_tag
def seatbar(seats: Mapping[str, int | None], large: bool = False) -> SafeString:
    """The bar of a count per status. Its numbers must stand beside it: the bar itself is hidden from readers."""
    return cells.seatbar(seats, large)


@register.filter
def statuses(row: Mapping[str, Any]) -> dict[str, int | None]:
    """The counts a seat bar is made of, from a row with `n_active`, `n_idle`, …"""
    return cells.statuses(row)


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


@register.simple_tag
def status_rows(seats: Mapping[str, int | None]) -> list[tuple[str, str, int, str]]:
    """(status, words, how many, share) of every status that occurs."""
    total = sum(n or 0 for n in seats.values())
    return [(key, words, n, formats.share(n, total)) for key, words in STATUSES if (n := seats.get(key) or 0)]


@register.simple_tag
def status_chip(row: Mapping[str, Any]) -> SafeString:
    css, words = cells.STATUS_CHIPS.get(row["status"], ("", row["status"]))
    return cells.chip(words, css)
