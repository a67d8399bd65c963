"""Opening, locking and writing a stored table, and the number of the last package applied to it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as fs
from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    Schema,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from seatwise.catalog.shapes import Table
from seatwise.lake.disk import make_folder, plain_disk_errors, sync_file, sync_folder
from seatwise.lake.places import Places
from seatwise.lake.tables_files import DICTIONARY_PAGE, LEVEL, Source, add_files

# For what the library itself rewrites; see `tables_files` for the numbers.
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=LEVEL,
    dictionary_page_size_limit=DICTIONARY_PAGE,
    default_column_properties=ColumnProperties(dictionary_enabled=True),
)
_CONFIGURATION: dict[str, str | None] = {
    # Readers keep files they have opened; what is no longer listed may go after this long.
    "delta.deletedFileRetentionDuration": "interval 1 days",
    "delta.logRetentionDuration": "interval 30 days",
    "delta.checkpointInterval": "50",
}


def open_table(places: Places, name: str, version: int | None = None) -> DeltaTable | None:
    """The table at its newest or the given version, None while it does not exist."""
    folder = places.table(name)
    if not (folder / "_delta_log").is_dir():
        return None
    with plain_disk_errors():
        try:
            return DeltaTable(folder, version=version)
        except TableNotFoundError:
            return None


def dataset_of(table: DeltaTable, days: Iterable[date] | None = None) -> ds.Dataset:
    """The rows of a table as an Arrow data set; with days, only the files of those days.

    The library's own way reads through Python code, which aborts the process when reader threads outlive it, and
    takes a millisecond a file to write down statistics we do not need.
    """
    schema: pa.Schema = pa.schema(table.schema().to_arrow())  # type: ignore[arg-type]  # any Arrow schema is taken
    partition = table.metadata().partition_columns
    actions = pa.table(table.get_add_actions(flatten=True)).select(
        ["path", *(f"partition.{name}" for name in partition)]
    )
    if days is not None:
        wanted = pa.array(sorted(days), pa.date32())
        actions = actions.filter(pc.is_in(actions["partition.day"].cast(pa.date32()), value_set=wanted))
    if actions.num_rows == 0:
        return ds.dataset(schema.empty_table())
    folder = Path(url2pathname(urlsplit(table.table_uri).path))
    return ds.dataset(
        [str(folder / unquote(path)) for path in actions["path"].to_pylist() if path],
        schema=schema,
        format="parquet",
        filesystem=fs.LocalFileSystem(),
        partitioning=ds.partitioning(pa.schema([schema.field(name) for name in partition]), flavor="hive"),
        partition_base_dir=str(folder),
    )


def transaction_id(dataset: str) -> str:
    return f"packages/{dataset}"


def last_applied(places: Places, dataset: str, table: str | None = None) -> int:
    """Number of the newest package whose rows are in the table, 0 for none."""
    return applied_number(open_table(places, table or dataset), transaction_id(dataset))


def applied_number(table: DeltaTable | None, name: str) -> int:
    return 0 if table is None else table.transaction_version(name) or 0


@contextmanager
def alone(places: Places, name: str) -> Iterator[None]:
    """Hold the table against other writers, of this process and others. Readers are never held up."""
    with plain_disk_errors():
        make_folder(places.tables)
        handle = os.open(places.tables / f".{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(
    places: Places,
    table: Table,
    rows: Source,
    *,
    instead_of: str | Collection[date] | None = None,
    transactions: dict[str, int] | None = None,
) -> int:
    """Commit rows and transaction numbers as one version; returns the version.

    instead_of:  the rows that go: "true" for all, days, or a predicate; None to add. New rows must satisfy it.
    Raises Broken `disk_full` or `disk_failed`; the table is then at its old version.
    """
    folder = places.table(table.name)
    with plain_disk_errors():
        make_folder(folder)
    with plain_disk_errors(folder):
        properties = CommitProperties(
            app_transactions=[Transaction(name, number) for name, number in (transactions or {}).items()]
        )
        # Opened once: reading the log takes as long as the write of a small table.
        opened = open_table(places, table.name)
        if opened is None:
            _create(folder, table, rows, properties)
            opened = DeltaTable(folder)
        elif (predicate := _predicate(table, instead_of)) is not None:
            write_deltalake(
                opened,
                rows,
                mode="overwrite",
                predicate=predicate,
                partition_by=list(table.partition) or None,
                writer_properties=WRITER,
                commit_properties=properties,
            )
        else:
            _replace(opened, folder, table, rows, instead_of, properties)
        version = opened.version()
        _keep(folder, version)
    return version


def _predicate(table: Table, instead_of: str | Collection[date] | None) -> str | None:
    """What the library has to look for row by row; None where whole files come and go."""
    if instead_of is None or instead_of == "true":
        return None
    if isinstance(instead_of, str):
        return instead_of
    listed = ", ".join(f"'{day}'" for day in sorted(instead_of))
    return None if table.partition else f"day in ({listed})"


def _create(folder: Path, table: Table, rows: Source, properties: CommitProperties) -> None:
    create_table_with_add_actions(
        str(folder),
        Schema.from_arrow(table.schema),
        add_files(folder, table, rows),
        partition_by=list(table.partition),
        name=table.name,
        description=table.help,
        configuration=_CONFIGURATION,
        commit_properties=properties,
    )


def _replace(
    opened: DeltaTable,
    folder: Path,
    table: Table,
    rows: Source,
    instead_of: str | Collection[date] | None,
    properties: CommitProperties,
) -> None:
    files: list[AddAction | RemoveAction] = [*add_files(folder, table, rows)]
    if instead_of is not None and not isinstance(instead_of, str):
        files += _leaving(opened, instead_of)
    opened.create_write_transaction(
        files,
        "overwrite" if instead_of == "true" else "append",
        Schema.from_arrow(table.schema),
        list(table.partition),
        commit_properties=properties,
    )
    # This way of writing, unlike the others, leaves the table at the version that was opened.
    opened.update_incremental()


def _leaving(table: DeltaTable, days: Collection[date]) -> list[RemoveAction]:
    """The files of these days."""
    actions = pa.table(table.get_add_actions(flatten=True))
    if actions.num_rows == 0:
        return []
    listed = actions.select(["path", "size_bytes", "partition.day"]).to_pylist()
    now_ms = time.time_ns() // 1_000_000
    return [
        RemoveAction(one["path"], True, now_ms, one["size_bytes"], {"day": str(one["partition.day"])})
        for one in listed
        if one["partition.day"] in days
    ]


def _keep(folder: Path, version: int) -> None:
    # The writer does not flush: after a power cut a listed file could be empty.
    entry = folder / "_delta_log" / f"{version:020d}.json"
    for line in entry.read_text().splitlines():
        added = json.loads(line).get("add")
        if added:
            sync_file(folder / unquote(added["path"]))
    sync_file(entry)
    sync_folder(entry.parent)
