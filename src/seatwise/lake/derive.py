"""Rebuilds the derived tables, a few days at a time, and makes them visible in one commit.

Nothing here is remembered elsewhere than in the lake: a day is due when the files that hold its events are not those
it was derived from. So a run killed anywhere is repaired by the next one, and until then answers see the old state.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from seatwise.base.memory import give_back
from seatwise.catalog import TABLES
from seatwise.lake import derive_sql
from seatwise.lake.derive_shapes import DERIVED_DAYS, INNER_TABLES, PUBLISHED
from seatwise.lake.disk import plain_disk_errors
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake, newest_versions, published_versions
from seatwise.lake.tables_open import open_table, write

# Part of every day's fingerprint: raise it when a rule changes, and every day is derived anew.
RULES = 1
# Days are taken together up to this many events: small tenants need few commits, large ones one day of memory.
EVENTS_AT_ONCE = 100_000
MEMORY_MB = 256
# Two threads took 2.15 CPU s and 40 MiB more for what one did in 1.9, and the same time on the clock.
_THREADS = 1
_BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Derived:
    """What a rebuild did: the days it wrote, and whether seats were counted anew."""

    days: tuple[date, ...]
    seats: bool


def pending(places: Places) -> set[date]:
    """Days whose derived rows do not come from the events that are there now, days that lost all events included."""
    with Lake(places, versions=newest_versions(places)) as newest:
        return _pending(places, newest)


def rebuild(places: Places, days: set[date] | None = None, directory: bool = False) -> Derived:
    """Bring the derived tables up to date and publish them together with the tables they come from.

    days:       to be rewritten besides the pending ones, which are always.
    directory:  count seats anew even when no directory table changed.
    Errors:     Broken when the disk is full; what was published before is still what answers see.
    """
    with plain_disk_errors(), _scratch(places) as scratch:
        before, versions = published_versions(places), newest_versions(places)
        with Lake(places, versions=versions, memory_mb=MEMORY_MB, threads=_THREADS, scratch=scratch) as source:
            due = tuple(sorted(_pending(places, source) | (days or set())))
            marks = write_days(source, due)
            seats = directory or any(before.get(name) != versions.get(name) for name in derive_sql.SEAT_SOURCES)
            if seats:
                source.open(*derive_sql.SEAT_SOURCES)
                _write(source, "seats", derive_sql.seats())
        if due or not derive_sql.TOTALS.keys() <= versions.keys():
            _write_totals(places, versions, scratch)
            _write_marks(places, versions, due, marks)
        if versions != before:
            _publish(places, versions)
        give_back()
        return Derived(due, seats)


def publish_newest(places: Places) -> None:
    """Let answers see every table as it is now; only when nothing waits to be derived."""
    with plain_disk_errors():
        versions = newest_versions(places)
        if versions != published_versions(places):
            _publish(places, versions)


def _pending(places: Places, newest: Lake) -> set[date]:
    wanted = {day: _fingerprint(files.fingerprint) for day, files in newest.days().items()}
    done = _derived(places)
    return {day for day in wanted.keys() | done.keys() if wanted.get(day) != done.get(day)}


def _derived(places: Places) -> dict[date, str]:
    """Day → fingerprint of the events it was derived from, as published."""
    version = published_versions(places).get(DERIVED_DAYS.name)
    table = None if version is None else open_table(places, DERIVED_DAYS.name, version)
    if table is None:
        return {}
    return {row["day"]: row["fingerprint"] for row in pa.table(table.to_pyarrow_table()).to_pylist()}


def _fingerprint(files: str) -> str:
    return f"{RULES}:{files}"


def _batches(source: Lake, days: tuple[date, ...]) -> Iterator[list[date]]:
    known = source.days()
    batch: list[date] = []
    n_rows = 0
    for day in days:
        size = known[day].n_rows if day in known else 0
        if batch and n_rows + size > EVENTS_AT_ONCE:
            yield batch
            batch, n_rows = [], 0
        batch.append(day)
        n_rows += size
    if batch:
        yield batch


def write_days(
    source: Lake, days: tuple[date, ...], names: Collection[str] = derive_sql.DAILY.keys()
) -> list[dict[str, object]]:
    """Rewrite per-day tables. Gives the rows of `derived_days` for the days that have events."""
    source.open("sign_ins")
    known = source.days()
    marks: list[dict[str, object]] = []
    for batch in _batches(source, days):
        source.events_of("batch", batch)
        for name in names:
            _write(source, name, derive_sql.DAILY[name].format(events="batch"), batch)
        found = source.rows(
            "SELECT day, epoch_us(max(created_at)), bool_or(feed <> 'graph') FROM sign_ins"
            " WHERE list_contains(CAST($days AS DATE[]), day) GROUP BY day",
            {"days": batch},
        )
        marks += [
            {
                "day": day,
                "fingerprint": _fingerprint(known[day].fingerprint),
                "last_event_at": newest,
                "is_imported": is_imported,
            }
            for day, newest, is_imported in found
        ]
    return marks


def _write_totals(places: Places, versions: dict[str, int], scratch: Path) -> None:
    with Lake(places, versions=versions, memory_mb=MEMORY_MB, threads=_THREADS, scratch=scratch) as written:
        for name, (daily, question) in derive_sql.TOTALS.items():
            written.open(daily)
            _write(written, name, question.format(**{daily: daily}))


def _write_marks(
    places: Places, versions: dict[str, int], days: tuple[date, ...], marks: list[dict[str, object]]
) -> None:
    """Note what the days were derived from; the fingerprints are of the files that were read, not of newer ones."""
    table = open_table(places, DERIVED_DAYS.name)
    kept = [] if table is None else pa.table(table.to_pyarrow_table()).to_pylist()
    rows = [row for row in kept if row["day"] not in days]
    versions[DERIVED_DAYS.name] = write(
        places, DERIVED_DAYS, pa.Table.from_pylist(rows + marks, DERIVED_DAYS.schema), instead_of="true"
    )


def _publish(places: Places, versions: dict[str, int]) -> None:
    """One commit that makes everything visible: source tables as they were read, derived tables as just written."""
    rows = [{"table_name": name, "version": version} for name, version in sorted(versions.items())]
    write(places, PUBLISHED, pa.Table.from_pylist(rows, PUBLISHED.schema), instead_of="true")


def _write(source: Lake, name: str, question: str, days: Collection[date] | None = None) -> None:
    """Replace a table, or the rows of these days, with what the question gives."""
    table = TABLES.get(name) or INNER_TABLES[name]
    columns = ", ".join(f'"{column}"' for column in table.schema.names)
    order = ", ".join(column for column in table.schema.names if column in ("day", "app_id", "user_id"))
    found = source.connection.sql(f"SELECT {columns} FROM ({question}) ORDER BY {order}")
    batches = (batch.cast(table.schema) for batch in found.to_arrow_reader(_BATCH_ROWS))
    # The writer takes a stream as well: a day is never in memory as a whole.
    rows = pa.RecordBatchReader.from_batches(table.schema, batches)
    only = days if name in source.versions else None
    source.versions[name] = write(source.places, table, rows, instead_of="true" if only is None else only)


@contextmanager
def _scratch(places: Places) -> Iterator[Path]:
    """A folder DuckDB may spill into, gone afterwards; a killed run's is cleared by the next."""
    folder = places.home / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
