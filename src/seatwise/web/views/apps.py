"""The list of apps: what they cost, what could be saved, and how much of each is used."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.control.models import Workspace
from seatwise.web import formats, wording
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.showing import send, show

SEATS: Final = ("n_seats", "n_active", "n_idle", "n_unused", "n_never", "n_unknown")
BANDS: Final = {
    "well": "Well used",
    "under": "Under-used",
    "mostly_unused": "Mostly unused",
    "none": "No seats",
    "unknown": "Not known",
}


def cost_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """An amount; where there is none, the way to tell it."""
    if row.get(column.name) is not None:
        return formats.money(row[column.name], row.get("currency"))
    if row.get("is_microsoft") or row.get("state") == "ignored":
        return formats.NONE
    address = around.url("decide_product", product=row["product_id"]) if around.may.get("decide") else ""
    if address:
        return format_html('<a href="{}">Add price</a>', address)
    return SafeString('<span class="muted" title="Nobody told a price yet">No price</span>')


def last_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """None on record is only said where sign-ins are known."""
    if row.get("last_used_at"):
        return formats.since(row["last_used_at"], around.now)
    if row.get("n_used_30d") is None:
        return formats.UNKNOWN
    return SafeString('<span class="muted">None on record</span>')


def state_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return wording.STATES.get(str(row.get("state")), formats.NONE)


def origin_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return "Added by hand" if row.get("is_by_hand") else wording.ORIGINS.get(str(row.get("origin")), formats.NONE)


def sso_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return wording.WAYS_IN.get(str(row.get("sso")), formats.NONE)


APPS: Final = ListPage(
    metric="products",
    key="product_id",
    noun=("app", "apps"),
    search="Search apps",
    sort="could_save_month",
    legend=True,
    microsoft=True,
    empty="No app is known yet. Apps appear here when Entra has them, or when somebody adds one by hand.",
    columns=(
        ListColumn(
            "name",
            "App",
            "app",
            sub="category",
            empty="No category",
            is_fixed=True,
            files=("name", "vendor", "category"),
        ),
        ListColumn("n_seats", "Seats in use", "seats", "active of all seats", first="down", files=SEATS),
        ListColumn("n_used_30d", "People", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn("last_used_at", "Last sign-in", last_cell, first="down", css="num muted hide-sm"),
        ListColumn("n_unused", "Unused", "count", "seats", first="down", css="r hide-md"),
        ListColumn("n_never", "Never used", "count", "seats", first="down", css="r", is_shown=False),
        ListColumn("cost_month", "Cost", cost_cell, "a month", first="down", css="num r hide-sm", summed=True),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
        ListColumn("use_band", "Status", "band", css="hide-sm"),
        ListColumn("owner", "Owner", is_shown=False, empty="Nobody"),
        ListColumn("state", "Decision", state_cell, is_shown=False),
        ListColumn("vendor", "Vendor", is_shown=False),
        ListColumn("origin", "Origin", origin_cell, is_shown=False),
        ListColumn("sso", "Sign-in", sso_cell, is_shown=False),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("n_without_seat_30d", "Without a seat", "count", "30 days", "", "", "down", "r", is_shown=False),
        ListColumn("n_started_30d", "Started", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("n_stopped_30d", "Stopped", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("n_leavers", "Leavers", "count", "with a seat", first="down", css="r", is_shown=False),
        ListColumn("n_guests", "Guests", "count", "with a seat", first="down", css="r", is_shown=False),
        ListColumn("price_seat_month", "Seat price", "money", "a month", first="down", css="r", is_shown=False),
        ListColumn("idle_month", "Idle worth", "money", "a month, not claimed", first="down", css="r", is_shown=False),
        ListColumn("renewal_on", "Renews", "day", first="up", css="r", is_shown=False, empty="—"),
        ListColumn("first_used_on", "First seen", "day", first="down", css="r", is_shown=False),
    ),
    filters=(
        ListFilter("use_band", "How well used", "segments", values=BANDS),
        ListFilter("price_basis", "Without a price", "check", value=None),
        ListFilter("n_leavers", "Leavers hold seats", "check", op="from", value=1),
        ListFilter("n_without_seat_30d", "Used without a seat", "check", op="from", value=1),
        ListFilter("is_by_hand", "Added by hand", "check"),
        ListFilter("category", "Category", none_words="No category"),
        ListFilter("state", "Decision", values=wording.STATES, none_words="Not decided"),
        ListFilter("owner", "Owner", none_words="Nobody"),
        ListFilter("origin", "Origin", values=wording.ORIGINS),
        ListFilter("sso", "Sign-in", values=wording.WAYS_IN),
    ),
)


@require_safe
@page()
def listed(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return show(request, APPS, "apps/apps.html", more=lambda: {"totals": asking.one(request, "totals")})


@require_POST
@page(right="export")
def exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, APPS, name="apps")
