"""What every test shares: the long ones, and the folder of reference data beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder beside the checkout; without it the test is skipped, with CI set it fails."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the folder ../shared beside the checkout is missing")
        pytest.skip("the folder ../shared beside the checkout is missing")
    return SHARED
