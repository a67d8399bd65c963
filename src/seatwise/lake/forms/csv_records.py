"""Records out of CSV: the portal's downloads, Log Analytics tables, and columns that hold JSON as text."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from seatwise.lake.forms import dates, json_records, log_analytics, portal
from seatwise.lake.forms.canonical import Found
from seatwise.lake.forms.containers import CHUNK, Unreadable

EXPECTED = (
    "This is none of the files Seatwise reads: sign-ins as Graph JSON, diagnostic-settings records, a Log Analytics "
    "export, or a sign-in download of the Entra admin centre (CSV or JSON)."
)
_SEPARATORS = ",;\t|"
_HELD = 64 << 20

# Columns that hold JSON outgrow the standard limit of 128 KiB; the limit is the interpreter's, there is no other way.
csv.field_size_limit(64 << 20)


@dataclass(frozen=True, slots=True)
class _Form:
    """How to read the rows under a header.

    dated:  positions of the columns whose times must be agreed on first, the best one first.
    usual:  the order of day and month this form is known for.
    """

    read: Callable[[Sequence[str], dates.Clock], Iterator[Found | None]]
    dated: tuple[int, ...] = ()
    usual: dates.Order | None = None
    header_is_data: bool = False


def read(name: str, parts: Iterator[bytes]) -> Iterator[Found | None]:
    """One item for each row; None for a row that is nothing we know.

    Errors: Unreadable when the columns are none we know or the dates cannot be told.
    """
    first = next(parts, b"")
    separator, header = _header(first)
    form = _form(name, header, _sample(first, separator))
    text: Iterator[bytes] = itertools.chain([first], parts)
    if not form.dated or _plainly_iso(_sample(first, separator), form):
        yield from _rows(text, separator, header, form, dates.Clock("dmy"))
        return
    with tempfile.SpooledTemporaryFile(max_size=_HELD) as spool:
        # The order of day and month holds for the whole file, so the whole file is asked before the first row is read.
        for part in text:
            spool.write(part)
        spool.seek(0)
        clock = dates.Clock(_surveyed(_again(spool), separator, header, form).order(form.usual))
        spool.seek(0)
        yield from _rows(_again(spool), separator, header, form, clock)


def _header(first: bytes) -> tuple[str, list[str]]:
    """The separator and the column names: the separator under which most names are known."""
    text = _told(first)
    if not text.strip():
        raise Unreadable("This file is empty.")
    named = text[:6].lower()
    if named.startswith("sep=") and len(named) > 4:
        return named[4], _first_row(text.split("\n", 1)[-1], named[4])
    rows = [(separator, _first_row(text, separator)) for separator in _SEPARATORS]
    return max(rows, key=lambda row: (_n_known(row[1]), len(row[1])))


def _n_known(header: Sequence[str]) -> int:
    from_portal = sum(portal.is_known(name) for name in header)
    return max(from_portal, len(header) if log_analytics.is_table(header) else 0)


def _first_row(text: str, separator: str) -> list[str]:
    try:
        return next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)), [])
    except csv.Error:
        return []


def _told(raw: bytes) -> str:
    return raw.decode(_encoding(raw), "replace")


def _encoding(raw: bytes) -> str:
    """UTF-8, or the Windows code page of Western Europe where the bytes are no UTF-8."""
    try:
        raw[:-4].decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut at the end of the part is no proof.
        return "utf-8" if error.start > len(raw) - 8 else "cp1252"
    return "utf-8"


def _sample(first: bytes, separator: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(_told(first[: CHUNK // 4]), newline=""), delimiter=separator)
    try:
        return [row for row in itertools.islice(rows, 1, 50) if any(row)]
    except csv.Error:
        return []


def _form(name: str, header: list[str], sample: list[list[str]]) -> _Form:
    named = portal.kind_by_name(name)
    if other := portal.other_download(header):
        return _Form(lambda row, clock: iter([other]))
    if where := portal.columns(header):
        return _Form(lambda row, clock: iter([portal.read(row, where, clock, named)]), (where.at["at"],))
    if log_analytics.is_table(header):
        dated = [
            i
            for word in ("createddatetime", "timegenerated")
            for i, n in enumerate(header)
            if log_analytics.plain(n) == word
        ]
        return _Form(
            lambda row, clock: iter([log_analytics.read(_named_cells(header, row), clock)]), tuple(dated), "mdy"
        )
    return _wrapped(name, header, sample)


def _named_cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for column, value in zip(header, row, strict=False):
        if value or column not in cells:
            cells[column] = value
    return cells


def _wrapped(name: str, header: list[str], sample: list[list[str]]) -> _Form:
    """A column whose cells are JSON. Errors: Unreadable when there is none."""
    reader = json_records.Reader(name)
    for row, is_header in ((header, True), *((row, False) for row in sample[:1])):
        at = next((i for i, cell in enumerate(row) if cell.lstrip()[:2] in ('{"', "{ ", "{\n", "{}", "[{")), None)
        if at is not None:
            return _Form(functools.partial(_unwrapped, reader, at), header_is_data=is_header)
    raise Unreadable(EXPECTED)


def _unwrapped(reader: json_records.Reader, at: int, row: Sequence[str], _clock: dates.Clock) -> Iterator[Found | None]:
    return reader.value(row[at] if at < len(row) else "", "", 3)


def _plainly_iso(sample: list[list[str]], form: _Form) -> bool:
    return all(written[4:5] == "-" for row in sample if (written := _dated(row, form)))


def _dated(row: Sequence[str], form: _Form) -> str:
    return next((row[at].strip() for at in form.dated if at < len(row) and row[at].strip()), "")


def _surveyed(parts: Iterator[bytes], separator: str, header: list[str], form: _Form) -> dates.Survey:
    survey = dates.Survey()
    for row in _cells(parts, separator):
        if row != header:
            survey.see(_dated(row, form))
    return survey


def _rows(
    parts: Iterator[bytes], separator: str, header: list[str], form: _Form, clock: dates.Clock
) -> Iterator[Found | None]:
    for row in _cells(parts, separator):
        # Files put one behind the other repeat the header; it is no record wherever it stands.
        if any(row) and (row != header or form.header_is_data) and not _names_separator(row):
            yield from form.read(row, clock)


def _names_separator(row: Sequence[str]) -> bool:
    return len(row) <= 2 and row[0].lower().startswith("sep=")


def _cells(parts: Iterator[bytes], separator: str) -> Iterator[list[str]]:
    first = next(parts, b"")
    stream = io.BufferedReader(_Parts(itertools.chain([first], parts)), CHUNK)
    text = io.TextIOWrapper(stream, _encoding(first), errors="replace", newline="")
    try:
        yield from csv.reader(text, delimiter=separator)
    except csv.Error as error:
        raise Unreadable("This CSV file is damaged: a quoted cell does not end.") from error


def _again(spool: IO[bytes]) -> Iterator[bytes]:
    while part := spool.read(CHUNK):
        yield part


class _Parts(io.RawIOBase):
    """A stream over parts of a text."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants a protocol of its own
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        n = min(len(buffer), len(self._rest))
        buffer[:n], self._rest = self._rest[:n], self._rest[n:]
        return n
