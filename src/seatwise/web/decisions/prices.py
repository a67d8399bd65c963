"""Settings, Prices: what has a price and what has none, the company's currency, and files in and out."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control import answers, decisions
from seatwise.control.decisions import Change
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.decisions import fields, saving
from seatwise.web.guard import Request, page
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.showing import show
from seatwise.web.views.audit import address_of

_BASES: Final = {"-": "Without a price", "seat": "Per seat", "contract": "Contract"}


def _product(row: Row, around: Around) -> str:
    here = reverse("prices", kwargs={"workspace": around.workspace})
    to = {"workspace": around.workspace, "product": row["product_id"]}
    return f"{reverse('decide_product', kwargs=to)}?next={here}"


def _licence(row: Row, around: Around) -> str:
    here = reverse("licence_prices", kwargs={"workspace": around.workspace})
    return f"{reverse('decide_licence', kwargs={'workspace': around.workspace, 'sku': row['sku_id']})}?next={here}"


def _name(row: Row, column: ListColumn, around: Around) -> SafeString:
    """The name leads to what is decided about it, not to the app's own page."""
    name = str(row.get(column.name) or "")
    address = _product(row, around) if "product_id" in row else _licence(row, around)
    return format_html(
        '<div class="appcell">{}<div><a class="rowlink" href="{}">{}</a><span>{}</span></div></div>',
        formats.tile(name),
        address,
        name,
        row.get(column.sub) or "",
    )


def _price(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """The price, or the way to one: never a zero, never a dash without an end."""
    value = row.get(column.name)
    if value is not None:
        return formats.money(value, row.get("currency"))
    address = _product(row, around) if "product_id" in row else _licence(row, around)
    return format_html('<a href="{}">Add price<span class="visually-hidden"> of {}</span></a>', address, row["name"])


PRODUCTS: Final = ListPage(
    metric="products",
    key="product_id",
    noun=("app", "apps"),
    icon="tag",
    search="Search apps, vendors or owners",
    sort="n_seats",
    columns=(
        ListColumn("name", "App", _name, sub="vendor", is_fixed=True),
        ListColumn("n_seats", "Seats", "count", "people with a seat", first="down", css="r"),
        ListColumn("price_seat_month", "Price", _price, "of a seat, a month", first="down", css="r num"),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-xs", summed=True),
        ListColumn("seats_bought", "Bought", "count", "seats", first="down", css="r hide-md", is_shown=False),
        ListColumn("renewal_on", "Renews", "day", css="hide-sm"),
        ListColumn("owner", "Owner", css="hide-sm"),
        ListColumn("category", "Category", css="hide-md"),
        ListColumn("notice_on", "Notice until", "day", css="hide-md", is_shown=False),
        ListColumn("state", "State", css="hide-md", is_shown=False),
    ),
    filters=(
        ListFilter("price_basis", "Price", "segments", values=_BASES),
        ListFilter("category", "Category"),
        ListFilter("owner", "Owner", none_words="Nobody"),
        ListFilter("n_seats", "With seats", "check", op="from", value=1),
        ListFilter("is_by_hand", "Added by hand", "check"),
    ),
    microsoft=True,
)
LICENCES: Final = ListPage(
    metric="licences",
    key="sku_id",
    noun=("licence", "licences"),
    icon="key",
    search="Search licences",
    sort="n_bought",
    columns=(
        ListColumn("name", "Licence", _name, sub="part_number", is_fixed=True),
        ListColumn("n_bought", "Bought", "count", "licences", first="down", css="r"),
        ListColumn("n_assigned", "Assigned", "count", "licences", first="down", css="r hide-xs"),
        ListColumn("price_month", "Price", _price, "of one, a month", first="down", css="r num"),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-sm", summed=True),
        ListColumn("renewal_on", "Renews", "day", css="hide-sm"),
    ),
)


@require_safe
@page(right="decide")
def prices(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return show(request, PRODUCTS, "decisions/prices.html", more=lambda: _more(workspace, "products"))


@require_safe
@page(right="decide")
def licence_prices(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    if LICENCES.metric not in answers.NAMES:
        return redirect("prices", workspace=workspace.id)
    return show(request, LICENCES, "decisions/prices.html", more=lambda: _more(workspace, "licences"))


@require_POST
@page(right="decide")
def currency(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    before = decisions.decided(workspace).revision
    change = Change("workspace", "", "currency", request.POST.get("currency", ""))
    try:
        number = decisions.decide(request.user, workspace, [change], address=address_of(request))
    except AskAdmin as error:
        messages.error(request, error.sentence)
    else:
        told = f"Sums are now in {decisions.decided(workspace).currency}."
        saving.say(request, told, number if number > before else None)
    return redirect("prices", workspace=workspace.id)


def _more(workspace: Workspace, shown: str) -> dict[str, Any]:
    decided = decisions.decided(workspace)
    others = sorted({each.currency for each in decided.prices} - {decided.currency})
    return {
        "shown": shown,
        "currency": decided.currency,
        "currencies": fields.currencies(decided.currency),
        "other_currencies": others,
    }
