"""Runs the demo and puts what it prints into the README."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
SHOWN_ROWS = 18


def demo() -> str:
    """What `seatwise demo --once` prints on a terminal of 120 columns."""
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, "-m", "seatwise", "demo", "--once", "--as-of", "2026-10-14T10:00:00Z"],
            env={**os.environ, "SEATWISE_DATA": data, "COLUMNS": "120", "FORCE_COLOR": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout


def main() -> None:
    printed = Text.from_ansi(demo())
    lines = printed.split("\n", allow_blank=True)
    footer = next(line for line in reversed(lines) if line.plain.strip())
    n_rows = int(footer.plain.split()[0])
    begin = next(at for at, line in enumerate(lines) if "───" in line.plain) + 1
    console = Console(record=True, width=124, file=io.StringIO(), force_terminal=True)
    for line in (
        *lines[:begin],
        *lines[begin : begin + SHOWN_ROWS],
        Text(f" … {n_rows - SHOWN_ROWS} more rows", style="dim"),
        footer,
    ):
        console.print(line, soft_wrap=True)
    text = "\n".join(line.rstrip() for line in console.export_text().splitlines())
    readme = ROOT / "README.md"
    begin, end = "<!-- output:apps -->", "<!-- /output -->"
    before, rest = readme.read_text("utf-8").split(begin, 1)
    after = rest.split(end, 1)[1]
    readme.write_text(f"{before}{begin}\n```text\n{text.strip(chr(10))}\n```\n{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
