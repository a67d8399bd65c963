"""The way in, and small things that belong to no page: theme, notices, what robots may read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe

from seatwise.control import access, notices
from seatwise.control.models import Person, Workspace
from seatwise.web.addresses import is_ours
from seatwise.web.guard import Request, page
from seatwise.web.middleware import to_sign_in
from seatwise.web.shell import LAST_WORKSPACE, THEME_COOKIE, THEMES

_A_YEAR_S = 365 * 86_400


@require_safe
def home(request: Request) -> HttpResponse:
    """To the workspace that was looked at last; to sign in; or, in an install without people, how to begin."""
    if not request.user.is_authenticated:
        return to_sign_in(request) if Person.objects.exists() else render(request, "start/unclaimed.html")
    workspaces = access.workspaces_of(request.user)
    if not workspaces:
        return render(request, "start/nowhere.html")
    last = request.session.get(LAST_WORKSPACE)
    chosen = next((each for each in workspaces if str(each.id) == last), workspaces[0])
    return redirect("overview", workspace=chosen.id)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    response = redirect(known(request.POST.get("next", "")))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=_A_YEAR_S, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def known(address: str) -> str:
    """The address if it is one of ours, else the start page."""
    return address if is_ours(address) else "/"


@require_POST
@page()
def notice_seen(request: Request, workspace: Workspace, notice: UUID, **_: Any) -> HttpResponse:
    notices.seen(request.user, notice)
    if request.htmx:
        return HttpResponse("")
    return redirect("overview", workspace=workspace.id)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("seatwise/icon.svg"), permanent=True)
