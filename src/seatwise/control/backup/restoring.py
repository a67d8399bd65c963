"""Puts a backup back, into an empty folder only."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seatwise.base.errors import AskAdmin
from seatwise.control.backup import rows
from seatwise.control.backup.container import KEYS_HEAD, ROWS, SQLITE, plainly, unpacked

_STAGE = ".restoring"


def restore(
    file: Path, data: Path, *, keys_file: Path | None, vendor: str, start: Callable[[], None]
) -> dict[str, Any]:
    """What a backup holds, put into the data folder, which must be empty save for its keys. Gives the backup's head.

    vendor:  "sqlite" or "postgresql": what this install uses. start: makes the database ready (PostgreSQL only).
    Errors:  AskAdmin; the folder is as it was then.
    """
    if data.exists() and any(path.name != "keys" for path in data.iterdir()):
        raise AskAdmin(
            code="folder_not_empty",
            sentence=f"{data} is not empty, so nothing was restored. Name an empty folder with SEATWISE_DATA.",
        )
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = data / _STAGE
    try:
        with plainly(file):
            head = unpacked(file, stage)
            if head["database"] != vendor:
                raise _other_database(head["database"])
            if keys_file is not None:
                _unpack_keys(keys_file, stage, data)
            if vendor == "postgresql":
                start()
                rows.load(stage / ROWS, head["migrations"])
            if (stage / "lake").is_dir():
                (stage / "lake").rename(data / "lake")
            if vendor == "sqlite":
                # Last: until it is there, the folder holds nothing that a start would take for an install.
                (stage / SQLITE).rename(data / "seatwise.sqlite3")
    except BaseException:
        shutil.rmtree(data / "lake", ignore_errors=True)
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return head


def _unpack_keys(keys_file: Path, stage: Path, data: Path) -> None:
    if (data / "keys").exists() and any((data / "keys").iterdir()):
        raise AskAdmin(code="folder_not_empty", sentence=f"{data / 'keys'} holds keys already; none were put there.")
    unpacked(keys_file, stage / "from-keys", first=KEYS_HEAD)
    (data / "keys").mkdir(mode=0o700, exist_ok=True)
    for path in (stage / "from-keys" / "keys").glob("*"):
        path.chmod(0o600)
        path.rename(data / "keys" / path.name)


def _other_database(vendor: str) -> AskAdmin:
    if vendor == "sqlite":
        remedy = "It holds an SQLite database: restore it without DATABASE_URL."
    else:
        remedy = "It holds a PostgreSQL database: name an empty one with DATABASE_URL."
    return AskAdmin(code="backup_of_other_database", sentence=f"This backup does not fit the settings. {remedy}")
