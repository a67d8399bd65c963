"""What a subject costs: its terms, checked part by part, and how they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from seatwise.control.decisions.currencies import CURRENCIES
from seatwise.control.decisions.wrong import Wrong

Basis = Literal["seat", "contract"]
Period = Literal["month", "year"]
# Whole numbers of 1/10,000 are what money is counted in; a billion a month is a typing error.
_DECIMALS: Final = 4
_MOST: Final = Decimal(1_000_000_000)
_MOST_SEATS: Final = 10_000_000
_MOST_NOTICE: Final = 1_096
_YEARS: Final = range(2000, 2101)
_LINK: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_LINK_LENGTH: Final = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """The price of a product or licence.

    basis:   seat: `amount` for each seat and period; contract: `amount` for all of it and period.
    amount:  not negative, up to four decimals; 0 is a price, too: it is free.
    seats_bought:  of a contract, or of a commitment; None when not told.
    link:    where the contract is kept; http or https.
    """

    amount: Decimal
    currency: str
    basis: Basis = "seat"
    period: Period = "month"
    seats_bought: int | None = None
    renewal_on: date | None = None
    notice_days: int | None = None
    link: str | None = None


def faults(terms: Terms) -> dict[str, str]:
    """One sentence for each part that is wrong; empty when all is well."""
    found = {
        "amount": _of_amount(terms.amount),
        "currency": of_currency(terms.currency),
        "basis": "" if terms.basis in get_args(Basis) else "The price is per “seat” or for the whole “contract”.",
        "period": "" if terms.period in get_args(Period) else "The price is per “month” or per “year”.",
        "seats_bought": _of_whole(terms.seats_bought, "Seats bought", 1, _MOST_SEATS),
        "renewal_on": _of_day(terms.renewal_on),
        "notice_days": _of_notice(terms),
        "link": _of_link(terms.link),
    }
    return {part: sentence for part, sentence in found.items() if sentence}


def kept(terms: Terms) -> dict[str, Any]:
    """As it stands in the database: amounts as text, days in ISO form. Errors: Wrong."""
    wrong = faults(terms)
    if wrong:
        raise Wrong(wrong)
    return {
        "amount": f"{terms.amount.normalize():f}",
        "currency": terms.currency,
        "basis": terms.basis,
        "period": terms.period,
        "seats_bought": terms.seats_bought,
        "renewal_on": None if terms.renewal_on is None else terms.renewal_on.isoformat(),
        "notice_days": terms.notice_days,
        "link": terms.link or None,
    }


def opened(value: Mapping[str, Any]) -> Terms:
    """The reverse of `kept`."""
    day = value.get("renewal_on")
    return Terms(
        amount=Decimal(value["amount"]),
        currency=value["currency"],
        basis=value["basis"],
        period=value["period"],
        seats_bought=value.get("seats_bought"),
        renewal_on=None if day is None else date.fromisoformat(day),
        notice_days=value.get("notice_days"),
        link=value.get("link"),
    )


def of_currency(code: object) -> str:
    """What is wrong with it; empty when nothing is."""
    if code in CURRENCIES:
        return ""
    return f"“{code}” is not a currency code of three letters, such as EUR, USD or GBP."


def _of_amount(amount: object) -> str:
    if not isinstance(amount, Decimal) or not amount.is_finite():
        return "Write the price as a number, such as 12.50."
    if amount < 0:
        return "A price cannot be less than nothing. Write 0 if it is free."
    if amount >= _MOST:
        return "This price is a billion or more. Check the number."
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _DECIMALS:
        return "A price has at most four decimals."
    return ""


def _of_whole(number: object, what: str, least: int, most: int) -> str:
    if number is None:
        return ""
    if isinstance(number, int) and not isinstance(number, bool) and least <= number <= most:
        return ""
    return f"{what} is a whole number from {least:,} to {most:,}."


def _of_day(day: object) -> str:
    if day is None or (isinstance(day, date) and day.year in _YEARS):
        return ""
    return "Write the renewal date as 2027-03-31 or 31.03.2027, between the years 2000 and 2100."


def _of_notice(terms: Terms) -> str:
    wrong = _of_whole(terms.notice_days, "The notice period in days", 0, _MOST_NOTICE)
    if wrong or terms.notice_days is None or terms.renewal_on is not None:
        return wrong
    return "A notice period counts back from the renewal date. Add that date, or leave the notice period empty."


def _of_link(link: object) -> str:
    if not link:
        return ""
    if isinstance(link, str) and len(link) <= _LINK_LENGTH and _LINK.fullmatch(link):
        return ""
    return "The link begins with https:// and has at most 500 characters."
