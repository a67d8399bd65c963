"""A rotation of keys that is killed at any moment loses nothing, and the next call goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.control.sealed import TENANT, all_open, filled, silent

FORK = multiprocessing.get_context("fork")


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
        vault.rotate(silent)
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

    owners = filled(3)
    code, n_steps = _rotated(None)
    assert (code, n_steps is not None and n_steps > 30) == (0, True)
    with _used_meanwhile(owners) as failures:
        n_killed = 0
        for step in range(1, int(n_steps or 0) + 1, 2):
            code, _ = _rotated(step)
            n_killed += code == -signal.SIGKILL
            assert code in (0, -signal.SIGKILL)
            assert (vault.state(), all_open(owners)) == ("ready", True), step
    assert not failures, failures[:3]
    # A rotation that goes on is shorter than a whole one, so some of the later steps are never reached.
    assert n_killed > 12
    if KeyCheck.objects.count() > 1:
        assert vault.rotate(silent).is_resumed
    assert all_open(owners)
    assert DataKey.objects.count() == len(owners)
    newest = vault.listed()[-1]
    assert set(DataKey.objects.values_list("key_id", flat=True)) == {newest.key_id}
    assert {path.name for path in vault.key_folder().glob("k*") if "retired" not in path.name} == {
        newest.key_id + ".key"
    }


def test_each_step_of_a_fresh_rotation_may_be_the_last(data: Path) -> None:
    """As above, but every kill meets a rotation that had not begun."""
    from seatwise.control import vault

    owners = filled(2)
    _, n_steps = _rotated(None)
    for step in range(1, int(n_steps or 0) + 1, 3):
        code, _ = _rotated(step)
        assert code == -signal.SIGKILL, step
        assert (vault.state(), all_open(owners)) == ("ready", True), step
        vault.rotate(silent)
        assert all_open(owners), step
        n_current = sum(fact.state == "current" for fact in vault.listed())
        assert (n_current, len(vault.listed())) == (1, 1), step
        assert not list(vault.key_folder().glob("*.draft-*"))
