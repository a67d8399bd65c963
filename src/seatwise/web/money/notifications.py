"""Settings → Notifications: what I hear of by e-mail, the mail server, and what became of the letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import events
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.money.mail_forms import ChoiceForm, ServerForm, of_choice, of_server, show_error
from seatwise.web.shell import Frame


@require_http_methods(["GET", "POST"])
@page()
def notifications(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """Everybody chooses for themselves alone."""
    form = ChoiceForm(request.POST or None, initial=of_choice(events.chosen(request.user, workspace)))
    if request.method == "POST" and form.is_valid():
        try:
            events.choose(request.user, workspace, form.wish())
        except SeatwiseError as error:
            show_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("notifications", workspace=workspace.id)
    return _shown(request, workspace, choice=form)


@require_POST
@page(right="install")
def mail_server(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    form = ServerForm(request.POST)
    if form.is_valid():
        try:
            events.choose_server(request.user, workspace, form.wish())
        except SeatwiseError as error:
            show_error(form, error)
        else:
            messages.success(request, "The mail server is saved. Send yourself a test.")
            return redirect("notifications", workspace=workspace.id)
    return _shown(request, workspace, server=form)


@require_POST
@page(right="install")
def remove_server(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    events.forget_server(request.user, workspace)
    messages.success(request, "The mail server is removed, and its password with it. No e-mail is sent any more.")
    return redirect("notifications", workspace=workspace.id)


@require_POST
@page(right="install")
def test(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """The server’s answer is in this page alone."""
    try:
        return _shown(request, workspace, test={"said": events.send_test(request.user, workspace)})
    except SeatwiseError as error:
        return _shown(request, workspace, test={"problem": error.sentence})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds the link. Looking ends nothing: mail filters follow links to look at them.

    Without Django's token: a mail program that unsubscribes with one click has none (RFC 8058).
    """
    try:
        ended = events.stop(token) if request.method == "POST" else events.peek(token)
    except AskAdmin as error:
        return render(request, "doors/closed.html", {"error": error}, status=410)
    return render(request, "money/mail_stop.html", {"ended": ended, "is_done": request.method == "POST"})


def _shown(request: Request, workspace: Workspace, **more: Any) -> HttpResponse:
    facts = events.server_facts()
    mine = events.chosen(request.user, workspace)
    may = Frame.of(request).may
    told: dict[str, Any] = {
        "choice": ChoiceForm(initial=of_choice(mine)),
        "mine": mine,
        "next_at": events.next_slot(mine, clock.wall()) if facts else None,
        "cards": events.CARDS.values(),
        "facts": facts,
        "server": ServerForm(initial=of_server(facts)),
        "state": events.server_state() if facts else None,
        "letters": events.recent(workspace) if may.get("members") else [],
    } | more
    ticked = told["choice"]["cards"].value() or []
    told["ticked"] = ticked
    return render(request, "money/notifications.html", told)
