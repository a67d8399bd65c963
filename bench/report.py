"""Writes a measured table into docs/performance.md, with commit and machine; nothing there is typed by hand."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"


def machine() -> str:
    """Processor, cores, memory and Python in one line."""
    text = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", text)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model.group(1).strip() if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def commit() -> str:
    """The short commit, with a + when the tree has changes beside the page itself."""
    name = _git("rev-parse", "--short", "HEAD")
    changed = [
        line
        for line in _git("status", "--porcelain", "--untracked-files=no").splitlines()
        if "performance.md" not in line
    ]
    return name + ("+" if changed else "")


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def write(section: str, title: str, command: str, body: str) -> None:
    """Puts the measurement between the markers of its section, or at the end of the page."""
    text = (
        PAGE.read_text("utf-8") if PAGE.exists() else "# Performance\n\nEach part is written by the command it names.\n"
    )
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    part = f"{begin}\n\n## {title}\n\n`{command}`, commit {commit()}, {machine()}\n\n{body}\n\n{end}"
    if begin in text:
        head, rest = text.split(begin, 1)
        text = head + part + rest.split(end, 1)[1]
    else:
        text = text.rstrip() + "\n\n" + part + "\n"
    PAGE.write_text(text, "utf-8")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
