"""Connecting: before you begin, the two ways, the registration of the install, the certificate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from seatwise.base.errors import SeatwiseError
from seatwise.control import access, connections
from seatwise.control.connections import Details
from seatwise.control.models import Connection, Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import trip
from seatwise.web.integrations.panel import Panel

_STEPS = {
    "before": "_before.html",
    "ways": "_ways.html",
    "certificate": "_certificate.html",
    "link": "_link.html",
    "registration": "_registration_step.html",
}
_WAYS = ("oauth2", "client_secret")


@require_http_methods(["GET", "POST"])
@page(right="connect")
def connect(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    panel = Panel(request, workspace)
    if request.method == "GET":
        step = request.GET.get("step", "before")
        if step not in _STEPS or (step == "registration" and not access.may(request.user, workspace, "install")):
            step = "before"
        return panel.show(_STEPS[step], step=step, way=_way(request, workspace), **_pending(workspace, step))
    method = request.POST.get("method", "")
    if method == "oauth2":
        return _by_sign_in(panel)
    if method == "certificate":
        return _by_certificate(panel)
    return _by_secret(panel)


@require_http_methods(["GET", "POST"])
@page(right="connect")
def registration(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """GET: the part of the dialog that depends on the cloud. POST: an owner enters the registration."""
    panel = Panel(request, workspace)
    if request.method == "GET":
        if not request.htmx:
            return redirect(reverse("entra_connect", kwargs={"workspace": workspace.id}) + "?step=ways")
        return panel.show("_registration.html", way=request.GET.get("method", ""))
    if not access.may(request.user, workspace, "install"):
        return panel.show("_ways.html", way="oauth2", step="ways")
    told = {"way": "oauth2", "step": "ways", "is_registered_now": True}
    return _kept_registration(panel, "_registration_step.html") or panel.show("_ways.html", **told)


@require_http_methods(["GET", "POST"])
@page(right="credentials")
def certificate(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """POST makes a key pair; GET gives its public part as a file."""
    panel = Panel(request, workspace)
    try:
        if request.method == "POST":
            connections.make_certificate(workspace)
            if request.POST.get("then") == "swap":
                return redirect("entra_swap", workspace=workspace.id)
            return panel.show("_certificate.html", step="certificate", **_pending(workspace, "certificate"))
        found = connections.pending_certificate(workspace)
    except SeatwiseError as error:
        return panel.failed("_certificate.html", error)
    if found is None:
        return redirect(reverse("entra_connect", kwargs={"workspace": workspace.id}) + "?step=certificate")
    answer = HttpResponse(found.der, content_type="application/pkix-cert")
    answer.headers["Content-Disposition"] = 'attachment; filename="seatwise.cer"'
    return answer


def _by_secret(panel: Panel) -> HttpResponse:
    post = panel.request.POST
    form = {name: post.get(name, "") for name in ("client_id", "client_secret", "tenant")}
    errors = connections.field_errors(form)
    ends_on, told = day_of(post.get("ends_on", ""))
    if told:
        errors["ends_on"] = told
    if errors:
        return _again(panel, "client_secret", errors)
    details = Details(
        form["tenant"], form["client_id"], Connection.Method.SECRET, form["client_secret"], cloud=panel.cloud
    )
    try:
        made = connections.connect_with_secret(panel.request.user, panel.workspace, details)
        if ends_on is not None:
            connections.set_expiry(panel.request.user, made, ends_on)
    except SeatwiseError as error:
        return panel.failed("_ways.html", error, way="client_secret", step="ways", is_sent_back=True)
    trip.first_sync(panel.request.user, made)
    return panel.go(panel.connected_address)


def _by_certificate(panel: Panel) -> HttpResponse:
    post = panel.request.POST
    form = {name: post.get(name, "") for name in ("client_id", "tenant")}
    pending = _pending(panel.workspace, "certificate")
    errors = connections.field_errors(form)
    if errors:
        told = {"errors": errors, "first_error": next(iter(errors))}
        return panel.show("_certificate.html", step="certificate", **told, **pending)
    try:
        made = connections.connect_with_certificate(
            panel.request.user, panel.workspace, form["tenant"], form["client_id"], panel.cloud
        )
    except SeatwiseError as error:
        return panel.failed("_certificate.html", error, step="certificate", **pending)
    trip.first_sync(panel.request.user, made)
    return panel.go(panel.connected_address)


def _by_sign_in(panel: Panel) -> HttpResponse:
    request, workspace = panel.request, panel.workspace
    if connections.registration(panel.cloud) is None:
        if not access.may(request.user, workspace, "install"):
            return panel.show("_ways.html", way="oauth2", step="ways")
        refused = _kept_registration(panel, "_ways.html")
        if refused is not None:
            return refused
        # A pop-up opens only at a click, so the next click goes to Microsoft.
        return panel.show("_ways.html", way="oauth2", step="ways", is_registered_now=True)
    try:
        begun = trip.begin(request, workspace, panel.cloud)
    except SeatwiseError as error:
        return panel.failed("_ways.html", error, way="oauth2", step="ways")
    if not request.htmx:
        return trip.leaving(request, begun.start_address)
    return panel.show("_waiting.html", step="microsoft", **trip.waiting(workspace, begun))


def _kept_registration(panel: Panel, shown_in: str) -> HttpResponse | None:
    """Tests and keeps what an owner entered; the panel with its errors when it cannot be right."""
    post = panel.request.POST
    names = {"client_id": "registration_id", "client_secret": "registration_secret", "tenant": "registration_tenant"}
    form = {name: post.get(field, "") for name, field in names.items()}
    looked_at = {name: value for name, value in form.items() if name != "tenant" or value.strip()}
    errors = {names[name]: told for name, told in connections.field_errors(looked_at).items()}
    if errors:
        return _again(panel, "oauth2", errors, shown_in)
    try:
        connections.set_registration(
            panel.request.user,
            panel.cloud,
            form["client_id"],
            secret=form["client_secret"],
            tenant=form["tenant"],
        )
    except SeatwiseError as error:
        return panel.failed(shown_in, error, way="oauth2", step="ways")
    return None


def _again(panel: Panel, way: str, errors: dict[str, str], shown_in: str = "_ways.html") -> HttpResponse:
    told = {"errors": errors, "first_error": next(iter(errors)), "is_sent_back": True}
    return panel.show(shown_in, way=way, step="ways", **told)


def _way(request: Request, workspace: Workspace) -> str:
    """The way asked for, else the one the connection goes already."""
    asked = request.GET.get("way", "")
    if asked in _WAYS:
        return asked
    found = connections.of_workspace(workspace)
    own = (Connection.Method.SECRET, Connection.Method.CERTIFICATE)
    return "client_secret" if found is not None and found.method in own else "oauth2"


def _pending(workspace: Workspace, step: str) -> dict[str, Any]:
    return {"certificate": connections.pending_certificate(workspace)} if step == "certificate" else {}


def day_of(text: str) -> tuple[date | None, str]:
    """A date as a browser sends it, and what is wrong with it."""
    if not text.strip():
        return None, ""
    try:
        return date.fromisoformat(text.strip()), ""
    except ValueError:
        return None, "This is no date. It has the form 2027-10-14."
