"""The lake the tests of this floor fill by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tiny_lake import TinyLake, tiny_lake


@pytest.fixture
def lake(tmp_path: Path) -> TinyLake:
    return tiny_lake(tmp_path)
