"""Does one claimed run and ends it, once; for a sync, with what followed from it."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import connection as database
from django.db import transaction

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import notices
from seatwise.control.jobs import importing, schedule, table
from seatwise.control.jobs.watch import Stopped, Watch
from seatwise.control.models import Connection, Notice, Run

if TYPE_CHECKING:
    from seatwise.lake.places import Places
    from seatwise.sync.progress import Outcome, Progress

Report = Callable[["Progress"], None]
FIRST_USAGE = "first_usage"
_QUEUE_EVERY_S = 1.0
log = logging.getLogger("seatwise.jobs")


def work(row: Run, *, parent: int | None = None) -> Run:
    """Do a claimed run to its end. Nothing is raised for what went wrong with it: that stands in the run."""
    try:
        if row.kind == Run.Kind.IMPORT:
            _import(row, parent)
        else:
            perform(row, _nowhere, parent=parent, is_patient=True)
    except Stopped as stopped:
        log.info("run %s stopped: %s", row.pk, stopped.why)
    except SeatwiseError as error:
        log.info("run %s failed: %s", row.pk, error)
    row.refresh_from_db()
    return row


def _import(row: Run, parent: int | None) -> None:
    if row.cancel_asked_at is not None:
        table.end(row, Run.State.CANCELLED, row.outcome)
        raise Stopped("cancel")
    with Watch(row, parent) as watch, _told_by_signal(watch):
        importing.perform_import(row, watch)


def perform(row: Run, report: Report, *, parent: int | None = None, is_patient: bool = False) -> Outcome:
    """Do a claimed run; `report` hears each step.

    is_patient:  wait for another process that holds the tenant's folder (an import) instead of failing.
    Errors:      AskAdmin, TryLater or Broken when nothing could be read; Stopped. The run has been ended with it then.
    """
    if row.cancel_asked_at is not None:
        table.end(row, Run.State.CANCELLED, {})
        raise Stopped("cancel")
    with Watch(row, parent) as watch:
        try:
            with _told_by_signal(watch):
                outcome = _synced(row, watch, report, is_patient)
        except Stopped as stopped:
            _stopped(row, stopped, watch)
            raise
        except BaseException as error:
            _failed(row, error, watch)
            raise
    _done(row, outcome, watch)
    return outcome


def _synced(row: Run, watch: Watch, report: Report, is_patient: bool) -> Outcome:
    # Loaded here, so that a process that only looks for work stays small.
    from seatwise.control import connections, persons
    from seatwise.sync import run as syncing

    def hear(step: Progress) -> None:
        watch.take(step)
        report(step)

    def known_now() -> Places:
        # Asked for by a thread of its own, which must leave no connection behind.
        try:
            return persons.places_to_write(row.tenant_id)
        finally:
            database.close()

    async def read(way: AbstractAsyncContextManager[Any]) -> Outcome:
        async with way as graph:
            places = connections.places(row.tenant_id)
            return await syncing.run(places, graph, row.tenant_id, row.as_of, hear, known_now)

    connection = connections.of_tenant(row.tenant_id)
    while True:
        try:
            return asyncio.run(watch.guarded(read(connections.reached(connection))))
        except AskAdmin as error:
            if error.code != "sync_running" or not is_patient:
                raise
        time.sleep(_QUEUE_EVERY_S)


def _done(row: Run, outcome: Outcome, watch: Watch) -> None:
    with transaction.atomic():
        if not table.end(row, Run.State(outcome.state), asdict(outcome) | watch.told()):
            raise Stopped("lost")
        _follow(row, outcome=outcome)


def _failed(row: Run, error: BaseException, watch: Watch) -> None:
    is_wish = isinstance(error, KeyboardInterrupt)
    told = {"error": _told(error), **watch.told()}
    with transaction.atomic():
        ours = table.end(row, Run.State.CANCELLED if is_wish else Run.State.FAILED, told)
        if ours and isinstance(error, SeatwiseError):
            _follow(row, error=error)


def _stopped(row: Run, stopped: Stopped, watch: Watch) -> None:
    if stopped.why == "cancel":
        table.end(row, Run.State.CANCELLED, watch.told())
    elif stopped.why == "leave":
        table.give_back(row)


def _follow(row: Run, *, outcome: Outcome | None = None, error: SeatwiseError | None = None) -> None:
    """What a run's end means for its connection and for people."""
    from seatwise.control import connections

    try:
        with transaction.atomic():
            connection = Connection.objects.select_related("workspace").get(tenant_id=row.tenant_id)
            if outcome is not None:
                connections.judge(connection, outcome=outcome)
                _tell_first_usage(connection, outcome)
            else:
                connections.judge(connection, error=error)
            schedule.plan_next(connection, error)
    except Exception:
        # The run itself is over and true; what follows from it is done again by the next one.
        log.exception("what follows from run %s could not be written", row.pk)


def _tell_first_usage(connection: Connection, outcome: Outcome) -> None:
    counted = outcome.datasets.get("sign_ins")
    if counted is None or not counted.rows:
        return
    if Notice.objects.filter(workspace=connection.workspace, code=FIRST_USAGE).exists():
        return
    name = connection.tenant_name or "your tenant"
    notices.tell(
        connection.workspace,
        FIRST_USAGE,
        f"First usage of {name} is there: {counted.rows:,} sign-ins were read. See who uses which app under Apps.",
    )


class _told_by_signal:  # noqa: N801 - reads as a statement where it is used
    """SIGTERM hands the work back; SIGINT is left to the command line."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, lambda *_: self._watch.stop("leave"))

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._before or signal.SIG_DFL)


def _nowhere(_step: Progress) -> None:
    return None


def _told(error: BaseException) -> dict[str, Any]:
    if isinstance(error, SeatwiseError):
        return {"code": error.code, "sentence": error.sentence}
    return {"code": type(error).__name__, "sentence": "The run was stopped."}
