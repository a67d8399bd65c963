"""Savings: what is worth money by proven state, by subject, group and team; and the list of seats to take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from seatwise.control import decisions
from seatwise.control.answers import Filter
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking
from seatwise.web.lists.declared import ListPage
from seatwise.web.lists.showing import send, show
from seatwise.web.money.savings_lists import (
    BY_DEPARTMENT,
    GROUPS,
    LICENCES,
    OF_DISABLED,
    SEATS,
    SUBJECTS,
    TEAMS,
    TO_TAKE_LICENCES,
    TO_TAKE_SEATS,
)

TABS: Final = (
    ("savings", "By app and licence"),
    ("savings_groups", "By group"),
    ("savings_teams", "By team"),
    ("savings_seats", "Seats to take"),
    ("savings_licences", "Licences to take"),
)


@require_safe
@page()
def savings(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    decided = decisions.decided(workspace)
    # Without a price nothing is worth more than another: then most unused seats come first.
    listed = SUBJECTS if decided.prices else replace(SUBJECTS, sort="n_unused")

    def more() -> Mapping[str, Any]:
        return _around_list(request, workspace) | {"decided": decided}

    return show(request, listed, "money/savings.html", more=more)


@require_safe
@page()
def groups(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return _part(request, workspace, GROUPS, "Groups that grant seats, and what the seats nobody uses cost.")


@require_safe
@page()
def teams(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return _part(request, workspace, TEAMS, "What each department holds and does not use.", of=BY_DEPARTMENT)


@require_safe
@page()
def seats(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    told = "Whose seats to take: proven to be never used, or not for 90 days. Protected people are left out."
    return _part(request, workspace, SEATS, told, where=TO_TAKE_SEATS)


@require_safe
@page()
def licences(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    where: tuple[Filter, ...] = TO_TAKE_LICENCES
    told = "Whose Microsoft licences to take: of people who never signed in to anything, or not for 90 days."

    if _is_disabled(request):
        told, where = "Microsoft licences of accounts that may not sign in.", OF_DISABLED
    return _part(request, workspace, LICENCES, told, where=where, kept=("of",), of_disabled=_is_disabled(request))


@require_POST
@page(right="export")
def savings_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, SUBJECTS)


@require_POST
@page(right="export")
def groups_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, GROUPS, name="savings-by-group")


@require_POST
@page(right="export")
def teams_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, TEAMS, name="savings-by-team", of=BY_DEPARTMENT)


@require_POST
@page(right="export")
def seats_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return send(request, SEATS, name="seats-to-take", where=TO_TAKE_SEATS)


@require_POST
@page(right="export")
def licences_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    where = OF_DISABLED if _is_disabled(request) else TO_TAKE_LICENCES
    return send(request, LICENCES, name="licences-to-take", where=where, kept=("of",))


def _part(
    request: Request,
    workspace: Workspace,
    listed: ListPage,
    lead: str,
    *,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    kept: tuple[str, ...] = (),
    **more: Any,
) -> HttpResponse:
    told = _around_list(request, workspace) | {"lead": lead} | more
    return show(request, listed, "money/savings_part.html", of=of, where=where, kept=kept, more=lambda: told)


def _around_list(request: Request, workspace: Workspace) -> dict[str, Any]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    named = {"workspace": workspace.pk}
    tabs = [(words, reverse(name, kwargs=named), name == here) for name, words in TABS]
    return {"tabs": tabs, "totals": asking.one(request, "totals")}


def _is_disabled(request: Request) -> bool:
    return request.GET.get("of") == "disabled"
