"""How a package of directory objects becomes rows: compared with what is there, history kept where declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from seatwise.catalog.shapes import Dataset
from seatwise.lake.places import Places
from seatwise.lake.rows import ABSENT
from seatwise.lake.tables_open import applied_number, dataset_of, open_table, write


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows by what happened to them. n_gone: rows that a complete listing no longer holds; n_before: rows before."""

    n_new: int
    n_changed: int
    n_unchanged: int
    n_gone: int
    n_before: int


def store(
    places: Places, dataset: Dataset, rows: pa.Table, at: datetime, *, is_complete: bool, transactions: dict[str, int]
) -> Outcome:
    """Commit the rows of one package. rows: one per key, in the declared schema, perhaps with the absent column.

    at:  when the listing was read; the moment at which rows begin and end.
    """
    table = dataset.table
    opened = open_table(places, table.name)
    existing = None if opened is None else dataset_of(opened).to_table(columns=table.schema.names)
    completed = f"complete/{dataset.name}"
    is_first = applied_number(opened, completed) == 0
    if is_complete:
        transactions = transactions | {completed: max(transactions.values())}
    if existing is None:
        # Nothing to compare with; opening an engine would cost more than the write.
        first = rows.select([field.name for field in dataset.fields])
        for name in table.schema.names[len(dataset.fields) :]:
            first = first.append_column(name, pa.array([None] * first.num_rows, table.schema.field(name).type))
        write(places, table, first.cast(table.schema), transactions=transactions)
        return Outcome(rows.num_rows, 0, 0, 0, 0)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand in the answer on standard output
        connection.execute("set timezone = 'UTC'")
        outcome = _merge(connection, dataset, existing, rows, is_complete=is_complete)
        if existing is not None and not (outcome.n_new or outcome.n_changed or outcome.n_gone):
            write(places, table, table.schema.empty_table(), transactions=transactions)
            return outcome
        result = _result(connection, dataset, None if is_first else at, at, is_complete=is_complete)
    write(places, table, result.cast(table.schema), instead_of="true", transactions=transactions)
    return outcome


def _merge(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    existing: pa.Table | None,
    rows: pa.Table,
    *,
    is_complete: bool,
) -> Outcome:
    """Make temp tables: `past` has ended, `before` is current, `patched` is incoming with absent filled from before."""
    names = [field.name for field in dataset.fields]
    connection.register("incoming", rows)
    connection.register("stored", dataset.table.schema.empty_table() if existing is None else existing)
    current = "valid_to is null" if dataset.history else "true"
    connection.execute(f"create temp table before as select * from stored where {current}")  # noqa: S608 names are ours
    connection.execute(f"create temp table past as select * from stored where not ({current})")  # noqa: S608
    joined = " and ".join(f"i.{name} = b.{name}" for name in dataset.key)
    has_absent = ABSENT in rows.column_names
    values = ", ".join(_filled(name, has_absent) for name in names)
    differs = " or ".join(f"{_filled(name, has_absent, alias=False)} is distinct from b.{name}" for name in names)
    first = dataset.key[0]
    connection.execute(
        f"create temp table patched as select {values}, b.{first} is null as is_new, "  # noqa: S608
        f"b.{first} is not null and ({differs}) as is_changed from incoming i left join before b on {joined}"
    )
    connection.execute(
        f"create temp table gone as select * from before b where {str(is_complete).lower()} "  # noqa: S608
        f"and not exists (select 1 from incoming i where {joined})"
    )
    # All rows are fetched: a result left open refuses the next statement.
    counted = connection.execute(
        "select count(*) filter (is_new), count(*) filter (is_changed), count(*),"
        " (select count(*) from gone), (select count(*) from before) from patched"
    ).fetchall()
    n_new, n_changed, n_rows, n_gone, n_before = counted[0]
    return Outcome(n_new, n_changed, n_rows - n_new - n_changed, n_gone, n_before)


def _filled(name: str, has_absent: bool, *, alias: bool = True) -> str:
    if not has_absent:
        return f"i.{name}"
    value = f"case when list_contains(i.{ABSENT}, '{name}') then b.{name} else i.{name} end"
    return f"{value} as {name}" if alias else f"({value})"


def _result(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, begin: datetime | None, at: datetime, *, is_complete: bool
) -> pa.Table:
    names = ", ".join(field.name for field in dataset.fields)
    joined = " and ".join(f"p.{name} = b.{name}" for name in dataset.key)
    if not dataset.history:
        others = f"select {names} from before b where not exists (select 1 from patched p where {joined})"  # noqa: S608
        query = f"select {names} from patched" + ("" if is_complete else f" union all {others}")  # noqa: S608
        return _arrow(connection.sql(query))
    moment = "?::timestamptz"
    is_replaced = f"exists (select 1 from patched p where {joined} and is_changed)"  # noqa: S608
    query = (
        f"select {names}, valid_from, valid_to from past"  # noqa: S608
        f" union all select {names}, valid_from, {moment} from gone where valid_from is distinct from {moment}"
        f" union all select {names}, valid_from, case when {is_replaced} then {moment} end from before b"
        f" where not exists (select 1 from gone g where {joined.replace('p.', 'g.')})"
        f" and not (valid_from is not distinct from {moment} and {is_replaced})"
        f" union all select {names}, case when is_new then {moment} else {moment} end, null from patched"
        " where is_new or is_changed"
    )
    return _arrow(connection.sql(query, params=[at, at, at, at, begin, at]))


def _arrow(found: duckdb.DuckDBPyRelation) -> pa.Table:
    table: pa.Table = found.to_arrow_table()
    return table
