"""Makes the process, Django and its database ready before a command uses them."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from seatwise.base.errors import AskAdmin
from seatwise.server import environment

_LOCK_NUMBER = 7_328_473  # any number, the same for every process that shares the database


def start() -> None:
    """The data folder (mode 700) and a database at this version's shape, however many processes start at once.

    Errors: AskAdmin when the folder or the database cannot be used, a setting is wrong, or the data is newer than we.
    """
    _be_frugal()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")
    environment.check()
    from django.conf import settings

    data = Path(settings.DATA)
    try:
        for folder in (data, Path(settings.FILE_UPLOAD_TEMP_DIR)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        django.setup()
        with _one_at_a_time(data):
            _write_ahead()
            if _is_behind():
                call_command("migrate", verbosity=0, interactive=False)
                call_command("createcachetable", verbosity=0)
    except (OSError, DatabaseError) as error:
        raise _unusable(data, error) from error


def _write_ahead() -> None:
    """SQLite's readers then never wait for a writer. The file remembers it; only the first to open it changes it.

    Not with each connection: of two that change it at once SQLite refuses one, without waiting.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


def _is_behind() -> bool:
    """Whether there is something to migrate. Errors: AskAdmin `data_newer` when a later version was here."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations or {}
    ahead = sorted(
        name for app, name in executor.loader.applied_migrations if app == "control" and (app, name) not in known
    )
    if ahead:
        raise AskAdmin(
            code="data_newer",
            sentence="The data was written by a newer version of Seatwise than this one, so it is left alone. "
            "Start that version or a later one, or restore a backup that this version made.",
            detail=", ".join(ahead),
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return True
    return "django_cache" not in connection.introspection.table_names()


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Hold the shape of the database: by a file for this machine, by the database itself for several."""
    handle = os.open(data / ".start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_NUMBER])
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_NUMBER])
    finally:
        os.close(handle)


def _unusable(data: Path, error: Exception) -> AskAdmin:
    if connection.vendor == "postgresql" and not isinstance(error, OSError):
        return AskAdmin(
            code="database_unreachable",
            sentence="The database named by DATABASE_URL cannot be used. "
            "Check that it runs, that the name and the password are right, then run the command again.",
            detail=type(error).__name__,
        )
    why = (error.strerror or "it cannot be written") if isinstance(error, OSError) else str(error)
    return AskAdmin(
        code="data_folder",
        sentence=f"The data folder {data} cannot be used ({why}). "
        "Free some space or name another folder with SEATWISE_DATA, then run the command again.",
        detail=repr(error),
    )


def _be_frugal() -> None:
    """Before the first table is read: Arrow looks at its setting once, when it is imported."""
    # Its own pool keeps what it has once used: a sync of 250,000 sign-ins peaked at 571 MiB with it, at 472 without.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # A page is thousands of objects without cycles; at the default the collector walks through it again and again.
    gc.set_threshold(50_000, 20, 20)
