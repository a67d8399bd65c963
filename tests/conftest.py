"""What every test shares: the long ones, the folder of reference data beside the checkout, both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import database, postgres

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    left_out = pytest.mark.skip(reason="long: runs with ./test --all")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(left_out)


def shared_folder() -> Path:
    """The reference folder beside the checkout; without it the test is skipped, with CI set it fails."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the folder ../shared beside the checkout is missing")
        pytest.skip("the folder ../shared beside the checkout is missing")
    return SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    return shared_folder()


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
