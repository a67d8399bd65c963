"""Times as people's programs write them: ISO, or a culture's order of day and month, decided once per file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from seatwise.lake.forms.containers import Unreadable

Order = Literal["dmy", "mdy"]

_CULTURE = re.compile(
    r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?:,?\s+|T)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*([ap]\.?\s?m\.?)?\s*(?:Z|UTC|GMT|[+-]00:?00)?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Survey:
    """What the times of one file, seen one by one, prove about the order of day and month.

    n_open:  times that could be either; n_open_marked of them say AM or PM.
    """

    proven: set[Order] = field(default_factory=set)
    n_open: int = 0
    n_open_marked: int = 0
    example: str = ""

    def see(self, written: str) -> None:
        match = _CULTURE.fullmatch(written.strip())
        if not match or len(match[1]) == 4:
            return
        first, second = int(match[1]), int(match[3])
        if match[2] == ".":
            self.proven.add("dmy")  # no culture writes the month first with dots
        elif first > 12:
            self.proven.add("dmy")
        elif second > 12:
            self.proven.add("mdy")
        else:
            self.n_open += 1
            self.n_open_marked += match[9] is not None
            self.example = written.strip()

    def order(self, usual: Order | None) -> Order:
        """usual: the order the form is known to write its times with AM and PM in, when there is one.

        Errors: Unreadable when the times leave it open or contradict each other.
        """
        if len(self.proven) > 1:
            raise Unreadable(
                "Some dates of this file can only be day/month and others only month/day. "
                "Export it again and do not save it in a spreadsheet."
            )
        if self.proven:
            return next(iter(self.proven))
        if self.n_open and (usual is None or self.n_open_marked < self.n_open):
            raise Unreadable(
                f"Nothing in this file tells whether {self.example} is day/month or month/day. "
                "Export it again and do not save it in a spreadsheet: dates like 2026-09-30T06:15:32Z are clear."
            )
        return usual or "dmy"


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads the times of one file.

    only_marked:  times in a culture's spelling are read only with AM or PM, for forms that cannot be asked as a whole.
    """

    order: Order
    only_marked: bool = False

    def iso(self, written: str) -> str | None:
        """The time as ISO text (UTC), None when it is no time at all."""
        written = written.strip()
        if written[4:5] == "-":
            return written
        match = _CULTURE.fullmatch(written)
        if not match or (self.only_marked and not match[9] and len(match[1]) != 4):
            return None
        first, middle, last = int(match[1]), int(match[3]), int(match[4])
        if len(match[1]) == 4:
            year, month, day = first, middle, last
        else:
            day, month = (first, middle) if self.order == "dmy" else (middle, first)
            year = last if last > 99 else 2000 + last
        hour, minute, second = int(match[5]), int(match[6]), int(match[7] or 0)
        if match[9]:
            hour = hour % 12 + (12 if match[9][0] in "pP" else 0)
        try:
            return datetime(
                year, month, day, hour, minute, second, int((match[8] or "0")[:6].ljust(6, "0"))
            ).isoformat()
        except ValueError:
            return None
