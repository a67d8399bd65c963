"""Single-use links that let somebody in: the first owner, invitations, and who forgot the password."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from seatwise.base.errors import AskAdmin
from seatwise.control import access
from seatwise.control.models import Link, Person
from seatwise.web.forms import NewPassword, NewPerson, show_errors
from seatwise.web.roles import ROLES

_ASKED = require_http_methods(["GET", "POST"])


@_ASKED
@never_cache
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The first owner, or another one when the owners have lost their way in."""
    try:
        access.peek(token, Link.Kind.OWNER)
    except AskAdmin as error:
        return _no_door(request, error, "An owner link")
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            owner = access.become_owner(token, told["email"], told["name"], told["password"])
        except AskAdmin as error:
            show_errors(form, error)
        else:
            return _enter(request, owner.person) if owner.is_new else _to_sign_in(request, owner.person)
    again = Person.objects.exists()
    return render(request, "doors/setup.html", {"form": form, "again": again})


@_ASKED
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = access.peek(token, Link.Kind.INVITE)
    except AskAdmin as error:
        return _no_door(request, error, "An invitation")
    told: dict[str, object] = {"link": link, "role": ROLES.get(link.role), "workspace": link.workspace}
    if isinstance(request.user, Person):
        return _as_myself(request, request.user, token, told)
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = access.accept_invitation(token, given["email"], given["name"], given["password"])
        except AskAdmin as error:
            show_errors(form, error)
        else:
            return _enter(request, person)
    return render(request, "doors/invitation.html", told | {"form": form})


def _as_myself(request: HttpRequest, person: Person, token: str, told: dict[str, object]) -> HttpResponse:
    """Somebody who is signed in already joins with one click."""
    if request.method == "POST":
        try:
            access.accept_as(token, person)
        except AskAdmin as error:
            return _no_door(request, error, "An invitation")
        return redirect("home")
    return render(request, "doors/join.html", told)


@_ASKED
@never_cache
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Who forgot the password chooses another one, then signs in with it like anybody."""
    try:
        link = access.peek(token, Link.Kind.PASSWORD)
    except AskAdmin as error:
        return _no_door(request, error, "A password link")
    form = NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = access.reset_password(token, form.cleaned_data["password"])
        except AskAdmin as error:
            show_errors(form, error)
        else:
            return _to_sign_in(request, person)
    return render(request, "doors/password.html", {"form": form, "person": link.person})


def _to_sign_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Not past the sign-in page: it asks for the second factor."""
    logout(request)
    # The tries that led here count no longer, or the new password would be refused for a while as well.
    get_adapter().forget_failures(request, person)
    messages.success(request, "The new password is set. Sign in with it.")
    return redirect("account_login")


def _enter(request: HttpRequest, person: Person) -> HttpResponse:
    # Whoever was signed in here before is not meant; `login` makes a new session id.
    request.session.flush()
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


def _no_door(request: HttpRequest, error: AskAdmin, what: str) -> HttpResponse:
    return render(request, "doors/closed.html", {"error": error, "what": what}, status=410)
