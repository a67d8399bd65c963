"""The filters of a list as they are offered: each value with its words, how many rows have it, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seatwise.control.answers import Answer
from seatwise.web import formats
from seatwise.web.lists.asked import NONE, Asked
from seatwise.web.lists.declared import ListFilter


@dataclass(frozen=True)
class Option:
    """One value of a filter. n: rows that have it, None where nobody counted."""

    value: str
    words: str
    n: int | None
    is_on: bool
    address: str


@dataclass(frozen=True)
class Offered:
    """A filter with its values, and how many of them are chosen."""

    filter: ListFilter
    options: list[Option]

    @property
    def n_on(self) -> int:
        return sum(1 for each in self.options if each.is_on)

    def chip(self, option: Option) -> str:
        return option.words if self.filter.kind == "check" else f"{self.filter.words}: {option.words}"


def offered(each: ListFilter, asked: Asked, answer: Answer) -> Offered:
    return Offered(each, _options(each, asked, answer))


def _options(each: ListFilter, asked: Asked, answer: Answer) -> list[Option]:
    counts = {_text(value): n for value, n in answer.result.facets.get(each.column, ())}
    chosen = asked.chosen.get(each.column, ())
    if each.kind == "check":
        matching = counts.get(_text(each.value), 0) if each.has_counts else None
        return [_option(each, asked, "1", each.words, matching)]
    words = dict(each.values) or {value: each.none_words if value == NONE else value for value in counts}
    words |= {value: each.none_words if value == NONE else value for value in (*counts, *chosen) if value not in words}
    told = [_option(each, asked, value, text, counts.get(value, 0)) for value, text in words.items()]
    told = [option for option in told if option.n or option.is_on]
    if each.kind == "segments":
        return [_option(each, asked, "", each.all_words, sum(counts.values())), *told]
    return told


def _option(each: ListFilter, asked: Asked, value: str, words: str, n: int | None) -> Option:
    chosen = asked.chosen.get(each.column, ())
    is_on = value in chosen if value else not chosen
    if each.kind == "segments":
        left: tuple[str, ...] = (value,) if value else ()
    else:
        left = tuple(one for one in chosen if one != value) if is_on else (*chosen, value)
    return Option(value, words, n, is_on, asked.with_(chosen=(each.column, left)).address)


def _text(value: Any) -> str:
    """A value as the address tells it."""
    return NONE if value in (None, "") else formats.raw(value)
