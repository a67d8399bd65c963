"""The addresses Microsoft sends people back to, and what stands in the way of that."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def redirect_uri() -> str:
    """What has to stand on the app registration, exactly."""
    return f"{settings.PUBLIC_URL}{reverse('entra_callback')}"


def public(path: str) -> str:
    """The address of a page of ours as somebody outside types it."""
    return f"{settings.PUBLIC_URL}{path}"


def address_problem(request: HttpRequest) -> str:
    """Why a trip to Microsoft would not come back to this browser session; empty when it would."""
    public_url = urlsplit(settings.PUBLIC_URL)
    if public_url.scheme != "https" and public_url.hostname != "localhost":
        return (
            f"This Seatwise is set to {settings.PUBLIC_URL}. Beyond localhost Microsoft sends people back by https "
            "only. Set SEATWISE_PUBLIC_URL to an https address, or use OAuth 2.0 Client Credentials, which need none."
        )
    if request.get_host() != public_url.netloc:
        return (
            f"You opened Seatwise as {request.get_host()}, but Microsoft will send you back to {settings.PUBLIC_URL}, "
            f"where you are not signed in. Open {settings.PUBLIC_URL} and connect from there."
        )
    return ""
