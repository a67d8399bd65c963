"""Cells of the pages about people, teams and licences."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.web import formats
from seatwise.web.lists import cells
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, Row

# How somebody has a seat, as the metric says it, in words.
PATHS: Final = {
    "direct": "Directly",
    "group": "By a group",
    "both": "Directly and by a group",
    "hand": "Added by hand",
    "none": "No seat",
}
KINDS: Final = {"member": "Members", "guest": "Guests"}


def path(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """Which way somebody has a seat or a licence: directly, or by which groups."""
    told = str(row.get("path"))
    groups = row.get("groups") or ()
    if told in ("group", "both") and groups:
        shown = ", ".join(groups[:2]) + (f" and {len(groups) - 2} more" if len(groups) > 2 else "")
        lead = "Directly and by" if told == "both" else "By"
        return format_html('<span title="{}">{} {}</span>', ", ".join(groups), lead, shown)
    words = PATHS.get(told, "")
    return words if words and told != "none" else format_html('<span class="muted">{}</span>', words or "Not known")


def last_use(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """When, with the way to the sign-in that proves it; without one, what is proven."""
    if not row.get("last_used_at"):
        return SafeString('<span class="muted">Never</span>') if row.get("status") == "never" else formats.UNKNOWN
    told = formats.since(row["last_used_at"], around.now)
    event = row.get("evidence_id")
    address = around.url("evidence", event=event) if event else ""
    return format_html('<a class="quiet" href="{}">{}</a>', address, told) if address else told


def seen(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """When somebody was last seen in anything, and in what."""
    if not row.get("last_used_at"):
        return SafeString('<span class="muted">None on record</span>')
    told = formats.since(row["last_used_at"], around.now)
    return (
        format_html('{}<span class="under">{}</span>', told, row["last_product"]) if row.get("last_product") else told
    )


def standing(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """What is special about an account: guest, disabled, deleted, protected."""
    chips = standings(row)
    return SafeString(" ".join(cells.chip(words, css) for words, css in chips)) if chips else formats.NONE


def standings(row: Row) -> list[tuple[str, str]]:
    """Words and look of each."""
    found = []
    if row.get("is_enabled") is None and row.get("is_leaver"):
        found.append(("Deleted", "chip-bad"))
    elif row.get("is_enabled") is False:
        found.append(("Disabled", "chip-bad"))
    if row.get("kind") == "guest":
        found.append(("Guest", "chip-warn"))
    if row.get("is_protected"):
        found.append(("Protected", "chip-good"))
    return found


def team(row: Row, by: str) -> str:
    """The name of a team; of those who have none, what they lack."""
    return str(row.get("name") or row.get("team") or NOBODYS[by])


# The people without one, by what teams are made of.
NOBODYS: Final = {"department": "No department", "job_title": "No job title", "group": "In no group that gives seats"}


def assigned(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """Licences held of those bought, and the bar of what is known about their use; disabled people stand apart."""
    held, bought = row.get("n_assigned"), row.get("n_bought")
    if held is None:
        return formats.UNKNOWN
    states = cells.statuses(row)
    key = str(row.get(around.key, ""))
    told = ", ".join(f"{states[name] or 0:,} {words.lower()}" for name, (_, words) in cells.STATUS_CHIPS.items())
    return format_html(
        '<div class="usecell" title="{}"><span class="num"><span>{} <span class="muted">of {}</span></span><b>{}</b>'
        '</span>{}<span class="visually-hidden">{}</span></div>',
        told,
        cells.number(row, "n_assigned", around.metric, around.now, key),
        cells.number(row, "n_bought", around.metric, around.now, key),
        formats.share(held, bought),
        cells.seatbar(states),
        told,
    )


def price(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """An amount of a licence; where there is no price, the way to tell it."""
    if row.get(column.name) is not None:
        return formats.money(row[column.name], row.get("currency"))
    address = around.url("decide_licence", sku=row["sku_id"]) if around.may.get("decide") else ""
    if address and row.get("price_month") is None:
        return format_html('<a href="{}">Add price</a>', address)
    return SafeString('<span class="muted">No price</span>') if row.get("price_month") is None else formats.UNKNOWN
