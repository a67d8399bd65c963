"""The trip to Microsoft and back: start, callback, what became of it, and the last page of the pop-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import access, connections, jobs, notices
from seatwise.control.connections import Outcome
from seatwise.control.models import Attempt, Connection, Person, Run, Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import origin
from seatwise.web.integrations.panel import Panel, Problem, problem, problem_of

_TRIPS = "entra_trips"
_POP_UPS = "entra_pop_ups"
_REFUSED = "entra_refused"
_MOST = 5
_CONSENTED = "Your administrator has approved the link: Microsoft Entra ID is connected."


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt and our own address that leads to Microsoft."""

    attempt: str
    start_address: str


def begin(request: Request, workspace: Workspace, cloud: str) -> Begun:
    """Errors: those of connections.begin_sign_in."""
    connection = connections.of_workspace(workspace)
    purpose = Attempt.Purpose.CONNECT if connection is None else Attempt.Purpose.RECONNECT
    address, attempt = connections.begin_sign_in(
        workspace, request.user, session_key(request), cloud, purpose, origin.redirect_uri()
    )
    return remember(request, str(attempt), address)


def remember(request: HttpRequest, attempt: str, address: str) -> Begun:
    """Keeps Microsoft's address with the session until the browser has gone there."""
    trips = dict(list(request.session.get(_TRIPS, {}).items())[-_MOST + 1 :])
    request.session[_TRIPS] = {**trips, attempt: address}
    return Begun(attempt, reverse("entra_start", kwargs={"attempt": attempt}))


def session_key(request: HttpRequest) -> str:
    """What an attempt is bound to; an administrator with a consent link has no session before this."""
    if not request.session.session_key:
        request.session.create()
    return request.session.session_key or ""


def leaving(request: HttpRequest, start_address: str) -> HttpResponse:
    # Not a redirect: the content policy lets a form lead to our own pages only, and a page may lead anywhere.
    return render(request, "integrations/leaving.html", {"start_address": start_address})


def waiting(workspace: Workspace, begun: Begun) -> dict[str, Any]:
    named = {"workspace": workspace.id, "attempt": begun.attempt}
    return {
        "attempt": begun.attempt,
        "start_address": begun.start_address,
        "outcome_address": reverse("entra_outcome", kwargs=named),
    }


def first_sync(person: Person | None, connection: Connection) -> None:
    """So that the first apps are there within seconds; without it the schedule would begin it a little later."""
    if connection.state not in (Connection.State.ACTIVE, Connection.State.DEGRADED):
        return
    trigger = Run.Trigger.PERSON if jobs.newest(connection.tenant_id) else Run.Trigger.FIRST
    jobs.ask_sync(connection.tenant_id, by=person, trigger=trigger)


@require_GET
def start(request: HttpRequest, attempt: UUID) -> HttpResponse:
    address = request.session.get(_TRIPS, {}).get(str(attempt))
    if address is None:
        return _refused(request, problem_of("callback_unknown", "This sign-in is over. Start it again."))
    if request.GET.get("as") == "pop-up":
        request.session[_POP_UPS] = [*request.session.get(_POP_UPS, [])[-_MOST:], str(attempt)]
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Takes Microsoft's answer and leaves its address at once, so that neither history nor a referrer keeps it."""
    try:
        query = _once(request)
        attempt = connections.complete(query, request.session.session_key or "")
    except SeatwiseError as error:
        request.session[_REFUSED] = {"code": error.code, "sentence": error.sentence}
        return _see(reverse("entra_refused"))
    forget(request, query.get("state", ""))
    if attempt.outcome.get("state") == "connected":
        made = connections.of_workspace(attempt.workspace)
        if made is not None:
            first_sync(attempt.person, made)
        if attempt.purpose == Attempt.Purpose.CONSENT:
            notices.tell(attempt.workspace, "consented", _CONSENTED)
    return _see(reverse("entra_done", kwargs={"attempt": attempt.id}))


def _once(request: HttpRequest) -> dict[str, str]:
    """The parameters. Errors: AskAdmin callback_odd when one is told twice, since it is not clear which counts."""
    if any(len(values) != 1 for _, values in request.GET.lists()):
        raise AskAdmin(
            code="callback_odd",
            sentence="This return from Microsoft says one thing twice, so it was not believed. Start again.",
        )
    return {name: values[0] for name, values in request.GET.lists()}


def forget(request: HttpRequest, state: str) -> None:
    trips = request.session.get(_TRIPS, {})
    request.session[_TRIPS] = {name: address for name, address in trips.items() if state not in address}


@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """Where a return ends that belongs to no sign-in of this session."""
    told = request.session.get(_REFUSED) or {}
    sentence = str(told.get("sentence") or "This sign-in is over. Start it again from Settings, Integrations.")
    return _refused(request, problem_of(str(told.get("code", "")), sentence))


@require_GET
def done(request: HttpRequest, attempt: UUID) -> HttpResponse:
    try:
        outcome = connections.outcome(attempt, request.session.session_key or "")
    except SeatwiseError as error:
        return _refused(request, problem(error), 404)
    is_pop_up = str(attempt) in request.session.get(_POP_UPS, [])
    workspace = Workspace.objects.filter(pk=outcome.workspace_id).first() if outcome.workspace_id else None
    is_consent = outcome.purpose == Attempt.Purpose.CONSENT
    is_member = _is_member(request, workspace)
    if outcome.is_connected and is_member and workspace is not None and not is_pop_up:
        return redirect(reverse("integrations", kwargs={"workspace": workspace.id}) + "?tab=connected&new=1")
    told: dict[str, Any] = {
        "outcome": outcome,
        "attempt": str(attempt),
        "problem": _told(outcome),
        "is_pop_up": is_pop_up,
        "is_consent": is_consent,
        "workspace_name": workspace.name if workspace else "",
    }
    if is_member and workspace is not None and not is_pop_up:
        ways = reverse("entra_connect", kwargs={"workspace": workspace.id}) + "?step=ways"
        told |= {"next_address": ways, "next_words": "Try again"}
    return render(request, "integrations/done.html", told)


@require_GET
@page(right="connect")
def outcome(request: Request, workspace: Workspace, attempt: UUID, **_: Any) -> HttpResponse:
    """The waiting panel asks this until the trip is over."""
    panel = Panel(request, workspace)
    try:
        found = connections.outcome(attempt, request.session.session_key or "")
    except SeatwiseError as error:
        return panel.show("_refused.html", problem=problem(error))
    if found.workspace_id != workspace.id:
        return panel.show("_refused.html", problem=problem_of("callback_foreign", "This sign-in is another one."))
    if found.is_connected:
        return panel.go(panel.connected_address)
    if found.state != "waiting":
        return panel.show("_refused.html", problem=_told(found))
    if request.htmx:
        # 204: nothing changes on the page, so that a reader is not told the same every two seconds.
        return HttpResponse(status=204)
    return redirect(reverse("entra_connect", kwargs={"workspace": workspace.id}))


def _told(found: Outcome) -> Problem:
    return problem_of(found.code or found.state, found.sentence, found.shown_code)


def _is_member(request: HttpRequest, workspace: Workspace | None) -> bool:
    person = request.user
    return workspace is not None and isinstance(person, Person) and access.role_of(person, workspace) is not None


def _refused(request: HttpRequest, told: Problem, status: int = 200) -> HttpResponse:
    shown = {
        "outcome": {"is_connected": False},
        "problem": told,
        "next_address": "/",
        "next_words": "To the start page",
    }
    return render(request, "integrations/done.html", shown, status=status)


def _see(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def new_trip() -> str:
    return str(uuid4())
