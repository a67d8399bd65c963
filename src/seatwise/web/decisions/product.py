"""What is decided of one product: price and contract, what it is, what counts as its use."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions
from seatwise.control.answers import Filter
from seatwise.control.decisions.preview import Preview, preview
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, history, saving, words
from seatwise.web.decisions.forms import ProductForm, show_wrong
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking

_CATEGORIES: Final = 200


@require_http_methods(["GET", "POST"])
@page(right="decide")
def decide_product(request: Request, workspace: Workspace, product: str, **_: Any) -> HttpResponse:
    told = found.product(request, workspace, product)
    decided = decisions.decided(workspace)
    form = ProductForm(request.POST or None, told.values, decided.currency)
    previewed: Preview | None = None
    if request.method == "POST":
        changes = lambda: form.changes("product", told.id, told.name)  # noqa: E731 - asked for once the form is valid
        if request.POST.get("do") == "preview":
            previewed = _previewed(request, workspace, form, told)
        elif saving.saved(request, workspace, form, changes, told):
            return redirect(found.back(request, "decide_product", product=told.id))
    shown = {
        "product": told,
        "form": form,
        "states": words.STATE_SENTENCES,
        "policy": decided.policy,
        "policy_kinds": words.kinds(decided.policy.kinds),
        "apps": _apps(request, told),
        "categories": categories(request),
        "preview": previewed,
        "is_previewed": request.POST.get("do") == "preview" and form.is_valid(),
        "n_seats_by_hand": len(decisions.seats(workspace, told.id)),
        "acts": history.of(request, workspace, "product", told.id),
        "next": found.back(request, "decide_product", product=told.id) if found.has_next(request) else "",
    }
    return render(request, "decisions/product.html", shown)


def _previewed(request: Request, workspace: Workspace, form: ProductForm, told: found.Found) -> Preview | None:
    """What saving would change in this product's numbers; nothing is saved."""
    if not form.is_valid():
        return None
    try:
        changes = form.changes("product", told.id, told.name)
        return preview(workspace, changes, request.user, product_id=told.id)
    except AskAdmin as error:
        show_wrong(form, error)
        return None


def categories(request: Request) -> list[str]:
    """Those that are in use here, to choose from; any other may be typed."""
    answer = asking.ask(request, "products", limit=1, facets=("category",))
    told = [] if answer is None else answer.result.facets.get("category", [])
    return sorted((value for value, _ in told if value), key=str.casefold)[:_CATEGORIES]


def _apps(request: Request, told: found.Found) -> list[dict[str, str]]:
    """The apps folded into it, when there are several: id and name, the leading one first."""
    ids = told.values.get("app_ids") or []
    if not ids:
        return []
    answer = asking.ask(request, "apps", where=(Filter("app_id", "is", tuple(ids)),), microsoft=True)
    names = {} if answer is None else {row["app_id"]: row["name"] for row in answer.result.rows}
    return [{"id": each, "name": names.get(each, each)} for each in sorted(ids, key=lambda one: (one != told.id, one))]
