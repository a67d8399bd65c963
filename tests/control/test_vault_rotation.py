"""Keys are changed while others store and rotate too; what is damaged or refused leaves every other secret open."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from seatwise.base.errors import AskAdmin, Broken
from tests.control.sealed import TENANT, all_open, filled, silent


def test_every_data_key_moves_and_the_old_key_is_kept_aside(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck

    owners, told = filled(5), []
    done = vault.rotate(lambda n, total: told.append((n, total)))
    assert (done.key_id, done.n_moved, done.retired, done.is_resumed) == ("k2", 5, ("k1",), False)
    assert told == [(n, 5) for n in range(1, 6)]
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}
    assert list(KeyCheck.objects.values_list("key_id", flat=True)) == ["k2"]
    assert {path.name for path in vault.key_folder().glob("k*")} == {"k1.key.retired", "k2.key"}
    assert all_open(owners)
    (vault.key_folder() / "k1.key.retired").unlink()
    assert (all_open(owners), vault.state()) == (True, "ready")
    assert vault.rotate(silent).key_id == "k3"
    assert [(fact.key_id, fact.state, fact.n_data_keys) for fact in vault.listed()] == [("k3", "current", 5)]


def test_a_database_older_than_the_rotation_still_opens(data: Path) -> None:
    """A backup comes back after its key was retired."""
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck, Secret

    owners = filled(2)
    before = {model: list(model.objects.all()) for model in (KeyCheck, DataKey, Secret)}
    vault.rotate(silent)
    for model in (Secret, DataKey, KeyCheck):
        model.objects.all().delete()
    for model, rows in before.items():
        model.objects.bulk_create(rows)  # type: ignore[attr-defined]
    assert (vault.state(), all_open(owners)) == ("ready", True)
    vault.store(uuid4(), TENANT, "credential", "new")
    assert sorted(DataKey.objects.values_list("key_id", flat=True)) == ["k1", "k1", "k2"]
    assert (vault.rotate(silent).is_resumed, all_open(owners)) == (True, True)
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}


def test_a_damaged_data_key_stops_the_rotation_and_keeps_the_old_key(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey

    owners = filled(3)
    damaged = DataKey.objects.order_by("id")[1]
    *whole, last = bytes(damaged.sealed)
    DataKey.objects.filter(pk=damaged.pk).update(sealed=bytes([*whole, last ^ 1]))
    with pytest.raises(Broken):
        vault.rotate(silent)
    assert all_open([owner for owner in owners if owner != damaged.pk])
    assert (vault.key_folder() / "k1.key").exists()
    vault.shred(damaged.pk)
    assert vault.rotate(silent).is_resumed
    assert all_open([owner for owner in owners if owner != damaged.pk])


def test_a_folder_that_cannot_be_written_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import vault

    owners = filled(1)

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refused)
        with pytest.raises(AskAdmin) as told:
            vault.rotate(silent)
    assert (told.value.code, all_open(owners)) == ("key_folder", True)
    assert vault.rotate(silent).key_id == "k2"


def test_a_secret_that_is_stored_just_then_moves_too(data: Path) -> None:
    """Its data key is wrapped by the old key and not yet to be seen when the rotation has moved all others."""
    from django.db import connection, transaction

    from seatwise.control import vault
    from seatwise.control.models import DataKey

    owners, is_stored, may_end = [*filled(2), uuid4()], threading.Event(), threading.Event()

    def stores() -> None:
        with transaction.atomic():
            vault.store(owners[-1], TENANT, "refresh_token", f"secret of {owners[-1]}")
            is_stored.set()
            may_end.wait(20)
        connection.close()

    def statement(execute: Callable[..., Any], sql: str, params: Any, *more: Any) -> Any:
        if "k2" in (params or ()) and not is_stored.is_set():
            storing.start()
            assert is_stored.wait(20)
        return execute(sql, params, *more)

    def rotates() -> None:
        # The new key is made and not yet known to the database: the other still wraps with the old one.
        with connection.execute_wrapper(statement):
            vault.rotate(silent)
        connection.close()

    storing, rotating = threading.Thread(target=stores), threading.Thread(target=rotates)
    rotating.start()
    assert is_stored.wait(20)
    # It has to wait for the other: with time to end on its own, it would have left that key behind.
    rotating.join(1)
    may_end.set()
    for thread in (storing, rotating):
        thread.join(30)
    assert all_open(owners)
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}


def test_two_rotations_at_once_end_with_every_secret_open(data: Path) -> None:
    from django.db import connection

    owners = filled(6)
    failures: list[BaseException] = []

    def rotates() -> None:
        from seatwise.control import vault

        try:
            vault.rotate(silent)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=rotates) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert all_open(owners)


@pytest.mark.parametrize("n_taken", [1, 4, 5])
def test_a_draft_that_another_process_tidied_away_is_made_again(
    data: Path, monkeypatch: pytest.MonkeyPatch, n_taken: int
) -> None:
    from seatwise.control.vault import sources

    folder, link, drafts = data / "more-keys", os.link, []

    def taken(draft: Path, path: Path) -> None:
        drafts.append(draft)
        if len(drafts) <= n_taken:
            draft.unlink()
        link(draft, path)

    monkeypatch.setattr(sources.os, "link", taken)
    if n_taken == 5:
        with pytest.raises(AskAdmin, match="No key can be made"):
            sources.FileKeys(folder).make(set())
        assert list(folder.iterdir()) == []
    else:
        assert sources.FileKeys(folder).make(set()) == "k1"
        assert [path.name for path in folder.iterdir()] == ["k1.key"]
