"""The pages Discovery and Consents: what to look at once, and what apps may do on behalf of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.catalog.scopes import REACHES as REACH_ORDER
from seatwise.catalog.scopes import may, reach
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.guard import Request, page
from seatwise.web.lists import cells
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.showing import send, show

FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "new": ("chip-live", "New this week"),
    "consented_by_people": ("chip-warn", "Consented by people"),
    "closed_in_use": ("chip-bad", "Closed, still in use"),
    "ignored_in_use": ("", "Ignored, in use"),
    "no_owner": ("", "Nobody owns it"),
    "same_category": ("", "Same category"),
}
CONSENTS_BY: Final = {"admin": "By an administrator", "user": "By single people"}
REACHES: Final[Mapping[str, tuple[str, str]]] = {
    "write_company": ("chip-bad", "Changes company data"),
    "read_company": ("chip-warn", "Reads company data"),
    "other": ("", "Acts for the person"),
    "read_self": ("chip-good", "Reads the person’s own"),
}
_TOLD: Final = 3
# Every app that people sign in to asks for these.
_SIGNING_IN: Final = frozenset({"openid", "profile", "email", "offline_access"})


def _finding(row: Row, column: ListColumn, around: Around) -> SafeString:
    css, words = FINDINGS.get(row["finding"], ("", str(row["finding"])))
    told = _detail(row)
    return format_html(
        "{}{}", cells.chip(words, css), format_html('<span class="under">{}</span>', told) if told else ""
    )


def _detail(row: Row) -> str:
    if row["finding"] == "new" and row["on"]:
        return f"first used on {formats.day(row['on'])}"
    if row["finding"] == "consented_by_people" and row["n_people"]:
        return f"by {row['n_people']:,} {'person' if row['n_people'] == 1 else 'people'}"
    if row["finding"] == "same_category" and row["n_in_category"]:
        return f"{row['n_in_category']:,} apps of {row['category']} in use"
    return ""


def _may(row: Row, column: ListColumn, around: Around) -> SafeString:
    """What is allowed, in plain words: what reaches furthest first, mere signing in only when there is nothing else."""
    scopes = sorted(row.get("scopes") or (), key=lambda scope: -REACH_ORDER.index(reach(scope)))
    told = list(dict.fromkeys(may(scope) for scope in scopes if scope not in _SIGNING_IN))
    told = told or list(dict.fromkeys(map(may, scopes)))
    if not told:
        return formats.NONE
    items = format_html_join("", "<li>{}</li>", ((each,) for each in told[:_TOLD]))
    rest = told[_TOLD:]
    more = format_html('<li title="{}">and {} more</li>', "; ".join(rest), len(rest)) if rest else ""
    return format_html('<ul class="may">{}{}</ul>', items, more)


def _by_whom(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return "everybody" if row["consent"] == "admin" else formats.counted(row["n_people"])


def _consent(row: Row, column: ListColumn, around: Around) -> str:
    return CONSENTS_BY.get(str(row["consent"]), str(row["consent"]))


def _reach(row: Row, column: ListColumn, around: Around) -> SafeString:
    css, words = REACHES.get(row["reach"], ("", str(row["reach"])))
    return cells.chip(words, css)


DISCOVERY: Final = ListPage(
    metric="discovery",
    key="product_id",
    noun=("finding", "findings"),
    icon="compass",
    search="Search apps or categories",
    sort="",
    columns=(
        ListColumn("product", "App", "app", sub="category", is_fixed=True, files=("product_id", "product", "category")),
        ListColumn("finding", "Finding", _finding, files=("finding", "on", "n_people", "n_in_category")),
        ListColumn("n_used_30d", "People", "count", "last 30 days", first="down", css="r"),
        ListColumn("scopes", "What it may do", _may, css="hide-sm", can_sort=False),
    ),
    filters=(
        ListFilter("finding", "Finding", values={key: words for key, (_, words) in FINDINGS.items()}),
        ListFilter("category", "Category", none_words="No category"),
    ),
    empty="Nothing to look at: no new app, no consent of single people, and every app has an owner.",
)
CONSENTS: Final = ListPage(
    metric="consents",
    key="app_id",
    noun=("consent", "consents"),
    icon="shield",
    search="Search apps, people or permissions",
    sort="",
    columns=(
        ListColumn("product", "App", "app", is_fixed=True, files=("product_id", "product", "app_id", "name")),
        ListColumn("may", "What it may do", _may, can_sort=False, files=("scopes", "may")),
        ListColumn("reach", "Reach", _reach, css="hide-xs", can_sort=False),
        ListColumn("consent", "Consented", _consent, css="hide-sm"),
        ListColumn("n_people", "For", _by_whom, "people", first="down", css="r hide-sm"),
        ListColumn("people", "Who", "list", css="hide-md", can_sort=False),
        ListColumn("resource", "Whose data", css="hide-md", is_shown=False),
    ),
    filters=(
        ListFilter("consent", "Consented", "segments", values={"admin": "By an administrator", "user": "By people"}),
        ListFilter("reach", "Reach", values={key: words for key, (_, words) in REACHES.items()}),
    ),
    microsoft=True,
    empty="No app was given consent to act on behalf of people.",
)


@require_safe
@page()
def discovery(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return show(request, DISCOVERY, "trends/discovery.html", also={"tab": "findings"})


@require_POST
@page(right="export")
def discovery_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, DISCOVERY)


@require_safe
@page()
def consents(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return show(request, CONSENTS, "trends/consents.html", also={"tab": "consents"})


@require_POST
@page(right="export")
def consents_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, CONSENTS)
