"""Runs the product in this process and writes what it took, as it alone can know it.

python -m bench.inside FILE COMMAND…
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench import report
from seatwise.cli import main


def run(found: Path, words: list[str]) -> None:
    """Start-up counts: the clock is that of the whole process, its threads included."""
    sys.argv = ["seatwise", *words]
    try:
        main()
    finally:
        found.write_text(json.dumps({"cpu_s": time.process_time(), "peak_mib": report.peak_mib()}), "utf-8")


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2:])
