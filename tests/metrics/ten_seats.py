"""A lake of ten people with a seat each, and what the tests of cards ask of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from seatwise.metrics.decided import Decided, Price
from tests.support.tiny_lake import TinyLake, at

PEOPLE = ("ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal", "ida", "joe")


def per_seat(amount: str = "12", **more: Any) -> Price:
    return Price("product", "crm", "seat", Decimal(amount), **{"currency": "EUR", "period": "month", **more})


def decided(*prices: Price, **more: Any) -> Decided:
    return Decided(prices=prices, **more)


def cards(lake: TinyLake, card: str, **more: Any) -> dict[str, tuple[Any, ...]]:
    """Subject → n, worth, currency and day of one card."""
    return {
        row["subject_id"]: (row["n"], row["worth_month"], row["currency"], row["on"])
        for row in lake.ask("insights", **more)
        if row["card"] == card
    }


def use(lake: TinyLake, people: tuple[str, ...], back: int, app: str = "crm", **more: Any) -> None:
    for person in people:
        lake.sign_in(person, app, at(back), **more)
