"""Turns an answer into a file: JSON, CSV or Parquet. Formatting only: same rows, same order, same names."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from seatwise.base.clock import format_time, parse_time
from seatwise.metrics.shapes import Column, Result

# A spreadsheet takes such a cell for a formula and may run it; the full-width forms are read as the plain ones.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ARROW: Final[dict[str, pa.DataType]] = {
    "guid": pa.string(),
    "text": pa.string(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "time": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
    "list": pa.list_(pa.string()),
}


def to_json(result: Result) -> str:
    """One object: columns, rows, as_of, coverage."""
    covered = result.coverage
    shape = {
        "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "help": c.help} for c in result.columns],
        "rows": result.rows,
        "as_of": format_time(result.as_of),
        "coverage": {"state": covered.state, "from": covered.from_, "to": covered.to, "reason": covered.reason},
    }
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def to_csv(result: Result) -> str:
    """RFC 4180 text with a header. Unknown is an empty cell, a list its members joined by "; "."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = [column.name for column in result.columns]
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in result.rows)
    return text.getvalue()


def to_parquet(result: Result) -> bytes:
    """A Parquet file with typed columns; as-of, coverage and the meaning of each column are in its metadata."""
    schema = pa.schema(
        [pa.field(c.name, _ARROW[c.type], metadata={"help": c.help, "unit": c.unit or ""}) for c in result.columns],
        metadata={
            "as_of": format_time(result.as_of),
            "coverage": result.coverage.state,
            "coverage_from": result.coverage.from_ or "",
            "coverage_to": result.coverage.to or "",
            "coverage_reason": result.coverage.reason or "",
        },
    )
    arrays = [pa.array(_typed(column, result.rows), _ARROW[column.type]) for column in result.columns]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
    return sink.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _typed(column: Column, rows: list[dict[str, Any]]) -> list[Any]:
    values = [row[column.name] for row in rows]
    if column.type == "time":
        return [None if value is None else parse_time(value) for value in values]
    if column.type == "day":
        return [None if value is None else date.fromisoformat(value) for value in values]
    return values
