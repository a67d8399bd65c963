"""When each tenant is read next."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import Q

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from seatwise.control.jobs import table
from seatwise.control.models import Connection, Run

_WORTH_TRYING = (Connection.State.ACTIVE, Connection.State.DEGRADED)
_JITTER = 0.05
_RETRY_MIN = 5


def schedule() -> int:
    """Asks for the syncs that are due; several workers may do it at once. Gives how many."""
    now = clock.wall()
    due = Connection.objects.filter(state__in=_WORTH_TRYING, sync_every_min__gt=0).filter(
        Q(next_sync_at__isnull=True) | Q(next_sync_at__lte=now)
    )
    n_asked = 0
    for connection in due:
        untouched = Connection.objects.filter(pk=connection.pk, next_sync_at=connection.next_sync_at)
        if not untouched.update(next_sync_at=_after(now, connection.sync_every_min)):
            continue
        try:
            table.ask_sync(connection.tenant_id, trigger=Run.Trigger.SCHEDULE)
            n_asked += 1
        except AskAdmin:
            continue  # disconnected meanwhile
    return n_asked


def plan_next(connection: Connection, error: SeatwiseError | None) -> None:
    """After a run: a whole interval from now, sooner when only the network stood in the way."""
    if not connection.sync_every_min:
        return
    now = clock.wall()
    wait_min = connection.sync_every_min
    if isinstance(error, TryLater):
        wait_min = min(wait_min, _RETRY_MIN * 2 ** min(_n_failures(connection.tenant_id), 10))
    Connection.objects.filter(pk=connection.pk).update(next_sync_at=_after(now, wait_min))


def _n_failures(tenant_id: str) -> int:
    """Failures in a row before the newest run."""
    ended = Run.objects.filter(tenant_id=tenant_id, kind=Run.Kind.SYNC, ended_at__isnull=False).order_by("-ended_at")
    n = 0
    for state in ended.values_list("state", flat=True)[1:12]:
        if state != Run.State.FAILED:
            break
        n += 1
    return n


def _after(now: datetime, minutes: int) -> datetime:
    # Spread, so that many installs do not ask Microsoft at the full hour together.
    spread = random.uniform(0, _JITTER * minutes)  # noqa: S311 - not a secret
    return now + timedelta(minutes=minutes + spread)
