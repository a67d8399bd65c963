"""The ledger of windows: what was read to its end, what was not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from seatwise.base.clock import parse_time
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.derived import WINDOWS
from seatwise.lake.packages import Package
from seatwise.lake.places import Places
from seatwise.lake.tables_open import alone, applied_number, open_table, transaction_id, write
from seatwise.lake.tables_sign_ins import Window


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One window of the ledger. state: complete, partial or missing, with the reason when not complete."""

    feed: str
    kind: str
    from_at: datetime
    to_at: datetime
    read_at: datetime
    n_rows: int = 0
    n_set_aside: int = 0
    state: str = "complete"
    reason: str | None = None
    package: int | None = None


def proved_by(package: Package, n_received: int, n_set_aside: int) -> list[LedgerRow]:
    """Windows a package proves: its own, or those its cursor names (an import's last package)."""
    at = package.manifest.started_at
    window = Window.of(package.slice)
    if window is not None:
        return [
            LedgerRow(
                window.feed,
                window.kind,
                window.from_at,
                window.to_at,
                at,
                n_received,
                n_set_aside,
                state="complete" if package.manifest.is_complete else "partial",
                reason=None if package.manifest.is_complete else package.manifest.cursor.get("reason", "read_failed"),
                package=package.number,
            )
        ]
    return [
        LedgerRow(
            proved["feed"],
            proved["kind"],
            parse_time(proved["from"]),
            parse_time(proved["to"]),
            at,
            proved.get("n_rows", 0),
            0,
            proved.get("state", "complete"),
            proved.get("reason"),
            package.number,
        )
        for proved in package.manifest.cursor.get("windows", [])
    ]


def write_windows(places: Places, windows: Iterable[LedgerRow], *, number: int | None = None) -> None:
    """Add windows to the ledger. With the number of a sign-in package they are added once, however often asked."""
    listed = list(windows)
    name = transaction_id(SIGN_INS.name)
    with alone(places, WINDOWS.name):
        if number is not None and applied_number(open_table(places, WINDOWS.name), name) >= number:
            return
        if number is None and not listed:
            return
        rows = pa.Table.from_pylist(
            [{one.name: getattr(row, one.name) for one in WINDOWS.fields} for row in listed], WINDOWS.schema
        )
        write(places, WINDOWS, rows, transactions={} if number is None else {name: number})
