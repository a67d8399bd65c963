"""The pages Teams and Team: by department, job title or group."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from seatwise.control import decisions
from seatwise.control.answers import Filter, Sort
from seatwise.control.models import Workspace
from seatwise.metrics.people import NO_GROUP
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.lists.listing import some
from seatwise.web.lists.showing import send, show
from seatwise.web.people import cells
from seatwise.web.people.declared import BY, TEAM_APPS, TEAM_PEOPLE
from seatwise.web.people.declared import teams as listed
from seatwise.web.shell import Frame

_MOST: Final = 10
_COLUMN: Final = {"department": "department", "job_title": "job_title"}


@require_safe
@page()
def teams(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    by = _by(request)
    here = reverse("teams", kwargs={"workspace": workspace.id})
    ways = [(words, f"{here}?by={key}", key == by) for key, words in _made_of(request).items()]
    return show(request, listed(by), "people/teams.html", of=(("by", by),), kept=("by",), more=lambda: {"ways": ways})


@require_POST
@page(right="export")
def teams_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    by = _by(request)
    return send(request, listed(by), of=(("by", by),), kept=("by",))


@require_safe
@page()
def team(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    by, key = _by(request), request.GET.get("team", "")
    found = _team(request, by, key)
    told = {
        "team": found,
        "name": cells.team(found, by),
        "lead": _lead(by, key),
        "back": f"{reverse('teams', kwargs={'workspace': workspace.id})}?{urlencode({'by': by})}",
    }

    def more() -> dict[str, Any]:
        # Their list is the list of people, narrowed to this team.
        where: tuple[Filter, ...] = ()
        of: tuple[tuple[str, str], ...] = ()
        if by in _COLUMN:
            where = (Filter(_COLUMN[by], "is", (key or None,)),)
            narrowed = {f"f_{_COLUMN[by]}": key or "-"}
        else:
            of = (("group", key or NO_GROUP),)
            narrowed = dict(of)
        return {
            **told,
            "people": some(request, TEAM_PEOPLE, of=of, where=where, limit=_MOST),
            "everybody": f"{reverse('people', kwargs={'workspace': workspace.id})}?{urlencode(narrowed)}",
        }

    return show(
        request,
        TEAM_APPS,
        "people/team.html",
        of=(("by", by),),
        where=(_is(key),),
        kept=("by", "team"),
        more=more,
    )


@require_POST
@page(right="export")
def team_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    by, key = _by(request), request.GET.get("team", "")
    found = _team(request, by, key)
    subject = cells.team(found, by)
    return send(
        request, TEAM_APPS, name="team", subject=subject, of=(("by", by),), where=(_is(key),), kept=("by", "team")
    )


# Of whom a team's page tells, by what teams are made of.
_WHOSE: Final = {
    "department": "the people of this department",
    "job_title": "people with this job title",
    "group": "the people of this group",
}


def _lead(by: str, key: str) -> str:
    whose = _WHOSE[by] if key else "people of whom the directory does not say it"
    return f"What {whose} hold, use and cost."


def _by(request: Request) -> str:
    told = request.GET.get("by", "department")
    return told if told in _made_of(request) else "department"


def _made_of(request: Request) -> dict[str, str]:
    """What teams are made of. Job titles are hidden with names."""
    is_named = Frame.of(request).may.get("names") or decisions.may_see_names(request.user, request.workspace)
    return {key: words for key, words in BY.items() if is_named or key != "job_title"}


def _is(key: str) -> Filter:
    return Filter("team", "is", (key,))


def _team(request: Request, by: str, key: str) -> dict[str, Any]:
    """Errors: 404 when there is no such team."""
    found = asking.one(request, "teams", of=(("by", by),), where=(_is(key),), sort=(Sort("team"),))
    if found is None:
        raise Http404
    return found
