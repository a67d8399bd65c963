"""The pages to look at: available and connected apps, the connection, its runs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import links, offers, runs
from seatwise.web.integrations.shown import SCHEDULES, shown

_LAST_RUNS = 5
_ALL_RUNS = 50


@require_GET
@page(right="view")
def integrations(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = shown(request.user, workspace)
    is_connected = connection is not None and not connection.facts.is_disconnected
    asked = request.GET.get("q", "").strip()[:80]
    tab = request.GET.get("tab", "")
    if tab not in ("available", "connected"):
        tab = "available" if asked or not is_connected else "connected"
    told = {
        "workspace": workspace,
        "tab": tab,
        "asked": asked,
        "offers": offers.OFFERS,
        "found": offers.found(asked),
        "connection": connection,
        "is_connected": is_connected,
        "n_connected": int(is_connected),
        "is_new": request.GET.get("new") == "1",
        "run": runs.newest(connection.facts.tenant_id) if connection else None,
        "links": links.of(workspace),
        "hide_connection_banner": tab == "connected",
    }
    if request.htmx and request.htmx.target == "offers":
        return render(request, "integrations/_offers.html", told)
    return render(request, "integrations/integrations.html", told)


@require_GET
@page(right="view")
def entra(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = shown(request.user, workspace)
    if connection is None:
        return redirect("integrations", workspace=workspace.id)
    told = {
        "workspace": workspace,
        "connection": connection,
        "run": runs.newest(connection.facts.tenant_id),
        "runs": runs.past(connection.facts.tenant_id, _LAST_RUNS),
        "schedules": SCHEDULES,
        "links": links.of(workspace),
        "hide_connection_banner": True,
    }
    return render(request, "integrations/entra.html", told)


@require_GET
@page(right="view")
def all_runs(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = shown(request.user, workspace)
    if connection is None:
        return redirect("integrations", workspace=workspace.id)
    told = {"workspace": workspace, "runs": runs.past(connection.facts.tenant_id, _ALL_RUNS)}
    return render(request, "integrations/runs.html", told)


@require_GET
@page(right="view")
def progress(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """The fragment that asks for itself every second while a run goes on; the last one renews what stands around it."""
    connection = shown(request.user, workspace)
    if not request.htmx:
        return redirect("entra", workspace=workspace.id)
    if connection is None:
        return HttpResponse(status=286)
    run = runs.newest(connection.facts.tenant_id)
    shows_history = request.GET.get("history") == "1"
    told: dict[str, Any] = {
        "workspace": workspace,
        "run": run,
        "connection": connection,
        "shows_history": shows_history,
        "heading": "" if shows_history else "h2",
        "shows_manage": not shows_history,
    }
    if run is not None and run.is_live:
        return render(request, "integrations/_progress.html", told)
    if shows_history:
        told["runs"] = runs.past(connection.facts.tenant_id, _LAST_RUNS)
    return render(request, "integrations/_ended.html", told)
