"""One app: what it costs and could save, how it is used, who has it and why, and how people reach it."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.control.answers import Filter
from seatwise.control.models import Workspace
from seatwise.web import charts, formats, wording
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking, cells
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.listing import some
from seatwise.web.lists.showing import send, show

# By what the address says: words, and what is asked.
PERIODS: Final = {"30": "30 days", "90": "90 days", "365": "12 months"}
_CHANGES: Final = 4


def path_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """Which way a person has a seat: the groups by name."""
    path = row.get("path")
    groups = ", ".join(row.get("groups") or ())
    if path in ("group", "both") and groups:
        return format_html("{}{}", "Directly and by " if path == "both" else "By ", groups)
    words = wording.PATHS.get(str(path), "")
    return words if words and path != "none" else format_html('<span class="muted">{}</span>', words or "Not known")


def last_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """When, with the way to the event that proves it; for nobody seen, what is proven."""
    if not row.get("last_used_at"):
        return SafeString('<span class="muted">Never</span>') if row.get("status") == "never" else formats.UNKNOWN
    told = formats.since(row["last_used_at"], around.now)
    address = around.url("evidence", event=row["evidence_id"]) if row.get("evidence_id") else ""
    return format_html('<a class="quiet" href="{}">{}</a>', address, told) if address else told


def change_cell(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    css, words = wording.CHANGES.get(str(row.get("change")), ("", str(row.get("change"))))
    return cells.chip(words, css)


PEOPLE: Final = ListPage(
    metric="product-users",
    key="user_id",
    noun=("person", "people"),
    search="Search people or departments",
    sort="could_save_month",
    icon="people",
    keys=("product_id", "product"),
    empty="Nobody has a seat here or was seen using it.",
    columns=(
        ListColumn("name", "Person", "person", sub="upn", is_fixed=True, files=("name", "upn")),
        ListColumn("department", "Department", css="hide-md"),
        ListColumn("status", "Use", "status", files=("status", "known_on")),
        ListColumn("path", "Seat", path_cell, css="hide-sm", files=("path", "groups")),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn("first_used_on", "First seen", "day", first="down", css="r hide-sm"),
        ListColumn(
            "last_used_at",
            "Last sign-in",
            last_cell,
            first="down",
            css="num muted hide-xs",
            files=("last_used_at", "evidence_id"),
        ),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r", summed=True),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r", is_shown=False, summed=True),
        ListColumn("kind", "Kind", is_shown=False),
        ListColumn("n_uses_30d", "Uses", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("proven_days", "Days proven", "count", "without a gap", first="down", css="r", is_shown=False),
        ListColumn("is_protected", "Protected", "bool", first="down", is_shown=False),
    ),
    filters=(
        ListFilter("status", "Use", "segments", values={key: words for key, (_, words) in cells.STATUS_CHIPS.items()}),
        ListFilter("is_leaver", "Leavers", "check"),
        ListFilter("is_protected", "Protected", "check"),
        ListFilter("path", "Seat", values=wording.PATHS),
        ListFilter("kind", "Kind", values=wording.KINDS),
        ListFilter("department", "Department", none_words="No department"),
    ),
)
GROUPS: Final = ListPage(
    metric="seat-groups",
    key="group_id",
    noun=("group", "groups"),
    sort="n_seats",
    icon="people",
    empty="No group gives a seat in this app.",
    columns=(
        ListColumn("name", "Group", is_fixed=True),
        ListColumn("n_seats", "Seats in use", "seats"),
        ListColumn("n_only", "Only by it", "count", "seats", css="r hide-xs"),
        ListColumn("could_save_month", "Could save", "money", "a month", css="r"),
    ),
)
MOVED: Final = ListPage(
    metric="movement",
    key="user_id",
    noun=("person", "people"),
    sort="on",
    icon="people",
    empty="Nobody is known to have started or stopped in the last 30 days.",
    columns=(
        ListColumn("name", "Person", "person", sub="department", is_fixed=True),
        ListColumn("change", "Change", change_cell),
        ListColumn("on", "Day", lambda row, column, around: formats.day(row.get("on")), css="num r muted"),
    ),
)


@require_safe
@page()
def one(request: Request, workspace: Workspace, app: str, **_: Any) -> HttpResponse:
    product_id = app.lower()
    where = (Filter("product_id", "is", (product_id,)),)
    if request.htmx and request.headers.get("HX-Target") == "list-body":
        return show(request, PEOPLE, "apps/app.html", where=where, kept=("days",), microsoft=True)
    found = _product(request, product_id)
    if found is None:
        raise Http404
    if found["product_id"] != product_id:
        return HttpResponseRedirect(reverse("app", kwargs={"workspace": workspace.id, "app": found["product_id"]}))
    days = request.GET.get("days", "90")
    days = days if days in PERIODS else "90"

    def more() -> dict[str, Any]:
        return {"app": found, "wording": _wording(found), **_use(request, found, days), **_around(request, found)}

    return show(request, PEOPLE, "apps/app.html", where=where, kept=("days",), microsoft=True, more=more)


@require_POST
@page(right="export")
def one_exported(request: Request, workspace: Workspace, app: str, **_: Any) -> HttpResponse:
    found = _product(request, app.lower())
    if found is None:
        raise Http404
    where = (Filter("product_id", "is", (found["product_id"],)),)
    return send(request, PEOPLE, name="app-people", subject=found["name"], where=where, microsoft=True)


def _product(request: Request, product_id: str) -> dict[str, Any] | None:
    """The app's row, also of an ignored one, and of one that was merged into another."""
    ways = (
        (Filter("product_id", "is", (product_id,)),),
        (Filter("product_id", "is", (product_id,)), Filter("state", "is", ("ignored",))),
        (Filter("app_ids", "has", (product_id,)),),
    )
    found = (asking.one(request, "products", where=where, microsoft=True) for where in ways)
    return next((row for row in found if row is not None), None)


def _use(request: Request, app: Row, days: str) -> dict[str, Any]:
    """The chart of the chosen time; for days also how many people a week and a month reach."""
    of = ("product", str(app["product_id"]))
    told: dict[str, Any] = {
        "periods": [(words, _address(request, key), key == days) for key, words in PERIODS.items()],
    }
    if days == "365":
        answer = asking.ask(request, "usage-months", of=(of, ("months", "12")), microsoft=True)
        rows = answer.result.rows if answer else []
        return told | {"chart": charts.months(rows, "People signing in each month")}
    answer = asking.ask(request, "usage-days", of=(of, ("days", days)), microsoft=True)
    rows = answer.result.rows if answer else []
    told["chart"] = charts.daily(rows, "People signing in each day")
    columns = {"n_week": "People in 7 days", "n_month": "People in 30 days"}
    told["reach"] = charts.lines(rows, "People in a week and in a month", columns, name="reach")
    return told


def _around(request: Request, app: Row) -> dict[str, Any]:
    where = (Filter("product_id", "is", (str(app["product_id"]),)),)
    consents = asking.ask(request, "consents", where=where, microsoft=True)
    worth = asking.one(request, "savings", where=(Filter("subject_id", "is", (str(app["product_id"]),)),))
    return {
        "groups": some(request, GROUPS, where=where, limit=8),
        "started": some(request, MOVED, where=(*where, _changed("started")), limit=_CHANGES),
        "stopped": some(request, MOVED, where=(*where, _changed("stopped")), limit=_CHANGES),
        "consents": consents.result.rows if consents else [],
        "worth": worth,
    }


def _changed(change: str) -> Filter:
    return Filter("change", "is", (change,))


def _wording(app: Row) -> dict[str, str]:
    return {
        "origin": "Added by hand" if app["is_by_hand"] else wording.ORIGINS.get(str(app["origin"]), ""),
        "sso": wording.WAYS_IN.get(str(app["sso"]), "Not known"),
        "consent": wording.CONSENTS.get(str(app["consent"]), "Not known"),
        "state": wording.STATES.get(str(app["state"]), ""),
    }


def _address(request: Request, days: str) -> str:
    told = request.GET.copy()
    told["days"] = days
    return f"?{told.urlencode()}"
