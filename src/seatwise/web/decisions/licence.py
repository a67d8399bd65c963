"""The price of a Microsoft licence."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from seatwise.control import decisions
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, history, saving
from seatwise.web.decisions.forms import PriceForm
from seatwise.web.guard import Request, page


@require_http_methods(["GET", "POST"])
@page(right="decide")
def decide_licence(request: Request, workspace: Workspace, sku: str, **_: Any) -> HttpResponse:
    told = found.licence(request, workspace, sku)
    form = PriceForm(request.POST or None, told.values, decisions.decided(workspace).currency)
    if request.method == "POST":
        changes = lambda: form.changes("licence", told.id, told.name)  # noqa: E731 - asked for once the form is valid
        if saving.saved(request, workspace, form, changes, told):
            return redirect(found.back(request, "decide_licence", sku=told.id))
    shown = {
        "licence": told,
        "form": form,
        "acts": history.of(request, workspace, "licence", told.id),
        "next": found.back(request, "decide_licence", sku=told.id) if found.has_next(request) else "",
    }
    return render(request, "decisions/licence.html", shown)
