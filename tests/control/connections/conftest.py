"""A sandbox for the tests of connections, and a desk with the install's registration in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control.connections.desk import Desk, desk, ready_file
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=20, apps=8, seed=5, as_of="2026-10-14T10:00:00Z", limits="off") as running:
        yield running


@pytest.fixture
def company(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The sandbox as one more cloud of this install, without faults before and after."""
    monkeypatch.setenv("SEATWISE_SANDBOX", str(ready_file(sandbox, tmp_path)))
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-14T10:00:00Z")
    yield sandbox
    sandbox.control("DELETE", "/faults")
    sandbox.control("DELETE", "/requests")
    sandbox.control("POST", "/identity", {"do": "clear"})
    sandbox.control("POST", "/state", {"premium": True})


@pytest.fixture
def at(company: Sandbox, data: Path) -> Desk:
    return desk(company, data)
