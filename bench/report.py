"""Writes a measured table into docs/performance.md, with commit and machine; nothing there is typed by hand."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"


HEAD = "# Performance\n\nEach part is written by the command it names, never by hand.\n"
PARTS = ("duckdb", "deltalake", "pyarrow", "msgspec", "aiohttp", "isal")


@dataclass(frozen=True)
class Begun:
    """What is known of a measurement when it begins."""

    commit: str = field(default_factory=lambda: commit())
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def about(self) -> str:
        """Commit, time, machine, how busy it was, and the parts, in one sentence; asked for at the end."""
        n_cores = os.cpu_count() or 1
        now, load = datetime.now(UTC), os.getloadavg()[0]
        busy = f", so its seconds were shared with others: believe the CPU seconds (load above {n_cores})"
        return (
            f"Commit {self.commit}, {now:%Y-%m-%d %H:%M} UTC, {machine()}, load {self.load:.1f} before the run and"
            f" {load:.1f} after it{busy if max(load, self.load) > n_cores else ''}."
            f" With {', '.join(f'{name} {version(name)}' for name in PARTS)}."
        )


def peak_mib() -> float:
    """Peak memory of this process alone.

    Not ru_maxrss: Linux hands a parent's down to its children, so that every step showed the peak of its starter.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This system does not tell a process's peak memory; the bench runs on Linux.")


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


def write(section: str, title: str, command: str, body: str, begun: Begun) -> None:
    """Puts the measurement between the markers of its section, or at the end of the page."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    part = f"{begin}\n\n## {title}\n\n`{command}`\n\n{body}\n\n{begun.about()}\n\n{end}"
    if begin in text:
        head, rest = text.split(begin, 1)
        text = head + part + rest.split(end, 1)[1]
    else:
        text = text.rstrip() + "\n\n" + part + "\n"
    PAGE.write_text(text, "utf-8")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
