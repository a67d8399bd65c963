"""`seatwise keys`: what it prints, and that a stopped rotation is taken up again by the same command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from seatwise.base.errors import AskAdmin

TENANT = "11111111-2222-4333-8444-555555555555"


def _said(*arguments: str) -> str:
    from seatwise.cli.keys import app

    result = CliRunner().invoke(app, arguments)
    if result.exception is not None:
        raise result.exception
    return result.output


def test_it_runs_as_a_program(data: Path) -> None:
    program = [sys.executable, "-c", "from seatwise.cli.keys import app; app()", "list"]
    done = subprocess.run(program, env={**os.environ, "SEATWISE_DATA": str(data)}, capture_output=True, text=True)
    assert (done.returncode, "No key yet" in done.stdout) == (0, True), done.stderr


def test_a_rotation_tells_how_far_it_is_and_what_to_keep(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import AuditEntry

    assert "No key yet" in _said("list")
    owner = uuid4()
    vault.store(owner, TENANT, "credential", "canary-8Qz~not.a.real-secret_value")
    assert "k1  current  protects 1  since" in _said("list")
    said = _said("rotate")
    assert "Moved 1 of 1" in said
    assert "key k2 now; k1 is retired" in said
    assert "canary" not in said
    assert "k2  current  protects 1" in _said("list")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.detail) == ("keys.rotated", "k2", {"retired": "k1"})


def test_a_stopped_rotation_is_finished_by_the_next_one(data: Path) -> None:
    from seatwise.control import vault

    for _ in range(3):
        vault.store(uuid4(), TENANT, "credential", "x")

    def stops(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.rotate(stops)
    listed = _said("list")
    assert "k1  in use  protects 2" in listed
    assert "k2  current  protects 1" in listed
    said = _said("rotate")
    assert "Moved 2 of 2" in said
    assert "The rotation that was stopped is finished" in said
    assert "k3" not in _said("list")


def test_a_missing_key_is_listed_and_nothing_is_rotated(data: Path) -> None:
    from seatwise.control import vault

    vault.store(uuid4(), TENANT, "credential", "x")
    (vault.key_folder() / "k1.key").unlink()
    for command in ("list", "rotate"):
        with pytest.raises(AskAdmin, match="is missing"):
            _said(command)
    assert not list(vault.key_folder().glob("k*"))
