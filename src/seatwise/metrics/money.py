"""Exact money: what stands in the questions is a whole number of a small unit; it is rounded where it leaves.

A price is a whole number of 1/10,000 of its currency for a year (`annual_e4`). A seat of a contract is a fraction of
that, so everything is counted in 1/`money_unit` of it, where `money_unit` is divisible by every number of seats bought.
A column of type money holds an amount for a month in that unit, which is a year's amount in 1/120,000/`money_unit`;
an amount for a year is twelve times as much. `ask` rounds such a column half up to cents, and sums before it rounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# Beyond this a seat's share of a contract is rounded to 1/10^15 of 1/10,000 of the currency.
MOST: Final = 10**15
_MONTHS: Final = 12
# DuckDB 2.0 multiplies a plain number with a HUGEINT variable as INT32 and overflows: each number is cast.
_HUGE: Final = "CAST({} AS HUGEINT)"
_PARTS: Final = _HUGE.format("getvariable('money_unit')")
_CENTS: Final = (
    f"({_HUGE.format(2)} * {{amount}} + {_HUGE.format(1200)} * {_PARTS}) // ({_HUGE.format(2400)} * {_PARTS})"
)


def annual_e4(amount: Decimal, period: str) -> int:
    """A price of a month or a year, in 1/10,000 of the currency for a year; finer amounts are rounded half up."""
    whole = (amount * 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    return int(whole) * (_MONTHS if period == "month" else 1)


def unit(denominators: Iterable[int]) -> int:
    """Into how many parts 1/10,000 of a currency is cut, so that a share of every contract is whole."""
    found = math.lcm(*denominators)
    return found if found <= MOST else MOST


def share(annual: int, seats: int, parts: int) -> int:
    """One seat's share of a contract in the small unit, rounded half up where the unit is too coarse."""
    return (2 * annual * parts + seats) // (2 * seats)


def cents(amount: str) -> str:
    """SQL: an exact amount in cents, rounded half up."""
    return f"CAST({_CENTS.format(amount=f'({amount})')} AS BIGINT)"


def year(amount: str) -> str:
    """SQL: the exact amount of a year from that of a month."""
    return f"({_HUGE.format(_MONTHS)} * {amount})"
