"""Protected people: their seats are never offered for taking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from seatwise.control import decisions
from seatwise.control.decisions import Change, Key
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, history, saving
from seatwise.web.decisions.forms import Reason
from seatwise.web.guard import Request, page


@require_http_methods(["GET", "POST"])
@page(right="decide")
def decide_person(request: Request, workspace: Workspace, person: str, **_: Any) -> HttpResponse:
    told = found.person(request, workspace, person)
    held = told.values.get("protected")
    form = Reason(request.POST or None, initial={"reason": held["reason"] if held else ""})
    if request.method == "POST":
        ends = request.POST.get("do") == "end"

        def changes() -> list[Change]:
            return [Change("person", told.id, "protected", None if ends else form.cleaned_data["reason"])]

        if saving.saved(request, workspace, form, changes, told):
            return redirect(found.back(request, "decide_person", person=told.id))
    shown = {
        "person": told,
        "is_protected": held is not None,
        "form": form,
        "acts": history.of(request, workspace, "person", told.id),
        "next": found.back(request, "decide_person", person=told.id) if found.has_next(request) else "",
    }
    return render(request, "decisions/person.html", shown)


@require_safe
@page(right="decide")
def protected(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    reasons = {
        key.subject_id: kept["reason"]
        for key, kept in decisions.held(workspace).values.items()
        if (key.subject_kind, key.field) == ("person", "protected")
    }
    names = found.names(request, [Key("person", each, "protected") for each in reasons])
    people = [(each, names.get(("person", each), ""), reason) for each, reason in reasons.items()]
    people.sort(key=lambda each: (not each[1], each[1].casefold(), each[0]))
    return render(request, "decisions/protected.html", {"people": people})
