"""What a list is made of: the metric it shows, its columns and its filters. Declared once, on the page's module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from seatwise.web.lists.cells import Around

Row = Mapping[str, Any]
Way = Literal["up", "down"]
Draw = Callable[[Row, "ListColumn", "Around"], str | SafeString]
# Words for the values of a filter, or what gives them.
Words = Mapping[str, str]


@dataclass(frozen=True)
class ListColumn:
    """One column of a list.

    name:    the metric's column that is read, and by which it sorts.
    words:   its heading. hint: its unit and window, small under the heading.
    kind:    one of `cells.KINDS`, or a function that draws the cell.
    sub:     kinds app, person: the column under the name. empty: words for an empty cell.
    first:   which way it sorts when chosen. css: "r" (right), "hide-md", "hide-sm", "hide-xs".
    is_shown:  without being chosen. is_fixed: cannot be left out.
    files:   the metric's columns that a file holds for it; the name alone when empty.
    summed:  its sum stands in the foot of the table; the metric must sum that column.
    """

    name: str
    words: str
    kind: str | Draw = "text"
    hint: str = ""
    sub: str = ""
    empty: str = ""
    first: Way = "up"
    css: str = ""
    is_shown: bool = True
    is_fixed: bool = False
    can_sort: bool = True
    files: tuple[str, ...] = ()
    summed: bool = False

    @property
    def in_files(self) -> tuple[str, ...]:
        return self.files or (self.name,)


@dataclass(frozen=True)
class ListFilter:
    """One filter of a list; `f_<column>` in the address.

    kind:    choice: any of several values, with their counts; segments: one of a few, in sight; check: on or off.
    op:      is, has (lists), from (at least `value`).
    values:  allowed values and their words, in order; empty: whatever values there are.
    value:   what a check asks for.
    all_words:  segments: the words for "no filter".
    needs:   the right without which it is not offered, because it would tell names.
    """

    column: str
    words: str
    kind: Literal["choice", "segments", "check"] = "choice"
    op: Literal["is", "has", "from"] = "is"
    values: Words = field(default_factory=dict)
    value: str | int | bool | None = True
    all_words: str = "All"
    none_words: str = "Not told"
    needs: str = ""

    @property
    def key(self) -> str:
        return f"f_{self.column}"

    @property
    def has_counts(self) -> bool:
        return self.op != "from"


@dataclass(frozen=True)
class ListPage:
    """A list page.

    metric:    what is asked. key: the column that tells rows apart; `data-key` of a row.
    noun:      one and many of what a row is.
    sort:      the column it is sorted by at first; "" for the metric's own order.
    address:   where a row leads; "" for nowhere.
    search:    words of the search box; empty: no search.
    keys:      columns a file always begins with.
    legend:    the key to the seat bars stands in the foot.
    microsoft: Microsoft's own apps can be asked for.
    empty:     what is said when there are no rows at all (nothing was searched or filtered).
    """

    metric: str
    key: str
    noun: tuple[str, str]
    columns: tuple[ListColumn, ...]
    sort: str
    way: Way = "down"
    filters: tuple[ListFilter, ...] = ()
    search: str = ""
    address: Callable[[Row, Around], str] | None = None
    keys: tuple[str, ...] = ()
    legend: bool = False
    microsoft: bool = False
    icon: str = "apps"
    empty: str = "Nothing here yet."

    def column(self, name: str) -> ListColumn | None:
        return next((each for each in self.columns if each.name == name), None)

    @property
    def default(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns if each.is_shown or each.is_fixed)
