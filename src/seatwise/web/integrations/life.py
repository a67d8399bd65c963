"""What people do with a connection: test, sync, cancel, schedule, replace its credential, disconnect."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import SeatwiseError
from seatwise.control import connections, jobs, schedules
from seatwise.control.models import Connection, Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import runs
from seatwise.web.integrations.connect import day_of
from seatwise.web.integrations.panel import problem
from seatwise.web.integrations.shown import SCHEDULES, shown


@require_POST
@page(right="connect")
def test(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    if connection is None:
        return _gone(request, workspace)
    told: dict[str, Any] = {"workspace": workspace}
    try:
        connections.test(connection)
    except SeatwiseError as error:
        told["problem"] = problem(error)
    if not request.htmx:
        return _back(request, workspace, told)
    told["connection"] = shown(request.user, workspace)
    if told["connection"] is None:
        return _gone(request, workspace)
    told["run"] = runs.newest(connection.tenant_id)
    return render(request, "integrations/_tested.html", told)


@require_POST
@page(right="sync")
def sync(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    if connection is None:
        return _gone(request, workspace)
    try:
        jobs.ask_sync(connection.tenant_id, by=request.user)
    except SeatwiseError as error:
        messages.error(request, error.sentence)
    return redirect("entra", workspace=workspace.id)


@require_POST
@page(right="sync")
def cancel(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    run = jobs.newest(connection.tenant_id) if connection else None
    if run is not None and run.ended_at is None:
        jobs.cancel(request.user, run.id)
        messages.success(request, "The sync is being stopped. What was read so far is kept.")
    return redirect("entra", workspace=workspace.id)


@require_POST
@page(right="connect")
def schedule(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    if connection is None:
        return _gone(request, workspace)
    wish = request.POST.get("every_min", "")
    choice = next((one for one in SCHEDULES if str(one.minutes) == wish), None)
    if choice is None:
        messages.error(request, "Choose one of the intervals on the list.")
    else:
        schedules.choose(request.user, connection, choice.minutes)
        messages.success(request, f"Seatwise now syncs {choice.words}.")
    return redirect("entra", workspace=workspace.id)


@require_http_methods(["GET", "POST"])
@page(right="credentials")
def swap(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    if connection is None or not connections.view(connection).can_swap:
        return redirect("entra", workspace=workspace.id)
    if request.method == "GET":
        return _swap_page(request, workspace)
    kind, secret = request.POST.get("kind", ""), request.POST.get("client_secret", "")
    ends_on, told = day_of(request.POST.get("ends_on", ""))
    errors = {"ends_on": told} if told else {}
    if kind == "client_secret":
        errors |= connections.field_errors({"client_secret": secret})
    if errors:
        return _swap_page(request, workspace, errors=errors, kind=kind)
    try:
        if kind == "expiry":
            connections.set_expiry(request.user, connection, ends_on)
        elif kind == "certificate":
            connections.swap_credential(request.user, connection, with_certificate=True)
        else:
            connections.swap_credential(request.user, connection, secret=secret, ends_on=ends_on)
    except SeatwiseError as error:
        return _swap_page(request, workspace, problem=problem(error), kind=kind)
    messages.success(request, _SWAPPED.get(kind, _SWAPPED["client_secret"]))
    return redirect("entra", workspace=workspace.id)


_SWAPPED = {
    "client_secret": "The new secret works and has replaced the old one.",
    "certificate": "The new certificate works and has replaced what was there before.",
    "expiry": "The date is saved.",
}


@require_http_methods(["GET", "POST"])
@page(right="connect")
def disconnect(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    connection = _found(workspace)
    if connection is None or connection.state == Connection.State.DISCONNECTED:
        return _gone(request, workspace)
    erase_name = connection.tenant_name or connection.tenant_id
    form = {"data": request.POST.get("data", "keep"), "name": request.POST.get("name", "").strip()[:260]}
    told: dict[str, Any] = {
        "workspace": workspace,
        "connection": shown(request.user, workspace),
        "erase_name": erase_name,
        "form": form,
        "errors": {},
        "hide_connection_banner": True,
    }
    if request.method == "GET":
        return render(request, "integrations/disconnect.html", told)
    is_erased = form["data"] == "erase"
    if is_erased and form["name"].casefold() != erase_name.casefold():
        told["errors"] = {"name": f"Type {erase_name} to erase what was read. Nothing was changed."}
        return render(request, "integrations/disconnect.html", told)
    portal = connections.view(connection).portal
    try:
        farewell = connections.disconnect(request.user, connection, is_erased)
    except SeatwiseError as error:
        told["problem"] = problem(error)
        return render(request, "integrations/disconnect.html", told)
    left = {"workspace": workspace, "farewell": farewell, "portal": portal}
    return render(request, "integrations/disconnected.html", left)


def _swap_page(request: Request, workspace: Workspace, **more: Any) -> HttpResponse:
    told = {
        "workspace": workspace,
        "connection": shown(request.user, workspace),
        "certificate": connections.pending_certificate(workspace),
        "form": {"ends_on": request.POST.get("ends_on", "")[:10]},
        "errors": {},
        "hide_connection_banner": True,
        **more,
    }
    return render(request, "integrations/swap.html", told)


def _found(workspace: Workspace) -> Connection | None:
    return connections.of_workspace(workspace)


def _gone(request: Request, workspace: Workspace) -> HttpResponse:
    messages.error(request, "Microsoft Entra ID is not connected here.")
    return redirect("integrations", workspace=workspace.id)


def _back(request: Request, workspace: Workspace, told: dict[str, Any]) -> HttpResponse:
    if "problem" in told:
        messages.error(request, told["problem"].sentence)
    return redirect("entra", workspace=workspace.id)
