"""A backup taken while a sync runs, restored into an empty folder: the next sync goes on without a gap."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journey.answered import answered, untruths
from tests.support import database
from tests.support.product import ANSWERS, Product, product
from tests.support.sandbox import running_sandbox

AS_OF = "2026-10-14T10:00:00Z"
N_BACKUPS = 2


@pytest.fixture(scope="module")
def company() -> Iterator[Any]:
    with running_sandbox(users=60, apps=25, seed=11, as_of=AS_OF, limits="off") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def truth(company: Any) -> dict[str, Any]:
    return {name: company.oracle(name, as_of=AS_OF) for name in ANSWERS}


def restored(file: Path, keys: Path | None, folder: Path) -> Product:
    install = product(folder)
    install.run("restore", str(file), *(("--with-keys", str(keys)) if keys else ()))
    return install


def test_backups_taken_during_a_sync_lose_and_invent_nothing(
    company: Any, truth: dict[str, Any], tmp_path: Path
) -> None:
    install = product(tmp_path / "data")
    taken: list[Path] = []
    with database.fresh(install.data):
        from seatwise.control import backup

        install.connect(company)
        syncing = subprocess.Popen(
            install.command("sync", "--as-of", AS_OF),
            env=install.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while syncing.poll() is None:
            file = tmp_path / f"{len(taken)}.tar"
            if backup.write(file).n_files == 2:  # nothing but the database yet
                file.unlink()
            else:
                taken.append(file)
        assert syncing.wait(120) == 0
        backup.write(tmp_path / "end.tar", tmp_path / "all.keys")
    # The last one may have been taken after the end.
    at_work = taken[:-1]
    assert len(at_work) >= 3 and n_members(at_work[0]) < n_members(tmp_path / "end.tar")
    for file in at_work[:: max(1, len(at_work) // N_BACKUPS)][:N_BACKUPS]:
        copy = restored(file, tmp_path / "all.keys", tmp_path / f"restored-{file.stem}")
        copy.run("sync", "--as-of", AS_OF)
        assert untruths(copy, AS_OF, truth) == {}, file


def n_members(file: Path) -> int:
    with tarfile.open(file) as tar:
        return len(tar.getnames())


def test_a_backup_taken_at_rest_answers_the_same_and_is_locked_without_its_keys(
    company: Any, truth: dict[str, Any], tmp_path: Path
) -> None:
    install = product(tmp_path / "data")
    install.connect(company)
    install.run("sync", "--as-of", AS_OF)
    told = install.run("backup", str(tmp_path / "all.tar")).stdout
    assert "keys are not in it" in told
    copy = restored(tmp_path / "all.tar", None, tmp_path / "copy")
    assert answered(copy, AS_OF) == answered(install, AS_OF)
    locked = copy.run("sync", "--as-of", AS_OF, code=1).stderr
    assert "key" in locked and "missing" in locked
    assert not list((copy.data / "keys").glob("k*.key")), "no new key may be made over a lost one"
    for key in (install.data / "keys").glob("k*.key"):
        (copy.data / "keys" / key.name).write_bytes(key.read_bytes())
        (copy.data / "keys" / key.name).chmod(0o600)
    copy.run("sync", "--as-of", AS_OF)
    assert untruths(copy, AS_OF, truth) == {}


def test_restore_refuses_a_folder_that_is_not_empty(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    install.connect(company)
    install.run("backup", str(tmp_path / "all.tar"))
    before = sorted(path for path in install.data.rglob("*") if "-shm" not in path.name and "-wal" not in path.name)
    assert "not empty" in install.run("restore", str(tmp_path / "all.tar"), code=1).stderr
    assert before == sorted(p for p in install.data.rglob("*") if "-shm" not in p.name and "-wal" not in p.name)
