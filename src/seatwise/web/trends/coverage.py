"""The page Coverage: what is known of each day, what to do about the rest, and where exported files are handed in."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from seatwise.control import jobs
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking, cells
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.lists.showing import send, show
from seatwise.web.trends import calendar as days_of

PERIODS: Final[dict[str, tuple[str, int | None]]] = {
    "30": ("30 days", 30),
    "90": ("90 days", 90),
    "all": ("All on record", None),
}


def _kind(row: Row, column: ListColumn, around: Around) -> str:
    return days_of.KINDS.get(row["kind"], row["kind"])


def _state(row: Row, column: ListColumn, around: Around) -> SafeString:
    css, words = days_of.STATES[days_of.state_of(row, around.now)]
    return cells.chip(words, css)


def _why(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    told = days_of.reason(row["reason"])
    return format_html('<span class="wrapped">{}</span>', told) if told else formats.NONE


DAYS: Final = ListPage(
    metric="coverage",
    key="day",
    noun=("day and kind", "days and kinds"),
    icon="calendar",
    sort="day",
    columns=(
        ListColumn("day", "Day", "day", first="down", is_fixed=True),
        ListColumn("kind", "Sign-ins of", _kind, is_fixed=True),
        ListColumn("state", "Known", _state),
        ListColumn("n_events", "Sign-ins", "count", "with failures", first="down", css="r"),
        ListColumn("reason", "Why not", _why, css="hide-sm"),
    ),
    filters=(
        ListFilter(
            "state",
            "How completely",
            "segments",
            values={"complete": "Complete", "partial": "In part", "missing": "Missing"},
        ),
        ListFilter("kind", "Sign-ins of", values=days_of.KINDS),
    ),
    keys=("day", "kind"),
    empty="No day is known yet.",
)


@require_safe
@page()
def shown(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    period = request.GET.get("days", "30")
    period = period if period in PERIODS else "30"

    def more() -> dict[str, Any]:
        answer = asking.ask(request, "coverage")
        if answer is None:
            return {}
        return {"calendar": days_of.calendar(answer.result.rows, answer.result.as_of, PERIODS[period][1])}

    periods = [(words, f"?days={key}", key == period) for key, (words, _) in PERIODS.items()]
    also = {"periods": periods, **import_form(request, workspace)}
    return show(request, DAYS, "trends/coverage.html", kept=("days",), more=more, also=also)


@require_POST
@page(right="export")
def exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, DAYS)


def import_form(request: Request, workspace: Workspace, refused: str = "") -> dict[str, Any]:
    """What the form for files shows. refused: what is wrong with those just handed in."""
    return {
        "imports": jobs.imports(workspace, 5),
        "refused": refused,
        "upload_mb": settings.UPLOAD_BYTES >> 20,
        "upload_bytes": settings.UPLOAD_BYTES,
        "complete_from": request.POST.get("complete_from", ""),
        "complete_to": request.POST.get("complete_to", ""),
    }
