"""A real database in a folder of its own for every test of this floor: on SQLite, and again on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control.company import Company, peopled
from tests.support import database, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    if not postgres.wanted():
        pytest.skip("SEATWISE_TEST_POSTGRES=0")
    with postgres.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> postgres.Server | None:
    """The database server of this round; None for SQLite."""
    found: postgres.Server | None = None
    if request.param == "postgresql":
        found = request.getfixturevalue("postgres_server")
    return found


@pytest.fixture
def data(tmp_path: Path, server: postgres.Server | None) -> Iterator[Path]:
    """The data folder of an install at today's shape."""
    with database.fresh(tmp_path / "data", server):
        yield tmp_path / "data"


@pytest.fixture
def company(data: Path) -> Company:
    return peopled()
