"""Reading: views of one moment, one row per event, and no way out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from seatwise.lake.reading import Lake, newest_versions
from tests.support.tiny_lake import D, TinyLake, at, tiny_lake


@pytest.fixture
def lake(tmp_path: Path) -> TinyLake:
    return tiny_lake(tmp_path)


def newest(lake: TinyLake) -> Lake:
    lake.write()
    return Lake(lake.places, versions=newest_versions(lake.places))


def test_a_table_never_read_is_an_empty_view_of_the_right_columns(lake: TinyLake) -> None:
    with newest(lake) as found:
        found.open("sign_ins", "events", "usage_daily", "windows")
        assert found.rows("SELECT day, event_id, created_at::VARCHAR FROM events") == []
        assert found.knows("users")
        assert not found.knows("windows")


def test_the_day_of_an_event_is_there_although_the_files_lack_it(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(0))
    with newest(lake) as found:
        found.open("events")
        assert found.rows("SELECT day, event_id FROM events") == [(D, "event-0001")]


@pytest.mark.parametrize("order", [("portal", "graph"), ("graph", "portal")])
def test_an_event_of_several_feeds_is_one_row_by_preference(lake: TinyLake, order: tuple[str, ...]) -> None:
    for feed in (*order, "log_analytics", "diagnostic"):
        lake.sign_in("ada", "crm", at(1), feed=feed, event_id="both")
    for feed in ("portal", "log_analytics", "diagnostic"):
        lake.sign_in("ada", "crm", at(1), feed=feed, event_id="not graph")
    lake.sign_in("ada", "crm", at(2), feed="portal", event_id="alone")
    with newest(lake) as found:
        found.open("events")
        rows = found.rows("SELECT event_id, feed FROM events ORDER BY 1")
    assert rows == [("alone", "portal"), ("both", "graph"), ("not graph", "diagnostic")]


def test_a_day_of_one_feed_is_known_to_be_plain(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(1))
    lake.sign_in("ada", "crm", at(2))
    lake.sign_in("ada", "crm", at(2), feed="portal")
    with newest(lake) as found:
        assert [files.is_plain for files in found.days().values()] == [False, True]


def test_an_open_lake_keeps_to_the_versions_it_began_with(lake: TinyLake) -> None:
    lake.user("ada")
    with newest(lake) as found:
        lake.user("bob")
        lake.write("users")
        found.open("users")
        assert found.rows("SELECT user_id FROM users") == [("ada",)]


def test_before_anything_is_published_answers_see_nothing(lake: TinyLake) -> None:
    lake.user("ada")
    lake.write()
    with Lake(lake.places) as found:
        found.open("users")
        assert found.rows("SELECT user_id FROM users") == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/seatwise-out.csv'",
        "INSTALL httpfs",
        "ATTACH '/tmp/seatwise-out.db'",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
    ],
)
def test_nothing_outside_the_tenants_tables_can_be_reached(lake: TinyLake, sql: str) -> None:
    with newest(lake) as found, pytest.raises(duckdb.Error):
        found.rows(sql)


def test_another_tenants_tables_cannot_be_reached(lake: TinyLake) -> None:
    lake.write()
    other = TinyLake(type(lake.places)(lake.places.root, "22222222-2222-2222-2222-222222222222"))
    other.user("eve")
    other.write()
    (path,) = other.places.table("users").glob("*.parquet")
    with newest(lake) as found, pytest.raises(duckdb.Error):
        found.rows("SELECT * FROM read_parquet($1)", [str(path)])


def test_a_folder_with_a_quote_in_its_name_is_read(tmp_path: Path) -> None:
    lake = tiny_lake(tmp_path / "it's")
    lake.sign_in("ada", "crm", at(0))
    with newest(lake) as found:
        found.open("events")
        assert len(found.rows("SELECT 1 FROM events")) == 1


def test_long_questions_draw_nothing_into_the_answer(lake: TinyLake) -> None:
    with newest(lake) as found:
        assert found.rows("SELECT current_setting('enable_progress_bar')") == [(False,)]
