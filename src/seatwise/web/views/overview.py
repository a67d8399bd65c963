"""The overview: what could be saved, how much is used, how sure that is, and what to do next."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seatwise.control import connections, events, jobs
from seatwise.control.answers import Filter, Sort
from seatwise.control.models import Workspace
from seatwise.web import summaries
from seatwise.web.charts import daily
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.money.actions import next_actions
from seatwise.web.money.insights import line
from seatwise.web.shell import LAST_WORKSPACE, Frame

DAYS: Final = 90
_TROUBLE: Final = ("connection", "credential", "coverage")
_FEW: Final = 4


@require_safe
@page()
def overview(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    if request.session.get(LAST_WORKSPACE) != str(workspace.id):
        request.session[LAST_WORKSPACE] = str(workspace.id)
    frame = Frame.of(request)
    told: dict[str, Any] = {"run": jobs.progress(frame.run) if frame.run else None}
    told["warnings"] = connections.warnings(frame.connection) if frame.connection else []
    told |= _figures(request, workspace)
    template = "overview/_overview.html" if request.htmx else "overview/overview.html"
    return render(request, template, told)


def _figures(request: Request, workspace: Workspace) -> dict[str, Any]:
    """Empty when nothing was read yet."""
    totals = asking.ask(request, "totals")
    coverage = asking.ask(request, "coverage")
    if totals is None or coverage is None or not totals.result.rows:
        return {}
    row = totals.result.rows[0]
    found = events.found(workspace, request.user, totals=row)
    may_decide = bool(Frame.of(request).may.get("decide"))
    return asking.about(totals) | {
        "totals": row,
        "known": summaries.of_coverage(coverage),
        "actions": next_actions(workspace, found.in_sight, _licences(request), row, may_decide=may_decide),
        "troubles": [line(workspace, each) for each in found.in_sight if each.card in _TROUBLE],
        "n_insights": len(found.in_sight),
        "missing": [lack.sentence for lack in coverage.missing],
        **_use(request),
        **_changes(request),
    }


def _licences(request: Request) -> list[dict[str, Any]]:
    """The licences that cost most without need."""
    is_licence = (Filter("subject_kind", "is", ("licence",)),)
    found = asking.ask(request, "savings", where=is_licence, sort=(Sort("could_save_month", "down"),), limit=2)
    return found.result.rows if found is not None else []


def _use(request: Request) -> dict[str, Any]:
    """The chart, and different people of this week and of the week before, as the days tell them."""
    days = asking.ask(request, "usage-days", of=(("days", str(DAYS)),))
    rows = days.result.rows if days is not None else []
    return {
        "chart": daily(rows, f"People using apps, last {DAYS} days") if any(row["n_people"] for row in rows) else None,
        "week": rows[-1] if rows else None,
        "week_before": rows[-8] if len(rows) > 7 else None,
    }


def _changes(request: Request) -> dict[str, Any]:
    is_new = (Filter("finding", "is", ("new",)),)
    new = asking.ask(request, "discovery", where=is_new, sort=(Sort("on", "down"),), limit=_FEW)
    movers = {row["product_id"]: row for column in ("n_started", "n_stopped") for row in _most(request, column)}
    return {"new_apps": new.result.rows if new is not None else [], "movers": list(movers.values())}


def _most(request: Request, column: str) -> list[dict[str, Any]]:
    """The apps that most people began to use, or stopped using."""
    some = (Filter(column, "from", (1,)),)
    found = asking.ask(request, "movement-products", where=some, sort=(Sort(column, "down"),), limit=2)
    return found.result.rows if found is not None else []
