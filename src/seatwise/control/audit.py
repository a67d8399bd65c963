"""Who did what and when: written once, read by a page, handed out as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.db.models import Q, QuerySet

from seatwise.base import clock
from seatwise.base.logs import masked
from seatwise.base.spreadsheets import csv_line, guarded
from seatwise.control.models import AuditEntry, Membership, Person, Workspace

# What concerns every workspace of the install, though it was done in none.
_OF_ALL: Final = ("keys.rotated",)
_COLUMNS: Final = ("at", "person", "action", "subject", "detail", "address", "tenant_id")


def note(
    action: str,
    *,
    person: Person | None = None,
    workspace: Workspace | None = None,
    tenant_id: str = "",
    subject: str = "",
    detail: Mapping[str, object] | None = None,
    address: str = "",
) -> None:
    """One entry, in the transaction of the caller: what is undone was not done.

    action:  a word like "connection.connected"; address: where the request came from.
    """
    AuditEntry.objects.create(
        at=clock.wall(),
        person_id=None if person is None else person.pk,
        person_name=("" if person is None else f"{person.name} ({person.email})")[:254],
        workspace_id=None if workspace is None else workspace.pk,
        tenant_id=tenant_id or (workspace.tenant_id if workspace is not None else None) or "",
        action=action,
        subject=masked(subject)[:254],
        detail=json.loads(masked(json.dumps(dict(detail or {}), default=str))),
        address=address[:45],
    )


def entries(
    workspace: Workspace, *, before_id: int | None = None, limit: int = 50, action: str = ""
) -> list[AuditEntry]:
    """Newest first: what was done in the workspace, and the sign-ins and the like of its members.

    before_id: only older ones than this entry.
    """
    found = _of(workspace)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if action:
        found = found.filter(action=action)
    return list(found.order_by("-pk")[:limit])


def export_csv(workspace: Workspace) -> str:
    """Every entry, oldest first. A text that a spreadsheet would run as a formula is led by an apostrophe."""
    lines = [csv_line(_COLUMNS)]
    for entry in _of(workspace).order_by("pk").iterator(chunk_size=1000):
        detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""
        at = clock.format_time(entry.at)
        told = (at, entry.person_name, entry.action, entry.subject, detail, entry.address, entry.tenant_id)
        lines.append(csv_line(map(guarded, told)))
    return "".join(lines)


def _of(workspace: Workspace) -> QuerySet[AuditEntry]:
    members = Membership.objects.filter(workspace=workspace).values("person_id")
    nowhere = Q(workspace_id=None) & (Q(person_id__in=members) | Q(action__in=_OF_ALL))
    return AuditEntry.objects.filter(Q(workspace_id=workspace.pk) | nowhere)
