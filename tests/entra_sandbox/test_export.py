"""The files of diagnostic settings hold exactly the world's sign-ins, hour by hour."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_sandbox import export
from entra_sandbox.world import World

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return World(60, 25, 2)


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    export.write(world, root, NOW, 5)
    return root


def lines(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path, json.loads(line))
        for path in sorted(folder.rglob("PT1H.json"))
        for line in path.read_bytes().splitlines()
    ]


def test_every_hour_has_its_file(folder: Path) -> None:
    n = Counter(path.relative_to(folder).parts[0] for path in folder.rglob("PT1H.json"))
    assert set(n.values()) == {4 * 24 + 11} and len(n) == 4
    assert any(path.stat().st_size == 0 for path in folder.rglob("PT1H.json"))


def test_the_files_hold_what_has_arrived_and_nothing_else(folder: Path, world: World) -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    expected = {e.id: e.error_code for e in world.sign_ins(start, NOW) if e.arrived_at <= NOW}
    assert {r["properties"]["id"]: r["properties"]["status"]["errorCode"] for _, r in lines(folder)} == expected


def test_a_record_stands_in_the_file_of_its_hour_and_kind(folder: Path, world: World) -> None:
    for path, record in lines(folder):
        at = datetime.fromisoformat(record["properties"]["createdDateTime"][:26] + "+00:00")
        assert path.parts[-6:-1] == tuple(at.strftime("y=%Y m=%m d=%d h=%H m=00").split())
        assert path.parts[-7] == f"tenantId={world.tenant.id}"
        assert path.relative_to(folder).parts[0] == f"insights-logs-{record['category'].lower()}"


def test_some_records_come_twice_with_another_time(folder: Path) -> None:
    n = Counter(r["properties"]["id"] for _, r in lines(folder))
    assert 0.01 < sum(c - 1 for c in n.values()) / len(n) < 0.06
    twice = next(i for i, c in n.items() if c == 2)
    one, two = (r for _, r in lines(folder) if r["properties"]["id"] == twice)
    assert one["properties"] == two["properties"] and one["time"] != two["time"]


def test_the_shape_is_microsofts(folder: Path) -> None:
    record = next(r for _, r in lines(folder) if r["category"] == "NonInteractiveUserSignInLogs")
    assert (
        record["properties"]["createdDateTime"].endswith("+00:00")
        and record["properties"]["createdDateTime"][19] == "."
    )
    assert len(record["properties"]["createdDateTime"]) == len("2026-09-30T06:15:32.4071188+00:00")
    assert isinstance(record["resultType"], str) and "signInEventTypes" not in record["properties"]
    assert record["properties"]["userType"] in ("Member", "Guest")


def test_the_summary_counts(world: World, tmp_path: Path) -> None:
    summary = export.write(world, tmp_path, NOW, 1)
    assert summary["files"] == 4 * 11 and summary["from"] == "2026-11-24T00:00:00Z"
    assert sum(summary["records"].values()) == len(lines(tmp_path))
    assert timedelta(0) < datetime.fromisoformat(summary["to"]) - datetime.fromisoformat(summary["from"])
