"""A CSV file that people made, whatever their spreadsheet wrote: as headings and rows of text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from seatwise.base.errors import AskAdmin
from seatwise.base.spreadsheets import csv_line, guarded, unguarded

MOST_BYTES: Final = 2 << 20
MOST_ROWS: Final = 20_000
_DELIMITERS: Final = (",", ";", "\t")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
REASON: Final = "reason"
_LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """number: as a spreadsheet counts it, the headings being 1. raw: as the file has it; cells: by column, trimmed."""

    number: int
    raw: tuple[str, ...]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """headings: as the file has them. unknown: those that mean nothing here, and are passed over."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    unknown: tuple[str, ...]
    columns: frozenset[str]


def read(data: bytes, names: Mapping[str, str]) -> Sheet:
    """names: by heading in lower case without spaces, the column that it means.

    Errors: AskAdmin file_empty, file_too_large, file_not_text, cell_too_long, columns_missing, column_twice.
    """
    if len(data) > MOST_BYTES:
        raise AskAdmin(code="file_too_large", sentence="The file is larger than 2 MB. Split it into several files.")
    text = _text(data)
    delimiter, body = _delimiter(text)
    try:
        records = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _not_text() from error
    told = [(number, record) for number, record in enumerate(records, 1) if any(cell.strip() for cell in record)]
    if len(told) < 2:
        raise AskAdmin(code="file_empty", sentence="The file has no rows below its headings.")
    if len(told) > MOST_ROWS:
        raise AskAdmin(code="file_too_large", sentence=f"The file has more than {MOST_ROWS:,} rows. Split it.")
    long = next((number for number, record in told if any(len(cell) > _LONGEST for cell in record)), None)
    if long is not None:
        raise AskAdmin(
            code="cell_too_long",
            sentence=f"A cell of row {long} has more than {_LONGEST:,} characters. A quotation mark may lack its pair.",
        )
    headings = tuple(cell.strip() for cell in told[0][1])
    columns = [names.get(_folded(heading), "") for heading in headings]
    twice = [column for column, n in Counter(columns).items() if column and n > 1]
    if twice:
        raise AskAdmin(code="column_twice", sentence=f"The column “{twice[0]}” is there twice. Take one of them out.")
    if not any(columns):
        raise AskAdmin(
            code="columns_missing",
            sentence="No heading of this file is known here. The first line names the columns: "
            + ", ".join(dict.fromkeys(names.values()))
            + ".",
        )
    rows = tuple(_row(number, record, columns) for number, record in told[1:])
    unknown = tuple(h for h, column in zip(headings, columns, strict=True) if h and not column and _folded(h) != REASON)
    return Sheet(headings, rows, delimiter, unknown, frozenset(filter(None, columns)))


def write(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A file that a spreadsheet opens without running anything, and that comes back unchanged."""
    return "".join(csv_line(map(guarded, line)) for line in [headings, *rows])


def handed_back(sheet: Sheet, reasons: Mapping[int, str]) -> str:
    """The rows that have a reason, as they came, with it in a last column; commas whatever the file had."""
    keep = [i for i, heading in enumerate(sheet.headings) if _folded(heading) != REASON]
    lines = [csv_line([*(guarded(sheet.headings[i]) for i in keep), REASON])]
    for row in sheet.rows:
        if row.number in reasons:
            cells = [row.raw[i] if i < len(row.raw) else "" for i in keep]
            lines.append(csv_line([*map(guarded, cells), guarded(reasons[row.number])]))
    return "".join(lines)


def _row(number: int, record: list[str], columns: list[str]) -> Row:
    padded = [*record, *[""] * (len(columns) - len(record))]
    cells = {column: unguarded(cell.strip()).strip() for column, cell in zip(columns, padded, strict=False) if column}
    return Row(number, tuple(record), cells)


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # What Excel on Windows writes when one chooses plain "CSV". Every byte string is text in it but for five bytes.
        text = data.decode("cp1252", "replace") if encoding == "utf-8" else ""
    if not text or "\x00" in text or "\ufffd" in text:
        raise _not_text()
    return text


def _not_text() -> AskAdmin:
    return AskAdmin(
        code="file_not_text",
        sentence="This is not a CSV file. In your spreadsheet choose “Save as” and then “CSV UTF-8”.",
    )


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, and the text without Excel's own line that says so."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    return max(_DELIMITERS, key=first.count), text


def _folded(heading: str) -> str:
    return "".join(sign for sign in heading.casefold() if sign.isalnum())
