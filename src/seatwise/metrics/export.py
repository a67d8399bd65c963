"""Turns an answer into a file: JSON, CSV, a workbook or Parquet. Formatting only: same rows, same order, same names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from seatwise.base.clock import format_time, parse_time
from seatwise.base.spreadsheets import csv_line, guarded
from seatwise.metrics import workbook
from seatwise.metrics.shapes import Column, Question, Result

Row = dict[str, Any]
# A page of rows at a time: half a million rows shall not stand in memory twice.
_BATCH: Final = 20_000
_MONEY: Final = pa.decimal128(18, 2)
_ARROW: Final[dict[str, pa.DataType]] = {
    "guid": pa.string(),
    "text": pa.string(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "number": pa.float64(),
    "money": _MONEY,
    "time": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
    "list": pa.list_(pa.string()),
}


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form of file that an answer can be had in.

    write:  (answer, where to, what was asked, rows); rows are those of the answer unless others are handed in, which
            are read once and never held together.
    """

    name: str
    content_type: str
    write: Callable[[Result, IO[bytes], Question | None, Iterable[Row] | None], None]


def to_json(result: Result) -> str:
    """One object: columns, rows, as_of, coverage."""
    covered = result.coverage
    shape = {
        "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "help": c.help} for c in result.columns],
        "rows": result.rows,
        "as_of": format_time(result.as_of),
        "coverage": {"state": covered.state, "from": covered.from_, "to": covered.to, "reason": covered.reason},
    }
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"), default=_json_number)


def csv_lines(result: Result, rows: Iterable[Row] | None = None) -> Iterator[str]:
    """RFC 4180 text with a header, a record at a time. Unknown is an empty cell, a list its members joined by "; "."""
    columns = [(column.name, column.type) for column in result.columns]
    yield csv_line(name for name, _ in columns)
    for row in result.rows if rows is None else rows:
        yield csv_line(_cell(kind, row[name]) for name, kind in columns)


def to_csv(result: Result) -> str:
    return "".join(csv_lines(result))


def write_csv(
    result: Result, sink: IO[bytes], _asked: Question | None = None, rows: Iterable[Row] | None = None
) -> None:
    """For a spreadsheet: led by the mark without which Excel takes UTF-8 for something else."""
    sink.write(b"\xef\xbb\xbf")
    lines = csv_lines(result, rows)
    while piece := "".join(islice(lines, _BATCH)):
        sink.write(piece.encode())


def to_parquet(result: Result) -> bytes:
    sink = io.BytesIO()
    write_parquet(result, sink)
    return sink.getvalue()


def write_parquet(
    result: Result, sink: IO[bytes], _asked: Question | None = None, rows: Iterable[Row] | None = None
) -> None:
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
    left = iter(result.rows if rows is None else rows)
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        while batch := list(islice(left, _BATCH)):
            arrays = [pa.array(_typed(column, batch), _ARROW[column.type]) for column in result.columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def to_xlsx(result: Result, asked: Question | None = None) -> bytes:
    sink = io.BytesIO()
    workbook.write(result, sink, asked)
    return sink.getvalue()


FORMS: Final[dict[str, FileForm]] = {
    "csv": FileForm("CSV", "text/csv; charset=utf-8", write_csv),
    "xlsx": FileForm(
        "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.write
    ),
    "parquet": FileForm("Parquet", "application/vnd.apache.parquet", write_parquet),
}


def _json_number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "money":
        return f"{value:.2f}"
    if kind == "number":
        return f"{value:.1f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return guarded("; ".join(value) if isinstance(value, list) else str(value))


def _typed(column: Column, rows: list[Row]) -> list[Any]:
    values = [row[column.name] for row in rows]
    if column.type == "time":
        return [None if value is None else parse_time(value) for value in values]
    if column.type == "day":
        return [None if value is None else date.fromisoformat(value) for value in values]
    if column.type == "money":
        return [None if value is None else Decimal(f"{value:.2f}") for value in values]
    return values
