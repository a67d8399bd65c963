"""The rows of one package as one table: counted against its list, one row per key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from seatwise.base.errors import Broken
from seatwise.catalog.shapes import Dataset
from seatwise.lake.packages import Package
from seatwise.lake.rows import Rows, SetAside


@dataclass(frozen=True, slots=True)
class Gathered:
    """rows: one per key, the last one received. n_folded: rows that a later one of the same key replaced."""

    rows: pa.Table
    n_received: int
    n_folded: int
    set_aside: SetAside
    flags: Counter[str]


def gather(dataset: Dataset, package: Package, pages: Iterable[Rows]) -> Gathered:
    """Errors: Broken `rows_missing` when the pages hold another number of rows than the package says."""
    received, set_aside, flags = 0, SetAside(), Counter[str]()
    found: list[pa.RecordBatch] = []
    for page in pages:
        received += page.n_received
        set_aside += page.set_aside
        flags += page.flags
        found.append(page.batch)
    if received != package.manifest.n_rows:
        raise Broken(
            code="rows_missing",
            sentence="A package does not hold the rows it says it holds; it was not used.",
            detail=f"{package.dataset}/{package.number}: {received} of {package.manifest.n_rows}",
        )
    schema = pa.schema([pa.field(one.name, one.arrow) for one in dataset.fields])
    parts = [pa.Table.from_batches([batch]) for batch in found]
    rows = pa.concat_tables([schema.empty_table(), *parts], promote_options="default")
    if "package" in schema.names:
        at = schema.get_field_index("package")
        number = pa.scalar(package.number, pa.int64())
        rows = rows.set_column(at, "package", pa.repeat(number, rows.num_rows))
    folded = _fold(rows, dataset.key)
    return Gathered(folded, received, rows.num_rows - folded.num_rows, set_aside, flags)


def _fold(rows: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """One row per key, the last one received."""
    # Counting one column costs a third of grouping by the whole key, and nearly always settles it.
    if any(pc.count_distinct(rows[name], mode="all").as_py() == rows.num_rows for name in key):
        return rows
    rows = rows.combine_chunks()
    at = pa.array(range(rows.num_rows), pa.int64())
    last = rows.select(list(key)).append_column("_at", at).group_by(list(key)).aggregate([("_at", "max")])
    if last.num_rows == rows.num_rows:
        return rows
    kept = last["_at_max"].combine_chunks()
    return rows.take(kept.take(pc.sort_indices(kept)))
