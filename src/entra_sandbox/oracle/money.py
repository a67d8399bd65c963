"""Amounts are exact until a cell is shown: fractions, rounded half up at the very end."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

HALF = Fraction(1, 2)


def money(amount: Fraction | None) -> float | None:
    """Whole cents, half up."""
    return None if amount is None else math.floor(amount * 100 + HALF) / 100


def tenth(amount: Fraction | None) -> float | None:
    return None if amount is None else math.floor(amount * 10 + HALF) / 10


def month(annual: Fraction | None) -> Fraction | None:
    return None if annual is None else annual / 12


def total(amounts: Iterable[Fraction | None]) -> Fraction | None:
    """Of those that are known; None when none is."""
    known = [a for a in amounts if a is not None]
    return sum(known, Fraction(0)) if known else None
