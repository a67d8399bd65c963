"""The file of seats by hand: who has a seat in which product, by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seatwise.control.decisions.book import Change
from seatwise.control.decisions.current import Values, held
from seatwise.control.decisions.files import sheet
from seatwise.control.decisions.files.reading import Line, Reading, line, once
from seatwise.control.decisions.files.sheet import Row
from seatwise.control.decisions.subjects import Subject, Subjects, Unknown, people, subjects
from seatwise.control.models import Person, Workspace

COLUMNS: Final = ("app", "app_id", "address", "seat")
_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("app", "name", "product", "appname", "productname", "application"), "app"),
    **dict.fromkeys(("appid", "id", "productid"), "app_id"),
    **dict.fromkeys(("address", "email", "mail", "upn", "user", "username", "userprincipalname", "person"), "address"),
    **dict.fromkeys(("seat", "hasseat"), "seat"),
}
_SEAT: Final = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "none": False}


def export_seats(workspace: Workspace, by: Person | None = None) -> str:
    """Every seat by hand, by app and address. Reading it again changes nothing."""
    known = subjects(workspace, by)
    told = [
        (_name(known, key.subject_id), key.subject_id, key.field, "yes")
        for key in held(workspace).values
        if key.subject_kind == "seat"
    ]
    return sheet.write(COLUMNS, sorted(told))


def read_seats(data: bytes, workspace: Workspace, by: Person | None = None, *, product_id: str = "") -> Reading:
    """product_id: of rows that name no app. Errors: AskAdmin of `sheet.read`."""
    told = sheet.read(data, _NAMES)
    known, values, directory = subjects(workspace, by), held(workspace).values, people(workspace, by)
    return Reading(told, once([_read(row, known, values, directory, product_id) for row in told.rows]))


def _read(row: Row, known: Subjects, values: Values, directory: Mapping[str, str], product_id: str) -> Line:
    address = row.cells.get("address", "").lower()
    try:
        product = _product(row, known, product_id)
    except Unknown as unknown:
        return Line(row.number, address, (), {"app": str(unknown)})
    has = _SEAT.get(row.cells.get("seat", "").casefold())
    if has is None:
        return Line(row.number, address, (), {"seat": "Write yes, or no to take the seat away."})
    value = directory.get(address, "") if has else None
    change = Change("seat", product.id, address, value, product.name)
    if value is None and not any(key.subject_id == product.id and key.field == address for key in values):
        return Line(row.number, address)
    return line(row, f"{address}, {product.name}", [change], {}, values)


def _product(row: Row, known: Subjects, product_id: str) -> Subject:
    told, name = row.cells.get("app_id", ""), row.cells.get("app", "")
    if not told and not name:
        if not product_id:
            raise Unknown("The row names no app.")
        told = product_id
    return known.of_kind("product").find(told, name)


def _name(known: Subjects, product_id: str) -> str:
    found = known.of_id(product_id)
    return product_id if found is None else found.name
