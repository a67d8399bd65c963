"""Rolls 10 million events up to usage_daily, beside one bare DuckDB GROUP BY over the same files.

    python bench/rollup.py [--rows N] [--days N] [--keep FOLDER] [--write]

Every measurement runs in a process of its own, so that its peak memory is its own. The table goes to standard output
and, with --write, into docs/performance.md with the commit and the machine it was measured on.
"""

# ruff: noqa: S608  the questions are made of this file's own words

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from seatwise.catalog import TABLES  # noqa: E402 - the checkout may not be installed
from seatwise.lake import derive  # noqa: E402
from seatwise.lake.places import Places  # noqa: E402
from seatwise.lake.reading import Lake, newest_versions  # noqa: E402
from seatwise.metrics.ask import ask  # noqa: E402
from seatwise.metrics.shapes import Question  # noqa: E402

TENANT = "5ea7a15e-0000-4000-8000-000000000001"
LAST_DAY = date(2026, 6, 30)
AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
N_PEOPLE, N_APPS = 20_000, 400
HEAD = "# Performance\n\nWritten by the programs under `bench/`, never by hand.\n"
MARKS = ("<!-- rollup: written by bench/rollup.py -->", "<!-- end of rollup -->")

# Three records an action; ten apps a person, few of them often; seven percent failures, a tenth by programs.
EVENTS = """
    SELECT {id} AS event_id, 'graph' AS feed,
           CASE WHEN r < 0.35 THEN 'interactiveUser' WHEN r < 0.9 THEN 'nonInteractiveUser'
                ELSE 'servicePrincipal' END AS kind,
           DATE '{day}' AS day, TIMESTAMPTZ '{day} 00:00:00+00' + to_seconds(floor(s * 86399) + i % 3) AS created_at,
           CASE WHEN r < 0.9 THEN {user} ELSE '' END AS user_id, 'Person ' || u AS user_name,
           'person' || u || '@company.example' AS upn, 'member' AS user_type, {app} AS app_id, 'App ' || a AS app_name,
           {owner} AS app_owner_tenant_id, {app} AS resource_id, '{tenant}' AS resource_tenant_id,
           CASE WHEN f < 0.93 THEN 0 ELSE 50126 END AS error_code, {action} AS correlation_id,
           '203.0.113.8' AS ip_address, 'Browser' AS client_app, '' AS principal_id, NULL AS principal_name,
           1 AS package
    FROM (SELECT i, j, r, s, u, CAST(pow(hash(u * 10 + CAST(floor(10 * t) AS INT)) % 1000003 / 1000003.0, 3)
                                     * {apps} AS INT) AS a, random() AS f
          FROM (SELECT j, random() AS r, random() AS s, pow(random(), 2) AS t,
                       CAST(pow(random(), 1.5) * {people} AS INT) AS u
                FROM range({first} // 3, {end} // 3 + 1) a(j)) JOIN range({first}, {end}) e(i) ON i // 3 = j)
    ORDER BY created_at
"""


def guid(text: str) -> str:
    return f"CAST(CAST(md5({text}) AS UUID) AS VARCHAR)"


def generate(places: Places, rows: int, days: int) -> None:
    """A tenant's sign-ins of some days in the stored form."""
    schema = TABLES["sign_ins"].schema
    columns = ", ".join(f"CAST({n} AS INT) AS {n}" if n == "error_code" else n for n in schema.names)
    connection = duckdb.connect(config={"threads": "2"})
    connection.execute("SET TimeZone = 'UTC'; SELECT setseed(0.5)").fetchall()
    for number in range(days):
        made = EVENTS.format(
            id=guid("'event' || i"),
            user=guid("'user' || u"),
            app=guid("'app' || a"),
            owner=guid("'owner' || a % 50"),
            action=guid("'action' || i // 3"),
            day=LAST_DAY - timedelta(days - 1 - number),
            tenant=TENANT,
            people=N_PEOPLE - 1,
            apps=N_APPS - 1,
            first=number * rows // days,
            end=(number + 1) * rows // days,
        )
        found = connection.sql(f"SELECT {columns} FROM ({made})").to_arrow_table().cast(schema)
        write_deltalake(places.table("sign_ins"), found, mode="append", partition_by=["day"])


def bare(places: Places) -> int:
    """The least one could do: one GROUP BY over all files, kept in memory."""
    files = DeltaTable(places.table("sign_ins")).file_uris()
    connection = duckdb.connect(config={"threads": "2"})
    connection.execute(
        """CREATE TABLE found AS SELECT day, app_id, user_id, kind, count(*) AS n,
           count(*) FILTER (error_code = 0) AS ok, min(created_at) AS first_at, max(created_at) AS last_at
           FROM read_parquet($1, hive_partitioning = true) GROUP BY ALL""",
        [files],
    )
    return int(connection.execute("SELECT count(*) FROM found").fetchall()[0][0])


def usage_daily(places: Places) -> int:
    """The product's way: a few days at a time, with evidence, written as a table."""
    with Lake(places, versions=newest_versions(places), memory_mb=derive.MEMORY_MB, threads=2) as source:
        derive.write_days(source, tuple(source.days()), ("usage_daily",))
    return DeltaTable(places.table("usage_daily")).count()


def everything(places: Places) -> int:
    derive.rebuild(places)
    return DeltaTable(places.table("usage_daily")).count()


def apps(places: Places) -> int:
    with Lake(places, threads=2) as lake:
        return len(ask(Question("apps", AS_OF), lake).rows)


def app_users(places: Places) -> int:
    with Lake(places, threads=2) as lake:
        return len(ask(Question("app-users", AS_OF), lake).rows)


STEPS: dict[str, tuple[str, Callable[[Places], int]]] = {
    "bare": ("one bare GROUP BY, nothing kept on disk", bare),
    "usage_daily": ("usage_daily, day by day, written", usage_daily),
    "everything": ("all derived tables, written and published", everything),
    "apps": ("`ask apps` on them", apps),
    "app_users": ("`ask app-users` on them", app_users),
}


def one(name: str, root: Path) -> None:
    """Run one step in this process and print what it took."""
    start, cpu = time.perf_counter(), time.process_time()
    n_rows = STEPS[name][1](Places(root, TENANT))
    peak = peak_mib()
    took = {"s": time.perf_counter() - start, "cpu_s": time.process_time() - cpu, "peak_mib": peak, "rows": n_rows}
    print(json.dumps(took))


def peak_mib() -> float:
    """Peak memory of this process alone.

    Not ru_maxrss: Linux hands a parent's down to its children, so that every step showed the peak of its starter.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This system does not tell a process's peak memory; the bench runs on Linux.")


def measure(root: Path) -> dict[str, dict[str, float]]:
    found = {}
    for name in STEPS:
        run = [sys.executable, __file__, "--step", name, "--keep", str(root)]
        found[name] = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
        print(f"  {name}: {found[name]['s']:.2f} s", file=sys.stderr)
    return found


def table(found: dict[str, dict[str, float]], rows: int, days: int) -> str:
    base = found["bare"]["s"]
    lines = [
        f"{rows:,} events of {days} days, {N_PEOPLE:,} people, {N_APPS} apps.",
        "",
        "| step | seconds | CPU seconds | events/s | against bare | peak MiB | rows |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, took in found.items():
        speed, ratio = f"{rows / took['s']:,.0f}", f"{took['s'] / base:.2f}"
        lines.append(
            f"| {STEPS[name][0]} | {took['s']:.2f} | {took['cpu_s']:.2f} | {speed} | {ratio} | {took['peak_mib']:.0f} |"
            f" {took['rows']:,.0f} |"
        )
    return "\n".join(lines)


def machine() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    dirty = subprocess.run(["git", "status", "--porcelain", "src"], cwd=ROOT, capture_output=True, text=True).stdout
    info = Path("/proc/cpuinfo")
    models = (
        [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    load = os.getloadavg()[0]
    changes = " with changes" if dirty else ""
    return (
        f"Commit {commit.strip() or 'unknown'}{changes}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,"
        f" {models[0] if models else platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before the run"
        " and {after:.1f} after it (above 2 its seconds are shared with others; believe the CPU seconds),"
        f" Python {platform.python_version()}, DuckDB {duckdb.__version__}, pyarrow {pa.__version__}."
    )


def write(section: str) -> None:
    """Put the section between its marks in docs/performance.md, which is made when missing."""
    page = ROOT / "docs" / "performance.md"
    text = page.read_text() if page.exists() else HEAD
    block = f"{MARKS[0]}\n## Roll-up\n\n{section}\n{MARKS[1]}"
    if MARKS[0] in text:
        before, rest = text.split(MARKS[0], 1)
        text = before + block + rest.split(MARKS[1], 1)[1]
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    page.write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--keep", type=Path, help="folder to keep the events in, used again when they are there")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        one(chosen.step, chosen.keep)
        return
    about = machine()
    with tempfile.TemporaryDirectory() as temporary:
        root = chosen.keep or Path(temporary)
        places = Places(root, TENANT)
        if not places.table("sign_ins").exists():
            generate(places, chosen.rows, chosen.days)
        found = table(measure(root), chosen.rows, chosen.days)
        shown = f"{found}\n\n{about.format(after=os.getloadavg()[0])}"
    print(shown)
    if chosen.write:
        write(shown)


if __name__ == "__main__":
    main()
