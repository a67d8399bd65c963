"""A folder of files and a lake, for tests that import."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seatwise.base import clock
from seatwise.lake import tables
from seatwise.lake.places import Places
from seatwise.sync import intake
from tests.lake.forms.made import (
    TENANT,
)


@pytest.fixture(autouse=True)
def at_a_fixed_time() -> Any:
    clock.set_now(datetime(2026, 10, 14, 10, tzinfo=UTC))
    yield
    clock.set_now(None)


class Desk:
    """A folder of files and a lake."""

    def __init__(self, root: Path) -> None:
        self.files, self.data = root / "files", root / "data"
        self.files.mkdir()

    def put(self, name: str, content: bytes) -> str:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)

    def read(
        self, *paths: str, tenant: str | None = TENANT, complete: str | None = None, dry_run: bool = False
    ) -> intake.Report:
        found = intake.read(paths or [str(self.files)], self.places, tenant, complete, dry_run=dry_run)
        check(found)
        return found

    def places(self, tenant: str) -> Places:
        return Places(self.data, tenant)

    def rows(self, name: str = "sign_ins", tenant: str = TENANT) -> list[dict[str, Any]]:
        table = tables.read_table(self.places(tenant), name)
        return [] if table is None else table.to_pylist()

    def windows(self) -> list[tuple[str, str, str, str]]:
        stamp = "%d %H:%M"
        return sorted(
            (w["kind"], w["state"], f"{w['from_at']:{stamp}}", f"{w['to_at']:{stamp}}") for w in self.rows("windows")
        )

    def listing(self) -> list[str]:
        return sorted(str(path) for path in self.data.rglob("*")) if self.data.exists() else []


def check(found: intake.Report) -> None:
    """received = kept + unchanged + set aside, in total and for each kind."""
    assert found.received == found.kept + found.unchanged + sum(n for *_, n in found.set_aside)
    for row in found.by_kind.values():
        assert row["received"] == row["kept"] + row["unchanged"] + row["set_aside"]
    for name in ("received", "kept", "unchanged"):
        assert getattr(found, name) == sum(row[name] for row in found.by_kind.values())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def blob(hour: int, day: int = 30, container: str = "signinlogs", tenant: str = TENANT, part: str = "") -> str:
    return f"insights-logs-{container}/tenantId={tenant}/y=2026/m=09/d={day:02d}/h={hour:02d}/m=00/PT1H{part}.json"
