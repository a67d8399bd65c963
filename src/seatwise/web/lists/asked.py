"""What an address asks of a list: nothing in it is trusted, everything in it has a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from seatwise.control.answers import Filter, Sort
from seatwise.web.lists.declared import ListFilter, ListPage, Way

PER_PAGE: Final = (25, 50, 100)
# Stands for an empty cell in the address.
NONE: Final = "-"
_MOST_VALUES, _LONGEST = 30, 200


@dataclass(frozen=True)
class Asked:
    """chosen: by column of a filter, the values asked for; an empty column's value is `NONE`."""

    page: ListPage
    query: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: str
    way: Way
    columns: tuple[str, ...]
    number: int
    per_page: int
    microsoft: bool
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.chosen)

    @property
    def where(self) -> tuple[Filter, ...]:
        told = (_where(each, self.chosen[each.column]) for each in self.page.filters if each.column in self.chosen)
        return tuple(told)

    @property
    def sorted(self) -> tuple[Sort, ...]:
        """Empty: in the metric's own order."""
        return (Sort(self.sort, self.way),) if self.sort else ()

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything that is not as it is without being asked for."""
        yield from self.kept
        if self.query:
            yield "q", self.query
        for column, values in self.chosen.items():
            yield from ((f"f_{column}", value) for value in values)
        first = self.page.column(self.page.sort)
        if self.sort and (self.sort != self.page.sort or self.way != self.page.way or first is None):
            yield from (("sort", self.sort), ("way", self.way))
        if self.columns != self.page.default:
            yield "cols", ",".join(self.columns)
        if self.per_page != PER_PAGE[0]:
            yield "per", str(self.per_page)
        if self.microsoft:
            yield "microsoft", "1"
        if self.number > 1:
            yield "page", str(self.number)

    @property
    def address(self) -> str:
        told = urlencode(list(self.pairs()))
        return f"?{told}" if told else "?"

    def with_(
        self,
        *,
        number: int = 1,
        sort: str | None = None,
        way: Way | None = None,
        per_page: int | None = None,
        chosen: tuple[str, tuple[str, ...]] | None = None,
        query: str | None = None,
    ) -> Asked:
        """The same with one thing changed, on its first page."""
        values = dict(self.chosen)
        if chosen is not None:
            values.pop(chosen[0], None)
            if chosen[1]:
                values[chosen[0]] = chosen[1]
        return replace(
            self,
            number=number,
            sort=self.sort if sort is None else sort,
            way=self.way if way is None else way,
            per_page=self.per_page if per_page is None else per_page,
            chosen=values,
            query=self.query if query is None else query,
        )


def parse(page: ListPage, told: QueryDict, kept: tuple[str, ...] = ()) -> Asked:
    """kept: names of the page's own parameters, which stay in every address of the list."""
    sortable = {each.name for each in page.columns if each.can_sort}
    sort = told.get("sort", page.sort)
    sort = sort if sort in sortable else page.sort
    column = page.column(sort)
    first = page.way if sort == page.sort or column is None else column.first
    way = told.get("way", first)
    per_page = _number(told.get("per", ""))
    return Asked(
        page=page,
        query=told.get("q", "").strip()[:100] if page.search else "",
        chosen={each.column: values for each in page.filters if (values := _values(each, told))},
        sort=sort,
        way="up" if way == "up" else "down" if way == "down" else first,
        columns=_columns(page, told),
        number=_number(told.get("page", "")),
        per_page=per_page if per_page in PER_PAGE else PER_PAGE[0],
        microsoft=page.microsoft and told.get("microsoft") == "1",
        kept=tuple((name, value[:_LONGEST]) for name in kept if (value := told.get(name, ""))),
    )


def _columns(page: ListPage, told: QueryDict) -> tuple[str, ...]:
    wanted = {name for each in told.getlist("cols") for name in each.split(",")}
    known = tuple(each.name for each in page.columns if each.is_fixed or each.name in wanted)
    return known if wanted & {each.name for each in page.columns} else page.default


def _values(each: ListFilter, told: QueryDict) -> tuple[str, ...]:
    found = [value[:_LONGEST] for value in told.getlist(each.key) if value]
    if each.kind == "check":
        return ("1",) if "1" in found else ()
    if each.values:
        found = [value for value in found if value in each.values or value == NONE]
    return tuple(dict.fromkeys(found))[:_MOST_VALUES]


def _where(each: ListFilter, values: tuple[str, ...]) -> Filter:
    if each.kind == "check":
        return Filter(each.column, each.op, (each.value,))
    return Filter(each.column, each.op, tuple(None if value == NONE else value for value in values))


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
