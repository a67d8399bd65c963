"""Takes forgotten people out of stored tables: their rows stay, under the id that stands for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from seatwise.catalog.activity import ZERO_GUID
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset, Field
from seatwise.lake.forgotten import NAME, Forgotten, is_address
from seatwise.lake.places import Places
from seatwise.lake.tables_open import alone, dataset_of, open_table, write

_BATCH_ROWS = 50_000


def rewrite(places: Places, forgotten: Forgotten) -> int:
    """Rewrite what tells of forgotten people in the tables that come from Microsoft. Gives the number of rows changed.

    Derived tables follow by `derive.rebuild`; older versions are there until `cut_history`.
    """
    return sum(_rewrite(places, forgotten, dataset) for dataset in DATASETS.values())


def without(forgotten: Forgotten, dataset: Dataset, rows: pa.Table) -> tuple[pa.Table, int]:
    """The rows with forgotten people replaced, and how many differ from before. rows: in the declared schema."""
    personal = [field for field in dataset.fields if field.personal]
    stand_in = _stand_ins(forgotten, dataset, rows)
    is_theirs = pc.is_valid(stand_in)
    is_others = _is_others(dataset, rows, is_theirs)
    changed: Any = pa.repeat(False, rows.num_rows)
    for field in dataset.fields:
        if field.name not in rows.column_names or field.arrow != pa.string():
            continue
        column: Any = rows[field.name].combine_chunks()
        told: Any = column
        if field in personal and field.type == "guid":
            told = _mapped(column, lambda text: _who(forgotten, text) or text)
        elif field in personal and field.type == "text":
            kept = _mapped(column, forgotten.replaced)
            if is_address(field):
                kept = pc.if_else(is_others, _mapped(column, forgotten.of_others), kept)
            told = pc.if_else(is_theirs, _instead(field, stand_in), kept)
        elif field.name in dataset.key and field.type == "text" and field.name != "feed":
            told = pc.if_else(is_theirs, _mapped_where(column, is_theirs, forgotten.key), column)
        elif field.type in ("text", "json"):
            told = _mapped(column, forgotten.replaced)
        if told is column:
            continue
        differs: Any = pc.fill_null(pc.not_equal(told, column), False)
        differs = pc.or_(differs, pc.not_equal(pc.is_null(told), pc.is_null(column)))
        changed = pc.or_(changed, differs)
        rows = rows.set_column(rows.schema.get_field_index(field.name), field.name, told)
    return rows, changed.true_count


def _rewrite(places: Places, forgotten: Forgotten, dataset: Dataset) -> int:
    with alone(places, dataset.name):
        table = open_table(places, dataset.name)
        if table is None:
            return 0
        if not dataset.partition:
            stored = dataset_of(table).to_table(columns=dataset.schema.names).cast(dataset.schema)
            rows, n = without(forgotten, dataset, stored)
            if n:
                write(places, dataset.table, rows.cast(dataset.schema), instead_of="true")
            return n
        # Day by day, as a stream: a day of a large tenant does not fit in memory twice.
        return sum(_rewrite_day(places, forgotten, dataset, day) for day in _days(table, forgotten, dataset))


def _rewrite_day(places: Places, forgotten: Forgotten, dataset: Dataset, day: date) -> int:
    n_changed = 0
    schema = dataset.schema

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal n_changed
        table = open_table(places, dataset.name)
        if table is None:
            return
        stored = dataset_of(table, [day]).scanner(columns=schema.names, batch_size=_BATCH_ROWS)
        for batch in stored.to_batches():
            if batch.num_rows:
                rows, n = without(forgotten, dataset, pa.Table.from_batches([batch]).cast(schema))
                n_changed += n
                yield from rows.cast(schema).combine_chunks().to_batches()

    write(places, dataset.table, pa.RecordBatchReader.from_batches(schema, batches()), instead_of=[day])
    return n_changed


def _days(table: DeltaTable, forgotten: Forgotten, dataset: Dataset) -> list[date]:
    """Days with a row of a forgotten person."""
    names = [field.name for field in dataset.fields if field.personal and field.name in ("user_id", "upn")]
    others = [field.name for field in dataset.fields if field.type == "text" and not field.personal]
    found: set[date] = set()
    for batch in dataset_of(table).scanner(columns=["day", *names, *others]).to_batches():
        hit = pa.repeat(False, batch.num_rows)
        for name in names:
            hit = pc.or_(hit, _is_in(batch[name], lambda text: forgotten.who(text) is not None))
        for name in others:
            hit = pc.or_(hit, _is_in(batch[name], lambda text: forgotten.replaced(text) != text))
        found |= {day for day in pc.unique(batch["day"].filter(hit)).to_pylist() if day is not None}
    return sorted(found)


def _is_in(column: Any, is_one: Callable[[str], bool]) -> Any:
    wanted = [text for text in pc.unique(column).to_pylist() if text and is_one(text)]
    return pc.is_in(column, value_set=pa.array(wanted, pa.string()))


def _who(forgotten: Forgotten, text: str) -> str | None:
    return text if text in forgotten.stand_ins else forgotten.who(text)


def _stand_ins(forgotten: Forgotten, dataset: Dataset, rows: pa.Table) -> Any:
    """For each row the id that stands for its person, null where that is nobody forgotten."""
    ids = [field.name for field in dataset.fields if field.personal and field.type == "guid"]
    found: Any = pa.nulls(rows.num_rows, pa.string())
    for name in ids:
        found = pc.coalesce(found, _mapped(rows[name].combine_chunks(), lambda text: _who(forgotten, text)))
    if dataset.partition and "upn" in rows.column_names:
        # A sign-in that failed early names the person by address only.
        by_address = _mapped(rows["upn"].combine_chunks(), lambda text: _who(forgotten, text))
        found = pc.coalesce(found, pc.if_else(_is_nobody(rows, ids), by_address, None))
    return found


def _is_nobody(rows: pa.Table, ids: list[str]) -> Any:
    nobody: Any = pa.repeat(True, rows.num_rows)
    for name in ids:
        column: Any = rows[name].combine_chunks()
        differs: Any = pc.not_equal
        named = pc.fill_null(differs(column, ZERO_GUID), False)
        nobody = pc.and_(nobody, pc.invert(named))
    return nobody


def _is_others(dataset: Dataset, rows: pa.Table, is_theirs: Any) -> Any:
    """Rows of somebody else."""
    ids = [field.name for field in dataset.fields if field.personal and field.type == "guid"]
    return pc.and_(pc.invert(is_theirs), pc.invert(_is_nobody(rows, ids)))


def _instead(field: Field, stand_in: Any) -> Any:
    if not field.name.endswith("name"):
        return pa.nulls(len(stand_in), pa.string())
    short: Any = pc.utf8_slice_codeunits(stand_in, 0, 4)
    joined: Any = pc.binary_join_element_wise  # its stubs know no plain text among the parts
    return joined(NAME, short, " ")


def _mapped(column: Any, turn: Callable[[str], str | None]) -> Any:
    """Each value turned; the work is done once for each different one."""
    encoded = column.dictionary_encode()
    turned = [None if text is None else turn(text) for text in encoded.dictionary.to_pylist()]
    if turned == encoded.dictionary.to_pylist():
        return column
    return pa.array(turned, pa.string()).take(encoded.indices)


def _mapped_where(column: Any, mask: Any, turn: Callable[[str], str]) -> Any:
    known = {text: turn(text) for text in pc.unique(column.filter(mask)).to_pylist() if text}
    return _mapped(column, lambda text: known.get(text, text))
