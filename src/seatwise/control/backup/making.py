"""Takes a backup while everything goes on."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, TryLater
from seatwise.control.backup import rows
from seatwise.control.backup.container import FORMAT, HEAD, KEYS_HEAD, ROWS, SQLITE, Pack, part, plainly


@dataclass(frozen=True)
class Made:
    """What a backup holds. n_bytes: size of the file; tenants: whose lake is in it."""

    n_files: int
    n_bytes: int
    tenants: tuple[str, ...]


def write(file: Path, keys_file: Path | None = None) -> Made:
    """The database as of now, then the lake; syncs go on meanwhile. keys_file: where the keys go, never into `file`.

    Errors: AskAdmin when a file is there already or cannot be written; TryLater while old files are cleared away.
    """
    from django.conf import settings

    data = Path(settings.DATA)
    for one in (file, keys_file):
        if one is not None and one.exists():
            raise AskAdmin(
                code="file_exists", sentence=f"{one} is there already. Name another file; nothing was written."
            )
    with plainly(file):
        with part(file) as out:
            made = _packed(out, data)
        if keys_file is not None:
            with part(keys_file) as out:
                _pack_keys(out, data)
    return Made(made.n_files, file.stat().st_size, made.tenants)


def _packed(out: BinaryIO, data: Path) -> Made:
    from django.db import connection

    from seatwise.lake import copying
    from seatwise.lake.places import Places

    pack = Pack(out)
    head = {"format": FORMAT, "made_at": clock.format_time(clock.wall()), "database": connection.vendor}
    pack.text(HEAD, {**head, "migrations": rows.applied()})
    # The database first: a run that it knows as done has left all its rows in the lake that is copied after it.
    with tempfile.TemporaryDirectory(prefix="seatwise-backup-", dir=data) as folder:
        copy = Path(folder) / "database"
        if connection.vendor == "sqlite":
            _copy_sqlite(copy)
            pack.file(SQLITE, copy)
        else:
            rows.copy(copy)
            pack.file(ROWS, copy)
    homes = sorted(path for path in (data / "lake").glob("*") if path.is_dir())
    for home in homes:
        try:
            for piece in copying.pieces(Places(data, home.name)):
                pack.file(f"lake/{home.name}/{piece.name}", piece.source)
        except FileNotFoundError as error:
            raise TryLater(
                code="lake_moving",
                sentence="Old files were cleared away while they were copied. Run the backup again.",
                detail=str(error),
            ) from error
    n_files = len(pack.sums)
    pack.end()
    return Made(n_files, 0, tuple(home.name for home in homes))


def _copy_sqlite(copy: Path) -> None:
    from django.conf import settings

    source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, timeout=30)
    try:
        target = sqlite3.connect(copy)
        with target:
            source.backup(target)
        target.close()
    finally:
        source.close()


def _pack_keys(out: BinaryIO, data: Path) -> None:
    pack = Pack(out)
    pack.text(KEYS_HEAD, {"format": FORMAT, "made_at": clock.format_time(clock.wall())})
    for path in sorted((data / "keys").glob("*")):
        if path.is_file():
            pack.file(f"keys/{path.name}", path)
    pack.end()
