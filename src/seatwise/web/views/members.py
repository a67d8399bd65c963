"""Members of a workspace: who they are, what they may do, and how somebody comes in, or in again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from seatwise.base.errors import SeatwiseError
from seatwise.control import access
from seatwise.control.models import Link, Workspace
from seatwise.web.forms import Forgetful, Invitation, RoleChoice
from seatwise.web.guard import Request, page
from seatwise.web.roles import ROLES


@require_safe
@page(right="members")
def members(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    return _shown(request, workspace, Invitation())


@require_POST
@page(right="members")
def invite(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """The link is in this answer alone: it is kept nowhere, and loading the page again does not show it."""
    form = Invitation(request.POST)
    if not form.is_valid():
        return _shown(request, workspace, form)
    try:
        token = access.invite(request.user, workspace, form.cleaned_data["role"], form.cleaned_data["note"])
    except SeatwiseError as error:
        form.add_error(None, error.sentence)
        return _shown(request, workspace, form)
    address = settings.PUBLIC_URL + reverse("invitation", kwargs={"token": token})
    return _shown(request, workspace, Invitation(), invited=address, role=ROLES[form.cleaned_data["role"]])


@require_POST
@page(right="members")
def password_link(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """Like an invitation, the link is in this answer alone."""
    form = Forgetful(request.POST)
    if not form.is_valid():
        return _shown(request, workspace, Invitation(), forgetful=form)
    try:
        token = access.password_link(request.user, workspace, form.cleaned_data["person"])
    except SeatwiseError as error:
        form.add_error(None, error.sentence)
        return _shown(request, workspace, Invitation(), forgetful=form)
    link = access.peek(token, Link.Kind.PASSWORD)
    address = settings.PUBLIC_URL + reverse("password", kwargs={"token": token})
    return _shown(request, workspace, Invitation(), password_address=address, helped=link.person)


@require_POST
@page(right="members")
def revoke(request: Request, workspace: Workspace, link: UUID, **_: Any) -> HttpResponse:
    return _done(request, workspace, lambda: access.revoke(request.user, link), "The link no longer works.")


@require_POST
@page(right="members")
def change_role(request: Request, workspace: Workspace, person: UUID, **_: Any) -> HttpResponse:
    form = RoleChoice(request.POST)
    if not form.is_valid():
        return _shown(request, workspace, Invitation())
    role = form.cleaned_data["role"]
    told = f"The role is now {ROLES[role].name}."
    return _done(request, workspace, lambda: access.change_role(request.user, workspace, person, role), told)


@require_POST
@page(right="members")
def remove(request: Request, workspace: Workspace, person: UUID, **_: Any) -> HttpResponse:
    told = "Removed. This person can no longer see this company."
    return _done(request, workspace, lambda: access.remove(request.user, workspace, person), told)


def _done(request: Request, workspace: Workspace, act: Any, told: str) -> HttpResponse:
    try:
        act()
    except SeatwiseError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, told)
    if not access.may(request.user, workspace, "members"):
        return redirect("home")
    return redirect("members", workspace=workspace.id)


def _shown(request: Request, workspace: Workspace, form: Invitation, *, status: int = 200, **more: Any) -> HttpResponse:
    is_owner = request.role == access.Role.OWNER
    everybody = access.members(workspace)
    told = {
        "members": everybody,
        "links": access.links(workspace, Link.Kind.INVITE),
        "password_links": access.links(workspace, Link.Kind.PASSWORD),
        "may_help": access.helped(request.user, everybody),
        "forgetful": Forgetful(),
        "form": form,
        "roles": ROLES,
        # Only owners make owners.
        "offered": {role: each for role, each in ROLES.items() if is_owner or role != "owner"},
        "is_owner": is_owner,
    }
    return render(request, "settings/members.html", told | more, status=status)
