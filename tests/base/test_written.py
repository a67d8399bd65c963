"""Amounts, days and whole numbers in the ways people write them; what has two meanings is not guessed at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatwise.base import written


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,50", "12.5"),
        ("0,125", "0.125"),
        ("1234,5", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1\u202f234,50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1.2340", "1.234"),
        ("-3", "-3"),
    ],
)
def test_an_amount_is_read_in_the_ways_people_write_it(text: str, amount: str) -> None:
    assert written.amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,234", "1.234", "999.000"])
def test_an_amount_with_two_meanings_is_not_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match="could be"):
        written.amount(text)


@pytest.mark.parametrize("text", ["twelve", "12 EUR", "€12", "1.2.3", "1,23,4", "12,3.4,5", "", "1e5", "１２"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        written.amount(text)


@given(st.decimals(0, 999_999_999, places=4))
def test_every_amount_comes_back_as_it_was_written(amount: Decimal) -> None:
    assert written.amount(written.amount_text(amount)) == amount


@pytest.mark.parametrize("text", ["2027-03-31", "31.03.2027", "31. 3. 2027"])
def test_a_day_is_read_in_both_forms(text: str) -> None:
    assert written.day(text) == date(2027, 3, 31)


@pytest.mark.parametrize("text", ["31/03/2027", "03-31-2027", "31.03.27", "31.02.2027", "2027-13-01", "soon"])
def test_a_day_with_two_meanings_or_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"one way only|of the calendar"):
        written.day(text)


def test_whole_numbers_may_have_been_through_a_spreadsheet() -> None:
    assert [written.whole(text) for text in ("120", "120.0", "1 200", "80,00")] == [120, 120, 1200, 80]
    for text in ("12.5", "-1", "many", "1e3"):
        with pytest.raises(ValueError, match="whole number"):
            written.whole(text)
