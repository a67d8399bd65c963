"""Packages: invisible until sealed, numbered once, never another tenant's."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.lake import packages, tables, upkeep
from seatwise.lake.places import Places
from tests.lake.support import TENANT, Lake, event, page, window


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.at(tmp_path)


@pytest.mark.parametrize(
    "tenant", ["", "..", "../x", "a" * 36, TENANT + "/..", "northwind.example", TENANT[:-1] + "\n"]
)
def test_a_tenant_id_is_never_a_path(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(ValueError, match="GUID"):
        Places(tmp_path, tenant)


def test_a_tenant_id_is_one_place_however_it_is_written(tmp_path: Path) -> None:
    assert Places(tmp_path, TENANT.upper()).home == Places(tmp_path, TENANT).home


def test_nothing_is_seen_before_the_seal(lake: Lake) -> None:
    with packages.open_package(lake.places, "users") as draft:
        draft.add_page(page(), 0)
        assert packages.sealed(lake.places, "users") == []
        draft.seal({"at": "x"})
    assert [package.manifest.cursor for package in packages.sealed(lake.places, "users")] == [{"at": "x"}]


def test_what_is_not_sealed_is_thrown_away(lake: Lake) -> None:
    with pytest.raises(RuntimeError), packages.open_package(lake.places, "users") as draft:
        draft.add_page(page(), 0)
        raise RuntimeError
    assert list((lake.places.package_folder("users") / ".drafts").iterdir()) == []


def test_a_page_is_kept_as_received(lake: Lake) -> None:
    received = gzip.compress(page(event(1)), 9)
    package = lake.seal("sign_ins", received, n=1, slice_=window())
    assert (package.folder / "000000.json.gz").read_bytes() == received
    assert [body for _, body in package.pages()] == [page(event(1))]


def test_a_damaged_page_is_not_believed(lake: Lake) -> None:
    package = lake.seal("sign_ins", page(event(1)), n=1, slice_=window())
    (package.folder / "000000.json.gz").write_bytes(gzip.compress(page()))
    with pytest.raises(Broken, match="package_damaged"):
        tables.apply(lake.places, "sign_ins", package)
    assert tables.read_table(lake.places, "sign_ins") is None


def test_drafts_sealed_at_once_get_numbers_of_their_own(lake: Lake) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda _: lake.seal("users", page(), n=0).number, range(24)))
    assert sorted(sealed) == list(range(1, 25))


def test_a_number_is_not_given_again_when_packages_are_lost(lake: Lake) -> None:
    lake.list_all("groups", {"id": "a"})
    lake.list_all("groups", {"id": "b"})
    for package in packages.sealed(lake.places, "groups"):
        package.folder.rename(lake.places.root / str(package.number))
    assert lake.list_all("groups", {"id": "c"}).kept == 1


def test_the_draft_of_a_killed_process_is_collected_and_no_other(lake: Lake, tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path;"
        "from seatwise.lake import packages; from seatwise.lake.places import Places;"
        f"d = packages.open_package(Places(Path({str(tmp_path)!r}), {TENANT!r}), 'users'); d.add_page(b'x', 1);"
        "print('ready', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    with packages.open_package(lake.places, "users"):
        assert packages.collect_orphans(lake.places) == 0
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert packages.collect_orphans(lake.places) == 1
    assert packages.sealed(lake.places, "users") == []


def test_old_packages_go_but_the_newest_and_the_waiting_stay(lake: Lake) -> None:
    lake.list_all("groups", {"id": "a"})
    lake.list_all("groups", {"id": "a"})
    lake.seal("users", page(), n=0)
    lake.seal("users", page(), n=0)
    clock.set_now(datetime.now(UTC) + timedelta(days=31))
    try:
        assert upkeep.prune(lake.places) == 1
    finally:
        clock.set_now(None)
    assert packages.numbers(lake.places, "groups") == [2]
    assert packages.numbers(lake.places, "users") == [1, 2]
