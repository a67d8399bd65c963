"""The page Usage trends: how many people use the stack, day by day or month by month, and what they took up or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.control.models import Workspace
from seatwise.web import charts, formats
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking, cells
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.showing import send, show

PERIODS: Final = {"30": "30 days", "90": "90 days", "12": "12 months"}
_MONTHS: Final = "12"
_CHANGES: Final = {"started": ("chip-good", "Started"), "stopped": ("chip-warn", "Stopped")}


def _who(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """A count that leads to the people behind it."""
    n = row.get(column.name)
    if not n:
        return formats.counted(n)
    change = column.name.removeprefix("n_")
    address = f"{around.url('movement')}?f_change={change}&f_product_id={row['product_id']}"
    return format_html('<a href="{}">{}</a>', address, formats.counted(n))


def _change(row: Row, column: ListColumn, around: Around) -> SafeString:
    css, words = _CHANGES.get(str(row.get("change")), ("", str(row.get("change") or "")))
    return cells.chip(words, css)


MOVEMENT_PRODUCTS: Final = ListPage(
    metric="movement-products",
    key="product_id",
    noun=("app", "apps"),
    icon="trend",
    search="Search apps",
    sort="n_started",
    columns=(
        ListColumn("product", "App", "app", is_fixed=True, files=("product_id", "product")),
        ListColumn("n_started", "Started", _who, "last 30 days", first="down", css="r", summed=True),
        ListColumn("n_stopped", "Stopped", _who, "30 to 59 days ago", first="down", css="r", summed=True),
        ListColumn("n_used_30d", "People", "count", "last 30 days", first="down", css="r"),
        ListColumn("n_used_before_30d", "Before", "count", "the 30 days before", first="down", css="r hide-sm"),
        ListColumn("change_share", "Change", "change", "in percent", first="down", css="r hide-xs"),
    ),
    filters=(
        ListFilter("n_started", "Somebody started", "check", op="from", value=1),
        ListFilter("n_stopped", "Somebody stopped", "check", op="from", value=1),
    ),
    empty="No use is on record yet.",
)
MOVEMENT: Final = ListPage(
    metric="movement",
    key="user_id",
    noun=("change", "changes"),
    icon="people",
    search="Search people or apps",
    sort="on",
    columns=(
        ListColumn(
            "name", "Person", "person", sub="department", is_fixed=True, files=("user_id", "name", "department")
        ),
        ListColumn("product", "App", "app", files=("product_id", "product")),
        ListColumn("change", "Change", _change),
        ListColumn("on", "On", "day", "first or last use", first="down"),
    ),
    filters=(
        ListFilter("change", "Change", "segments", values={"started": "Started", "stopped": "Stopped"}),
        ListFilter("product_id", "App"),
    ),
    empty="Nobody started or stopped, as far as the days on record can prove it.",
)


@require_safe
@page()
def trends(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    period = request.GET.get("period", "90")
    period = period if period in PERIODS else "90"

    def more() -> dict[str, Any]:
        months = _rows(request, "usage-months", months=_MONTHS)
        return _drawn(request, period, months) | {"history": history(months)}

    also = {"periods": [(words, f"?period={key}", key == period) for key, words in PERIODS.items()], "period": period}
    return show(request, MOVEMENT_PRODUCTS, "trends/trends.html", kept=("period",), more=more, also=also)


@require_POST
@page(right="export")
def trends_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, MOVEMENT_PRODUCTS, kept=("period",))


@require_safe
@page()
def movement(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return show(request, MOVEMENT, "trends/movement.html")


@require_POST
@page(right="export")
def movement_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, MOVEMENT)


def history(months: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How far whole days on record reach beyond the 30 that Microsoft keeps. months: of `usage-months`."""
    known = [row for row in months if row["n_days_known"]]
    return {
        "n_known": sum(row["n_days_known"] for row in months),
        "n_days": sum(row["n_days"] for row in months),
        "since": f"{date.fromisoformat(known[0]['month'] + '-01'):%B %Y}" if known else "",
    }


def _drawn(request: Request, period: str, months: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The charts of a period, and the newest day of which anything is known."""
    days = _rows(request, "usage-days", days="30" if period == _MONTHS else period)
    newest = next((row for row in reversed(days) if row["n_month"] is not None), days[-1] if days else None)
    if period == _MONTHS:
        use = charts.months(months, "People using apps each month")
        reach = charts.months(months, "Apps in use each month", ("app", "apps"), name="reach", column="n_products")
    else:
        use = charts.daily(days, "People using apps each day")
        reach = charts.lines(
            days, "Weekly and monthly active people", {"n_month": "In 30 days", "n_week": "In 7 days"}, name="reach"
        )
    return {"use": use, "reach": reach, "newest": newest}


def _rows(request: Request, metric: str, **of: str) -> list[dict[str, Any]]:
    answer = asking.ask(request, metric, of=tuple(of.items()))
    return [] if answer is None else answer.result.rows
