"""Tables: a number is applied once, a window replaced exactly, history kept, every sum right."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.lake import packages, tables, upkeep
from seatwise.lake.tables import LedgerRow
from seatwise.lake.tables_open import open_table
from tests.lake.support import OTHER_TENANT, Lake, event, guid, page, window

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    clock.set_now(NOW)
    yield Lake.at(tmp_path)
    clock.set_now(None)


def later(hours: int) -> datetime:
    clock.set_now(NOW + timedelta(hours=hours))
    return NOW + timedelta(hours=hours)


def test_a_package_applied_again_changes_nothing(lake: Lake) -> None:
    package = lake.seal("sign_ins", page(event(1)), n=1, slice_=window())
    tables.apply(lake.places, "sign_ins", package)
    before = open_table(lake.places, "sign_ins")
    assert tables.apply(lake.places, "sign_ins", package).was_applied
    after = open_table(lake.places, "sign_ins")
    assert before is not None and after is not None
    assert before.version() == after.version()
    assert lake.table("windows").num_rows == 1


def test_a_kill_between_rows_and_ledger_is_made_good(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    package = lake.seal("sign_ins", page(event(1)), n=1, slice_=window())
    with monkeypatch.context() as broken:
        broken.setattr(tables, "write_windows", lambda *args, **more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tables.apply(lake.places, "sign_ins", package)
    assert [waiting.number for waiting in tables.pending(lake.places, "sign_ins")] == [1]
    tables.apply_pending(lake.places, "sign_ins")
    assert lake.table("sign_ins").num_rows == lake.table("windows").num_rows == 1
    assert tables.pending(lake.places, "sign_ins") == []


def test_a_younger_package_waits_for_the_older(lake: Lake) -> None:
    older = lake.seal("sign_ins", page(event(1)), n=1, slice_=window())
    younger = lake.seal("sign_ins", page(event(2)), n=1, slice_=window())
    with pytest.raises(Broken, match="package_out_of_order"):
        tables.apply(lake.places, "sign_ins", younger)
    tables.apply_pending(lake.places, "sign_ins")
    assert (older.number, younger.number) == (1, 2)
    assert lake.rows("sign_ins", "event_id") == [(guid(2),)]


def test_a_package_that_lost_a_row_is_not_used(lake: Lake) -> None:
    package = lake.seal("sign_ins", page(event(1)), n=2, slice_=window())
    with pytest.raises(Broken, match="rows_missing"):
        tables.apply(lake.places, "sign_ins", package)


def test_a_window_read_again_replaces_exactly_its_rows(lake: Lake) -> None:
    lake.read_window(event(1), event(2), event(3, at="2026-09-30T12:00:00Z"))
    lake.read_window(event(9, signInEventTypes=["managedIdentity"]), slice_=window() | {"kind": "managedIdentity"})
    lake.import_lines(event(1), event(2))
    morning = window(end="2026-09-30T12:00:00Z")
    applied = lake.read_window(event(1), event(4), slice_=morning)
    assert (applied.kept, applied.unchanged, applied.n_gone) == (1, 1, 1)
    assert lake.rows("sign_ins", "feed", "event_id") == [
        ("diagnostic", guid(1)),
        ("diagnostic", guid(2)),
        ("graph", guid(1)),
        ("graph", guid(3)),
        ("graph", guid(4)),
        ("graph", guid(9)),
    ]


def test_the_edges_of_a_window_are_half_open(lake: Lake) -> None:
    lake.read_window(event(1, at="2026-09-30T06:00:00Z"), event(2, at="2026-09-30T11:59:59.999999Z"))
    lake.read_window(event(3, at="2026-09-30T12:00:00Z"), slice_=window("2026-09-30T12:00:00Z"))
    lake.read_window(event(4, at="2026-09-30T07:00:00Z"), slice_=window("2026-09-30T06:00:00Z", "2026-09-30T12:00:00Z"))
    assert lake.rows("sign_ins", "event_id") == [(guid(3),), (guid(4),)]


def test_a_late_event_is_added_without_rewriting(lake: Lake) -> None:
    lake.read_window(event(1))
    first = open_table(lake.places, "sign_ins")
    applied = lake.read_window(event(1), event(2))
    second = open_table(lake.places, "sign_ins")
    assert first is not None and second is not None
    assert set(first.file_uris()) < set(second.file_uris())
    assert (applied.kept, applied.unchanged) == (1, 1)


def test_a_changed_event_takes_the_place_of_the_old(lake: Lake) -> None:
    lake.read_window(event(1), event(2))
    applied = lake.read_window(event(1, appDisplayName="new"), event(2))
    assert (applied.kept, applied.unchanged, applied.n_gone) == (1, 1, 0)
    assert lake.rows("sign_ins", "event_id", "app_name") == [(guid(1), "new"), (guid(2), None)]


def test_rows_outside_the_window_are_merged_and_told(lake: Lake) -> None:
    lake.read_window(event(5, at="2026-09-29T10:00:00Z"), slice_=window("2026-09-29T00:00:00Z", "2026-09-30T00:00:00Z"))
    applied = lake.read_window(event(1), event(5, at="2026-09-29T10:00:00Z", appDisplayName="new"))
    assert (applied.kept, applied.n_outside) == (2, 1)
    assert lake.rows("sign_ins", "event_id", "app_name") == [(guid(1), None), (guid(5), "new")]


def test_the_last_of_two_rows_of_one_event_wins(lake: Lake) -> None:
    applied = lake.read_window(event(1), event(1, appDisplayName="last"))
    assert (applied.kept, applied.unchanged, applied.n_folded) == (1, 1, 1)
    assert lake.rows("sign_ins", "app_name") == [("last",)]


def test_an_import_is_merged_by_event_within_its_feed(lake: Lake) -> None:
    lake.import_lines(event(1), event(2, at="2026-06-01T00:00:00Z"))
    applied = lake.import_lines(event(1), event(2, at="2026-06-01T00:00:00Z", appDisplayName="new"), event(3))
    lake.import_lines(event(1), feed="portal")
    assert (applied.kept, applied.unchanged) == (2, 1)
    assert lake.rows("sign_ins", "feed", "event_id", "app_name") == [
        ("diagnostic", guid(1), None),
        ("diagnostic", guid(2), "new"),
        ("diagnostic", guid(3), None),
        ("portal", guid(1), None),
    ]


EVENTS = st.lists(
    st.builds(
        lambda n, hour, name, tenant: event(
            n, at=f"2026-09-30T{hour:02d}:00:00Z", appDisplayName=name, resourceTenantId=tenant
        ),
        st.integers(0, 6),
        st.integers(0, 23),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["", OTHER_TENANT]),
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), EVENTS), min_size=1, max_size=4))
def test_received_is_kept_and_unchanged_and_set_aside(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[bool, list[dict[str, object]]]]
) -> None:
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    for is_import, rows in reads:
        applied = lake.import_lines(*rows) if is_import else lake.read_window(*rows)
        assert applied.n_received == len(rows)
        assert applied.n_received == applied.kept + applied.unchanged + applied.set_aside.total()
    stored = lake.rows("sign_ins", "feed", "event_id")
    assert len(stored) == len(set(stored))


def test_the_ledger_tells_what_was_read_and_what_was_not(lake: Lake) -> None:
    lake.read_window(event(1), event(2, resourceTenantId=OTHER_TENANT))
    day = timedelta(days=1)
    tables.write_windows(
        lake.places,
        [LedgerRow("graph", "managedIdentity", NOW - day, NOW, NOW, state="missing", reason="permission_missing")],
    )
    found = lake.rows("windows", "kind", "state", "reason", "n_rows", "n_set_aside", "package")
    assert found == [
        ("interactiveUser", "complete", None, 2, 1, 1),
        ("managedIdentity", "missing", "permission_missing", 0, 0, None),
    ]


def test_an_import_proves_the_windows_its_last_package_names(lake: Lake) -> None:
    proved = {
        "feed": "diagnostic",
        "kind": "interactiveUser",
        "from": "2026-09-01T00:00:00Z",
        "to": "2026-09-02T00:00:00Z",
    }
    package = lake.seal("sign_ins", b"", n=0, slice_={"feed": "diagnostic", "files": []}, cursor={"windows": [proved]})
    tables.apply(lake.places, "sign_ins", package)
    assert lake.rows("windows", "feed", "state") == [("diagnostic", "complete")]


def test_the_first_reading_is_valid_since_ever_and_changes_since_they_were_seen(lake: Lake) -> None:
    lake.list_all("users", {"id": "a", "displayName": "Ada"}, {"id": "b", "displayName": "Bo"})
    seen = later(1)
    applied = lake.list_all("users", {"id": "a", "displayName": "Ada L"}, {"id": "c", "displayName": "Cy"})
    assert (applied.kept, applied.n_new, applied.n_gone) == (2, 1, 1)
    assert sorted(lake.rows("users", "name", "valid_from", "valid_to")) == [
        ("Ada", None, seen),
        ("Ada L", seen, None),
        ("Bo", None, seen),
        ("Cy", seen, None),
    ]


def test_only_a_complete_listing_ends_a_row(lake: Lake) -> None:
    lake.list_all("users", {"id": "a"}, {"id": "b"})
    later(1)
    applied = lake.list_all("users", {"id": "a"}, is_complete=False)
    lake.list_all("groups", {"id": "g"}, {"id": "h"})
    lake.list_all("groups", {"id": "g"}, is_complete=False)
    assert applied.n_gone == 0
    assert lake.rows("users", "user_id", "valid_to") == [("a", None), ("b", None)]
    assert lake.rows("groups", "group_id") == [("g",), ("h",)]


def test_an_incomplete_first_reading_does_not_begin_history(lake: Lake) -> None:
    lake.list_all("users", {"id": "a"}, is_complete=False)
    later(1)
    lake.list_all("users", {"id": "a"}, {"id": "b"})
    seen = later(2)
    lake.list_all("users", {"id": "a"}, {"id": "b"}, {"id": "c"})
    assert lake.rows("users", "user_id", "valid_from") == [("a", None), ("b", None), ("c", seen)]


def test_absent_keeps_the_old_value_and_null_clears_it(lake: Lake) -> None:
    whole = {"id": "a", "displayName": "Ada", "mail": "ada@northwind.example", "accountEnabled": True}
    lake.list_all("users", whole)
    later(1)
    lake.list_all("users", {"id": "a", "displayName": "Ada", "mail": None})
    current = [row for row in lake.table("users").to_pylist() if row["valid_to"] is None]
    assert [(row["name"], row["mail"], row["is_enabled"]) for row in current] == [("Ada", None, True)]


def test_two_readings_at_one_moment_leave_no_empty_span(lake: Lake) -> None:
    lake.list_all("users", {"id": "a"})
    seen = later(1)
    lake.list_all("users", {"id": "a", "displayName": "one"})
    lake.list_all("users", {"id": "a", "displayName": "two"})
    assert sorted(lake.rows("users", "name", "valid_from", "valid_to"), key=lambda row: str(row[0])) == [
        (None, None, seen),
        ("two", seen, None),
    ]


def test_a_package_of_another_tenant_is_not_used(lake: Lake, tmp_path: Path) -> None:
    other = packages.open_package(type(lake.places)(tmp_path, OTHER_TENANT), "users")
    other.add_page(page(), 0)
    with pytest.raises(Broken, match="package_misplaced"):
        tables.apply(lake.places, "users", other.seal())


def test_joining_files_keeps_rows_and_numbers(lake: Lake) -> None:
    for n in range(12):
        lake.import_lines(event(n))
    assert upkeep.compact(lake.places, "sign_ins") == 11
    upkeep.vacuum(lake.places, "sign_ins")
    assert lake.table("sign_ins").num_rows == 12
    assert tables.last_applied(lake.places, "sign_ins") == 12


def test_days_beyond_the_asked_for_are_dropped(lake: Lake) -> None:
    lake.import_lines(event(1), event(2, at="2026-01-01T00:00:00Z"))
    upkeep.forget_before(lake.places, NOW.date() - timedelta(days=100))
    assert lake.rows("sign_ins", "event_id") == [(guid(1),)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount the small file system")
def test_a_full_disk_leaves_the_table_at_its_old_version(lake: Lake, tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from tests.lake.support import *; from seatwise.base.errors import Broken\n"
        "lake = Lake.at(Path(sys.argv[1])); lake.list_all('users', {'id': 'a'})\n"
        "filler = Path(sys.argv[1], 'filler').open('wb')\n"
        "try:\n while True: filler.write(bytes(65536)); filler.flush()\n"
        "except OSError: pass\n"
        "try: lake.list_all('users', *({'id': str(n), 'displayName': str(n) * 50} for n in range(3000)))\n"
        "except Broken as error: print(error.code)\n"
        "print(lake.rows('users', 'user_id'), len(packages.sealed(lake.places, 'users')))\n"
    )
    script = f'mount -t tmpfs -o size=48m none {tmp_path} && exec "$0" -c "$1" {tmp_path}'
    command = ["unshare", "-m", "sh", "-c", script, sys.executable, program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"a mount name space is not allowed here: {done.stderr.strip()}")
    assert done.stdout == "disk_full\n[('a',)] 1\n", done.stderr
