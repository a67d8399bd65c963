"""What a text is, told from its content, and its records."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatwise.lake.forms import csv_records, json_records, portal
from seatwise.lake.forms.canonical import Found, SetAside
from seatwise.lake.forms.containers import Member, Unreadable, chunks
from seatwise.lake.forms.diagnostic import Hour, hour_of


@dataclass(slots=True)
class Reading:
    """The records of one text, to be gone through once.

    hour:    the hour it stands for when it lies in a storage account's layout.
    is_cut:  after the end, whether the text ended inside a record, which was left and not counted.
    """

    member: Member
    where: str
    hour: Hour | None = field(init=False)
    is_cut: bool = False

    def __post_init__(self) -> None:
        self.hour = hour_of(self.where)

    def records(self) -> Iterator[Found | None]:
        """One item for each record received; None for one that is nothing we know.

        Errors: Unreadable when the text is none of our forms; records given before that stand.
        """
        parts = chunks(self.member.stream)
        head = next(parts, b"")
        start = head[:65536].lstrip()[:1]
        text = itertools.chain([head], parts)
        if not start and self.hour:
            return
        if not start:
            raise Unreadable("This file is empty.")
        if not self.hour and portal.is_detail(self.where):
            for found in csv_records.read(self.where, text) if start not in b"{[" else self._json(text):
                yield (
                    SetAside("authenticationDetail", "detail_of_another_record") if found is None else _as_detail(found)
                )
        elif start in b"{[" or _is_json_text(head):
            yield from self._json(text)
        else:
            yield from csv_records.read(self.where, text)

    def _json(self, text: Iterator[bytes]) -> Iterator[Found | None]:
        reader = json_records.Reader(self.where, is_blob=self.hour is not None)
        yield from reader.read(text)
        self.is_cut = reader.is_cut


def _as_detail(found: Found) -> SetAside:
    return found if isinstance(found, SetAside) else SetAside("authenticationDetail", "detail_of_another_record")


def _is_json_text(head: bytes) -> bool:
    """Whether the first line is a JSON object written as one quoted JSON text."""
    first = head.lstrip()[:4].replace(b" ", b"")
    return first.startswith(b'"{\\')
