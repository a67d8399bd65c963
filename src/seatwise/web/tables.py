"""A table of rows as its address asks for it: searched, sorted, one page of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

PAGE: Final = 25
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Heading:
    """One column's heading. key: the row's name to sort by; first: the way it sorts when chosen."""

    key: str
    words: str
    first: str = "up"
    css: str = ""


@dataclass(frozen=True)
class Table:
    """What is left after searching, and the part of it on this page."""

    rows: Sequence[Row]
    total: int
    number: int
    n_pages: int
    first: int
    last: int
    sort: str
    way: str
    query: str
    headings: tuple[Heading, ...]

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.n_pages else None


def table(
    rows: Sequence[Row],
    asked: QueryDict,
    headings: tuple[Heading, ...],
    default: str,
    searched: tuple[str, ...],
    keeps: Callable[[Row], bool] = lambda row: True,
) -> Table:
    """Nothing that is asked for is trusted: an unknown column, a page beyond the last, all have a meaning."""
    known = {heading.key: heading for heading in headings}
    sort = asked.get("sort", default)
    sort = sort if sort in known else default
    way = asked.get("way", known[sort].first)
    way = way if way in ("up", "down") else known[sort].first
    query = asked.get("q", "").strip()[:100]
    found = [row for row in rows if keeps(row) and _matches(row, query.casefold(), searched)]
    ordered = _ordered(found, sort, way)
    n_pages = max(1, -(-len(ordered) // PAGE))
    number = min(_number(asked.get("page", "1")), n_pages)
    start = (number - 1) * PAGE
    shown = ordered[start : start + PAGE]
    return Table(
        shown, len(ordered), number, n_pages, start + 1 if shown else 0, start + len(shown), sort, way, query, headings
    )


def _matches(row: Row, query: str, searched: tuple[str, ...]) -> bool:
    return not query or any(query in str(row[name] or "").casefold() for name in searched)


def _ordered(rows: list[Row], key: str, way: str) -> list[Row]:
    """Unknown last, whichever way; equals keep the answer's order."""
    known = [row for row in rows if row[key] is not None]
    known.sort(key=lambda row: _comparable(row[key]), reverse=way == "down")
    return known + [row for row in rows if row[key] is None]


def _comparable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
