"""A data folder that version 0.1 made keeps its connection and its secret, and the audit log only grows."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seatwise.base.errors import AskAdmin, Broken
from tests.support import database, postgres

SECRET = "canary-8Qz~not.a.real-secret_value"
TENANT = "11111111-2222-4333-8444-555555555555"
MOMENT = datetime(2026, 10, 14, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Old:
    """A data folder at version 0.1. key: its key file; owner: the id of its one connection."""

    key: Path
    owner: UUID

    def upgrade(self) -> None:
        from seatwise.server.start import start

        start()


def _sealed(key: bytes, associated: str, clear: bytes) -> bytes:
    """What version 0.1 wrote."""
    nonce = os.urandom(12)
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, clear, b"\x01" + associated.encode())


@pytest.fixture
def old(tmp_path: Path, server: postgres.Server | None) -> Iterator[Old]:
    folder, owner = tmp_path / "data", uuid4()
    with database.fresh(folder, server, migrated=False):
        apps = _at("0001_initial")
        ring_key, data_key, place = os.urandom(32), os.urandom(32), f"{TENANT}|{owner}|credential"
        path = folder / "keys" / "k1.key"
        path.parent.mkdir(mode=0o700, parents=True)
        path.write_bytes(base64.b64encode(ring_key) + b"\n")
        path.chmod(0o600)
        apps.get_model("control", "KeyCheck").objects.create(
            key_id="k1", sealed=_sealed(ring_key, "check|k1", b"seatwise key check"), created_at=MOMENT
        )
        apps.get_model("control", "Connection").objects.create(
            id=owner,
            tenant_id=TENANT,
            tenant_name="Northwind Traders",
            client_id=str(uuid4()),
            method="client_secret",
            sealed_key=_sealed(ring_key, f"key|{place}", data_key),
            sealed_secret=_sealed(data_key, f"secret|{place}", SECRET.encode()),
            state="active",
            state_since=MOMENT,
            created_at=MOMENT,
        )
        apps.get_model("control", "Run").objects.create(tenant_id=TENANT, kind="sync", as_of=MOMENT, created_at=MOMENT)
        yield Old(path, owner)


def _at(name: str) -> Any:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return executor.migrate([("control", name)]).apps


def test_a_folder_of_version_0_1_keeps_its_connection_and_its_secret(old: Old) -> None:
    from seatwise.control import vault
    from seatwise.control.models import Connection, Run, Secret

    old.upgrade()
    connection = Connection.objects.select_related("workspace").get()
    assert (connection.id, connection.state, connection.sync_every_min) == (old.owner, "active", 60)
    assert (connection.workspace.name, connection.workspace.tenant_id) == ("Northwind Traders", TENANT)
    assert (vault.state(), vault.fetch(old.owner, "credential")) == ("ready", SECRET)
    assert bytes(Secret.objects.get().sealed)[:1] == b"\x02"
    assert Run.objects.get().trigger == "command"


def test_without_the_key_the_secret_is_moved_as_it_lies_and_opens_once_the_key_is_back(old: Old) -> None:
    from seatwise.control import vault
    from seatwise.control.models import Secret

    kept = old.key.read_bytes()
    old.key.unlink()
    old.upgrade()
    with pytest.raises(AskAdmin) as told:
        vault.fetch(old.owner, "credential")
    assert (told.value.code, vault.state(), old.key.exists()) == ("key_missing", "missing", False)
    old.key.write_bytes(kept)
    old.key.chmod(0o600)
    assert vault.fetch(old.owner, "credential") == SECRET
    assert vault.store(old.owner, TENANT, "credential", "the next") == 2
    vault.rotate(lambda done, total: None)
    assert (vault.fetch(old.owner, "credential", 1), vault.fetch(old.owner, "credential")) == (SECRET, "the next")
    assert {bytes(row.sealed)[:1] for row in Secret.objects.all()} == {b"\x02"}


def test_with_another_key_nothing_is_lost_either(old: Old) -> None:
    from seatwise.control import vault

    kept = old.key.read_bytes()
    old.key.write_bytes(base64.b64encode(os.urandom(32)))
    old.upgrade()
    assert vault.state() == "wrong"
    old.key.write_bytes(kept)
    assert vault.fetch(old.owner, "credential") == SECRET


def test_an_upgrade_that_was_stopped_goes_on(old: Old) -> None:
    from seatwise.control import vault

    for name in ("0002_people", "0003_move_secrets"):
        _at(name)
    old.upgrade()
    assert vault.fetch(old.owner, "credential") == SECRET


def test_the_models_and_the_migrations_agree(data: Path) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    ("attempt", "only_on"),
    [
        ("UPDATE control_auditentry SET action = 'nothing'", ""),
        ("DELETE FROM control_auditentry", ""),
        (
            "INSERT INTO control_auditentry SELECT * FROM control_auditentry WHERE true "
            "ON CONFLICT (id) DO UPDATE SET action = 'nothing'",
            "",
        ),
        ("TRUNCATE control_auditentry", "postgresql"),
        ("REPLACE INTO control_auditentry SELECT * FROM control_auditentry", "sqlite"),
    ],
)
def test_the_database_itself_refuses_to_change_the_audit_log(data: Path, attempt: str, only_on: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from seatwise.control import audit
    from seatwise.control.models import AuditEntry

    if only_on not in ("", connection.vendor):
        pytest.skip(f"only {only_on} knows this statement")
    audit.note("sign_in")
    before = list(AuditEntry.objects.values())
    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attempt)
    with pytest.raises(Broken):
        AuditEntry.objects.get().delete()
    assert list(AuditEntry.objects.values()) == before
