"""The file of prices, contracts, owners and categories: every product and licence, priced or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from seatwise.base import written
from seatwise.base.spreadsheets import guarded
from seatwise.control.decisions import terms
from seatwise.control.decisions.book import Change
from seatwise.control.decisions.current import Key, Values, held
from seatwise.control.decisions.files import sheet
from seatwise.control.decisions.files.reading import NONE_WORD, Line, Reading, line, once
from seatwise.control.decisions.files.sheet import Row
from seatwise.control.decisions.subjects import Subject, Subjects, Unknown, subjects
from seatwise.control.decisions.terms import Terms
from seatwise.control.models import Person, Workspace

COLUMNS: Final = (
    "kind",
    "id",
    "name",
    "seats",
    "vendor",
    "category",
    "owner",
    "state",
    "price",
    "currency",
    "basis",
    "period",
    "seats_bought",
    "renewal_on",
    "notice_days",
    "link",
    "note",
)
TEXTS: Final = ("vendor", "category", "owner", "state", "note")
NAMES: Final[Mapping[str, str]] = {column.replace("_", ""): column for column in COLUMNS} | {
    "type": "kind",
    "appid": "id",
    "productid": "id",
    "skuid": "id",
    "clientid": "id",
    "applicationid": "id",
    "app": "name",
    "product": "name",
    "appname": "name",
    "productname": "name",
    "application": "name",
    "licence": "name",
    "license": "name",
    "nseats": "seats",
    "supplier": "vendor",
    "publisher": "vendor",
    "amount": "price",
    "quantity": "seats_bought",
    "bought": "seats_bought",
    "renewal": "renewal_on",
    "renewaldate": "renewal_on",
    "renewson": "renewal_on",
    "notice": "notice_days",
    "noticeperiod": "notice_days",
    "url": "link",
    "contractlink": "link",
    "notes": "note",
    "comment": "note",
}
_BASES: Final = {"seat": "seat", "perseat": "seat", "user": "seat", "contract": "contract", "total": "contract"}
_PERIODS: Final = {
    **dict.fromkeys(("month", "monthly", "permonth"), "month"),
    **dict.fromkeys(("year", "yearly", "annual", "annually", "peryear"), "year"),
}
# Parts of a price by column: how a cell is read, and what the part is called in `Terms`.
_PARTS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "price": ("amount", written.amount),
    "currency": ("currency", str.upper),
    "basis": ("basis", lambda text: _word(text, _BASES)),
    "period": ("period", lambda text: _word(text, _PERIODS)),
    "seats_bought": ("seats_bought", written.whole),
    "renewal_on": ("renewal_on", written.day),
    "notice_days": ("notice_days", written.whole),
    "link": ("link", str),
}
_COLUMN_OF: Final = {part: column for column, (part, _) in _PARTS.items()}
_MAY_BE_EMPTY: Final = ("seats_bought", "renewal_on", "notice_days", "link")


def export_prices(workspace: Workspace, by: Person | None = None) -> str:
    """Every product and licence, products first, by name. Reading it again changes nothing."""
    values = held(workspace).values
    everything = sorted(subjects(workspace, by).all, key=lambda each: (each.kind != "product", each.name.casefold()))
    return sheet.write(COLUMNS, [_written(each, values) for each in everything])


def read_prices(data: bytes, workspace: Workspace, by: Person | None = None) -> Reading:
    """Errors: AskAdmin of `sheet.read`."""
    told = sheet.read(data, NAMES)
    now = held(workspace)
    known = subjects(workspace, by)
    lines = [_read(row, known, now.values, now.decided.currency) for row in told.rows]
    return Reading(told, once(lines))


def changes_of(subject: Subject, row: Row, values: Values, currency: str) -> tuple[list[Change], dict[str, str]]:
    """What the cells of a row decide about a subject, and what is wrong with them, by column."""
    changes, faults = _texts(subject, row, values)
    priced, more = _price(subject, row, values, currency)
    return [*changes, *priced], faults | more


def _read(row: Row, known: Subjects, values: Values, currency: str) -> Line:
    name = row.cells.get("name", "")
    try:
        subject = _found(row, known)
    except Unknown as unknown:
        return Line(row.number, name or row.cells.get("id", ""), (), {"": str(unknown)})
    changes, faults = changes_of(subject, row, values, currency)
    return line(row, subject.name, changes, _by_column(faults), values)


def _found(row: Row, known: Subjects) -> Subject:
    told, name, kind = (row.cells.get(column, "") for column in ("id", "name", "kind"))
    if not told and not name:
        raise Unknown("The row names no app: both its id and its name are empty.")
    if kind and not told:
        known = known.of_kind(kind.casefold())
    return known.find(told, name)


def _texts(subject: Subject, row: Row, values: Values) -> tuple[list[Change], dict[str, str]]:
    changes, faults = [], {}
    for field in TEXTS:
        cell = row.cells.get(field, "")
        shown = values.get(Key(subject.kind, subject.id, field)) or subject.row.get(field) or ""
        # What the catalogue or Entra says, and the file repeats, is no decision.
        if not cell or guarded(cell) == guarded(shown):
            continue
        if subject.kind == "licence":
            faults[field] = "A Microsoft licence has a price only. Leave this cell empty."
            continue
        told = cell.casefold() if field == "state" else cell
        value = None if cell.casefold() == NONE_WORD else told
        changes.append(Change("product", subject.id, field, value, subject.name))
    return changes, faults


def _price(subject: Subject, row: Row, values: Values, currency: str) -> tuple[list[Change], dict[str, str]]:
    told = {column: row.cells.get(column, "") for column in _PARTS}
    if not any(told.values()):
        return [], {}
    if told["price"].casefold() == NONE_WORD:
        return [Change(subject.kind, subject.id, "price", None, subject.name)], {}
    parts: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for column, cell in told.items():
        part, read = _PARTS[column]
        if cell.casefold() == NONE_WORD and part in _MAY_BE_EMPTY:
            parts[part] = None
        elif cell:
            try:
                parts[part] = read(cell)
            except ValueError as error:
                faults[column] = str(error)
    before = values.get(Key(subject.kind, subject.id, "price"))
    if before is None and "amount" not in parts and not faults:
        faults["price"] = "There is no price yet, so the rest means nothing. Write the price, too."
    if faults:
        return [], faults
    made = replace(terms.opened(before), **parts) if before else Terms(**{"currency": currency, **parts})
    wrong = terms.faults(made)
    if wrong:
        return [], {_COLUMN_OF[part]: sentence for part, sentence in wrong.items()}
    return [Change(subject.kind, subject.id, "price", made, subject.name)], {}


def _written(subject: Subject, values: Values) -> tuple[str, ...]:
    texts = {field: values.get(Key(subject.kind, subject.id, field)) or subject.row.get(field) or "" for field in TEXTS}
    told = {"kind": subject.kind, "id": subject.id, "name": subject.name, "seats": _seats(subject), **texts}
    price = values.get(Key(subject.kind, subject.id, "price"))
    if price is not None:
        at = terms.opened(price)
        told |= {
            "price": written.amount_text(at.amount),
            "currency": at.currency,
            "basis": at.basis,
            "period": at.period,
            "seats_bought": "" if at.seats_bought is None else str(at.seats_bought),
            "renewal_on": "" if at.renewal_on is None else at.renewal_on.isoformat(),
            "notice_days": "" if at.notice_days is None else str(at.notice_days),
            "link": at.link or "",
        }
    return tuple(str(told.get(column, "")) for column in COLUMNS)


def _seats(subject: Subject) -> str:
    n = subject.row.get("n_seats" if subject.kind == "product" else "n_assigned")
    return "" if n is None else str(n)


def _word(text: str, words: Mapping[str, str]) -> str:
    told = words.get("".join(sign for sign in text.casefold() if sign.isalnum()))
    if told is None:
        raise ValueError(f"“{text}” is neither {' nor '.join(dict.fromkeys(words.values()))}.")
    return told


def _by_column(faults: Mapping[str, str]) -> dict[str, str]:
    return {_COLUMN_OF.get(field, field): sentence for field, sentence in faults.items()}
