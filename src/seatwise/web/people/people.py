"""The pages People and Person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from seatwise.control.answers import Filter
from seatwise.control.models import Workspace
from seatwise.metrics.people import NO_GROUP
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.lists.listing import some
from seatwise.web.lists.showing import send, show
from seatwise.web.people.cells import standings
from seatwise.web.people.cells import team as team_name
from seatwise.web.people.declared import HELD, PEOPLE, THEIRS
from seatwise.web.shell import Frame

_MOST: Final = 8


@require_safe
@page()
def people(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    of = _of(request)

    def more() -> dict[str, Any]:
        return {"totals": asking.one(request, "totals"), "group": _group(request, dict(of).get("group", ""))}

    return show(request, PEOPLE, "people/people.html", of=of, kept=("group",), more=more)


@require_POST
@page(right="export")
def people_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, PEOPLE, of=_of(request), kept=("group",))


def _of(request: Request) -> tuple[tuple[str, str], ...]:
    return (("group", request.GET["group"]),) if request.GET.get("group") else ()


def _group(request: Request, group: str) -> dict[str, str]:
    """Name and address of the group the list is narrowed to. Errors: 404 when it gives no seat or is not there."""
    if not group:
        return {}
    by, key = (("by", "group"),), "" if group == NO_GROUP else group
    found = asking.one(request, "teams", of=by, where=(Filter("team", "is", (key,)),))
    if found is None:
        raise Http404
    return {"name": team_name(found, "group"), "query": urlencode({"by": "group", "team": key})}


@require_safe
@page()
def person(request: Request, workspace: Workspace, person: str, **_: Any) -> HttpResponse:
    found = person_of(request, person)

    def more() -> dict[str, Any]:
        return {
            "person": found,
            "standings": standings(found),
            "licences": some(request, HELD, where=_is(found), limit=_MOST),
            "consents": _consents(request, found),
        }

    return show(request, THEIRS, "people/person.html", where=_is(found), more=more)


@require_POST
@page(right="export")
def person_exported(request: Request, workspace: Workspace, person: str, **_: Any) -> HttpResponse:
    found = person_of(request, person)
    return send(request, THEIRS, name="person", subject=str(found["user_id"]), where=_is(found))


def person_of(request: Request, person: str) -> dict[str, Any]:
    """The person's row; of a deleted one, what their sign-ins tell. Errors: 404 when nobody is known by that id."""
    where = (Filter("user_id", "is", (person.strip().lower(),)),)
    found = asking.one(request, "people", where=where)
    if found is not None:
        return {**found, "is_deleted": False}
    used = asking.one(request, "product-users", where=where, microsoft=True)
    if used is None:
        raise Http404
    told = dict.fromkeys(("job_title", "n_seats", "n_products_used_30d", "could_save_month", "cost_month", "licences"))
    return {**told, **used, "is_deleted": used["is_enabled"] is None}


def _is(person: Mapping[str, Any]) -> tuple[Filter, ...]:
    return (Filter("user_id", "is", (person["user_id"],)),)


def _consents(request: Request, person: Mapping[str, Any]) -> dict[str, Any]:
    """Apps that somebody of this name consented to for themselves; whether others bear the name.

    The answer knows people by name only, so it is not asked for who may not see names.
    """
    if not person["name"] or not Frame.of(request).may.get("names"):
        return {"rows": [], "is_shared": False}
    where = (Filter("consent", "is", ("user",)), Filter("people", "has", (person["name"],)))
    answer = asking.ask(request, "consents", where=where, limit=_MOST, microsoft=True)
    rows = answer.result.rows if answer is not None else []
    named = asking.ask(request, "people", where=(Filter("name", "is", (person["name"],)),), limit=1) if rows else None
    return {"rows": rows, "is_shared": named is not None and named.result.n_rows > 1}
