"""What an address asks: every piece of it, and what becomes of nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatwise.metrics.shapes import Filter, Sort
from tests.web.lists.kit import FRUIT

if TYPE_CHECKING:
    from seatwise.web.lists.asked import Asked

pytestmark = pytest.mark.usefixtures("data")


def parsed(address: str, kept: tuple[str, ...] = ()) -> Asked:
    from django.http import QueryDict

    from seatwise.web.lists.asked import parse

    return parse(FRUIT, QueryDict(address), kept)


def test_an_address_is_a_question() -> None:
    told = parsed("q=ap&f_band=well&f_colour=red&f_colour=-&f_is_ripe=1&f_n_seats=1&sort=name&page=3")
    assert told.query == "ap"
    assert told.where == (
        Filter("band", "is", ("well",)),
        Filter("colour", "is", ("red", None)),
        Filter("is_ripe", "is", (True,)),
        Filter("n_seats", "from", (1,)),
    )
    assert told.sorted == (Sort("name", "up"),)
    assert (told.offset, told.per_page) == (50, 25)


@pytest.mark.parametrize(
    "nonsense",
    ["", "sort=password&way=sideways", "page=-1&per=7", "page=x", "f_band=elsewhere", "f_unknown=1", "cols=,nothing"],
)
def test_nonsense_is_the_page_as_it_is_without(nonsense: str) -> None:
    assert parsed(nonsense) == parsed("")
    assert parsed(nonsense).address == "?"


@pytest.mark.parametrize(
    "address",
    [
        "?q=ap&sort=name&way=up",
        "?f_band=under&f_colour=red&f_colour=-",
        "?cols=name%2Clast_used_at&per=50&page=2",
        "?sort=could_save_month&way=up",
    ],
)
def test_an_address_comes_back_as_it_was(address: str) -> None:
    assert parsed(address.removeprefix("?")).address == address


def test_a_change_begins_on_the_first_page_and_leaves_the_rest() -> None:
    told = parsed("q=ap&f_colour=red&page=4&per=100")
    assert told.with_(sort="name", way="up").address == "?q=ap&f_colour=red&sort=name&way=up&per=100"
    assert told.with_(chosen=("colour", ())).address == "?q=ap&per=100"
    assert told.with_(number=5).address == "?q=ap&f_colour=red&per=100&page=5"


def test_chosen_columns_keep_the_lists_order_and_the_fixed_one() -> None:
    assert parsed("cols=last_used_at,n_seats").columns == ("name", "n_seats", "last_used_at")
    assert parsed("cols=last_used_at&cols=n_seats").columns == ("name", "n_seats", "last_used_at")


def test_what_the_page_itself_reads_stays() -> None:
    assert parsed("by=group&q=a", kept=("by",)).address == "?by=group&q=a"
