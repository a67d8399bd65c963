"""Columns that several metrics share, and the SQL that fills them."""

from __future__ import annotations

from typing import Final

from seatwise.metrics.shapes import Column

STATUSES: Final = ("active", "idle", "unused", "never", "unknown")
_CLAIMS: Final = {
    "active": "used within the inactivity period",
    "idle": "not used within the inactivity period",
    "unused": "not used for 90 proven days",
    "never": "never used since the account was made",
    "unknown": "of which absence of use is not proven",
}


def seats(unit: str = "seats", of: str = "Of those, ") -> tuple[Column, ...]:
    """How many seats are in each state."""
    return tuple(Column(f"n_{name}", "int", f"{of}{_CLAIMS[name]}.", unit, is_summed=True) for name in STATUSES)


def money() -> tuple[Column, ...]:
    """What seats cost a month."""
    return (
        Column("currency", "text", "Currency of the amounts in this row; empty without a price."),
        Column("cost_month", "money", "What it costs a month; empty without a price.", "a month", is_summed=True),
        Column(
            "could_save_month",
            "money",
            "Seats never used or unused, protected people left out, at the price of a seat.",
            "a month",
            is_summed=True,
        ),
        Column("idle_month", "money", "Seats that are idle; shown, not claimed.", "a month", is_summed=True),
        Column("unknown_month", "money", "Seats of which nothing is proven; not claimed.", "a month", is_summed=True),
    )


def counted(of: str = "holds_seat") -> str:
    """SQL: counts of the states over rows of `pair`, as n_active, n_idle …"""
    return ", ".join(f"count(*) FILTER ({of} AND status = '{name}') AS n_{name}" for name in STATUSES)


def counted_where(known: str) -> str:
    """SQL: the five counts over rows of `pair`; null where seats are not known."""
    return ", ".join(
        f"CASE WHEN {known} THEN count(*) FILTER (holds_seat AND status = '{name}') END" for name in STATUSES
    )


def shown(prefix: str, known: str) -> str:
    """SQL: the five counts of a row; null where seats are not known."""
    return ", ".join(f"CASE WHEN {known} THEN coalesce({prefix}.n_{name}, 0) END" for name in STATUSES)


def summed(*names: str) -> str:
    """SQL: sums of exact amounts over rows of `pair`."""
    return ", ".join(f"CAST(sum({name}) AS HUGEINT) AS {name}" for name in names)
