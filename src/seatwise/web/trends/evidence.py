"""The page of one event: what stands behind a number, down to the record that Microsoft gave."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control.models import Workspace
from seatwise.metrics.shapes import Filter
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.trends.calendar import KINDS

FEEDS: Final = {
    "graph": "Microsoft Graph",
    "diagnostic": "Diagnostic export",
    "log_analytics": "Log Analytics",
    "portal": "Portal download",
}
_SEATS: Final = {
    "assignment": "Assigned to the person",
    "membership": "Member of an assigned group",
    "hand": "Added by hand in Seatwise",
}


@require_safe
@page()
def evidence(request: Request, workspace: Workspace, event: str, **_: Any) -> HttpResponse:
    answer = asking.ask(request, "evidence", of=(("event", event),))
    if answer is None or not answer.result.rows:
        raise Http404
    found = answer.result.rows[0]
    product = _product(request, found["app_id"])
    told = {
        "event": found,
        "product": product,
        "kind": KINDS.get(found["kind"], found["kind"]),
        "feed": FEEDS.get(found["feed"], found["feed"]),
        "others": [FEEDS.get(each, each) for each in found["feeds"] if each != found["feed"]],
        "seats": _seats(request, product, found["user_id"]),
        "seat_words": _SEATS,
        **asking.about(answer),
    }
    return render(request, "trends/evidence.html", told)


def _product(request: Request, app_id: str) -> dict[str, Any] | None:
    """The product an app belongs to."""
    return asking.one(request, "products", where=(Filter("app_ids", "has", (app_id,)),), microsoft=True)


def _seats(request: Request, product: dict[str, Any] | None, user_id: str) -> list[dict[str, Any]]:
    """What gives the person a seat in that product; nothing when that is not known."""
    if product is None:
        return []
    try:
        answer = asking.ask(request, "seat-evidence", of=(("product", product["product_id"]), ("user", user_id)))
    except AskAdmin:
        return []
    return [] if answer is None else answer.result.rows
