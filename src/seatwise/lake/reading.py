"""Reads one tenant's tables through DuckDB: each table once, at one version, with no way out to anything else."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import DeltaTable

from seatwise.catalog import TABLES
from seatwise.catalog.activity import FEEDS
from seatwise.lake.derive_shapes import INNER_TABLES, PUBLISHED
from seatwise.lake.places import Places
from seatwise.lake.tables_open import open_table

_TYPES: dict[pa.DataType, str] = {
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.timestamp("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
    pa.date32(): "DATE",
    pa.string(): "VARCHAR",
}
_RANK = " ".join(f"WHEN '{feed}' THEN {rank}" for rank, feed in enumerate(FEEDS))


@dataclass(frozen=True, slots=True)
class DayFiles:
    """What holds the events of one day.

    feeds:        feeds with an event on that day, None when the files do not say.
    fingerprint:  differs as soon as a file came or went.
    """

    paths: tuple[str, ...]
    n_rows: int
    feeds: frozenset[str] | None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("\n".join(sorted(Path(path).name for path in self.paths)).encode()).hexdigest()[:32]

    @property
    def is_plain(self) -> bool:
        """One feed only, so that every event is one row already."""
        return self.feeds is not None and len(self.feeds) == 1


class Lake:
    """One tenant's tables as views of a DuckDB connection, all of one moment.

    Answers see the tables as they were when the derived ones were last completed (`lake.derive`), so what is being
    written now, or was left half done by a killed run, is invisible. A table that was never read is an empty view.
    """

    def __init__(
        self,
        places: Places,
        *,
        versions: dict[str, int] | None = None,
        memory_mb: int = 1024,
        threads: int | None = None,
        scratch: Path | None = None,
    ) -> None:
        """versions: of each table; None for the published ones. scratch: where DuckDB may spill, None for nowhere."""
        self.places = places
        self.versions = published_versions(places) if versions is None else versions
        self._opened: dict[str, DeltaTable | None] = {}
        self._views: set[str] = set()
        self._days: dict[date, DayFiles] | None = None
        self.connection = _connect(places.tables, memory_mb, threads, scratch)

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    @property
    def tenant_id(self) -> str:
        return self.places.tenant_id

    def knows(self, name: str) -> bool:
        """Whether the table was ever read or made, be it empty."""
        return name in self.versions

    def open(self, *names: str) -> None:
        """Make views of these tables; `events` is the view with one row per event id."""
        for name in names:
            if name not in self._views:
                source = self._events(self.days()) if name == "events" else self._source(name)
                self.connection.execute(f'CREATE TEMP VIEW "{name}" AS {source}')
                self._views.add(name)

    def events_of(self, view: str, days: Iterable[date]) -> None:
        """Make (or make anew) a view like `events` of a few days only."""
        known = self.days()
        source = self._events({day: known[day] for day in days if day in known})
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{view}" AS {source}')

    def rows(self, sql: str, parameters: Sequence[object] | dict[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows. Times must be cast in the question: DuckDB hands them out only with a library we do not carry."""
        return self.connection.execute(sql, parameters).fetchall()

    def days(self) -> dict[date, DayFiles]:
        """Day → the files of sign_ins that hold it."""
        if self._days is None:
            self._days = self._read_days()
        return self._days

    def _read_days(self) -> dict[date, DayFiles]:
        table = self._table("sign_ins")
        if table is None:
            return {}
        actions = pa.table(table.get_add_actions(flatten=True))
        columns: dict[str, list[Any]] = {name: actions.column(name).to_pylist() for name in actions.column_names}
        unsaid: list[Any] = [None] * actions.num_rows
        found: dict[date, list[tuple[str, int, Any, Any]]] = {}
        for path, day, n_rows, low, high in zip(
            columns["path"],
            columns["partition.day"],
            columns["num_records"],
            columns.get("min.feed", unsaid),
            columns.get("max.feed", unsaid),
            strict=True,
        ):
            found.setdefault(day, []).append((str(self.places.table("sign_ins") / path), n_rows or 0, low, high))
        return {day: _day_files(files) for day, files in sorted(found.items())}

    def _table(self, name: str) -> DeltaTable | None:
        if name not in self._opened:
            version = self.versions.get(name)
            self._opened[name] = None if version is None else open_table(self.places, name, version)
        return self._opened[name]

    def _source(self, name: str) -> str:
        table = self._table(name)
        schema = (TABLES.get(name) or INNER_TABLES[name]).schema
        paths = [] if table is None else table.file_uris()
        return _parquet(paths, schema) if paths else _nothing(schema)

    def _events(self, days: dict[date, DayFiles]) -> str:
        schema = TABLES["sign_ins"].schema
        plain = [path for files in days.values() if files.is_plain for path in files.paths]
        mixed = [path for files in days.values() if not files.is_plain for path in files.paths]
        parts = [_parquet(plain, schema)] if plain else []
        if mixed:
            parts.append(
                f"{_parquet(mixed, schema)} QUALIFY row_number() OVER "
                f"(PARTITION BY day, event_id ORDER BY CASE feed {_RANK} ELSE {len(FEEDS)} END, created_at) = 1"
            )
        return " UNION ALL ".join(f"({part})" for part in parts) or _nothing(schema)


def newest_versions(places: Places) -> dict[str, int]:
    """Newest version of every table there is.

    The ledger of windows is asked first: a window is entered after its events, so the events are never older than
    what the ledger claims.
    """
    names = ["windows", *(name for name in {**TABLES, **INNER_TABLES} if name not in ("windows", PUBLISHED.name))]
    tables = ((name, open_table(places, name)) for name in names)
    return {name: table.version() for name, table in tables if table is not None}


def published_versions(places: Places) -> dict[str, int]:
    """Versions that belong together, as the last completed derivation noted them; empty before the first."""
    table = open_table(places, PUBLISHED.name)
    if table is None:
        return {}
    rows = pa.table(table.to_pyarrow_table()).to_pylist()
    return {row["table_name"]: row["version"] for row in rows}


def published_mark(places: Places) -> str:
    """Names the newest publication without opening it; empty before the first."""
    folder = places.table(PUBLISHED.name) / "_delta_log"
    try:
        with os.scandir(folder) as entries:
            return max((entry.name for entry in entries if entry.name.endswith(".json")), default="")
    except FileNotFoundError:
        return ""


def is_kept(places: Places, mark: str) -> bool:
    """Whether a publication named by `published_mark` can still be opened: its past goes when somebody is forgotten."""
    return not mark or (places.table(PUBLISHED.name) / "_delta_log" / mark).exists()


def _connect(tables: Path, memory_mb: int, threads: int | None, scratch: Path | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": f"{memory_mb}MiB",
            "threads": str(threads or min(4, os.cpu_count() or 1)),
            "temp_directory": str(scratch or ""),
            "preserve_insertion_order": "false",
            "allow_community_extensions": "false",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    # What takes longer than two seconds would otherwise draw itself into the answer on standard output.
    connection.execute("SET enable_progress_bar = false")
    allowed = [tables, *([scratch] if scratch else [])]
    connection.execute(f"SET allowed_directories = [{', '.join(_text(f'{path}/') for path in allowed)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _day_files(files: list[tuple[str, int, Any, Any]]) -> DayFiles:
    feeds = {feed for _, _, low, high in files for feed in (low, high)}
    # Text in statistics may be cut short, and a middle feed may hide between the lowest and the highest: only
    # "one and the same" is certain.
    certain = None not in feeds and len(feeds) == 1
    return DayFiles(
        paths=tuple(path for path, *_ in files),
        n_rows=sum(n for _, n, *_ in files),
        feeds=frozenset(feeds) if certain else None,
    )


def _parquet(paths: Sequence[str], schema: pa.Schema) -> str:
    listed = ", ".join(_text(path) for path in paths)
    columns = ", ".join(f'"{name}"' for name in schema.names)
    # The partition column is not in the files but in the names of their folders.
    is_split = "/day=" in paths[0]
    by_day = "hive_partitioning = true, hive_types = {'day': DATE}" if is_split else "hive_partitioning = false"
    return f"SELECT {columns} FROM read_parquet([{listed}], {by_day})"


def _nothing(schema: pa.Schema) -> str:
    columns = ", ".join(f'CAST(NULL AS {_TYPES[field.type]}) AS "{field.name}"' for field in schema)
    return f"SELECT {columns} WHERE false"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
