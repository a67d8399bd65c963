"""A worker that only looks for work loads nothing that answers questions or speaks to Microsoft."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.product import product

_LOOK = """
import sys
from seatwise.server.start import start
start()
from seatwise.control import events, jobs
jobs.is_due(), events.has_letters(), events.is_due()
heavy = ("duckdb", "pyarrow", "numpy", "aiohttp", "msal", "seatwise.control.answers", "seatwise.catalog")
print([name for name in heavy if name in sys.modules])
"""


def test_looking_for_letters_loads_nothing_heavy(tmp_path: Path) -> None:
    made = product(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-c", _LOOK], env=made.environment(), capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr[-2000:]
