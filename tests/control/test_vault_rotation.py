"""Keys are changed while connections are used; a stop at any moment loses nothing and the next call goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from seatwise.base.errors import AskAdmin, Broken

TENANT = "11111111-2222-4333-8444-555555555555"
FORK = multiprocessing.get_context("fork")


def _filled(n: int) -> list[UUID]:
    from seatwise.control import vault

    owners = [uuid4() for _ in range(n)]
    for owner in owners:
        vault.store(owner, TENANT, "refresh_token", f"first of {owner}")
        vault.store(owner, TENANT, "refresh_token", f"secret of {owner}")
    return owners


def _all_open(owners: list[UUID]) -> bool:
    from seatwise.control import vault

    return all(vault.fetch(owner, "refresh_token") == f"secret of {owner}" for owner in owners)


def _silent(done: int, total: int) -> None:
    pass


def test_every_data_key_moves_and_the_old_key_is_kept_aside(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck

    owners, told = _filled(5), []
    done = vault.rotate(lambda n, total: told.append((n, total)))
    assert (done.key_id, done.n_moved, done.retired, done.is_resumed) == ("k2", 5, ("k1",), False)
    assert told == [(n, 5) for n in range(1, 6)]
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}
    assert list(KeyCheck.objects.values_list("key_id", flat=True)) == ["k2"]
    assert {path.name for path in vault.key_folder().glob("k*")} == {"k1.key.retired", "k2.key"}
    assert _all_open(owners)
    (vault.key_folder() / "k1.key.retired").unlink()
    assert (_all_open(owners), vault.state()) == (True, "ready")
    assert vault.rotate(_silent).key_id == "k3"
    assert [(fact.key_id, fact.state, fact.n_data_keys) for fact in vault.listed()] == [("k3", "current", 5)]


def test_a_database_older_than_the_rotation_still_opens(data: Path) -> None:
    """A backup comes back after its key was retired."""
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck, Secret

    owners = _filled(2)
    before = {model: list(model.objects.all()) for model in (KeyCheck, DataKey, Secret)}
    vault.rotate(_silent)
    for model in (Secret, DataKey, KeyCheck):
        model.objects.all().delete()
    for model, rows in before.items():
        model.objects.bulk_create(rows)  # type: ignore[attr-defined]
    assert (vault.state(), _all_open(owners)) == ("ready", True)
    vault.store(uuid4(), TENANT, "credential", "new")
    assert sorted(DataKey.objects.values_list("key_id", flat=True)) == ["k1", "k1", "k2"]
    assert (vault.rotate(_silent).is_resumed, _all_open(owners)) == (True, True)
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}


def test_a_damaged_data_key_stops_the_rotation_and_keeps_the_old_key(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey

    owners = _filled(3)
    damaged = DataKey.objects.order_by("id")[1]
    *whole, last = bytes(damaged.sealed)
    DataKey.objects.filter(pk=damaged.pk).update(sealed=bytes([*whole, last ^ 1]))
    with pytest.raises(Broken):
        vault.rotate(_silent)
    assert _all_open([owner for owner in owners if owner != damaged.pk])
    assert (vault.key_folder() / "k1.key").exists()
    vault.shred(damaged.pk)
    assert vault.rotate(_silent).is_resumed
    assert _all_open([owner for owner in owners if owner != damaged.pk])


def test_a_folder_that_cannot_be_written_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import vault

    owners = _filled(1)

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refused)
        with pytest.raises(AskAdmin) as told:
            vault.rotate(_silent)
    assert (told.value.code, _all_open(owners)) == ("key_folder", True)
    assert vault.rotate(_silent).key_id == "k2"


class _Steps:
    """Counts every statement to the database and every change of the key folder; at one of them the process dies."""

    def __init__(self, dies_at: int | None) -> None:
        self.n, self._dies_at, self._is_on = 0, dies_at, True
        sys.addaudithook(self._file)

    def _file(self, event: str, args: tuple[Any, ...]) -> None:
        is_change = event in ("os.link", "os.rename", "os.remove") or (event == "open" and ".draft-" in str(args[0]))
        if self._is_on and is_change:
            self._step()

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self._step()
        result = execute(*args)
        self._step()
        return result

    def _step(self) -> None:
        self.n += 1
        if self.n == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _rotates(dies_at: int | None, told: Any) -> None:
    """In a process of its own."""
    from django.db import connection

    from seatwise.control import vault

    steps = _Steps(dies_at)
    with connection.execute_wrapper(steps.statement):
        vault.rotate(_silent)
    told.send(steps.n)
    connection.close()
    os._exit(0)


def _rotated(dies_at: int | None) -> tuple[int, int | None]:
    """How the process ended, and how many steps it took when it got through."""
    from django.db import connection

    connection.close()
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_rotates, args=(dies_at, theirs))
    process.start()
    theirs.close()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode, ours.recv() if process.exitcode == 0 else None


@contextmanager
def _used_meanwhile(owners: list[UUID]) -> Iterator[list[BaseException]]:
    """Connections are opened, and new ones made, by another process all the while; yields what went wrong there."""
    from django.db import connection

    connection.close()
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=_uses, args=(owners, theirs))
    process.start()
    failures: list[BaseException] = []
    try:
        yield failures
    finally:
        ours.send("stop")
        wrong, made = ours.recv()
        process.join(30)
        failures.extend(RuntimeError(text) for text in wrong)
        owners.extend(made)


def _uses(owners: list[UUID], line: Any) -> None:
    from django.db import connection

    from seatwise.control import vault

    wrong: list[str] = []
    made: list[UUID] = []
    n = 0
    while not line.poll():
        n += 1
        try:
            owner = owners[n % len(owners)]
            if vault.fetch(owner, "refresh_token") != f"secret of {owner}":
                wrong.append(f"{owner} opened to another secret")
            if n % 20 == 0:
                owner = uuid4()
                vault.store(owner, TENANT, "refresh_token", f"secret of {owner}")
                made.append(owner)
        except Exception as error:
            wrong.append(repr(error))
    line.send((wrong if n > 3 else [*wrong, f"used only {n} times"], made))
    connection.close()
    os._exit(0)


def test_killed_at_every_step_nothing_is_lost_and_the_next_call_goes_on(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck

    owners = _filled(3)
    code, n_steps = _rotated(None)
    assert (code, n_steps is not None and n_steps > 30) == (0, True)
    with _used_meanwhile(owners) as failures:
        n_killed = 0
        for step in range(1, int(n_steps or 0) + 1, 2):
            code, _ = _rotated(step)
            n_killed += code == -signal.SIGKILL
            assert code in (0, -signal.SIGKILL)
            assert (vault.state(), _all_open(owners)) == ("ready", True), step
    assert not failures, failures[:3]
    # A rotation that goes on is shorter than a whole one, so some of the later steps are never reached.
    assert n_killed > 12
    if KeyCheck.objects.count() > 1:
        assert vault.rotate(_silent).is_resumed
    assert _all_open(owners)
    assert DataKey.objects.count() == len(owners)
    newest = vault.listed()[-1]
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {newest.key_id}
    assert {path.name for path in vault.key_folder().glob("k*") if "retired" not in path.name} == {
        newest.key_id + ".key"
    }


def test_each_step_of_a_fresh_rotation_may_be_the_last(data: Path) -> None:
    """As above, but every kill meets a rotation that had not begun."""
    from seatwise.control import vault

    owners = _filled(2)
    _, n_steps = _rotated(None)
    for step in range(1, int(n_steps or 0) + 1, 3):
        code, _ = _rotated(step)
        assert code == -signal.SIGKILL, step
        assert (vault.state(), _all_open(owners)) == ("ready", True), step
        vault.rotate(_silent)
        assert _all_open(owners), step
        n_current = sum(fact.state == "current" for fact in vault.listed())
        assert (n_current, len(vault.listed())) == (1, 1), step
        assert not list(vault.key_folder().glob("*.draft-*"))


def test_a_secret_that_is_stored_just_then_moves_too(data: Path) -> None:
    """Its data key is wrapped by the old key and not yet to be seen when the rotation has moved all others."""
    from django.db import connection, transaction

    from seatwise.control import vault
    from seatwise.control.models import DataKey

    owners, is_stored, may_end = [*_filled(2), uuid4()], threading.Event(), threading.Event()

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
            vault.rotate(_silent)
        connection.close()

    storing, rotating = threading.Thread(target=stores), threading.Thread(target=rotates)
    rotating.start()
    assert is_stored.wait(20)
    # It has to wait for the other: with time to end on its own, it would have left that key behind.
    rotating.join(1)
    may_end.set()
    for thread in (storing, rotating):
        thread.join(30)
    assert _all_open(owners)
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {"k2"}


def test_two_rotations_at_once_end_with_every_secret_open(data: Path) -> None:
    from django.db import connection

    owners = _filled(6)
    failures: list[BaseException] = []

    def rotates() -> None:
        from seatwise.control import vault

        try:
            vault.rotate(_silent)
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
    assert _all_open(owners)
