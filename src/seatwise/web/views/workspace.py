"""The workspace itself: its name, its sample data, and another one beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import SeatwiseError
from seatwise.control import access, jobs
from seatwise.control.models import Workspace
from seatwise.web.forms import Name, show_errors
from seatwise.web.guard import Request, page, signed_in


@require_http_methods(["GET", "POST"])
@page(right="workspace")
def workspace(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    form = Name(request.POST or None, initial={"name": workspace.name})
    if request.method == "POST" and form.is_valid():
        access.rename_workspace(request.user, workspace, form.cleaned_data["name"])
        messages.success(request, "The new name is saved.")
        return redirect("workspace", workspace=workspace.id)
    return render(request, "settings/workspace.html", {"form": form})


@require_POST
@page(right="workspace")
def remove_sample(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    try:
        jobs.remove_sample(request.user, workspace)
    except SeatwiseError as error:
        messages.error(request, error.sentence)
        return redirect("overview", workspace=workspace.id)
    messages.success(request, "The sample company and its data are gone.")
    return redirect("home")


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request, **_: Any) -> HttpResponse:
    if not access.may_add_workspace(request.user):
        raise PermissionDenied
    form = Name(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = access.new_workspace(request.user, form.cleaned_data["name"])
        except SeatwiseError as error:
            show_errors(form, error)
        else:
            return redirect("overview", workspace=made.id)
    return render(request, "settings/new.html", {"form": form})
