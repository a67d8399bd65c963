"""Small chores that nobody asks for: reminders of expiring secrets, and what is over is forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from seatwise.base import clock
from seatwise.control.jobs import uploads
from seatwise.control.models import Connection, Run

KEEP_RUNS = timedelta(days=400)


def tidy() -> None:
    """Harmless however often it is done, and by how many at once."""
    from seatwise.control import connections, events

    for connection in Connection.objects.exclude(state=Connection.State.DISCONNECTED).select_related("workspace"):
        connections.remind(connection)
    connections.sweep()
    now = clock.wall()
    events.tidy(now)
    Session.objects.filter(expire_date__lt=now).delete()
    Run.objects.filter(ended_at__lt=now - KEEP_RUNS).delete()
    uploads.sweep()
