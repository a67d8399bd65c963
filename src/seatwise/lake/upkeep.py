"""Keeping the disk small: join small files, drop what no version lists, keep sign-ins and packages as long as asked."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, time, timedelta

from seatwise.base import clock
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.registry import TABLES
from seatwise.lake import derive, packages, tables
from seatwise.lake.disk import plain_disk_errors
from seatwise.lake.places import Places
from seatwise.lake.tables_open import WRITER, alone, open_table, write

KEEP_PACKAGES_DAYS = 30
_KEEP_FILES_HOURS = 24
_MANY_FILES = 8
_EVERY_S = 24 * 3600.0


def compact(places: Places, name: str) -> int:
    """Join the small files of a table, day by day. Returns how many files went. Readers and numbers are untouched."""
    with alone(places, name):
        table = open_table(places, name)
        if table is None:
            return 0
        before = len(table.file_uris())
        n_days = len({tuple(sorted(partition.items())) for partition in table.partitions()}) or 1
        if before - n_days < _MANY_FILES:
            return 0
        with plain_disk_errors():
            table.optimize.compact(writer_properties=WRITER)
        return before - len(table.file_uris())


def vacuum(places: Places, name: str) -> int:
    """Remove files that no version of the last day lists, so that readers keep their files. Returns how many."""
    with alone(places, name):
        table = open_table(places, name)
        if table is None:
            return 0
        with plain_disk_errors():
            removed = table.vacuum(retention_hours=_KEEP_FILES_HOURS, dry_run=False)
            table.cleanup_metadata()
        return len(removed)


def forget_before(places: Places, day: date) -> None:
    """Drop sign-ins of the days before; they cannot be fetched again."""
    with alone(places, SIGN_INS.name):
        if open_table(places, SIGN_INS.name) is not None:
            table = TABLES[SIGN_INS.name]
            write(places, table, table.schema.empty_table(), instead_of=f"day < '{day.isoformat()}'")


def prune(places: Places, keep_days: int = KEEP_PACKAGES_DAYS) -> int:
    """Remove packages sealed long ago, save the newest of each data set and what waits. Returns how many."""
    limit = clock.now() - timedelta(days=keep_days)
    n_removed = 0
    for folder in sorted(places.packages.glob("*")):
        waiting = {package.number for package in tables.pending(places, folder.name)}
        for package in packages.sealed(places, folder.name)[:-1]:
            if package.manifest.sealed_at < limit and package.number not in waiting:
                # Out of sight first: a half-removed folder must never look like a package.
                gone = package.folder.with_name(f".pruned-{package.number}")
                package.folder.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
                n_removed += 1
        for left in folder.glob(".pruned-*"):
            shutil.rmtree(left, ignore_errors=True)
    return n_removed


def daily(places: Places) -> bool:
    """Everything of this module for one tenant, once a day; whether it was done. Call it while the tenant is held.

    What was asked for when nobody had looked before waits for the next day: a first sync leaves little to tidy.
    """
    mark = places.home / ".upkeep"
    with plain_disk_errors():
        now = clock.wall().timestamp()
        is_due = mark.exists() and not 0 <= now - mark.stat().st_mtime < _EVERY_S
        if is_due or not mark.exists():
            mark.touch()
            os.utime(mark, (now, now))
    if is_due:
        upkeep(places)
    return is_due


def upkeep(
    places: Places, *, keep_sign_ins_days: int | None = None, keep_packages_days: int = KEEP_PACKAGES_DAYS
) -> None:
    """Everything of this module for one tenant. keep_sign_ins_days: None keeps them for ever."""
    packages.collect_orphans(places)
    prune(places, keep_packages_days)
    if keep_sign_ins_days is not None:
        today = datetime.combine(clock.now().astimezone(UTC).date(), time(), UTC)
        forget_before(places, (today - timedelta(days=keep_sign_ins_days)).date())
    for name in TABLES:
        compact(places, name)
    # Answers name the versions they read: the new ones are published before the files of the old ones may go.
    derive.rebuild(places)
    for name in TABLES:
        vacuum(places, name)
