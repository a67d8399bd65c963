"""What Entra does not know: apps and seats that people add themselves."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions
from seatwise.control.decisions import Change, Wrong
from seatwise.control.decisions.subjects import people
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, saving, words
from seatwise.web.decisions.forms import NewApp, show_wrong
from seatwise.web.decisions.product import categories
from seatwise.web.guard import Request, page
from seatwise.web.views.audit import address_of

_PARTED: Final = re.compile(r"[\s,;]+")
_MOST: Final = 2_000


@require_http_methods(["GET", "POST"])
@page(right="decide")
def add(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    form = NewApp(request.POST or None, decisions.decided(workspace).currency)
    if request.method == "POST" and form.is_valid():
        try:
            made = decisions.add_app(request.user, workspace, form.told, address=address_of(request))
        except AskAdmin as error:
            show_wrong(form, error)
        else:
            saving.say(request, "Added.", decisions.decided(workspace).revision)
            return redirect("decide_seats", workspace=workspace.id, product=made)
    told = {"form": form, "states": words.STATE_SENTENCES, "categories": categories(request)}
    return render(request, "decisions/new.html", told)


@require_POST
@page(right="decide")
def removed(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    try:
        number = decisions.remove_app(request.user, workspace, told.id, named=told.name, address=address_of(request))
    except AskAdmin as error:
        messages.error(request, error.sentence)
        return redirect("decide_product", workspace=workspace.id, product=told.id)
    saving.say(request, f"{told.name} is removed, with its seats.", number)
    return redirect("apps", workspace=workspace.id)


@require_http_methods(["GET", "POST"])
@page(right="decide")
def seats(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    typed = request.POST.get("addresses", "")[: _MOST * 260]
    fault = ""
    if request.method == "POST":
        fault = _added(request, workspace, told, typed)
        if not fault:
            return redirect("decide_seats", workspace=workspace.id, product=told.id)
    held = decisions.seats(workspace, told.id)
    rows = [(address, user_id is not None) for address, user_id in sorted(held.items())]
    shown = {
        "product": told,
        "seats": rows,
        "n_unknown": sum(1 for each in rows if not each[1]),
        "typed": typed if fault else "",
        "fault": fault,
        "files": reverse("decide_file", kwargs={"workspace": workspace.id, "kind": "seats"}) + f"?product={told.id}",
    }
    return render(request, "decisions/seats.html", shown)


@require_POST
@page(right="decide")
def seat_removed(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    address = request.POST.get("address", "").strip().lower()
    if address not in decisions.seats(workspace, told.id):
        messages.error(request, "This seat is not there any more.")
    else:
        change = Change("seat", told.id, address, None, told.name)
        number = decisions.decide(request.user, workspace, [change], address=address_of(request))
        saving.say(request, "The seat is taken away.", number)
    return redirect("decide_seats", workspace=workspace.id, product=told.id)


def _added(request: Request, workspace: Workspace, told: found.Found, typed: str) -> str:
    """What is wrong with the addresses; empty when they were added. Known ones are matched with the directory again."""
    wanted = list(dict.fromkeys(each.lower() for each in _PARTED.split(typed) if each))
    if request.POST.get("do") == "match":
        wanted = [address for address, user_id in decisions.seats(workspace, told.id).items() if user_id is None]
    if not wanted:
        return "Type at least one address."
    if len(wanted) > _MOST:
        return f"That is more than {_MOST:,} addresses. Hand them in as a file."
    directory = people(workspace, request.user)
    before = decisions.decided(workspace).revision
    try:
        changes = [Change("seat", told.id, each, directory.get(each, ""), told.name) for each in wanted]
        number = decisions.decide(request.user, workspace, changes, address=address_of(request))
    except Wrong as error:
        return " ".join(dict.fromkeys(error.fields.values()))
    unknown = sum(1 for each in wanted if each not in directory)
    n = len(wanted)
    told_words = "1 seat is" if n == 1 else f"{n:,} seats are"
    note = f" {unknown} of them {'is' if unknown == 1 else 'are'} of nobody in the directory." if unknown else ""
    saving.say(request, f"{told_words} in.{note}", number if number > before else None)
    return ""
