"""A file read row by row: what each row would change, or why it cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from seatwise.control.decisions.book import Change, checked, decide
from seatwise.control.decisions.current import Key, Values
from seatwise.control.decisions.files import sheet as sheets
from seatwise.control.decisions.files.sheet import Row, Sheet
from seatwise.control.decisions.wrong import Wrong
from seatwise.control.models import Person, Workspace

# An empty cell changes nothing; this word takes a decision away.
NONE_WORD: Final = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file.

    subject:  what it is about, in words.
    changes:  only what does not hold already; empty also when it is wrong.
    faults:   sentences by column.
    """

    number: int
    subject: str
    changes: tuple[Change, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return " ".join(f"{column}: {sentence}" if column else sentence for column, sentence in self.faults.items())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file would do. Nothing is done by reading it."""

    sheet: Sheet
    lines: tuple[Line, ...]

    @property
    def good(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.changes)

    @property
    def wrong(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.faults)

    @property
    def n_same(self) -> int:
        return len(self.lines) - len(self.good) - len(self.wrong)

    @property
    def changes(self) -> list[Change]:
        return [change for line in self.lines for change in line.changes]

    @property
    def mark(self) -> str:
        """Of what it would change: equal marks, equal changes. A person confirms one of them."""
        told = "\n".join(repr((c.subject_kind, c.subject_id, c.field, c.value)) for c in self.changes)
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def handed_back(self) -> str:
        """The wrong rows as a file, with the reason in a last column."""
        return sheets.handed_back(self.sheet, {line.number: line.reason for line in self.wrong})


def apply(by: Person | None, workspace: Workspace, reading: Reading, *, address: str = "") -> int:
    """Decides what the good rows say, as one entry. Errors: those of `decide`."""
    return decide(by, workspace, reading.changes, address=address)


def line(row: Row, subject: str, changes: Sequence[Change], faults: Mapping[str, str], held: Values) -> Line:
    """Checks the changes, and leaves out what holds already."""
    if faults:
        return Line(row.number, subject, (), dict(faults))
    try:
        new = [each for each in changes if any(value != held.get(key) for key, value in checked([each]).items())]
    except Wrong as error:
        return Line(row.number, subject, (), error.fields)
    return Line(row.number, subject, tuple(new))


def once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A second row about the same would win or lose by its place in the file: it is refused instead."""
    first: dict[Key, int] = {}
    told = []
    for each in lines:
        keys = [Key(change.subject_kind, change.subject_id, change.field) for change in each.changes]
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is not None:
            each = Line(each.number, each.subject, (), {"": f"Row {earlier} says something about the same already."})
        else:
            first.update(dict.fromkeys(keys, each.number))
        told.append(each)
    return tuple(told)
