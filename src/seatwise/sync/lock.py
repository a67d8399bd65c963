"""One run at a time in the folder of a tenant, however the one before ended."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from seatwise.base.errors import AskAdmin
from seatwise.lake.disk import make_folder, plain_disk_errors
from seatwise.lake.places import Places


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the tenant's folder; the system lets go of it when the process ends.

    Errors: AskAdmin `sync_running` when another process holds it.
    """
    with plain_disk_errors():
        make_folder(places.home)
        handle = os.open(places.home / ".sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise AskAdmin(
                code="sync_running",
                sentence=f"Another sync of this tenant is running (process {other}). "
                "Wait for it to end, then try again.",
            ) from error
        os.pwrite(handle, f"{os.getpid():<20}".encode(), 0)
        yield
    finally:
        os.close(handle)
