"""Once a day small files are joined, and answers read on as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.lake import derive, upkeep
from seatwise.lake.reading import Lake as Reader
from seatwise.lake.tables_open import open_table
from tests.lake.support import Lake, event

DAY_S = 24 * 3600


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.at(tmp_path)


def n_files(lake: Lake) -> int:
    table = open_table(lake.places, "sign_ins")
    assert table is not None
    return len(table.file_uris())


def test_it_waits_a_day_and_then_joins_what_many_small_imports_left(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        lake.import_lines(event(n))
    derive.rebuild(lake.places)
    before = n_files(lake)
    assert not upkeep.daily(lake.places)
    assert not upkeep.daily(lake.places)
    assert n_files(lake) == before == 12
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(DAY_S + 60))
    assert upkeep.daily(lake.places)
    assert n_files(lake) == 1
    assert not upkeep.daily(lake.places)


def test_answers_name_the_joined_files_before_the_old_ones_go(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(12):
        lake.import_lines(event(n))
    derive.rebuild(lake.places)
    seen: list[tuple[str, bool]] = []
    vacuum = upkeep.vacuum

    def watched(places: object, name: str) -> int:
        with Reader(lake.places) as reader:
            table = open_table(lake.places, "sign_ins")
            seen.append((name, table is not None and reader.versions["sign_ins"] == table.version()))
        return vacuum(lake.places, name)

    monkeypatch.setattr(upkeep, "vacuum", watched)
    upkeep.upkeep(lake.places)
    assert seen
    assert all(is_newest for _, is_newest in seen)
