"""The usage policy of the company, with what it would change before it is saved; and who sees names."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions
from seatwise.control.decisions import Change, Key
from seatwise.control.decisions.preview import Preview, preview
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, history, saving, words
from seatwise.web.decisions.forms import PolicyForm, show_wrong
from seatwise.web.guard import Request, page

_SHOWN: Final = 25


@require_http_methods(["GET", "POST"])
@page(right="decide")
def policy(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """GET with values shows what they would change; POST saves them."""
    held = decisions.decided(workspace).policy
    asked = request.POST if request.method == "POST" else request.GET if "inactive_days" in request.GET else None
    form = PolicyForm(asked, initial={"kinds": held.kinds, "inactive_days": held.inactive_days})
    if request.method == "POST" and saving.saved(request, workspace, form, lambda: form.changes):
        return redirect("policy", workspace=workspace.id)
    told = _previewed(request, workspace, form) if asked is not None and form.is_valid() else None
    shown = {
        "form": form,
        "held": held,
        "kinds": [(key, name, words.KIND_SENTENCES[key]) for key, name in words.KINDS.items()],
        "chosen": form["kinds"].value() or (),
        "is_asked": asked is not None and form.is_valid(),
        "preview": told,
        "moved": told.moved[:_SHOWN] if told else (),
        "n_more": max(0, len(told.moved) - _SHOWN) if told else 0,
        "own": _own(request, workspace),
        "viewers_see_names": bool(decisions.held(workspace).values.get(Key("workspace", "", "viewers_see_names"))),
        "acts": history.of(request, workspace, "workspace", ""),
    }
    return render(request, "decisions/policy.html", shown)


@require_POST
@page(right="workspace")
def names(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """Whether viewers see who people are."""
    is_shown = request.POST.get("shown") == "1" or None
    before = decisions.decided(workspace).revision
    number = decisions.decide(request.user, workspace, [Change("workspace", "", "viewers_see_names", is_shown)])
    told = "Viewers now see people’s names." if is_shown else "Viewers now see pseudonyms."
    saving.say(request, told, number if number > before else None)
    return redirect("policy", workspace=workspace.id)


def _previewed(request: Request, workspace: Workspace, form: PolicyForm) -> Preview | None:
    try:
        return preview(workspace, form.changes, request.user)
    except AskAdmin as error:
        show_wrong(form, error)
        return None


def _own(request: Request, workspace: Workspace) -> list[dict[str, Any]]:
    """Products with a policy of their own."""
    told = decisions.decided(workspace).policies
    names = found.names(request, [Key("product", each.product_id, "kinds") for each in told])
    return [
        {
            "id": each.product_id,
            "name": names.get(("product", each.product_id), each.product_id),
            "kinds": words.kinds(each.kinds) if each.kinds else "",
            "days": words.days(each.inactive_days) if each.inactive_days else "",
        }
        for each in told
    ]
