"""Template words of the pages about money and mail."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.control import events

register = template.Library()

_MAIL: Final = {
    "waiting": ("chip-warn", "Waiting"),
    "claimed": ("chip-warn", "Being sent"),
    "handed": ("chip-warn", "Being sent"),
    "sent": ("chip-good", "Sent"),
    "given_up": ("chip-bad", "Given up"),
    "unsure": ("chip-bad", "Not known"),
    "dropped": ("", "Not sent"),
}


@register.simple_tag
def mail_state(state: str) -> SafeString:
    css, words = _MAIL.get(state, ("", state))
    return format_html('<span class="chip {}">{}</span>', css, words)


@register.simple_tag(takes_context=True)
def page_of(context: dict[str, Any], name: str, **named: Any) -> str:
    """The address of a page of this workspace; the overview's when this install has no such page."""
    workspace = context["frame"].workspace.pk
    try:
        return reverse(name, kwargs={"workspace": workspace, **named})
    except NoReverseMatch:
        return reverse("overview", kwargs={"workspace": workspace})


@register.simple_tag
def card_words(card: str) -> str:
    return events.CARDS[card].words if card in events.CARDS else card


@register.simple_tag(takes_context=True)
def has_page(context: dict[str, Any], name: str, **named: Any) -> str:
    """The address of a page of this workspace; empty when this install has no such page."""
    try:
        return reverse(name, kwargs={"workspace": context["frame"].workspace.pk, **named})
    except NoReverseMatch:
        return ""


_ONE: Final = {"seats": "seat", "licences": "licence", "products": "product", "days": "day", "people": "person"}


@register.simple_tag
def n_means(card: events.Card, n: int | None) -> str:
    """What a card's number counts, said of one or of many."""
    first, *rest = card.n_means.split(" ")
    return " ".join([_ONE.get(first, first) if n == 1 else first, *rest])
