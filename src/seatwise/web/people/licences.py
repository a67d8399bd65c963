"""The pages Licences and Licence: what of Microsoft's own was bought, who holds it, and how much of it is used."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from seatwise.control.answers import Filter
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.lists.cells import STATUSES
from seatwise.web.lists.showing import send, show
from seatwise.web.people.declared import HOLDERS, LICENCES

_ROWS: Final = tuple((name, words, f"n_{name}", "") for name, words in STATUSES)


@require_safe
@page()
def licences(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    def more() -> dict[str, Any]:
        # Of all licences, whatever the list is narrowed to.
        everything = asking.ask(request, "licences", limit=1)
        return {
            "totals": asking.one(request, "totals"),
            "sums": {} if everything is None else everything.result.sums,
        }

    return show(request, LICENCES, "people/licences.html", more=more)


@require_POST
@page(right="export")
def licences_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, LICENCES)


@require_safe
@page()
def licence(request: Request, workspace: Workspace, sku: str, **_: Any) -> HttpResponse:
    found = _licence(request, sku)
    return show(
        request, HOLDERS, "people/licence.html", where=_is(found), more=lambda: {"licence": found, "rows": _ROWS}
    )


@require_POST
@page(right="export")
def licence_exported(request: Request, workspace: Workspace, sku: str, **_: Any) -> HttpResponse:
    found = _licence(request, sku)
    return send(request, HOLDERS, name="licence-people", subject=found["name"], where=_is(found))


def _licence(request: Request, sku: str) -> dict[str, Any]:
    """Errors: 404 when the tenant has no such licence."""
    found = asking.one(request, "licences", where=(Filter("sku_id", "is", (sku.strip().lower(),)),))
    if found is None:
        raise Http404
    return found


def _is(licence: dict[str, Any]) -> tuple[Filter, ...]:
    return (Filter("sku_id", "is", (licence["sku_id"],)),)
