"""Files that people hand in by the page: kept apart, whole, until their run has read them."""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit
from seatwise.control.models import Person, Run, Workspace

MOST_FILES: Final = 200
_LEFT_S: Final = 86_400
_LONGEST_NAME: Final = 120
# What no file system we know takes, or what would lead elsewhere; a leading dot would hide the file.
_ODD: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def ask_import(by: Person, workspace: Workspace, files: Sequence[UploadedFile[Any]], complete: str = "") -> Run:
    """A waiting run that reads these files into the workspace's tenant; they are on disk when it exists.

    complete:  stretch of time they are vouched to hold completely, FROM/TO.
    Errors:    AskAdmin `no_files`, `too_many_files`, `not_connected`, `complete_unclear`, `disk_full`; nothing is
               kept then. NotYours, AskAdmin `not_allowed` without the right.
    """
    from seatwise.sync.intake_windows import Vouched

    access.demand(by, workspace, "sync")
    if not files:
        raise AskAdmin(code="no_files", sentence="Choose at least one file, then import.")
    if len(files) > MOST_FILES:
        raise AskAdmin(
            code="too_many_files",
            sentence=f"These are {len(files):,} files. Hand in at most {MOST_FILES} at once, or pack them into a zip.",
        )
    if workspace.tenant_id is None:
        raise AskAdmin(
            code="not_connected",
            sentence="This company has no tenant yet. Connect Microsoft Entra ID first, or import on the command line.",
        )
    Vouched.of(complete)
    number = uuid.uuid4()
    names = _kept(number, files)
    row = Run.objects.create(
        id=number,
        tenant_id=workspace.tenant_id,
        kind=Run.Kind.IMPORT,
        trigger=Run.Trigger.PERSON,
        asked_by=by,
        as_of=clock.now(),
        created_at=clock.wall(),
        outcome={"asked": {"files": names, "complete": complete, "n_bytes": sum(file.size or 0 for file in files)}},
    )
    told = {"files": len(files), "bytes": sum(file.size or 0 for file in files), "complete": complete}
    audit.note("import.asked", person=by, workspace=workspace, subject=", ".join(names), detail=told)
    return row


def place(run_id: uuid.UUID) -> Path:
    """The folder of a run's files: a numbered folder for each, since two may bear one name."""
    return waiting() / str(run_id)


def waiting() -> Path:
    return Path(settings.DATA) / "uploads"


def forget(run_id: uuid.UUID) -> None:
    """The files of a run that needs them no more."""
    shutil.rmtree(place(run_id), ignore_errors=True)


def sweep() -> None:
    """Remove the files of runs that have ended, and what an interrupted upload left a day ago."""
    if not waiting().is_dir():
        return
    for folder in waiting().iterdir():
        if not folder.is_dir() or (run_id := _id_of(folder.name)) is None:
            _old(folder)
            continue
        run = Run.objects.filter(pk=run_id).first()
        if run is None:
            _old(folder)
        elif run.ended_at is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _old(path: Path) -> None:
    if path.stat().st_mtime < time.time() - _LEFT_S:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _id_of(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def _kept(number: uuid.UUID, files: Sequence[UploadedFile[Any]]) -> list[str]:
    """Write the files down; their names in order. Nothing is left when it fails."""
    part = waiting() / f"{number}.part"
    try:
        part.mkdir(mode=0o700, parents=True)
        names = [_write(part / str(at), file) for at, file in enumerate(files)]
        part.rename(place(number))
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise AskAdmin(
            code="disk_full",
            sentence="There is no room for these files in the data folder. Make room, then hand them in again.",
            detail=str(error),
        ) from error
    return names


def _write(folder: Path, file: UploadedFile[Any]) -> str:
    folder.mkdir(mode=0o700)
    name = plain_name(file.name)
    on_disk = getattr(file, "temporary_file_path", None)
    if on_disk is not None:
        # It was streamed into this very folder's disk: a link costs nothing, however large it is.
        os.link(on_disk(), folder / name)
        return name
    with (folder / name).open("xb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return name


def plain_name(name: str | None) -> str:
    """A file's own name, without what would lead elsewhere. The ending stays, however long the name is."""
    told = _ODD.sub("_", (name or "").replace("\\", "/").rpartition("/")[2]).strip().lstrip(".")
    stem, dot, ending = told.rpartition(".")
    if dot and len(told) > _LONGEST_NAME and len(ending) < 12:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return told[:_LONGEST_NAME] or "file"
