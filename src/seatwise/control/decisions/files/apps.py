"""A file of apps that Entra does not know, to be added by hand all at once."""

from __future__ import annotations

from typing import Final
from uuid import uuid5

from seatwise.control.decisions.book import Change
from seatwise.control.decisions.current import held
from seatwise.control.decisions.files import sheet
from seatwise.control.decisions.files.prices import COLUMNS, NAMES, changes_of
from seatwise.control.decisions.files.reading import Line, Reading, line, once
from seatwise.control.decisions.files.sheet import Row
from seatwise.control.decisions.subjects import Subject, Subjects, subjects
from seatwise.control.models import Person, Workspace

_LEFT_OUT: Final = ("kind", "id", "seats")
APP_COLUMNS: Final = tuple(column for column in COLUMNS if column not in _LEFT_OUT)


def apps_template() -> str:
    """The headings, and one row as an example."""
    example = {
        "name": "Press archive",
        "vendor": "Adatum",
        "category": "Research",
        "owner": "Amara Osei",
        "price": "1200",
        "currency": "EUR",
        "basis": "contract",
        "period": "year",
        "seats_bought": "20",
        "renewal_on": "2027-03-31",
        "notice_days": "90",
    }
    return sheet.write(APP_COLUMNS, [tuple(example.get(column, "") for column in APP_COLUMNS)])


def read_apps(data: bytes, workspace: Workspace, by: Person | None = None) -> Reading:
    """Errors: AskAdmin of `sheet.read`."""
    told = sheet.read(data, {name: column for name, column in NAMES.items() if column not in _LEFT_OUT})
    now = held(workspace).decided
    known = subjects(workspace, by)
    return Reading(told, once([_read(row, workspace, known, now.currency) for row in told.rows]))


def _read(row: Row, workspace: Workspace, known: Subjects, currency: str) -> Line:
    name = row.cells.get("name", "")
    if not name:
        return Line(row.number, "", (), {"name": "Write the name of the app."})
    if known.named(name):
        there = "An app of this name is there already. To change it, use the file of prices."
        return Line(row.number, name, (), {"name": there})
    # The same name gives the same id, so that what is confirmed is what was shown.
    subject = Subject("product", str(uuid5(workspace.pk, f"app by hand: {name.casefold()}")), name)
    own = [Change("product", subject.id, "by_hand", True, name), Change("product", subject.id, "name", name, name)]
    changes, faults = changes_of(subject, row, {}, currency)
    return line(row, name, [*own, *changes], faults, {})
