"""Does one claimed import of files that a person handed in, and tells its account."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control.jobs import table, uploads
from seatwise.control.jobs.watch import Stopped, Watch
from seatwise.control.models import Run, Workspace

if TYPE_CHECKING:
    from seatwise.sync import intake
    from seatwise.sync.progress import Progress

_QUEUE_EVERY_S: Final = 1.0
log = logging.getLogger("seatwise.jobs")


def perform_import(row: Run, watch: Watch) -> None:
    """Do a claimed import inside its watch. Nothing is raised for what is wrong with the files: that is its account.

    Errors: Stopped; AskAdmin, Broken when nothing could be read. The run has been ended with it then, and the files
    are gone, unless another worker is to go on with them.
    """
    asked = row.outcome.get("asked", {})
    try:
        found = _read(row, asked, watch)
    except Stopped as stopped:
        if stopped.why == "cancel":
            _end(row, Run.State.CANCELLED, {"asked": asked, **watch.told()})
        elif stopped.why == "leave":
            table.give_back(row)
        raise
    except BaseException as error:
        told = {"code": type(error).__name__, "sentence": "The import was stopped."}
        if isinstance(error, SeatwiseError):
            told = {"code": error.code, "sentence": error.sentence}
        _end(row, Run.State.FAILED, {"asked": asked, "error": told, **watch.told()})
        raise
    account = _shown(found.to_json() | {"notes": found.notes}, str(uploads.place(row.pk)))
    nothing = bool(found.refused) and not found.received
    state = Run.State.FAILED if nothing else Run.State.PARTIAL if found.refused else Run.State.DONE
    _end(row, state, {"asked": asked, **account, **watch.told()})


def _end(row: Run, state: str, outcome: dict[str, Any]) -> None:
    if not table.end(row, state, outcome):
        raise Stopped("lost")
    uploads.forget(row.pk)


def _read(row: Run, asked: Mapping[str, Any], watch: Watch) -> intake.Report:
    from seatwise.control import connections
    from seatwise.sync import intake
    from seatwise.sync.progress import Progress

    def hear(step: Progress) -> None:
        watch.take(step)
        if watch.why is not None:
            # Between two files, or before anything is written: a safe point.
            raise Stopped(watch.why)

    folder = uploads.place(row.pk)
    if not folder.is_dir():
        raise AskAdmin(code="files_gone", sentence="The files are no longer there. Hand them in again.")
    while True:
        # Whoever holds the tenant's folder is waited for before the files are read, not after.
        _wait_for(connections.places(row.tenant_id), lambda: hear(Progress("import", "wait")))
        try:
            complete = str(asked.get("complete") or "") or None
            return intake.read([str(folder)], connections.places, row.tenant_id, complete, report=hear)
        except AskAdmin as error:
            if error.code != "sync_running":
                raise


def _wait_for(places: Any, tell: Any) -> None:
    from seatwise.sync.lock import alone

    while True:
        try:
            with alone(places):
                return
        except AskAdmin as error:
            if error.code != "sync_running":
                raise
        tell()
        time.sleep(_QUEUE_EVERY_S)


def _shown(account: dict[str, Any], folder: str) -> dict[str, Any]:
    """The account with the names people gave their files, not where we kept them."""

    def named(text: str) -> str:
        head, found, rest = text.partition(f"{folder}/")
        return head + rest.partition("/")[2] if found else text

    account["refused"] = [{**one, "path": named(one["path"])} for one in account["refused"]]
    account["notes"] = [named(note) for note in account["notes"]]
    return account


@dataclass(frozen=True)
class ImportAccount:
    """An import as its page shows it.

    received = kept + unchanged + set aside, in total and for each kind; None while nothing is counted.
    kinds:      (kind, received, kept, unchanged, set aside). set_aside: (kind, reason, number).
    refused:    (file, reason). error: why nothing was read at all.
    """

    id: UUID
    state: str
    is_ended: bool
    is_cancelling: bool
    asked_by: str
    created_at: datetime
    ended_at: datetime | None
    phase: str
    n_read: int
    files: tuple[str, ...]
    n_bytes: int
    complete: str
    received: int | None = None
    kept: int = 0
    unchanged: int = 0
    n_set_aside: int = 0
    kinds: tuple[tuple[str, int, int, int, int], ...] = ()
    set_aside: tuple[tuple[str, str, int], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""


def imports(workspace: Workspace, limit: int = 10) -> list[ImportAccount]:
    """The newest imports of a workspace's tenant, by page or command."""
    return [_account(run) for run in _runs(workspace)[:limit]]


def import_account(workspace: Workspace, run_id: UUID) -> ImportAccount | None:
    """One import; None when it is not of this workspace's tenant."""
    run = _runs(workspace).filter(pk=run_id).first()
    return None if run is None else _account(run)


def _runs(workspace: Workspace) -> Any:
    found = Run.objects.filter(tenant_id=workspace.tenant_id or "", kind=Run.Kind.IMPORT)
    return found.select_related("asked_by").order_by("-created_at")


def _account(run: Run) -> ImportAccount:
    told, asked = run.outcome, run.outcome.get("asked", {})
    steps = list((run.progress.get("steps") or {}).values()) if run.ended_at is None else []
    kinds = told.get("by_kind") or {}
    aside = tuple((one["kind"], one["reason"], one["n"]) for one in told.get("set_aside") or [])
    return ImportAccount(
        id=run.pk,
        state=run.state,
        is_ended=run.ended_at is not None,
        is_cancelling=run.ended_at is None and run.cancel_asked_at is not None,
        asked_by=str(run.asked_by) if run.asked_by else "",
        created_at=run.created_at,
        ended_at=run.ended_at,
        phase=str(steps[-1][0]) if steps else "",
        n_read=int(steps[-1][1]) if steps else 0,
        files=tuple(asked.get("files", ())),
        n_bytes=int(asked.get("n_bytes", 0)),
        complete=str(asked.get("complete", "")),
        received=told.get("received"),
        kept=told.get("kept", 0),
        unchanged=told.get("unchanged", 0),
        n_set_aside=sum(n for *_, n in aside),
        kinds=tuple(
            (kind, row["received"], row["kept"], row["unchanged"], row["set_aside"]) for kind, row in kinds.items()
        ),
        set_aside=aside,
        refused=tuple((one["path"], one["reason"]) for one in told.get("refused") or []),
        notes=tuple(told.get("notes") or ()),
        error=str((told.get("error") or {}).get("sentence", "")),
    )
