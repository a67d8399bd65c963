"""Opening, locking and writing a stored table, and the number of the last package applied to it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as fs
from deltalake import ColumnProperties, CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError

from seatwise.catalog.shapes import Table
from seatwise.lake.disk import make_folder, plain_disk_errors, sync_file, sync_folder
from seatwise.lake.places import Places

# Default dictionary pages overflow on GUID columns and fall back to plain storage: 19.4 bytes a row against 6.8.
# Level 1: level 3 took half as long again on 77,000 sign-ins (0.145 CPU s against 0.094) and made them no smaller.
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    dictionary_page_size_limit=16 * 2**20,
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
    rows: pa.Table,
    *,
    instead_of: str | None = None,
    transactions: dict[str, int] | None = None,
) -> int:
    """Commit rows and transaction numbers as one version; returns the version.

    instead_of:  predicate of the rows that go; "true" for all; None to add. New rows must satisfy it.
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
        common: dict[str, Any] = {
            "partition_by": list(table.partition) or None,
            "name": table.name,
            "description": table.help,
            "configuration": _CONFIGURATION if opened is None else None,
            "writer_properties": WRITER,
            "commit_properties": properties,
        }
        if instead_of is None:
            write_deltalake(opened or folder, rows, mode="append", **common)
        elif instead_of == "true":
            write_deltalake(opened or folder, rows, mode="overwrite", **common)
        else:
            write_deltalake(opened or folder, rows, mode="overwrite", predicate=instead_of, **common)
        version = (opened or DeltaTable(folder)).version()
        _keep(folder, version)
    return version


def _keep(folder: Path, version: int) -> None:
    # The writer does not flush: after a power cut a listed file could be empty.
    entry = folder / "_delta_log" / f"{version:020d}.json"
    for line in entry.read_text().splitlines():
        added = json.loads(line).get("add")
        if added:
            sync_file(folder / unquote(added["path"]))
    sync_file(entry)
    sync_folder(entry.parent)
