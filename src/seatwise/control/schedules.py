"""How often a tenant is synced: chosen by a person, kept with the connection."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.models import Connection, Person

MINUTES: Final = (15, 60, 360, 1440, 0)
"""What may be chosen; 0 is only when asked."""


def choose(by: Person, connection: Connection, minutes: int) -> Connection:
    """The next sync is brought forward when the new interval ends sooner, and never put off.

    Errors: AskAdmin schedule_odd for an interval that may not be chosen.
    """
    if minutes not in MINUTES:
        raise AskAdmin(code="schedule_odd", sentence="Choose one of the intervals on the list.")
    due = clock.wall() + timedelta(minutes=minutes)
    planned = connection.next_sync_at
    next_sync_at = None if minutes == 0 else due if planned is None else min(planned, due)
    known = Connection.objects.filter(pk=connection.pk)
    if connection.state == Connection.State.DISCONNECTED:
        next_sync_at = None
    known.update(sync_every_min=minutes, next_sync_at=next_sync_at)
    connection.refresh_from_db()
    audit.note(
        "connection.schedule",
        person=by,
        workspace=connection.workspace,
        tenant_id=connection.tenant_id,
        detail={"every_min": minutes},
    )
    return connection
