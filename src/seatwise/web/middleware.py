"""Headers that keep a page's hands tied, the check where a POST comes from, and the end of an idle session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError
from seatwise.web import sessions
from seatwise.web.failures import explained, refused

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HANDS_OFF = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The sign-in pop-up passes through these addresses; a stricter policy would cut it off from the page that opened it.
_POP_UP = "/connect/"


class Safety:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = request.method in _SAFE or is_from_us(request)
        response = self.get_response(request) if ours else refused(request)
        for name, value in _headers(request.path).items():
            response.headers.setdefault(name, value)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Ends a session that was idle for too long or is too old. Here, because only now is it known whose it is."""
        if not request.user.is_authenticated:
            return None
        # What a page asks by itself, again and again, is nobody being there.
        is_act = request.method != "GET" or request.headers.get("HX-Request") != "true"
        if sessions.is_alive(request.session, clock.wall(), is_act=is_act):
            return None
        logout(request)
        return to_sign_in(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An error that a view did not turn into words of its own page has words of its own."""
        if not isinstance(exception, SeatwiseError):
            return None
        log.warning("%s %s: %s", request.method, request.path, exception)
        return explained(request, exception)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back here; a fragment is told to load the whole page."""
    is_fragment = request.headers.get("HX-Request") == "true"
    back = request.get_full_path() if request.method == "GET" and not is_fragment else "/"
    address = f"{reverse('account_login')}?{urlencode({'next': back})}"
    if is_fragment:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def is_from_us(request: HttpRequest) -> bool:
    """Whether a request that changes something was sent by one of our own pages, by what the browser says of it.

    Beside Django's token: a browser too old to say anything is left to the token alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _headers(path: str) -> dict[str, str]:
    is_pop_up = path.startswith(_POP_UP)
    opens_pop_up = "/integrations/" in path or path.startswith("/consent/")
    opener = "unsafe-none" if is_pop_up else "same-origin-allow-popups" if opens_pop_up else "same-origin"
    return {
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": opener,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": HANDS_OFF,
        # Not no-referrer for every page: browsers then send "Origin: null" with our own forms. Nothing leaves the
        # install either way.
        "Referrer-Policy": "no-referrer" if is_pop_up else "same-origin",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
