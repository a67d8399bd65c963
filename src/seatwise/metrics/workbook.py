"""An answer as an Excel workbook: typed cells, and a sheet that says what was asked, of when, and what columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import IO, Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from seatwise.base.clock import format_time, in_words, parse_time
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Column, Coverage, Filter, Question, Result

Row = dict[str, Any]
# What one sheet of Excel holds below the header.
SHEET_ROWS: Final = 1_048_575
_OPTIONS: Final = {
    # Rows leave memory as they are written.
    "constant_memory": True,
    "use_zip64": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH: Final = {"guid": 38, "bool": 8, "int": 12, "number": 12, "money": 16, "time": 20, "day": 12}
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel counts a 29 February 1900; older days are written as text
_OPS: Final = {"is": "is", "not": "is not", "from": "from", "to": "up to", "has": "has"}
_ABOUT_WIDTHS: Final = ((0, 26), (1, 12), (2, 26), (3, 110))


class _PlainSheet(Worksheet):  # type: ignore[misc]  # the library carries no types
    """Text is text.

    The library takes text of the form <r>…</r> for markup of its own and writes it into the sheet as it is.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        self._xml_inline_string(string, True, list(attributes))


def write(result: Result, sink: IO[bytes], asked: Question | None = None, rows: Iterable[Row] | None = None) -> None:
    """The workbook. More rows than a sheet holds go on in further sheets.

    rows:  instead of those of the answer; read once and never held together.
    Text keeps its characters, save that a line ends in one way; what is longer than a cell holds (32 767) is cut.
    """
    book = Workbook(sink, dict(_OPTIONS))
    book.set_properties({"created": result.as_of.replace(tzinfo=None), "title": result_title(asked)})
    styles = _Styles(book, asked)
    left = iter(result.rows if rows is None else rows)
    n_sheets = 0
    # The first sheet is there even when the answer is empty.
    while (first := next(left, None)) is not None or not n_sheets:
        n_sheets += 1
        sheet = _sheet(book, "Answer" if n_sheets == 1 else f"Answer {n_sheets}")
        _rows(sheet, result.columns, chain([first] if first is not None else [], islice(left, SHEET_ROWS - 1)), styles)
    _about(_sheet(book, "About"), result, asked, styles)
    book.close()


def result_title(asked: Question | None) -> str:
    return "Seatwise" if asked is None else f"Seatwise: {asked.name}"


class _Styles:
    """The number formats of one workbook."""

    def __init__(self, book: Workbook, asked: Question | None) -> None:
        self._book = book
        self._money: dict[str, Format] = {}
        self.currency = "" if asked is None else asked.decided.currency
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.of = {
            "int": book.add_format({"num_format": "#,##0"}),
            "number": book.add_format({"num_format": "#,##0.0"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }

    def money(self, currency: str) -> Format:
        is_code = currency.isascii() and currency.isalpha() and len(currency) == 3
        if currency not in self._money:
            form = f'#,##0.00" {currency}"' if is_code else "#,##0.00"
            self._money[currency] = self._book.add_format({"num_format": form})
        return self._money[currency]


def _sheet(book: Workbook, name: str) -> Worksheet:
    return book.add_worksheet(name, worksheet_class=_PlainSheet)


def _rows(sheet: Worksheet, columns: tuple[Column, ...], rows: Iterator[Row], styles: _Styles) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDTH.get(column.type, 30))
        sheet.write_string(0, at, column.name, styles.head)
    n = 0
    for n, row in enumerate(rows, start=1):
        currency = row.get("currency") or styles.currency
        for at, column in enumerate(columns):
            value = row[column.name]
            if value is not None:
                _cell(sheet, n, at, column.type, value, styles, currency)
    if columns:
        sheet.autofilter(0, 0, n, len(columns) - 1)


def _cell(sheet: Worksheet, row: int, at: int, kind: str, value: Any, styles: _Styles, currency: str) -> None:
    if kind == "money":
        sheet.write_number(row, at, round(float(value), 2), styles.money(currency))
    elif kind in ("int", "number"):
        sheet.write_number(row, at, value, styles.of[kind])
    elif kind == "bool":
        sheet.write_boolean(row, at, value)
    elif kind == "time":
        sheet.write_datetime(row, at, parse_time(value).replace(tzinfo=None), styles.of["time"])
    elif kind == "day" and date.fromisoformat(value) >= _FIRST_DAY:
        sheet.write_datetime(row, at, date.fromisoformat(value), styles.of["day"])
    else:
        _text(sheet, row, at, "; ".join(value) if isinstance(value, list) else str(value))


def _text(sheet: Worksheet, row: int, at: int, text: str, style: Format | None = None) -> None:
    # XML knows one end of line; a carriage return would come back as that anyway.
    sheet.write_string(row, at, text.replace("\r\n", "\n").replace("\r", "\n"), style)


def _about(sheet: Worksheet, result: Result, asked: Question | None, styles: _Styles) -> None:
    for at, width in _ABOUT_WIDTHS:
        sheet.set_column(at, at, width)
    row = 0
    for name, text in _told(result, asked):
        _text(sheet, row, 0, name, styles.bold)
        _text(sheet, row, 3, text, styles.wrap)
        row += 1
    row += 1
    for at, name in enumerate(("Column", "Type", "Unit", "Meaning")):
        _text(sheet, row, at, name, styles.head)
    for column in result.columns:
        row += 1
        for at, name in enumerate((column.name, column.type, column.unit or "", column.help)):
            _text(sheet, row, at, name, styles.wrap)


def _told(result: Result, asked: Question | None) -> Iterator[tuple[str, str]]:
    yield "As of", f"{in_words(result.as_of)} ({format_time(result.as_of)}); all times are UTC"
    yield "Sign-ins", _coverage(result.coverage)
    if asked is None:
        return
    metric = METRICS.get(asked.name)
    yield "Question", asked.name if metric is None else f"{asked.name}: {metric.help}"
    for name, value in asked.of:
        yield "With", f"{name} = {value}"
    if asked.app:
        yield "With", f"app = {asked.app}"
    for kept in asked.where:
        yield "Only rows where", _filter(kept)
    if asked.search:
        yield "Only rows with", asked.search
    for sort in asked.sort:
        yield "Sorted by", f"{sort.column}, {'largest' if sort.way == 'down' else 'smallest'} first"
    policy = asked.policy
    yield "Usage policy", f"{', '.join(policy.kinds)}; inactive after {policy.inactive_days} days without use"
    for caveat in () if metric is None else metric.caveats:
        yield "Note", caveat


def _filter(kept: Filter) -> str:
    values = ("(empty)" if value is None else str(value) for value in kept.values)
    return f"{kept.column} {_OPS[kept.op]} {' or '.join(values)}"


def _coverage(covered: Coverage) -> str:
    span = f"{covered.from_} to {covered.to}" if covered.from_ else "the last 30 days"
    if covered.state == "complete":
        return f"complete for {span}"
    reason = f" ({covered.reason})" if covered.reason else ""
    if covered.state == "partial":
        return f"only partly known for {span}{reason}; usage is a lower bound"
    return f"unknown{reason}; an empty cell means unknown, not zero"
