"""Amounts, days and whole numbers as people write them; what can be read two ways is refused, not guessed at."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?")
# One mark with exactly three digits behind it parts thousands in one country and decimals in another.
_AMBIGUOUS: Final = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_POINTS: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


def amount(text: str) -> Decimal:
    """From 1234.5, 1234,5, 1.234,50 or 1,234.50. Errors: ValueError with a sentence; 1,234 is not guessed at."""
    told = _SPACES.sub("", text)
    if _AMBIGUOUS.fullmatch(told):
        digits = told.replace(",", "").replace(".", "")
        decimal = told.replace(",", ".")
        raise ValueError(f"“{text}” could be {digits} or {decimal}. Write {digits}, or {decimal}0 with four decimals.")
    if ("," in told and "." in told) or told.count(",") > 1 or told.count(".") > 1:
        if not _THOUSANDS.fullmatch(told):
            raise ValueError(_no_amount(text))
        last = max(told.rfind(","), told.rfind("."))
        is_decimal = told.count(told[last]) == 1
        whole = told[:last] if is_decimal else told
        told = whole.replace(",", "").replace(".", "") + (f".{told[last + 1 :]}" if is_decimal else "")
    told = told.replace(",", ".")
    if not told.isascii() or not _PLAIN.fullmatch(told) or len(told) > 40:
        raise ValueError(_no_amount(text))
    return Decimal(told)


def amount_text(value: Decimal) -> str:
    """So that `amount` reads it again: 1.2340 rather than 1.234."""
    plain = f"{value.normalize():f}"
    if _AMBIGUOUS.fullmatch(plain):
        return f"{value:.4f}"
    whole, point, decimals = plain.partition(".")
    return f"{whole}.{decimals:0<2}" if point else plain


def day(text: str) -> date:
    """From 2027-03-31 or 31.03.2027. Errors: ValueError with a sentence; 03/04/2027 is not guessed at."""
    told = text.strip()
    iso, points = _ISO.fullmatch(told), _POINTS.fullmatch(told)
    parts = [int(part) for part in iso.groups()] if iso else [int(part) for part in (points.groups() if points else ())]
    if not parts:
        raise ValueError(f"“{text}” is not a date that can be read one way only. Write 2027-03-31 or 31.03.2027.")
    try:
        return date(*parts) if iso else date(parts[2], parts[1], parts[0])
    except ValueError as error:
        raise ValueError(f"“{text}” is not a day of the calendar.") from error


def whole(text: str) -> int:
    """Errors: ValueError with a sentence."""
    told = _SPACES.sub("", text)
    # Spreadsheets give whole numbers decimals at times.
    told = re.sub(r"[.,]0+", "", told) if re.fullmatch(r"\d+[.,]0{1,2}", told) else told
    if not told.isascii() or not told.isdigit() or len(told) > 12:
        raise ValueError(f"“{text}” is not a whole number, such as 120.")
    return int(told)


def _no_amount(text: str) -> str:
    return f"“{text}” is not a number. Write the price like 12.50 or 12,50, with the currency in its own column."
