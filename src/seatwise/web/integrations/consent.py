"""The page behind a link for an administrator: who asks, for what, and on to Microsoft. No account is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from seatwise.base.errors import SeatwiseError
from seatwise.control import access, connections
from seatwise.control.models import Link
from seatwise.web.integrations import origin, reads, trip
from seatwise.web.integrations.panel import problem


@dataclass(frozen=True, slots=True)
class Ask:
    asked_by: str
    asked_by_email: str
    workspace_name: str
    cloud_label: str
    expires_at: datetime
    host: str


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows and uses nothing up, since mail programs follow links before people do."""
    told = {"reasons": reads.reasons(), "datasets": reads.datasets()}
    try:
        link = access.peek(token, Link.Kind.CONSENT)
    except SeatwiseError as error:
        return render(request, "integrations/consent.html", {"problem": problem(error)}, status=404)
    told["ask"] = _ask(link)
    if request.method == "GET":
        return render(request, "integrations/consent.html", told)
    try:
        address = connections.begin_consent(token, trip.session_key(request), origin.redirect_uri())
    except SeatwiseError as error:
        return render(request, "integrations/consent.html", told | {"problem": problem(error)})
    return trip.leaving(request, trip.remember(request, trip.new_trip(), address).start_address)


def _ask(link: Link) -> Ask:
    labels = {choice.name: choice.label for choice in connections.clouds()}
    return Ask(
        asked_by=link.created_by.name if link.created_by else "Somebody who has left",
        asked_by_email=link.created_by.email if link.created_by else "",
        workspace_name=link.workspace.name if link.workspace else "",
        cloud_label=labels.get(link.cloud, link.cloud),
        expires_at=link.expires_at,
        host=urlsplit(settings.PUBLIC_URL).netloc,
    )
