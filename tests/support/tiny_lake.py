"""A lake written by hand: a few rows per table, so that every number can be counted on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from seatwise.catalog import TABLES
from seatwise.lake import derive
from seatwise.lake.places import Places
from seatwise.lake.reading import Lake
from seatwise.metrics.ask import ask
from seatwise.metrics.shapes import Question, Result

TENANT = "11111111-1111-1111-1111-111111111111"
ZERO = "00000000-0000-0000-0000-000000000000"
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)
D = AS_OF.date()
KINDS = ("interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity")
ACCOUNT_MADE = datetime(2020, 1, 1, tzinfo=UTC)


def at(day: date | int, clock: str = "08:00:00") -> datetime:
    """A moment on a day; a number counts days back from D."""
    on = D - timedelta(days=day) if isinstance(day, int) else day
    return datetime.combine(on, time.fromisoformat(clock), UTC)


@dataclass
class TinyLake:
    """Rows by table. `ask` writes what changed, derives, and asks."""

    places: Places
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    n: int = 0

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def user(self, user_id: str, **more: Any) -> None:
        row = {"name": user_id.title(), "upn": f"{user_id}@x.example", "user_type": "member", "is_enabled": True}
        self.add("users", user_id=user_id, **{**row, "created_at": ACCOUNT_MADE, **more})

    def app(self, app_id: str, **more: Any) -> None:
        row = {"principal_id": f"sp-{app_id}", "name": app_id.title(), "principal_type": "Application"}
        self.add("service_principals", app_id=app_id, **{**row, "assignment_required": False, **more})

    def assign(self, app_id: str, principal_id: str, kind: str = "User", **more: Any) -> None:
        row = {"assignment_id": f"as{self.number()}", "resource_id": f"sp-{app_id}", "principal_name": principal_id}
        self.add("app_role_assignments", principal_id=principal_id, principal_type=kind, **{**row, **more})

    def group(self, group_id: str, *members: str, name: str | None = None, kind: str = "user", **more: Any) -> None:
        self.add("groups", group_id=group_id, name=name or group_id)
        for member in members:
            self.add("group_members", group_id=group_id, member_id=member, member_type=kind, **more)

    def sign_in(self, user_id: str, app_id: str, when: datetime, **more: Any) -> str:
        event_id = str(more.pop("event_id", f"event-{self.number():04}"))
        row = {
            "feed": "graph",
            "kind": "interactiveUser",
            "user_name": user_id.title(),
            "upn": f"{user_id}@x.example",
            "app_name": app_id.title(),
            "error_code": 0,
            "correlation_id": f"action-{event_id}",
        }
        self.add(
            "sign_ins",
            event_id=event_id,
            day=when.date(),
            created_at=when,
            user_id=user_id,
            app_id=app_id,
            **{**row, **more},
        )
        return event_id

    def window(self, start: datetime, end: datetime, *kinds: str, **more: Any) -> None:
        row = {"feed": "graph", "state": "complete", "read_at": end, "n_rows": 0, "n_set_aside": 0}
        for kind in kinds or KINDS:
            self.add("windows", kind=kind, from_at=start, to_at=end, **{**row, **more})

    def read_days(self, days: int, end: datetime = AS_OF, **more: Any) -> None:
        """Everything of the last days was read to the end."""
        self.window(at(days - 1, "00:00:00"), end, **more)

    def number(self) -> int:
        self.n += 1
        return self.n

    def write(self, *names: str) -> None:
        for name in names or tuple(self.tables):
            table = TABLES[name]
            data = pa.Table.from_pylist(self.tables.get(name, []), table.schema)
            by = list(table.partition) or None
            write_deltalake(self.places.table(name), data, mode="overwrite", partition_by=by)

    def derive(self) -> None:
        self.write()
        derive.rebuild(self.places, directory=True)

    def answer(self, name: str, as_of: datetime = AS_OF, **more: Any) -> Result:
        """Ask what is published."""
        with Lake(self.places) as lake:
            return ask(Question(name, as_of, **more), lake)

    def ask(self, name: str, as_of: datetime = AS_OF, **more: Any) -> list[dict[str, Any]]:
        self.derive()
        return self.answer(name, as_of, **more).rows


def tiny_lake(root: Path) -> TinyLake:
    """A lake in which the directory was read and found empty, and no sign-in was read."""
    made = TinyLake(Places(root, TENANT))
    for name in (
        "users",
        "groups",
        "group_members",
        "service_principals",
        "app_role_assignments",
        "oauth2_permission_grants",
    ):
        made.tables[name] = []
    return made
