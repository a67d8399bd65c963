"""Writing so that it stays written, and telling plainly when the disk does not let us."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake.exceptions import DeltaError

from seatwise.base.errors import Broken

# The table writer's threads panic aloud on a full disk, so a step does not begin without this much room (bytes).
ROOM = 16 * 2**20

_FULL = (errno.ENOSPC, errno.EDQUOT)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, readable by the owner only, each kept through a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


@contextmanager
def plain_disk_errors(folder: Path | None = None) -> Iterator[None]:
    """Turn what the disk says into one of ours. Nothing of the step inside is visible afterwards.

    folder:  where the step will write; refused before it begins when too little room is left there.
    Raises Broken with code `disk_full` or `disk_failed`.
    """
    try:
        if folder is not None and shutil.disk_usage(folder).free < ROOM:
            raise OSError(errno.ENOSPC, f"less than {ROOM >> 20} MiB are free", str(folder))
        yield
    except OSError as error:
        raise _translated(error, full=error.errno in _FULL) from error
    except DeltaError as error:
        text = str(error)
        if "No space left" in text or "os error 28" in text or "quota" in text.lower():
            raise _translated(error, full=True) from error
        raise


def _translated(error: Exception, *, full: bool) -> Broken:
    if full or "No space left" in str(error):
        return Broken(
            code="disk_full",
            sentence="The disk is full. What was stored before is untouched; free some space and run it again.",
            detail=str(error),
        )
    return Broken(
        code="disk_failed",
        sentence="The data folder cannot be read or written. Check the disk and the folder's rights, then run again.",
        detail=str(error),
    )
