"""The overview: how much of what is assigned is used, how sure that is, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control import answers, connections, jobs
from seatwise.control.models import Workspace
from seatwise.web import summaries
from seatwise.web.guard import Request, page
from seatwise.web.shell import LAST_WORKSPACE, Frame


@require_safe
@page()
def overview(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    if request.session.get(LAST_WORKSPACE) != str(workspace.id):
        request.session[LAST_WORKSPACE] = str(workspace.id)
    frame = Frame.of(request)
    told: dict[str, Any] = {"run": jobs.progress(frame.run) if frame.run else None}
    told["warnings"] = connections.warnings(frame.connection) if frame.connection else []
    told |= _figures(workspace)
    template = "overview/_overview.html" if request.htmx else "overview/overview.html"
    return render(request, template, told)


def _figures(workspace: Workspace) -> dict[str, Any]:
    """Empty when nothing was read yet."""
    if workspace.tenant_id is None:
        return {}
    try:
        apps = answers.ask("apps", workspace.tenant_id)
        people = answers.ask("users", workspace.tenant_id)
        coverage = answers.ask("coverage", workspace.tenant_id)
    except AskAdmin as error:
        if error.code in ("nothing_read", "tenant_unknown"):
            return {}
        raise
    return {
        "apps": summaries.of_apps(apps.result.rows),
        "people": summaries.of_people(people.result.rows),
        "known": summaries.of_coverage(coverage),
        "as_of": summaries.data_time(apps),
        "missing": [lack.sentence for lack in apps.missing],
        "top": [row for row in apps.result.rows if row["n_used_30d"]][:5],
        "idle": _idle(apps.result.rows),
    }


def _idle(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The apps with the most seats that nobody with a seat was seen in for 30 days."""
    found = [row for row in rows if row["n_seats"] and row["n_seats_used_30d"] == 0]
    return sorted(found, key=lambda row: -row["n_seats"])[:5]
