"""How much of the sign-in log somebody can know at a moment: what Graph served since, and what was exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from entra_sandbox.world.shapes import Activity, Directory, SignIn, Tenant

DAY = timedelta(days=1)


class Company(Protocol):
    """What the oracle asks of a world; tests hand in small ones made by hand."""

    @property
    def tenant(self) -> Tenant: ...
    def directory(self, as_of: datetime, premium: bool | None = None) -> Directory: ...
    def sign_ins(self, start: datetime, end: datetime) -> Iterator[SignIn]: ...
    def last_activity(self, as_of: datetime) -> Activity: ...


@dataclass(frozen=True)
class Known:
    """What somebody can know at as_of: all that Graph served since a moment, and the last n days of an export.

    served_from is None without a premium licence, n_days is None without an export.
    """

    as_of: datetime
    served_from: datetime | None
    n_days: int | None

    @property
    def today(self) -> date:
        return (self.as_of - timedelta(microseconds=1)).date()

    @property
    def window_start(self) -> date:
        return self.today - timedelta(days=29)

    @property
    def exported_from(self) -> date | None:
        return None if self.n_days is None else self.today - timedelta(days=self.n_days - 1)

    @property
    def start(self) -> datetime:
        """Nothing created earlier is known."""
        exported = None if self.exported_from is None else midnight(self.exported_from)
        return min(at for at in (self.served_from, exported, self.as_of) if at is not None)

    def state(self, day: date) -> tuple[str, str | None]:
        """Of a day not after today, for every kind alike: how much is known of it, and why not more."""
        if self.served_from is not None and midnight(day) >= self.served_from:
            return "complete", None
        if self.exported_from is not None and day >= self.exported_from:
            return "complete", None
        if self.served_from is None:
            return "missing", "premium_missing"
        return ("partial" if midnight(day) + DAY > self.served_from else "missing"), "not_read"

    def n_unbroken(self) -> int:
        """Days ending today of which everything is known."""
        n = 0
        while self.state(self.today - n * DAY)[0] == "complete":
            n += 1
        return n

    def days(self) -> list[date]:
        first = min(self.window_start, self.exported_from or self.window_start)
        return [first + timedelta(days=n) for n in range((self.today - first).days + 1)]

    def summary(self) -> dict[str, str | None]:
        """Of the last 30 days: state, from, to, reason."""
        states = [self.state(day) for day in self.days() if day >= self.window_start]
        every = {state for state, _ in states}
        state = every.pop() if len(every) == 1 else "partial"
        if state == "missing":
            return {"state": state, "from": None, "to": None, "reason": states[-1][1]}
        first, reason = max(self.start, midnight(self.days()[0])), next((r for _, r in states if r), None)
        return {"state": state, "from": shown(first), "to": shown(self.as_of), "reason": reason}


def shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def known(
    as_of: datetime, *, days: int | None = None, first_sync: datetime | None = None, premium: bool = True
) -> Known:
    earliest = min(as_of, first_sync or as_of) - timedelta(days=30) if premium else None
    return Known(as_of, earliest, days)
