"""Several apps made one product, and taken apart again."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions
from seatwise.control.answers import Filter, Sort
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, saving
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.views.audit import address_of

_SHOWN: Final = 25
_MOST: Final = 50


@require_http_methods(["GET", "POST"])
@page(right="decide")
def merge(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    chosen = [each.strip().lower() for each in request.POST.getlist("with")][:_MOST]
    fault = ""
    if request.method == "POST":
        fault = _merged(request, workspace, told, chosen)
        if not fault:
            return redirect("decide_product", workspace=workspace.id, product=told.id)
    query = request.GET.get("q")
    search = (told.name.split() or [""])[0] if query is None else query.strip()[:100]
    others = _others(request, told, search)
    if query is None and not others:
        search, others = "", _others(request, told, "")
    shown = {
        "product": told,
        "query": search,
        "is_suggested": query is None and bool(search),
        "others": others,
        "chosen": chosen,
        "fault": fault,
    }
    return render(request, "decisions/merge.html", shown)


@require_POST
@page(right="decide")
def split(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    away = request.POST.getlist("app") or None
    try:
        number = decisions.split(request.user, workspace, told.id, away, named=told.name, address=address_of(request))
    except AskAdmin as error:
        messages.error(request, error.sentence)
    else:
        saving.say(request, "Split off. Each is an app of its own again.", number)
    return redirect("decide_product", workspace=workspace.id, product=told.id)


def _merged(request: Request, workspace: Workspace, told: found.Found, chosen: list[str]) -> str:
    """What is wrong; empty when it was merged."""
    if not chosen:
        return "Choose at least one app to merge with."
    if any(found.one(request, "product", each) is None for each in chosen):
        return "One of these apps is not here any more. Choose again."
    try:
        number = decisions.merge(request.user, workspace, told.id, chosen, named=told.name, address=address_of(request))
    except AskAdmin as error:
        return error.sentence
    saving.say(request, f"Merged into {told.name}. People who are in several of them count once.", number)
    return ""


def _others(request: Request, told: found.Found, search: str) -> list[dict[str, Any]]:
    answer = asking.ask(
        request,
        "products",
        search=search,
        where=(Filter("product_id", "not", (told.id,)), Filter("is_by_hand", "is", (False,))),
        sort=(Sort("name"),),
        limit=_SHOWN,
        microsoft=bool(told.row.get("is_microsoft")),
    )
    return [] if answer is None else answer.result.rows
