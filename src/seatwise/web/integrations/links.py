"""Links to the administrator who can consent: made, listed, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from seatwise.base.errors import SeatwiseError
from seatwise.control import access, connections
from seatwise.control.models import Link, Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import origin
from seatwise.web.integrations.panel import Panel, hours_of

_MESSAGE = (
    "Please approve read-only access to our Microsoft Entra ID for Seatwise, which shows the apps we have and use. "
    "It takes a Privileged Role Administrator or Global Administrator, and about a minute. The page says what is read "
    "and why: {address}"
)


@dataclass(frozen=True, slots=True)
class LinkShown:
    id: UUID
    cloud_label: str
    made_by: str
    created_at: datetime
    expires_at: datetime


def of(workspace: Workspace) -> list[LinkShown]:
    """Those that still work, newest first."""
    labels = {choice.name: choice.label for choice in connections.clouds()}
    return [
        LinkShown(
            one.id,
            labels.get(one.cloud, one.cloud),
            str(one.created_by or "Somebody who has left"),
            one.created_at,
            one.expires_at,
        )
        for one in access.links(workspace, Link.Kind.CONSENT)
    ]


@require_POST
@page(right="connect")
def make(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """The address is in this answer alone; it is kept nowhere."""
    panel = Panel(request, workspace)
    try:
        if connections.registration(panel.cloud) is None:
            return panel.show("_link.html")
        hours = hours_of(request.POST.get("hours", ""))
        token = access.consent_link(request.user, workspace, panel.cloud, hours)
    except SeatwiseError as error:
        return panel.failed("_link.html", error)
    address = origin.public(reverse("consent", kwargs={"token": token}))
    message = _MESSAGE.format(address=address)
    return panel.show("_link_made.html", link_address=address, link_hours=hours, message=message)


@require_POST
@page(right="connect")
def revoke(request: Request, workspace: Workspace, link: UUID, **_: Any) -> HttpResponse:
    known = {one.id for one in of(workspace)}
    if link in known:
        access.revoke(request.user, link)
        messages.success(request, "The link no longer works.")
    else:
        messages.error(request, "This link had already ended.")
    return redirect("integrations", workspace=workspace.id)
