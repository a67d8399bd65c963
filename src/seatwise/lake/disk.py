"""Writing so that it stays written, and telling plainly when the disk does not let us."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake.exceptions import DeltaError

from seatwise.base.errors import Broken

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
def plain_disk_errors() -> Iterator[None]:
    """Turn what the disk says into one of ours. Nothing of the step inside is visible afterwards.

    Raises Broken with code `disk_full` or `disk_failed`.
    """
    try:
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
