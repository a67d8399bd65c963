"""Points Django, in this process, at a fresh database: SQLite in a data folder, or PostgreSQL."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.postgres import Server


def _passing_folder() -> Path:
    """Gone when the tests end."""
    folder = tempfile.mkdtemp(prefix="seatwise-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")
# The settings make a signing key where they are read; without this it would lie in the checkout.
if "SEATWISE_DATA" not in os.environ:
    os.environ["SEATWISE_DATA"] = str(_passing_folder())

_numbers = itertools.count(1)
_migrated: dict[Server | None, Path | str] = {}


@contextmanager
def fresh(folder: Path, server: Server | None = None, *, migrated: bool = True) -> Iterator[str]:
    """A new data folder with a database at today's shape (or an empty one), until the block ends.

    Yields what DATABASE_URL has to hold for other processes: empty for SQLite.
    """
    if server is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if migrated:
            shutil.copyfile(_sqlite_at_todays_shape(), folder / "seatwise.sqlite3")
        with _used(folder, ""):
            yield ""
        return
    name = f"seatwise_{os.getpid()}_{next(_numbers)}"
    url = server.create(name, _postgres_at_todays_shape(server) if migrated else None)
    try:
        with _used(folder, url):
            yield url
    finally:
        server.drop(name)


@contextmanager
def _used(folder: Path, url: str) -> Iterator[None]:
    import django
    from django.conf import settings
    from django.db import connections

    from seatwise.server import environment

    django.setup()
    before, data, told = connections.databases["default"], settings.DATA, os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    _point(connections.configure_settings({"default": environment.database(folder)})["default"])
    settings.DATA = folder
    try:
        yield
    finally:
        settings.DATA = data
        _point(before)
        del os.environ["DATABASE_URL"]
        if told is not None:
            os.environ["DATABASE_URL"] = told


def _point(told: dict[str, Any]) -> None:
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = told


def _sqlite_at_todays_shape() -> Path:
    if None not in _migrated:
        folder = _passing_folder()
        with fresh(folder, migrated=False):
            _migrate()
        _migrated[None] = folder / "seatwise.sqlite3"
    return Path(_migrated[None])


def _postgres_at_todays_shape(server: Server) -> str:
    if server not in _migrated:
        name = f"shape_{os.getpid()}"
        with _used(_passing_folder(), server.create(name)):
            _migrate()
        _migrated[server] = name
    return str(_migrated[server])


def _migrate() -> None:
    from seatwise.server.start import start

    start()
