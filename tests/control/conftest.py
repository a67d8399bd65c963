"""A company with its people, in a database of its own for every test of this floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.control.company import Company, peopled


@pytest.fixture
def company(data: Path) -> Company:
    return peopled()
