"""What is shown when something is missing, not allowed, or broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seatwise.base.errors import Broken, SeatwiseError, Skip, TryLater


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Also Django's view for a form without its token."""
    return _shown(
        request,
        403,
        "This form could not be accepted",
        "It was not sent by a page of this Seatwise, or the page is too old. Go back, load the page again and "
        "send it once more. If this keeps happening, allow cookies for this address.",
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(
        request,
        403,
        "Your role does not allow this",
        "Ask an owner of this company to do it for you, or to change your role under Settings, Members.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(
        request,
        404,
        "This page does not exist",
        "The address may be cut off, or it belongs to a company that you are not a member of.",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _shown(request, 400, "This request could not be understood", "Go back and try it once more.")


def explained(request: HttpRequest, error: SeatwiseError) -> HttpResponse:
    """An error of the floors below. Busy is 503, a broken promise of ours 500, what an administrator mends 409."""
    if isinstance(error, Skip):
        return not_found(request)
    status = 503 if isinstance(error, TryLater) else 500 if isinstance(error, Broken) else 409
    return _shown(request, status, "This did not work", error.sentence, error.code)


def broken(request: HttpRequest) -> HttpResponse:
    return _shown(
        request,
        500,
        "Something went wrong on our side",
        "Nothing was changed by halves. Try it again; if it happens again, the log of this install says why.",
    )


def _shown(request: HttpRequest, status: int, heading: str, sentence: str, code: str = "") -> HttpResponse:
    # Without a context of the request: an error page must not need the database, and shows nothing of anybody.
    theme = request.COOKIES.get("seatwise-theme", "")
    told = {"status": status, "heading": heading, "sentence": sentence, "theme": theme, "code": code}
    if request.headers.get("HX-Request") == "true":
        return render(None, "failure/_failure.html", told, status=status)
    return render(None, "failure/failure.html", told, status=status)
