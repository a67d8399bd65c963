"""Cuts the past of stored tables off: what no version lists any more goes, and older versions with it."""

from __future__ import annotations

from pathlib import Path

from deltalake import DeltaTable

from seatwise.catalog.registry import TABLES
from seatwise.lake import derive
from seatwise.lake.derive_shapes import INNER_TABLES, PUBLISHED
from seatwise.lake.disk import plain_disk_errors, sync_folder
from seatwise.lake.places import Places
from seatwise.lake.tables_open import alone, open_table

_DIGITS = 20


def cut(places: Places) -> int:
    """Leave of each table its newest version only, in files and in its log. Gives the number of files that went.

    Call it while the tenant is held and everything is derived. An answer that is being read just now may fail and
    can be asked again. Package numbers stay known.
    """
    names = [name for name in {**TABLES, **INNER_TABLES} if name != PUBLISHED.name]
    n_removed = sum(_clear(places, name) for name in names)
    # Older versions can be opened until here; answers have to name the newest ones first.
    derive.publish_newest(places)
    for name in (*names, PUBLISHED.name):
        _cut_log(places, name)
    return n_removed + _clear(places, PUBLISHED.name)


def _clear(places: Places, name: str) -> int:
    with alone(places, name):
        table = open_table(places, name)
        if table is None:
            return 0
        with plain_disk_errors():
            return len(
                table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
            ) + _empty_folders(places.table(name))


def _empty_folders(folder: Path) -> int:
    for path in folder.glob("day=*"):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return 0


def _cut_log(places: Places, name: str) -> None:
    with alone(places, name):
        table = open_table(places, name)
        if table is None:
            return
        with plain_disk_errors():
            table.create_checkpoint()
            _remove_before(places.table(name) / "_delta_log", DeltaTable(places.table(name)).version())


def _remove_before(log: Path, version: int) -> None:
    # The list of files carries lowest and highest values, so an old entry may name somebody.
    for path in sorted(log.iterdir()):
        digits = path.name[:_DIGITS]
        is_older = digits.isdigit() and int(digits) < version
        if path.is_file() and is_older:
            path.unlink()
    sync_folder(log)
