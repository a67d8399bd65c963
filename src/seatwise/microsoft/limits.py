"""How fast Microsoft may be asked: a budget per ten seconds, waiting when told to, backing off. Pure arithmetic.

All times are seconds of one monotonic clock and are handed in.
Source: Microsoft Graph, "throttling limits" and "throttling guidance".
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from seatwise.base import clock

Workload = Literal["directory", "reports"]

SPAN_S = 10.0
# Both ends measure time on their own; a hair more than the span keeps a strict server content.
MARGIN_S = 0.1
REPORTS_PER_SPAN = 5
DIRECTORY_SHARE = 0.8
"""Part of the directory budget we use: other programs of the same registration want some too."""

NO_LIMIT = 1 << 30

LEAST_WAIT_S, MOST_WAIT_S = 1.0, 3600.0
FIRST_BACK_OFF_S, MOST_BACK_OFF_S = 2.0, 60.0
WARNING_FROM = 0.8


def units_per_span(n_users: int) -> int:
    """Resource units per 10 s that a tenant of this size has for one registration."""
    return 3500 if n_users < 50 else 5000 if n_users <= 500 else 8000


@dataclass(slots=True)
class Ticket:
    """One request that was let through. ended_at: when its answer (or its failure) came, None while it runs."""

    cost: int
    ended_at: float | None = None


@dataclass(slots=True)
class Meter:
    """A budget per ten seconds that holds at the server's end too.

    A request counts from the moment it is sent until ten seconds after its answer came. The server met it somewhere
    between, so in no ten seconds, wherever they begin, can it meet more than the budget.

    budget:  requests or units per span.
    pace:    share of the budget in use, below 1 after a warning.
    """

    budget: int
    pace: float = 1.0
    parked_until: float = float("-inf")
    _tickets: list[Ticket] = field(default_factory=list)
    _warned_at: float = float("-inf")

    def wait(self, cost: int, now: float) -> float:
        """Seconds to wait before asking again whether this may be sent; 0 when it may be sent now."""
        if now < self.parked_until:
            return self.parked_until - now
        self._tickets = [ticket for ticket in self._tickets if ticket.ended_at is None or self._free_at(ticket) > now]
        room = self._room(now)
        used = sum(ticket.cost for ticket in self._tickets)
        if not self._tickets or used + cost <= room:
            return 0.0
        for ticket in sorted((one for one in self._tickets if one.ended_at is not None), key=self._free_at):
            used -= ticket.cost
            if used + cost <= room:
                return max(self._free_at(ticket) - now, 0.001)
        return 0.05

    def begin(self, cost: int) -> Ticket:
        ticket = Ticket(cost)
        self._tickets.append(ticket)
        return ticket

    def end(self, ticket: Ticket, now: float) -> None:
        if ticket.ended_at is None:
            ticket.ended_at = now

    def park(self, seconds: float, now: float) -> None:
        """Send nothing for so long: Microsoft asked for it."""
        self.parked_until = max(self.parked_until, now + seconds)

    def warn(self, share: float, now: float) -> None:
        """Slow down. share: of the limit that is used, as the header x-ms-throttle-limit-percentage tells it."""
        if share >= WARNING_FROM:
            self.pace = max(0.1, min(self.pace, WARNING_FROM / share * 0.9))
            self._warned_at = now

    def _room(self, now: float) -> int:
        if self.pace < 1.0 and now - self._warned_at > SPAN_S:
            # Back to full pace in steps, each after a quiet span.
            self.pace, self._warned_at = min(1.0, self.pace * 1.5), now
        return max(1, int(self.budget * self.pace))

    @staticmethod
    def _free_at(ticket: Ticket) -> float:
        return (ticket.ended_at or 0.0) + SPAN_S + MARGIN_S


class Governor:
    """The meters of one registration in one tenant, shared by everything that asks for it."""

    def __init__(self) -> None:
        self.meters: dict[Workload, Meter] = {
            "directory": Meter(int(units_per_span(0) * DIRECTORY_SHARE)),
            "reports": Meter(REPORTS_PER_SPAN),
        }

    def lift(self, headers: Mapping[str, str]) -> None:
        """Go without a budget when the server says it sets none, as a sandbox may. headers: names in lower case."""
        if headers.get("x-sandbox-limits") == "off":
            for meter in self.meters.values():
                meter.budget = NO_LIMIT

    def size(self, n_users: int) -> None:
        """Set the directory's budget by the number of people in the tenant."""
        meter = self.meters["directory"]
        if meter.budget != NO_LIMIT:
            meter.budget = int(units_per_span(n_users) * DIRECTORY_SHARE)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds the header Retry-After asks for, within 1 s and 1 h; None when it says nothing we understand.

    headers:  names in lower case. A date is compared with the answer's own Date, so a wrong clock here does no harm.
    """
    told = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", told, re.ASCII):
        return min(max(float(told), LEAST_WAIT_S), MOST_WAIT_S)
    until = _date(told)
    if until is None:
        return None
    asked_at = _date(headers.get("date", "")) or now or clock.now()
    return min(max((until - asked_at).total_seconds(), LEAST_WAIT_S), MOST_WAIT_S)


def throttle_share(headers: Mapping[str, str]) -> float | None:
    """Share of a limit that is used, as Microsoft warns of it from 0.8 on; None without a warning."""
    told = headers.get("x-ms-throttle-limit-percentage", "").strip()
    return float(told) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", told, re.ASCII) else None


def back_off(attempt: int, draw: random.Random) -> float:
    """Seconds to wait after the attempt-th failure (from 1) when Microsoft named none: full jitter up to 2, 4, … 60."""
    return draw.uniform(0.0, min(FIRST_BACK_OFF_S * 2 ** (attempt - 1), MOST_BACK_OFF_S))


def _date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
