"""Derived tables: rebuilt by day, repaired after any death, visible all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from seatwise.catalog import TABLES
from seatwise.lake import derive, derive_sql
from seatwise.lake.derive_shapes import PUBLISHED
from seatwise.lake.reading import Lake
from seatwise.lake.tables_open import open_table
from tests.support.tiny_lake import D, TinyLake, at, tiny_lake


@pytest.fixture
def lake(tmp_path: Path) -> TinyLake:
    made = tiny_lake(tmp_path)
    made.app("crm")
    for day in range(5):
        made.sign_in("ada", "crm", at(day))
    made.sign_in("ada", "crm", at(2), kind="nonInteractiveUser", error_code=1)
    return made


def rows(lake: TinyLake, name: str) -> list[tuple[Any, ...]]:
    with Lake(lake.places) as found:
        found.open(name)
        return found.rows(f"SELECT COLUMNS(*)::VARCHAR FROM {name} ORDER BY ALL")  # noqa: S608


def everything(lake: TinyLake) -> dict[str, list[tuple[Any, ...]]]:
    names = (*derive_sql.DAILY, *derive_sql.TOTALS, "seats")
    with Lake(lake.places) as found:
        found.open(*names)
        return {name: found.rows(f"SELECT COLUMNS(*)::VARCHAR FROM {name} ORDER BY ALL") for name in names}  # noqa: S608


def files(lake: TinyLake, name: str) -> set[str]:
    table = open_table(lake.places, name)
    assert table is not None
    return set(table.file_uris())


def add_event(lake: TinyLake, days_back: int) -> None:
    """One more event as a later package brings it: a file is added, the others stay."""
    lake.sign_in("new", "crm", at(days_back))
    data = pa.Table.from_pylist(lake.tables["sign_ins"][-1:], TABLES["sign_ins"].schema)
    write_deltalake(lake.places.table("sign_ins"), data, mode="append", partition_by=["day"])


def test_usage_counts_and_times_are_those_of_the_day(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(4, "09:30:00.7"), event_id="a-later")
    lake.derive()
    first = rows(lake, "usage_daily")[0]
    assert first[1:] == (
        *("crm", "ada", "interactiveUser", "2", "2", "0"),
        *("2026-06-26 08:00:00+00", "2026-06-26 09:30:00+00", "a-later"),
    )


def test_failures_have_no_times_and_no_evidence(lake: TinyLake) -> None:
    lake.derive()
    (failed,) = [row for row in rows(lake, "usage_daily") if row[3] == "nonInteractiveUser"]
    assert failed[4:] == ("1", "0", "1", None, None, None)


def test_a_second_rebuild_has_nothing_to_do_and_writes_nothing(lake: TinyLake) -> None:
    lake.derive()
    before = files(lake, "usage_daily")
    assert derive.pending(lake.places) == set()
    assert derive.rebuild(lake.places).days == ()
    assert files(lake, "usage_daily") == before


def test_rebuilding_the_same_days_gives_the_same_rows(lake: TinyLake) -> None:
    lake.derive()
    before = everything(lake)
    derive.rebuild(lake.places, {at(day).date() for day in range(5)}, directory=True)
    assert everything(lake) == before


def test_only_days_with_new_files_are_rewritten(lake: TinyLake) -> None:
    lake.derive()
    before = files(lake, "usage_daily")
    add_event(lake, 1)
    assert derive.pending(lake.places) == {at(1).date()}
    derive.rebuild(lake.places)
    assert {path.split("day=")[1][:10] for path in files(lake, "usage_daily") - before} == {"2026-06-29"}


def test_a_day_that_lost_all_its_events_loses_its_rows(lake: TinyLake) -> None:
    lake.derive()
    table = open_table(lake.places, "sign_ins")
    assert table is not None
    table.delete("day = '2026-06-30'")
    assert derive.rebuild(lake.places).days == (D,)
    assert len(rows(lake, "usage_daily")) == 5
    assert rows(lake, "last_used")[0][3] == "2026-06-29 08:00:00+00"


def test_last_used_remembers_days_that_were_not_touched(lake: TinyLake) -> None:
    lake.sign_in("bob", "crm", at(400))
    lake.derive()
    add_event(lake, 0)
    derive.rebuild(lake.places)
    assert {row[1]: row[3] for row in rows(lake, "last_used")}["bob"] == "2025-05-26 08:00:00+00"


def test_what_is_applied_but_not_derived_is_invisible_and_pending(lake: TinyLake) -> None:
    lake.derive()
    before = everything(lake)
    add_event(lake, 1)
    lake.user("late")
    lake.read_days(30)
    lake.write("users", "windows")
    assert everything(lake) == before
    assert lake.answer("users").rows == []
    assert lake.answer("apps").coverage.state == "partial"
    derive.rebuild(lake.places)
    assert len(lake.answer("users").rows) == 1
    assert lake.answer("apps").coverage.state == "complete"


@pytest.mark.parametrize(
    "step", ["usage_daily", "actions", "user_seen_daily", "last_used", "seats", "derived_days", "published"]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_death_at_any_write_shows_the_old_state_and_is_repaired(
    lake: TinyLake, monkeypatch: pytest.MonkeyPatch, step: str, first: bool
) -> None:
    if not first:
        lake.derive()
        add_event(lake, 1)
        lake.user("new")
    lake.write(*({"users"} if not first else lake.tables))
    before = everything(lake)
    real = derive.write

    def die(places: Any, table: Any, *rest: Any, **more: Any) -> int:
        if table.name == step:
            raise KeyboardInterrupt
        return real(places, table, *rest, **more)

    monkeypatch.setattr(derive, "write", die)
    with pytest.raises(KeyboardInterrupt):
        derive.rebuild(lake.places, directory=True)
    assert everything(lake) == before
    monkeypatch.undo()
    derive.rebuild(lake.places)
    assert derive.pending(lake.places) == set()
    repaired = everything(lake)
    derive.rebuild(lake.places, {at(day).date() for day in range(5)}, directory=True)
    assert everything(lake) == repaired
    assert len(repaired["usage_daily"]) == (6 if first else 7)


def test_days_are_taken_in_bounded_bites_with_the_same_result(lake: TinyLake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.derive()
    before = everything(lake)
    monkeypatch.setattr(derive, "EVENTS_AT_ONCE", 1)
    derive.rebuild(lake.places, {at(day).date() for day in range(5)})
    assert everything(lake) == before


def test_a_changed_rule_makes_every_day_pending(lake: TinyLake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.derive()
    monkeypatch.setattr(derive, "RULES", derive.RULES + 1)
    assert len(derive.pending(lake.places)) == 5


def test_one_commit_publishes_everything(lake: TinyLake) -> None:
    lake.derive()
    table = open_table(lake.places, PUBLISHED.name)
    assert table is not None
    assert table.version() == 0
    add_event(lake, 1)
    derive.rebuild(lake.places)
    table.update_incremental()
    assert table.version() == 1


def test_nothing_is_left_in_the_scratch_folder(lake: TinyLake) -> None:
    lake.derive()
    assert not (lake.places.home / "scratch").exists()


def test_seats_are_stored_with_their_path_and_groups(lake: TinyLake) -> None:
    lake.user("ada")
    lake.group("g1", "ada", name="Zeta")
    lake.group("g2", "ada", name="Alpha")
    lake.assign("crm", "g1", "Group")
    lake.assign("crm", "g2", "Group")
    lake.derive()
    assert rows(lake, "seats") == [("crm", "ada", "group", '["Alpha","Zeta"]')]


def test_days_far_apart_are_days_too(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(date(2023, 1, 1)))
    lake.derive()
    assert rows(lake, "day_events")[0][:2] == ("2023-01-01", "interactiveUser")
