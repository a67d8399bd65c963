"""Door 1: starts work. Each piece of work is a row of the run table, claimed once and ended once."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import connections
from seatwise.control.models import Connection, Run
from seatwise.sync import intake, probe
from seatwise.sync import run as syncing
from seatwise.sync.run import Outcome, Progress

Report = Callable[[Progress], None]
Way = AbstractAsyncContextManager[Any]


def connect(details: connections.Details) -> tuple[Connection, list[probe.Check]]:
    """Test the details against Microsoft, then store them sealed.

    Errors: AskAdmin or TryLater with the reason; nothing is stored then.
    """
    details = connections.checked(details)
    trial = asyncio.run(connections.tried(details))
    connection = connections.stored(details, trial.tenant_id, "")
    checks, name = asyncio.run(_examined(connections.reached(connection), connection.tenant_id, first_pages=False))
    if name:
        connection.tenant_name = name
        connection.save(update_fields=["tenant_name"])
    return connection, checks


def doctor(tenant: str | None) -> tuple[Connection, list[probe.Check]]:
    """What works of a connection and what does not, with remedies. Errors: AskAdmin when no such connection exists."""
    connection = connections.of_tenant(tenant)
    checks, _ = asyncio.run(_examined(connections.reached(connection), connection.tenant_id, first_pages=True))
    return connection, checks


def sync(tenant: str | None, now: datetime | None, report: Report) -> tuple[Connection, Outcome]:
    """One run over every data set of one connection, up to `now`.

    Errors: AskAdmin, TryLater or Broken when nothing could be read; the run is recorded as failed then.
    """
    connection = connections.of_tenant(tenant)
    row = _claimed(_asked(connection.tenant_id, Run.Kind.SYNC, now or clock.now()))
    try:
        outcome = asyncio.run(_synced(connections.reached(connection), connection.tenant_id, row.as_of, report))
    except BaseException as error:
        _end(row, Run.State.FAILED, {"error": _told(error)})
        raise
    _end(row, Run.State(outcome.state), asdict(outcome))
    return connection, outcome


def import_files(
    paths: list[Path],
    tenant: str | None,
    complete: str | None,
    *,
    dry_run: bool,
    report: Report,
) -> intake.Report:
    """Read exported files into the lake of one tenant.

    tenant:    None for the only connected tenant, else the one the files name.
    Errors:    AskAdmin when the tenant is not clear; files that cannot be read are in the report instead.
    """
    known = list(Connection.objects.values_list("tenant_id", flat=True)[:2])
    named = tenant or (known[0] if len(known) == 1 else None)
    started = clock.now()
    found = intake.read(
        [str(path) for path in paths], connections.places, named, complete, dry_run=dry_run, report=report
    )
    if not dry_run and found.tenant_id:
        row = _claimed(_asked(found.tenant_id, Run.Kind.IMPORT, started))
        _end(row, Run.State.PARTIAL if found.refused else Run.State.DONE, found.to_json())
    return found


async def _examined(way: Way, tenant_id: str, *, first_pages: bool) -> tuple[list[probe.Check], str]:
    async with way as graph:
        examined = await probe.examine(graph, connections.places(tenant_id), tenant_id, first_pages=first_pages)
    return examined.checks, examined.tenant_name


async def _synced(way: Way, tenant_id: str, now: datetime, report: Report) -> Outcome:
    async with way as graph:
        return await syncing.run(connections.places(tenant_id), graph, tenant_id, now, report)


def _asked(tenant_id: str, kind: Run.Kind, as_of: datetime) -> Run:
    return Run.objects.create(tenant_id=tenant_id, kind=kind, as_of=as_of, created_at=clock.now())


def _claimed(row: Run) -> Run:
    """The row, now ours alone. One conditional UPDATE decides between several who want it."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    won = Run.objects.filter(pk=row.pk, state=Run.State.WAITING).update(state=Run.State.RUNNING, claimed_by=me)
    if not won:
        raise AskAdmin(code="run_taken", sentence="Another process has already taken this run. Wait for it to end.")
    row.refresh_from_db()
    return row


def _end(row: Run, state: Run.State, outcome: dict[str, object]) -> None:
    Run.objects.filter(pk=row.pk, state=Run.State.RUNNING).update(state=state, outcome=outcome, ended_at=clock.now())


def _told(error: BaseException) -> dict[str, str]:
    if isinstance(error, SeatwiseError):
        return {"code": error.code, "sentence": error.sentence}
    return {"code": type(error).__name__, "sentence": "The run was stopped."}
