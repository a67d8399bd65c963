"""Rolls 10 million events up to usage_daily, beside one bare DuckDB GROUP BY over the same files.

    python -m bench.rollup [--rows N] [--days N] [--keep FOLDER] [--write]

Every measurement runs in a process of its own, so that its peak memory is its own. The table goes to standard output
and, with --write, into docs/performance.md with the commit and the machine it was measured on.
"""

# ruff: noqa: S608  the questions are made of this file's own words

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from deltalake import DeltaTable, write_deltalake

from bench import report
from seatwise.catalog import TABLES
from seatwise.lake import derive
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake, newest_versions
from seatwise.metrics.ask import ask
from seatwise.metrics.shapes import Question

TENANT = "5ea7a15e-0000-4000-8000-000000000001"
LAST_DAY = date(2026, 6, 30)
AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
N_PEOPLE, N_APPS = 20_000, 400

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
    peak = report.peak_mib()
    took = {"s": time.perf_counter() - start, "cpu_s": time.process_time() - cpu, "peak_mib": peak, "rows": n_rows}
    print(json.dumps(took))


def measure(root: Path) -> dict[str, dict[str, float]]:
    found = {}
    for name in STEPS:
        run = [sys.executable, "-m", "bench.rollup", "--step", name, "--keep", str(root)]
        found[name] = json.loads(
            subprocess.run(run, cwd=report.ROOT, check=True, capture_output=True, text=True).stdout
        )
        print(f"  {name}: {found[name]['s']:.2f} s", file=sys.stderr)
    return found


def table(found: dict[str, dict[str, float]], rows: int, days: int) -> str:
    base = found["bare"]["cpu_s"]
    columns = ["step", "CPU seconds", "against bare", "events/s a core", "seconds", "peak MiB", "rows"]
    cells = [
        [
            STEPS[name][0],
            f"{took['cpu_s']:.2f}",
            f"{took['cpu_s'] / base:.2f}",
            f"{rows / took['cpu_s']:,.0f}",
            f"{took['s']:.2f}",
            f"{took['peak_mib']:.0f}",
            f"{took['rows']:,.0f}",
        ]
        for name, took in found.items()
    ]
    head = f"{rows:,} events of {days} days, {N_PEOPLE:,} people, {N_APPS} apps."
    return f"{head}\n\n{report.table(columns, cells)}"


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
    begun = report.Begun()
    with tempfile.TemporaryDirectory() as temporary:
        root = chosen.keep or Path(temporary)
        places = Places(root, TENANT)
        if not places.table("sign_ins").exists():
            generate(places, chosen.rows, chosen.days)
        shown = table(measure(root), chosen.rows, chosen.days)
    print(shown)
    if chosen.write:
        command = f"python -m bench.rollup --rows {chosen.rows} --days {chosen.days} --write"
        report.write("rollup", "Roll-up", command, shown, begun)


if __name__ == "__main__":
    main()
