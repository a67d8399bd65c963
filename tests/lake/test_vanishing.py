"""What is said to be gone, and what a reading that is not sure of itself may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.lake import tables, vanishing
from seatwise.lake.vanishing import Vanished
from tests.lake.support import Lake, event, guid, page, window


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.at(tmp_path)


def test_a_window_that_is_not_sure_of_itself_takes_nothing_away(lake: Lake) -> None:
    lake.read_window(event(1), event(2))
    body = page(event(1, appDisplayName="new"), event(3))
    seal = {"is_complete": False, "cursor": {"reason": "differing"}}
    applied = tables.apply(lake.places, "sign_ins", lake.seal("sign_ins", body, n=2, slice_=window(), **seal))
    assert (applied.kept, applied.n_gone) == (2, 0)
    assert lake.rows("sign_ins", "event_id", "app_name") == [(guid(1), "new"), (guid(2), None), (guid(3), None)]
    assert lake.rows("windows", "state", "reason") == [("complete", None), ("partial", "differing")]


@pytest.mark.parametrize(
    ("n_gone", "n_before", "expected"),
    [(0, 0, False), (5, 5, False), (6, 10, True), (6, 120, False), (50, 1000, False), (51, 100_000, True)],
)
def test_many_is_over_fifty_or_over_a_twentieth_of_more_than_a_handful(
    n_gone: int, n_before: int, expected: bool
) -> None:
    assert vanishing.is_many(n_gone, n_before) is expected


def test_a_second_listing_confirms_what_both_lack_and_hardly_more() -> None:
    def gone(*numbers: int) -> Vanished:
        return Vanished(frozenset((str(n),) for n in numbers), 100)

    first = gone(*range(20))
    assert gone(*range(20)).confirms(first)
    assert gone(*range(25)).confirms(first)
    assert not gone(*range(26)).confirms(first)
    assert not gone(*range(1, 40)).confirms(first)
