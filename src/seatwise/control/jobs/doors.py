"""Work that a person asks for and waits for, on the command line."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from seatwise.control.jobs import table
from seatwise.control.jobs.watch import Stopped
from seatwise.control.jobs.work import Report, perform
from seatwise.control.models import Connection, Run

if TYPE_CHECKING:
    from seatwise.control.connections import Details
    from seatwise.sync import intake, probe
    from seatwise.sync.run import Outcome


def connect(details: Details) -> tuple[Connection, list[probe.Check]]:
    """Test the details against Microsoft, then store them sealed.

    Errors: AskAdmin or TryLater with the reason; nothing is stored then.
    """
    from seatwise.control import connections

    details = connections.checked(details)
    trial = asyncio.run(connections.tried(details))
    connection = connections.stored(details, trial)
    checks = connections.test(connection, first_pages=False)
    connection.refresh_from_db()
    return connection, checks


def doctor(tenant: str | None) -> tuple[Connection, list[probe.Check]]:
    """What works of a connection and what does not, with remedies. Errors: AskAdmin when no such connection exists."""
    from seatwise.control import connections

    connection = connections.of_tenant(tenant)
    return connection, connections.test(connection)


def sync(tenant: str | None, now: datetime | None, report: Report) -> tuple[Connection, Outcome]:
    """One run over every data set of one connection, up to `now`.

    Errors: AskAdmin, TryLater or Broken when nothing could be read; the run is recorded as failed then.
            AskAdmin `sync_running` when a worker is at it.
    """
    from seatwise.control import connections

    connection = connections.of_tenant(tenant)
    moment = now or clock.now()
    asked = table.ask_sync(connection.tenant_id, trigger=Run.Trigger.COMMAND, as_of=moment)
    row = table.claim(only=asked, as_of=moment)
    if row is None:
        raise AskAdmin(
            code="sync_running",
            sentence="Another sync of this tenant is running. Wait for it to end, then try again.",
            detail=asked.claimed_by,
        )
    try:
        return connection, perform(row, report)
    except Stopped as stopped:
        raise _ended(stopped) from stopped


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
    from seatwise.control import persons
    from seatwise.sync import intake

    known = list(Connection.objects.values_list("tenant_id", flat=True)[:2])
    named = tenant or (known[0] if len(known) == 1 else None)
    started = clock.now()
    found = intake.read(
        [str(path) for path in paths], persons.places_to_write, named, complete, dry_run=dry_run, report=report
    )
    if not dry_run and found.tenant_id:
        state = Run.State.PARTIAL if found.refused else Run.State.DONE
        table.recorded(found.tenant_id, state, found.to_json(), started)
    return found


def _ended(stopped: Stopped) -> SeatwiseError:
    if stopped.why == "cancel":
        return AskAdmin(code="run_cancelled", sentence="The sync was cancelled. What was read so far is kept.")
    return TryLater(
        code="run_stopped",
        sentence="The sync was stopped. What was read so far is kept; run the command again to go on.",
    )
