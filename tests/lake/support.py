"""Packages made by hand: a few rows in, one call to seal and apply them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from seatwise.lake import packages, tables
from seatwise.lake.packages import Package
from seatwise.lake.places import Places
from seatwise.lake.tables import Applied

TENANT = "6a1f0c52-11d4-4c7e-9a4e-0d6f2f3b8c01"
OTHER_TENANT = "7b2e1d63-22e5-4d8f-8b5f-1e7a3a4c9d12"


def guid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012x}"


def event(n: int, at: str = "2026-09-30T05:15:41Z", **more: Any) -> dict[str, Any]:
    return {
        "id": guid(n),
        "createdDateTime": at,
        "userId": guid(900),
        "userType": "member",
        "appId": guid(800),
        "resourceTenantId": TENANT,
        "status": {"errorCode": 0},
        "signInEventTypes": ["interactiveUser"],
    } | more


def page(*rows: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"value": list(rows)})


def lines(*rows: dict[str, Any], feed: str = "diagnostic") -> bytes:
    return b"\n".join(msgspec.json.encode({"_feed": feed, "_kind": "interactiveUser"} | row) for row in rows)


def window(start: str = "2026-09-30T00:00:00Z", end: str = "2026-10-01T00:00:00Z") -> dict[str, Any]:
    return {"feed": "graph", "kind": "interactiveUser", "from": start, "to": end}


@dataclass
class Lake:
    """One tenant's lake in a temporary folder."""

    places: Places

    @classmethod
    def at(cls, folder: Path) -> Lake:
        return cls(Places(folder, TENANT))

    def seal(self, dataset: str, *bodies: bytes, n: int, slice_: dict[str, Any] | None = None, **seal: Any) -> Package:
        with packages.open_package(self.places, dataset, slice_) as draft:
            for at, body in enumerate(bodies):
                draft.add_page(body, n if at == 0 else 0)
            return draft.seal(**seal)

    def read_window(self, *rows: dict[str, Any], slice_: dict[str, Any] | None = None) -> Applied:
        sealed = self.seal("sign_ins", page(*rows), n=len(rows), slice_=slice_ or window())
        return tables.apply(self.places, "sign_ins", sealed)

    def import_lines(self, *rows: dict[str, Any], feed: str = "diagnostic") -> Applied:
        sealed = self.seal("sign_ins", lines(*rows, feed=feed), n=len(rows), slice_={"feed": feed, "files": []})
        return tables.apply(self.places, "sign_ins", sealed)

    def list_all(self, dataset: str, *rows: dict[str, Any], is_complete: bool = True) -> Applied:
        sealed = self.seal(dataset, page(*rows), n=len(rows), is_complete=is_complete)
        return tables.apply(self.places, dataset, sealed)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        stored = tables.read_table(self.places, table)
        assert stored is not None
        wanted = stored.select(list(columns)).sort_by([(name, "ascending") for name in columns])
        return [tuple(row.values()) for row in wanted.to_pylist()]

    def table(self, name: str) -> pa.Table:
        stored = tables.read_table(self.places, name)
        assert stored is not None
        return stored
