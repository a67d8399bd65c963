"""The whole trip of a first sync beside the bare limit of the same run: CPU a page, rows a second, peak memory.

python -m bench.trip [--users N] [--rows N] [--write]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench import report
from tests.support.product import product
from tests.support.sandbox import Sandbox, running_sandbox

AS_OF = "2026-10-14T00:00:00Z"
LOWEST_LIMIT = 100_000
AIM_RATIO, AIM_MIB = 1.7, 400


@dataclass(frozen=True)
class Cost:
    """rows, pages: sign-ins read; cpu_s: user and system seconds; wall_s; peak_mib: resident, of the process alone.

    Of the trip everything counts, from start-up to the derived tables; of the bare limit the walk.
    """

    rows: int
    pages: int
    cpu_s: float
    wall_s: float
    peak_mib: float


def bare(sandbox: Sandbox) -> Cost:
    start = (datetime.fromisoformat(AS_OF) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = ["--graph", sandbox.graph, "--ca", str(sandbox.ca), "--start", start, "--end", AS_OF]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bench.bare", *words], input=sandbox.token(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return Cost(found["rows"], found["pages"], found["cpu_s"], time.monotonic() - began, found["peak_mib"])


def trip(sandbox: Sandbox, folder: Path) -> Cost:
    # As in an installation, where `connect` has left compiled modules for `sync`; ours depend on who starts the bench.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    install = product(folder / "data", **compiled, PYTHONPATH=f"{report.ROOT}:{report.ROOT / 'src'}")
    install.connect(sandbox)
    before = sandbox.control("GET", "/requests")
    began = time.monotonic()
    found = folder / "found.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", str(found), "sync", "--as-of", AS_OF],
        env=install.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    wall = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    used = json.loads(found.read_text("utf-8"))
    rows = sum(row["n_events"] or 0 for row in install.ask("coverage", "--as-of", AS_OF)["rows"])
    pages = sandbox.control("GET", "/requests")["reports"]["n"] - before["reports"]["n"]
    return Cost(rows, pages, used["cpu_s"], wall, used["peak_mib"])


def row(name: str, cost: Cost) -> list[str]:
    return [
        name,
        f"{cost.rows:,}",
        f"{cost.pages:,}",
        f"{cost.cpu_s:.1f}",
        f"{1000 * cost.cpu_s / cost.pages:.2f}",
        f"{cost.rows / cost.cpu_s:,.0f}",
        f"{cost.wall_s:.1f}",
        f"{cost.peak_mib:.0f}",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000_000, help="sign-ins of 30 days, about")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    begun = report.Begun()
    rate = options.rows / 30 / options.users
    world: dict[str, Any] = {"users": options.users, "apps": 200, "seed": 1, "as_of": AS_OF, "limits": "off"}
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_sandbox(**world, sign_ins_per_day=f"{rate:.4f}") as sandbox,
    ):
        bare(sandbox)  # the sandbox makes its days once; not counted
        limit = bare(sandbox)
        whole = trip(sandbox, Path(folder))
        again = bare(sandbox)
    limit = min(limit, again, key=lambda cost: cost.cpu_s)
    if limit.rows / limit.cpu_s < LOWEST_LIMIT:
        print(
            f"Not reported: the bare limit is {limit.rows / limit.cpu_s:,.0f} rows/s a core, under {LOWEST_LIMIT:,}; "
            "this machine is too busy or too slow for the ratio to mean anything.",
            file=sys.stderr,
        )
        return 1
    body = report.table(
        ["", "sign-ins", "pages", "CPU s", "CPU ms a page", "rows/s a core", "wall s", "peak MiB"],
        [row("bare limit", limit), row("`seatwise sync`", whole)],
    )
    ratio = whole.cpu_s / limit.cpu_s
    body += f"\n\nCPU {ratio:.2f} × the bare limit (aim {AIM_RATIO}), peak {whole.peak_mib:.0f} MiB (aim {AIM_MIB})."
    print(body)
    if options.write:
        report.write(
            "trip",
            "The trip of a first sync",
            f"python -m bench.trip --users {options.users} --rows {options.rows} --write",
            body,
            begun,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
