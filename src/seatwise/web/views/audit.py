"""The audit log: who did what, newest first; and as a file."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from seatwise.base import clock
from seatwise.control import audit as log
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page

PAGE: Final = 50
WORDS: Final[dict[str, str]] = {
    "connect.started": "Began to connect",
    "connect.consented": "Gave consent at Microsoft",
    "connection.connected": "Connected",
    "connection.tested": "Tested the connection",
    "connection.disconnected": "Disconnected",
    "connection.schedule": "Changed the schedule",
    "credential.swapped": "Swapped the credential",
    "credential.viewed": "Looked at the credential’s details",
    "sync.asked": "Asked for a sync",
    "import.asked": "Handed in files of sign-ins",
    "sync.cancelled": "Stopped a sync",
    "member.invited": "Made an invitation",
    "member.joined": "Joined",
    "member.role": "Changed a role",
    "member.removed": "Removed a member",
    "sign_in": "Signed in",
    "sign_in.failed": "Failed to sign in",
    "password.changed": "Changed the password",
    "password.reset": "Set a forgotten password anew",
    "second_factor.added": "Added a second factor",
    "second_factor.removed": "Removed a second factor",
    "recovery_codes.made": "Made recovery codes",
    "decision.made": "Decided",
    "decision.undone": "Took a decision back",
    "audit.exported": "Exported the audit log",
    "data.exported": "Exported data",
    "person.exported": "Handed out a person’s data",
    "person.forget": "Asked to forget a person",
    "person.forgotten": "A person was forgotten",
    "card.dismissed": "Dismissed a card",
    "card.snoozed": "Put a card off",
    "card.brought_back": "Brought a card back",
    "mail.server": "Set the mail server",
    "mail.server_removed": "Removed the mail server",
    "mail.tested": "Sent a test e-mail",
    "mail.chosen": "Chose e-mails",
    "mail.stopped": "Stopped e-mails by their link",
    "keys.rotated": "Rotated the encryption keys",
    "link.made": "Made a link",
    "link.revoked": "Revoked a link",
    "registration.set": "Set the app registration",
    "workspace.made": "Added the company",
    "workspace.renamed": "Renamed the company",
    "sample.removed": "Removed the sample",
}


@require_safe
@page(right="audit")
def audit(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    action = request.GET.get("action", "")
    action = action if action in WORDS else ""
    before = request.GET.get("before", "")
    before_id = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = list(log.entries(workspace, before_id=before_id, limit=PAGE + 1, action=action))
    told = {
        "entries": found[:PAGE],
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "words": WORDS,
        "action": action,
        "before": before_id,
    }
    return render(request, "settings/audit.html", told)


@require_POST
@page(right="audit")
def exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """A POST, because it writes an entry of its own: a link on a page elsewhere must not be able to."""
    log.note("audit.exported", person=request.user, workspace=workspace, address=address_of(request))
    return csv_file(log.export_csv(workspace), f"seatwise-audit-{clock.wall():%Y-%m-%d}.csv")


def csv_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def address_of(request: HttpRequest) -> str:
    """Where a request came from. What a proxy says of it counts only where the server trusts the proxy."""
    return str(request.META.get("REMOTE_ADDR", ""))
