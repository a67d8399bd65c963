"""No text becomes a formula, whichever way a program parts the cells, and harmless text stays as it is."""

from __future__ import annotations

import csv
import io
import string
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seatwise.base.spreadsheets import FORMULA_STARTS, csv_line, guarded, unguarded

EVIL = "=+-@＝＋－＠−﹦⁺ \t\r\n;,'\"|\x0b\x00\u200b\ufeff\u2028a1"
texts = st.one_of(st.text(), st.text(alphabet=EVIL, max_size=12))


def significant(cell: str) -> str:
    """The first character that a program would look at: blanks, invisible signs and quotes are passed over."""
    for sign in cell:
        if sign != '"' and unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            return unicodedata.normalize("NFKC", sign)[0]
    return ""


def is_formula(cell: str) -> bool:
    return significant(cell) in tuple("=+-@−")


def test_every_sign_that_folds_to_a_formula_start_is_known() -> None:
    folded = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.normalize("NFKC", chr(n))[:1] in tuple("=+-@−")]
    assert sorted(FORMULA_STARTS) == sorted(folded)


@given(texts)
@example("\u200b=1")
@example(' "=1')
@example("\ufeff\u2060＝1")
def test_no_cell_is_a_formula_or_begins_blank(text: str) -> None:
    assert not is_formula(guarded(text))
    assert not guarded(text).startswith(("\t", "\r", "\n"))


@given(texts)
def test_only_apostrophes_are_added_and_guarding_twice_adds_none(text: str) -> None:
    told = guarded(text)
    assert told.replace("'", "") == text.replace("'", "")
    assert guarded(told) == told


@given(st.text(alphabet=EVIL.replace("'", ""), max_size=12))
def test_what_was_guarded_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text(alphabet=string.ascii_letters + string.digits + "äß漢 ,.:'\"|/()_"))
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@pytest.mark.parametrize("text", ["Rock-n-roll", "a@b.example", "1+1=2", "Sales; all", "O'Neil; 'quoted'", "x = 1"])
def test_names_and_addresses_are_left_alone(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.lists(texts, min_size=1, max_size=4))
def test_a_line_is_read_back_as_it_was_written(cells: list[str]) -> None:
    cells = [cell.replace("\x00", "") for cell in cells]
    assert list(csv.reader(io.StringIO(csv_line(map(guarded, cells)), newline=""))) == [[guarded(c) for c in cells]]


@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from([";", "\t", ","]), st.booleans())
@example(["x", 'a;"=1+1'], ";", True)
@example(["x", "a\n=1+1"], ";", True)
def test_no_separator_that_a_program_may_choose_frees_a_formula(cells: list[str], separator: str, quotes: bool) -> None:
    line = csv_line(guarded(cell.replace("\x00", "")) for cell in cells)
    way = csv.QUOTE_MINIMAL if quotes or separator == "," else csv.QUOTE_NONE
    for record in csv.reader(io.StringIO(line, newline=""), delimiter=separator, quoting=way):
        assert [cell for cell in record if is_formula(cell)] == []
