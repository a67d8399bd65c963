"""Who may see a page: signed in, a member of the workspace, with the right it needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from seatwise.control import access
from seatwise.control.models import Person, Workspace
from seatwise.web.middleware import to_sign_in


class Request(HttpRequest):
    """A request of somebody signed in. workspace, role: whose page it is and what they are there, set by `page`."""

    user: Person  # the only kind of user there is
    workspace: Workspace
    role: access.Role
    htmx: HtmxDetails


class View(Protocol):
    def __call__(self, request: Request, workspace: Workspace, /, **named: Any) -> HttpResponse: ...


class Page(Protocol):
    """A view with its door. right: what it asks for; the role matrix reads it."""

    right: str

    def __call__(self, request: HttpRequest, *, workspace: UUID, **named: Any) -> HttpResponse: ...


def page(right: access.Right = "view") -> Callable[[Callable[..., HttpResponse]], Page]:
    """The door of a page of a workspace, whose address names it as `workspace`.

    Not signed in: to the sign-in page. Not a member: 404, as if it were not there. Without the right: 403.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Page:
        @wraps(view)
        def guarded(request: Request, *, workspace: UUID, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            try:
                found = access.workspace_for(request.user, workspace)
            except access.NotYours as error:
                raise Http404 from error
            role = access.role_of(request.user, found)
            if role is None or right not in access.RIGHTS_OF[role]:
                raise PermissionDenied
            request.workspace, request.role = found, role
            return view(request, found, **named)

        guarded.right = right  # type: ignore[attr-defined]  # what makes it a Page
        return guarded  # type: ignore[return-value]

    return decorate


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door of a page that belongs to a person and to no workspace."""

    @wraps(view)
    def guarded(request: Request, **named: Any) -> HttpResponse:
        return view(request, **named) if request.user.is_authenticated else to_sign_in(request)

    return guarded
