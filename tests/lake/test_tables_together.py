"""Windows applied together: one commit where that comes to the same, singly where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.lake import packages, tables
from seatwise.lake.tables_open import open_table
from tests.lake.support import OTHER_TENANT, Lake, event, guid, page, window


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    clock.set_now(datetime(2026, 10, 1, 8, tzinfo=UTC))
    yield Lake.at(tmp_path)
    clock.set_now(None)


def sealed_windows(lake: Lake) -> list[packages.Package]:
    """Three windows beside each other, an event in each and one that is another tenant's."""
    return [
        lake.seal(
            "sign_ins",
            page(event(n, at=f"2026-09-{n}T05:00:00Z"), event(n + 40, resourceTenantId=OTHER_TENANT)),
            n=2,
            slice_=window(f"2026-09-{n}T00:00:00Z", f"2026-09-{n + 1}T00:00:00Z"),
        )
        for n in (11, 12, 13)
    ]


def version(lake: Lake, name: str) -> int:
    table = open_table(lake.places, name)
    return -1 if table is None else table.version()


def test_windows_beside_each_other_share_a_commit(lake: Lake) -> None:
    waiting = sealed_windows(lake)
    applied = tables.apply_together(lake.places, "sign_ins", [(package, None) for package in waiting])
    assert [(one.n_received, one.kept, one.set_aside.total()) for one in applied] == [(2, 1, 1)] * 3
    assert (version(lake, "sign_ins"), version(lake, "windows")) == (0, 0)
    assert lake.rows("sign_ins", "event_id", "package") == [(guid(11), 1), (guid(12), 2), (guid(13), 3)]
    assert lake.rows("windows", "package", "n_rows", "n_set_aside") == [(1, 2, 1), (2, 2, 1), (3, 2, 1)]
    again = tables.apply_together(lake.places, "sign_ins", [(package, None) for package in waiting])
    assert all(one.was_applied for one in again)


def test_a_kill_between_the_rows_of_many_windows_and_the_ledger_is_made_good(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = sealed_windows(lake)
    with monkeypatch.context() as broken:
        broken.setattr(tables, "write_windows", lambda *args, **more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tables.apply_together(lake.places, "sign_ins", [(package, None) for package in waiting])
    assert len(tables.pending(lake.places, "sign_ins")) == 3
    tables.apply_pending(lake.places, "sign_ins")
    assert lake.table("sign_ins").num_rows == lake.table("windows").num_rows == 3
    assert tables.pending(lake.places, "sign_ins") == []


def test_windows_that_meet_what_is_stored_replace_it(lake: Lake) -> None:
    lake.read_window(event(1, at="2026-09-12T01:00:00Z"), slice_=window("2026-09-12T00:00:00Z", "2026-09-13T00:00:00Z"))
    waiting = sealed_windows(lake)
    applied = tables.apply_together(lake.places, "sign_ins", [(package, None) for package in waiting])
    assert [one.n_gone for one in applied] == [0, 1, 0]
    assert lake.rows("sign_ins", "event_id") == [(guid(11),), (guid(12),), (guid(13),)]


def test_windows_that_meet_each_other_keep_one_row_an_event(lake: Lake) -> None:
    waiting = [lake.seal("sign_ins", page(event(1, appDisplayName=n)), n=1, slice_=window()) for n in ("a", "b")]
    tables.apply_together(lake.places, "sign_ins", [(package, None) for package in waiting])
    assert lake.rows("sign_ins", "event_id", "app_name") == [(guid(1), "b")]


def test_rows_outside_one_of_many_windows_are_merged(lake: Lake) -> None:
    lake.read_window(event(1, at="2026-09-20T01:00:00Z"), slice_=window("2026-09-20T00:00:00Z", "2026-09-21T00:00:00Z"))
    stray = lake.seal("sign_ins", page(event(1, at="2026-09-20T01:00:00Z")), n=1, slice_=window())
    other = lake.seal("sign_ins", page(event(2)), n=1, slice_=window() | {"kind": "managedIdentity"})
    tables.apply_together(lake.places, "sign_ins", [(stray, None), (other, None)])
    assert lake.rows("sign_ins", "event_id") == [(guid(1),), (guid(2),)]


def test_a_bad_package_stops_itself_and_the_later_ones_only(lake: Lake) -> None:
    good, bad, later_one = sealed_windows(lake)
    (bad.folder / bad.manifest.pages[0].file).write_bytes(b"rubbish")
    with pytest.raises(Broken, match="package_damaged"):
        tables.apply_together(lake.places, "sign_ins", [(good, None), (bad, None), (later_one, None)])
    assert lake.rows("sign_ins", "event_id") == [(guid(11),)]


def test_windows_do_not_pass_an_older_one_that_waits(lake: Lake) -> None:
    waiting = sealed_windows(lake)
    with pytest.raises(Broken, match="package_out_of_order"):
        tables.apply_together(lake.places, "sign_ins", [(waiting[0], None), (waiting[2], None)])
    assert version(lake, "sign_ins") == -1
