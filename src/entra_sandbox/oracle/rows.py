"""What every answer about products says alike: seats by state, and money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from entra_sandbox.oracle.money import month
from entra_sandbox.oracle.stack import STATUSES, Line, Pair

Row = dict[str, Any]
NO_MONEY: Row = {
    "currency": None, "cost_month": None, "could_save_month": None, "idle_month": None, "unknown_month": None,
}  # fmt: skip
STATUS_COLUMNS = " ".join(f"n_{status}:int:seats" for status in STATUSES)
MONEY_COLUMNS = " ".join(f"{name}:{'text' if name == 'currency' else 'money'}" for name in NO_MONEY)


@dataclass(frozen=True, slots=True)
class Wish:
    """What beside the name is asked: Microsoft's too, ignored ones too, one app, parameters by name."""

    microsoft: bool = False
    ignored: bool = False
    app: str | None = None
    of: dict[str, str] = field(default_factory=dict)


def statuses(pairs: Iterable[Pair], *, are_seats_known: bool = True) -> Row:
    """Seats by state; null when seats were not read."""
    held = [p.status for p in pairs if p.has_seat]
    return {f"n_{status}": held.count(status) if are_seats_known else None for status in STATUSES}


@dataclass(slots=True)
class Worth:
    """Exact yearly amounts of some seats."""

    currency: str
    cost: Fraction = Fraction(0)
    could_save: Fraction = Fraction(0)
    idle: Fraction = Fraction(0)
    unknown: Fraction = Fraction(0)

    def add(self, pair: Pair, seat: Fraction) -> None:
        self.cost += seat
        if pair.is_claimed:
            self.could_save += seat
        if pair.status == "idle":
            self.idle += seat
        if pair.status == "unknown":
            self.unknown += seat

    def row(self) -> Row:
        return {
            "currency": self.currency, "cost_month": month(self.cost), "could_save_month": month(self.could_save),
            "idle_month": month(self.idle), "unknown_month": month(self.unknown),
        }  # fmt: skip


def worth_of(line: Line, pairs: Iterable[Pair]) -> Worth | None:
    """Of the seats among these pairs of one product; None without a price that can be laid on a seat."""
    price, seat = line.price, line.seat_annual()
    if price is None or seat is None or not line.is_claimable:
        return None
    worth = Worth(price.currency)
    for pair in pairs:
        if pair.has_seat:
            worth.add(pair, seat)
    return worth


def worth_in(currency: str, held: Iterable[tuple[Line, Pair]]) -> Worth | None:
    """Of seats of several products, only those priced in one currency; None when none is."""
    worth = None
    for line, pair in held:
        price, seat = line.price, line.seat_annual()
        if price and seat is not None and price.currency == currency and line.is_claimable and pair.has_seat:
            worth = worth or Worth(currency)
            worth.add(pair, seat)
    return worth


def worth_row(worth: Worth | None) -> Row:
    return worth.row() if worth else dict(NO_MONEY)
