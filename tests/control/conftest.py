"""A real database in a folder of its own for every test of this floor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder; Django's database lies in it."""
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    folder = tmp_path / "data"
    monkeypatch.setattr(settings, "DATA", folder)
    monkeypatch.setitem(connections.databases["default"], "NAME", folder / "seatwise.sqlite3")
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = folder / "seatwise.sqlite3"

    from seatwise.server.start import start

    start()
    yield folder
    connections["default"].close()
