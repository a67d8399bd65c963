"""One list as its page shows it: the rows of this page of it, what can be chosen, and where each choice leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from seatwise.base import clock
from seatwise.control import decisions
from seatwise.control.answers import Answer, Filter
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.lists import asking
from seatwise.web.lists.asked import PER_PAGE, Asked, parse
from seatwise.web.lists.cells import Around, drawn
from seatwise.web.lists.declared import ListColumn, ListPage
from seatwise.web.lists.offered import Offered, offered
from seatwise.web.shell import Frame


@dataclass(frozen=True)
class Heading:
    column: ListColumn
    address: str
    sort: str


class Listing:
    """Asked for by `listing`; read by the templates in lists/."""

    def __init__(self, page: ListPage, asked: Asked, answer: Answer, request: HttpRequest) -> None:
        self.page, self.asked, self.answer, self.path = page, asked, answer, request.path
        self.workspace: Workspace = request.workspace  # type: ignore[attr-defined]  # set by the page's door
        may, state = Frame.of(request).may, answer.result.coverage.state
        self.around = Around(self.workspace.id, page.metric, clock.now(), page.key, may, state, asked.query)

    @property
    def total(self) -> int:
        return self.answer.result.n_rows

    @property
    def noun(self) -> str:
        return self.page.noun[0] if self.total == 1 else self.page.noun[1]

    @property
    def n_pages(self) -> int:
        return max(1, -(-self.total // self.asked.per_page))

    @property
    def first(self) -> int:
        return self.asked.offset + 1 if self.answer.result.rows else 0

    @property
    def last(self) -> int:
        return self.asked.offset + len(self.answer.result.rows)

    @property
    def before(self) -> str:
        return self._at(self.asked.number - 1) if self.asked.number > 1 else ""

    @property
    def after(self) -> str:
        return self._at(self.asked.number + 1) if self.asked.number < self.n_pages else ""

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(each, self.asked.with_(per_page=each).address, each == self.asked.per_page) for each in PER_PAGE]

    @cached_property
    def columns(self) -> list[ListColumn]:
        return [each for each in self.page.columns if each.name in self.asked.columns]

    @cached_property
    def headings(self) -> list[Heading]:
        return [self._heading(each) for each in self.columns]

    @cached_property
    def rows(self) -> SafeString:
        """The table's rows, drawn."""
        return format_html_join("\n", '<tr data-key="{}">{}</tr>', (self._row(row) for row in self.answer.result.rows))

    @cached_property
    def sums(self) -> SafeString:
        """The foot's row of sums over all rows, not only this page's; empty when no column shown is summed."""
        told = self.answer.result.sums
        if not any(each.summed and told.get(each.name) is not None for each in self.columns):
            return SafeString("")
        row = {**told, "currency": self._currency}
        cells = [self._sum(each, row) for each in self.columns[1:]]
        title = f"Of all {self.page.noun[1]} of this list with a price in {self._currency}"
        drawn_cells = SafeString("".join(cells))
        return format_html('<tr><th scope="row" title="{}">All {}</th>{}</tr>', title, self.page.noun[1], drawn_cells)

    @cached_property
    def _currency(self) -> str:
        """Sums are of what is priced in the workspace's currency."""
        return decisions.decided(self.workspace).currency

    @cached_property
    def segments(self) -> Offered | None:
        return next((each for each in self._offered if each.filter.kind == "segments"), None)

    @cached_property
    def choices(self) -> list[Offered]:
        return [each for each in self._offered if each.filter.kind == "choice" and each.options]

    @cached_property
    def checks(self) -> list[Offered]:
        shown = [each for each in self._offered if each.filter.kind == "check"]
        return [each for each in shown if each.n_on or each.options[0].n != 0]

    @property
    def n_chosen(self) -> int:
        """How many values are chosen inside the menu of filters."""
        return sum(each.n_on for each in (*self.choices, *self.checks)) + self.asked.microsoft

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """What narrows the list: words, and the address without it."""
        shown = [*self.choices, *self.checks]
        return [(each.chip(option), option.address) for each in shown for option in each.options if option.is_on]

    @property
    def everything(self) -> str:
        """The address without search and filters."""
        return replace(self.asked, query="", chosen={}, number=1, microsoft=False).address

    @cached_property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search must bring along so that nothing else changes: all but the search, the filters, the page."""
        left_out = {"q", "page"} | ({"sort", "way", "microsoft"} if self.has_menu else set())
        left_out |= {each.key for each in self.page.filters if each.kind != "segments"}
        return [(name, value) for name, value in self.asked.pairs() if name not in left_out]

    @property
    def has_menu(self) -> bool:
        return bool(self.choices or self.checks or self.page.microsoft)

    @cached_property
    def hidden_for_columns(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.asked.pairs() if name not in ("cols", "page")]

    @property
    def choosable(self) -> list[tuple[ListColumn, bool]]:
        return [(each, each.name in self.asked.columns) for each in self.page.columns if not each.is_fixed]

    @property
    def sortable(self) -> list[ListColumn]:
        return [each for each in self.page.columns if each.can_sort]

    @property
    def query(self) -> str:
        """For a file of exactly this: the address without its page."""
        return replace(self.asked, number=1).address

    def _at(self, number: int) -> str:
        return self.asked.with_(number=number).address

    def _heading(self, column: ListColumn) -> Heading:
        if not column.can_sort:
            return Heading(column, "", "")
        is_here = self.asked.sort == column.name
        way = ("down" if self.asked.way == "up" else "up") if is_here else column.first
        sort = ("ascending" if self.asked.way == "up" else "descending") if is_here else ""
        return Heading(column, self.asked.with_(sort=column.name, way=way).address, sort)

    def _row(self, row: dict[str, Any]) -> tuple[Any, SafeString]:
        address = self.page.address(row, self.around) if self.page.address else ""
        cells = SafeString("".join(drawn(row, column, self.around, address) for column in self.columns))
        return formats.raw(row.get(self.page.key)), cells

    def _sum(self, column: ListColumn, row: Mapping[str, Any]) -> SafeString:
        css = f"num {column.css}".strip()
        if not column.summed or row.get(column.name) is None:
            return format_html('<td class="{}"></td>', css)
        told = formats.read(row, column.name, self.around.now)
        attributes = (css, self.page.metric, column.name, formats.raw(row[column.name]), told)
        return format_html('<td class="{}" data-metric="{}" data-sum="{}" data-value="{}">{}</td>', *attributes)

    @cached_property
    def _offered(self) -> list[Offered]:
        shown = [each for each in self.page.filters if not each.needs or self.around.may.get(each.needs)]
        return [offered(each, self.asked, self.answer) for each in shown]


def listing(
    request: HttpRequest,
    page: ListPage,
    *,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    kept: tuple[str, ...] = (),
    microsoft: bool = False,
) -> Listing | None:
    """The list that the request's address asks for; None when nothing was read yet.

    of:     the metric's parameters. where: what holds whatever is chosen (one product's people, say).
    kept:   names of the page's own parameters of the address.
    microsoft: ask for Microsoft's own too, whatever is chosen.
    """
    asked = parse(page, request.GET, kept)
    answer = _answer(request, page, asked, of, where, microsoft)
    if answer is None:
        return None
    if not answer.result.rows and answer.result.n_rows:
        last = -(-answer.result.n_rows // asked.per_page)
        asked = replace(asked, number=last)
        answer = _answer(request, page, asked, of, where, microsoft) or answer
    return Listing(page, asked, answer, request)


def some(
    request: HttpRequest,
    page: ListPage,
    *,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    limit: int = 10,
) -> Listing | None:
    """The first rows of a list inside another page, in the list's own order; for `lists/_some.html`."""
    asked = replace(parse(page, type(request.GET)("")), per_page=limit)
    answer = _answer(request, replace(page, filters=()), asked, of, where)
    return None if answer is None else Listing(page, asked, answer, request)


def _answer(
    request: HttpRequest,
    page: ListPage,
    asked: Asked,
    of: tuple[tuple[str, str], ...],
    where: tuple[Filter, ...],
    microsoft: bool = True,
) -> Answer | None:
    return asking.ask(
        request,
        page.metric,
        of=of,
        where=(*where, *asked.where),
        search=asked.query,
        sort=asked.sorted,
        limit=asked.per_page,
        offset=asked.offset,
        facets=tuple(each.column for each in page.filters if each.has_counts),
        microsoft=asked.microsoft or microsoft,
    )
