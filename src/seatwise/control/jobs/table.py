"""The run table: asked for once, claimed by one conditional UPDATE, ended only by the newest claim."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.models import Connection, Person, Run

STALE = timedelta(seconds=30)
# A run that has taken its worker with it this often will do so again.
MAX_CLAIMS = 20
OPEN = (Run.State.WAITING, Run.State.RUNNING)

Word = Literal["go", "cancel", "lost"]


def ask_sync(
    tenant_id: str, *, by: Person | None = None, trigger: str = Run.Trigger.PERSON, as_of: datetime | None = None
) -> Run:
    """The one waiting or running sync of this tenant, made when there is none.

    Errors: AskAdmin `not_connected` when the tenant has no connection that could be used.
    """
    tenant_id = tenant_id.lower()
    with transaction.atomic():
        # Whoever asks for this tenant queues here, so that two never make a run each.
        connection = Connection.objects.select_for_update().filter(tenant_id=tenant_id).first()
        if connection is None or connection.state == Connection.State.DISCONNECTED:
            raise AskAdmin(code="not_connected", sentence="This tenant is not connected. Connect it, then sync.")
        found = Run.objects.filter(tenant_id=tenant_id, kind=Run.Kind.SYNC, state__in=OPEN).order_by("created_at")
        if (running := found.first()) is not None:
            return running
        row = _made(tenant_id, Run.Kind.SYNC, trigger, by, as_of or clock.now())
        if by is not None:
            audit.note(
                "sync.asked", person=by, workspace=connection.workspace, tenant_id=tenant_id, subject=str(row.pk)
            )
    return row


def recorded(tenant_id: str, state: str, outcome: dict[str, Any], as_of: datetime) -> Run:
    """An import that has just ended, written down."""
    row = _made(tenant_id, Run.Kind.IMPORT, Run.Trigger.COMMAND, None, as_of)
    now = clock.wall()
    row.state, row.outcome, row.started_at, row.ended_at = state, outcome, row.created_at, now
    row.claimed_by, row.n_claims = me(), 1
    row.save()
    return row


def _made(tenant_id: str, kind: str, trigger: str, by: Person | None, as_of: datetime) -> Run:
    return Run.objects.create(
        tenant_id=tenant_id, kind=kind, trigger=trigger, asked_by=by, as_of=as_of, created_at=clock.wall()
    )


def cancel(by: Person | None, run_id: UUID | str) -> Run:
    """Ask a run to end; one that nobody works at ends here and now. Harmless for a run that has ended.

    Errors: Run.DoesNotExist.
    """
    row = Run.objects.get(pk=run_id)
    now = clock.wall()
    idle = Run.objects.filter(pk=run_id).filter(
        Q(state=Run.State.WAITING) | Q(state=Run.State.RUNNING, heartbeat_at__lt=now - STALE)
    )
    asked = bool(idle.update(state=Run.State.CANCELLED, cancel_asked_at=now, ended_at=now, n_claims=F("n_claims") + 1))
    if not asked:
        running = Run.objects.filter(pk=run_id, state=Run.State.RUNNING, cancel_asked_at=None)
        asked = bool(running.update(cancel_asked_at=now))
    if asked and by is not None:
        connection = Connection.objects.select_related("workspace").filter(tenant_id=row.tenant_id).first()
        workspace = connection.workspace if connection else None
        audit.note("sync.cancelled", person=by, workspace=workspace, tenant_id=row.tenant_id, subject=str(row.pk))
    row.refresh_from_db()
    return row


def claim(worker: str = "", *, only: Run | None = None, as_of: datetime | None = None) -> Run | None:
    """The next run, now ours alone, or None: one that waits, or one whose worker is gone.

    only:   this run or none.
    as_of:  the run's now; otherwise that of the moment it is first claimed at.
    """
    for row in _claimable() if only is None else _claimable().filter(pk=only.pk):
        if row.state == Run.State.RUNNING and not _is_left(row):
            continue
        # The number of claims is the fence: whoever read an older one changes nothing any more.
        mine = Run.objects.filter(pk=row.pk, state=row.state, n_claims=row.n_claims)
        if row.n_claims >= MAX_CLAIMS:
            _given_up(mine)
            continue
        now = clock.wall()
        is_fresh = row.n_claims == 0 and row.trigger != Run.Trigger.COMMAND
        won = mine.update(
            state=Run.State.RUNNING,
            claimed_by=worker or me(),
            heartbeat_at=now,
            started_at=Coalesce(F("started_at"), now),
            n_claims=row.n_claims + 1,
            as_of=as_of or (clock.now() if is_fresh else row.as_of),
        )
        if won:
            row.refresh_from_db()
            return row
    return None


def is_due() -> bool:
    """Whether there is something to claim."""
    return any(row.state == Run.State.WAITING or _is_left(row) for row in _claimable())


def beat(row: Run, progress: dict[str, Any]) -> Word:
    """A sign of life and how far the run is. `lost`: another has taken it, so whatever we do no longer counts."""
    alive = _mine(row).update(heartbeat_at=clock.wall(), progress=progress)
    if not alive:
        return "lost"
    is_asked = Run.objects.filter(pk=row.pk, cancel_asked_at__isnull=False).exists()
    return "cancel" if is_asked else "go"


def end(row: Run, state: str, outcome: dict[str, Any]) -> bool:
    """The run's end, once. False when it is not ours to end any more."""
    return bool(_mine(row).update(state=state, outcome=outcome, ended_at=clock.wall()))


def give_back(row: Run) -> None:
    """Let another worker go on with it at once."""
    _mine(row).update(state=Run.State.WAITING, claimed_by="", heartbeat_at=None)


def me() -> str:
    """host:process:start, so that others of this machine see at once when we are gone."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{_started(os.getpid())}"


def _mine(row: Run) -> QuerySet[Run]:
    return Run.objects.filter(pk=row.pk, state=Run.State.RUNNING, n_claims=row.n_claims)


def _claimable() -> QuerySet[Run]:
    return Run.objects.filter(state__in=OPEN).order_by("created_at")


def _is_left(row: Run) -> bool:
    """Whether its worker is gone: no sign of life for long, or known to be dead on this machine."""
    if row.heartbeat_at is None or row.heartbeat_at < clock.wall() - STALE:
        return True
    host, _, rest = row.claimed_by.partition(":")
    number, _, started = rest.partition(":")
    if host != socket.gethostname()[:80] or not number.isdigit() or not started:
        return False
    return _started(int(number)) != started


def _started(process: int) -> str:
    """When a process started, in the system's own count; empty when there is none."""
    try:
        text = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return ""
    # The name in parentheses may hold anything, so count from behind it. A zombie works no more.
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _given_up(mine: QuerySet[Run]) -> None:
    error = {
        "code": "run_crashes",
        "sentence": f"The run was started {MAX_CLAIMS} times and its process ended each time, perhaps for lack of "
        "memory. Look at the worker's log, then start it again.",
    }
    mine.update(state=Run.State.FAILED, outcome={"error": error}, ended_at=clock.wall())
