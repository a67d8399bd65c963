"""Backups: whole, private, keys apart, and put back only into an empty folder."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from seatwise.base.errors import AskAdmin, Broken
from tests.control.test_jobs import TENANT, connected
from tests.support import database
from tests.support.postgres import Server

SECRET = "canary-8Qz~not.a.real-secret_value"


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything in the database that is ours."""
    from django.apps import apps

    return {
        model.__name__: sorted(model.objects.values(), key=lambda row: str(sorted(map(str, row.values()))))  # type: ignore[attr-defined]
        for label in ("control", "account", "mfa")
        for model in apps.get_app_config(label).get_models()
    }


def filled() -> Any:
    from seatwise.control import audit, jobs, notices, vault
    from seatwise.control.models import Membership, Person

    connection = connected()
    person = Person.objects.create("dana@northwind.example", "Dana Kowalski", "correct-Horse-7")
    Membership.objects.create(person=person, workspace=connection.workspace, role="owner")
    vault.store(connection.id, TENANT, "credential", SECRET)
    notices.tell(connection.workspace, "first_usage", "First usage is there.").seen_by.add(person)
    audit.note("sign_in", person=person, workspace=connection.workspace)
    jobs.ask_sync(TENANT, by=person)
    return connection


def start() -> None:
    from seatwise.server.start import start

    start()


def test_what_is_restored_is_equal_and_its_credentials_open_with_the_keys_alone(
    data: Path, server: Server | None, tmp_path: Path
) -> None:
    from seatwise.control import backup, vault

    connection = filled()
    before = rows()
    made = backup.write(tmp_path / "all.tar", tmp_path / "keys.tar")
    assert made.n_bytes > 10_000
    vendor = "sqlite" if server is None else "postgresql"
    with database.fresh(tmp_path / "empty", server, migrated=server is not None):
        for path in (tmp_path / "empty").glob("*"):
            path.unlink()
        backup.restore(tmp_path / "all.tar", tmp_path / "empty", keys_file=None, vendor=vendor, start=start)
        assert rows() == before
        assert vault.state() == "missing"
        with pytest.raises(AskAdmin, match="key_missing"):
            vault.fetch(connection.id, "credential")
        with tarfile.open(tmp_path / "keys.tar") as keys:
            names = [name for name in keys.getnames() if name.startswith("keys/k")]
            (tmp_path / "empty" / "keys").mkdir(exist_ok=True)
            for name in names:
                found = keys.extractfile(name)
                assert found is not None
                (tmp_path / "empty" / name).write_bytes(found.read())
                (tmp_path / "empty" / name).chmod(0o600)
        assert vault.fetch(connection.id, "credential") == SECRET


def test_neither_file_holds_a_secret_in_clear_and_only_one_holds_keys(data: Path, tmp_path: Path) -> None:
    from seatwise.control import backup

    filled()
    backup.write(tmp_path / "all.tar", tmp_path / "keys.tar")
    key = (data / "keys" / "k1.key").read_bytes().strip()
    whole, keys = (tmp_path / "all.tar").read_bytes(), (tmp_path / "keys.tar").read_bytes()
    assert SECRET.encode() not in whole + keys
    assert key in keys and key not in whole
    with tarfile.open(tmp_path / "all.tar") as tar:
        assert [name for name in tar.getnames() if "key" in name] == []
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("all.tar", "keys.tar")] == [0o600, 0o600]


def test_a_backup_overwrites_nothing_and_leaves_no_half_file(data: Path, tmp_path: Path) -> None:
    from seatwise.control import backup

    (tmp_path / "all.tar").write_text("mine")
    with pytest.raises(AskAdmin, match="file_exists"):
        backup.write(tmp_path / "all.tar")
    assert (tmp_path / "all.tar").read_text() == "mine"
    with pytest.raises(AskAdmin, match="file_failed"):
        backup.write(tmp_path / "nowhere" / "all.tar")
    assert not (tmp_path / "nowhere").exists()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    from seatwise.control import backup

    with database.fresh(tmp_path / "made"):
        filled()
        (tmp_path / "made" / "lake" / TENANT / "packages" / "users" / f"{1:012d}").mkdir(parents=True)
        (tmp_path / "made" / "lake" / TENANT / "packages" / "users" / f"{1:012d}" / "manifest.json").write_text("{}")
        backup.write(tmp_path / "all.tar")
    return tmp_path / "all.tar"


def refused(file: Path, data: Path, vendor: str = "sqlite", keys_file: Path | None = None) -> str:
    from seatwise.control import backup

    before = sorted(data.rglob("*")) if data.exists() else []
    with pytest.raises((AskAdmin, Broken)) as told:
        backup.restore(file, data, keys_file=keys_file, vendor=vendor, start=lambda: None)
    assert (sorted(data.rglob("*")) if data.exists() else []) == before
    return told.value.code


def test_a_folder_with_anything_in_it_is_left_alone(made: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    (full / "lake").mkdir(parents=True)
    assert refused(made, full) == "folder_not_empty"


def test_a_backup_of_the_other_database_is_told(made: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refused(made, tmp_path / "empty", "postgresql") == "backup_of_other_database"


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_or_changed_backup_restores_nothing(at: float, made: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    whole = made.read_bytes()
    n = int(len(whole.rstrip(b"\0")) * at)
    made.write_bytes(whole[:n])
    assert refused(made, tmp_path / "empty") in ("backup_damaged", "no_backup")
    made.write_bytes(whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :])
    assert refused(made, tmp_path / "empty") in ("backup_damaged", "no_backup")


def test_a_file_that_is_no_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x").write_text("hello")
    assert refused(tmp_path / "x", tmp_path / "empty") == "no_backup"
    assert refused(tmp_path / "not there", tmp_path / "empty") == "file_failed"


def test_a_crafted_backup_cannot_leave_its_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for kind, name in (("file", "../outside"), ("file", "/tmp/outside-seatwise"), ("link", "inside")):  # noqa: S108
        with tarfile.open(tmp_path / "evil.tar", "w") as tar:
            head = json.dumps({"format": 1, "database": "sqlite", "migrations": []}).encode()
            first = tarfile.TarInfo("seatwise.json")
            first.size = len(head)
            tar.addfile(first, io.BytesIO(head))
            member = tarfile.TarInfo(name)
            if kind == "link":
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(member, io.BytesIO())
        assert refused(tmp_path / "evil.tar", tmp_path / "empty") in ("no_backup", "backup_damaged")
        assert not (tmp_path / "outside").exists() and not Path("/tmp/outside-seatwise").exists()  # noqa: S108
        (tmp_path / "evil.tar").unlink()


def test_keys_already_there_are_never_replaced(made: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "keys").mkdir(parents=True)
    (tmp_path / "empty" / "keys" / "k1.key").write_text("mine")
    assert refused(made, tmp_path / "empty", keys_file=made) == "folder_not_empty"
