"""Applying sealed packages to tables: rows and number in one commit, a number applied once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from seatwise.base.clock import parse_time
from seatwise.base.errors import Broken
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.derived import WINDOWS
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake import packages, tables_directory, tables_sign_ins
from seatwise.lake.packages import Package
from seatwise.lake.places import Places
from seatwise.lake.rows import Rows, SetAside, batches
from seatwise.lake.tables_open import alone, applied_number, dataset_of, last_applied, open_table, transaction_id, write

__all__ = [
    "Applied",
    "LedgerRow",
    "apply",
    "apply_pending",
    "last_applied",
    "open_table",
    "pending",
    "read_table",
    "write_windows",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a package: n_received = kept + unchanged + set_aside.total(), always.

    kept:       rows that are new or differ from what was stored.
    unchanged:  rows already stored with equal content, and repetitions inside the package (`n_folded` of them).
    n_gone:     rows that a complete read no longer holds.
    days:       days whose sign-ins changed.
    """

    n_received: int = 0
    kept: int = 0
    unchanged: int = 0
    set_aside: SetAside = field(default_factory=Counter)
    n_folded: int = 0
    n_new: int = 0
    n_gone: int = 0
    n_before: int = 0
    n_outside: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    days: frozenset[date] = frozenset()
    was_applied: bool = False


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


def pending(places: Places, dataset: Dataset | str) -> list[Package]:
    """Sealed packages not yet applied, oldest first. Apply them in this order."""
    name = dataset if isinstance(dataset, str) else dataset.name
    done = _done(places, name)
    return [packages.read_package(places, name, number) for number in packages.numbers(places, name) if number > done]


def apply_pending(places: Places, dataset: Dataset | str) -> list[Applied]:
    """Apply what an earlier run sealed and did not apply."""
    return [apply(places, package.dataset, package) for package in pending(places, dataset)]


def apply(places: Places, dataset: Dataset | str, package: Package, rows: Iterable[Rows] | None = None) -> Applied:
    """Make the rows of a package part of its table; harmless when the package was applied before.

    rows:  the package's pages as decoded while fetching; read from disk when None.
    Raises Broken: `package_out_of_order` while an older sealed package waits, `disk_full`, `package_damaged`.
    Whatever is raised, the table is at its old version.
    """
    declared = DATASETS[dataset] if isinstance(dataset, str) else dataset
    name = declared.name
    if package.dataset != name or package.manifest.tenant_id != places.tenant_id:
        raise Broken(
            code="package_misplaced",
            sentence="A stored package belongs to another tenant or data set; it was not used.",
            detail=f"{package.dataset}/{package.number}",
        )
    with alone(places, name):
        if package.number <= _done(places, name):
            return Applied(was_applied=True)
        _check_order(places, name, package.number)
        gathered = _gather(declared, package, batches(package) if rows is None else rows)
        applied = _store(places, declared, package, gathered)
        if declared is SIGN_INS:
            write_windows(places, _ledger_of(package, applied), number=package.number)
    return applied


def _done(places: Places, name: str) -> int:
    done = last_applied(places, name)
    # The ledger is a commit of its own: after a kill between the two, the package is still pending.
    return min(done, last_applied(places, name, WINDOWS.name)) if name == SIGN_INS.name else done


def _check_order(places: Places, name: str, number: int) -> None:
    done = _done(places, name)
    waiting = [other for other in packages.numbers(places, name) if done < other < number]
    if waiting:
        raise Broken(
            code="package_out_of_order",
            sentence="An older package waits to be applied first.",
            detail=f"{name}: {waiting[0]} before {number}",
        )


@dataclass(frozen=True, slots=True)
class _Gathered:
    rows: pa.Table
    n_received: int
    n_folded: int
    set_aside: SetAside
    flags: Counter[str]


def _gather(dataset: Dataset, package: Package, pages: Iterable[Rows]) -> _Gathered:
    received, set_aside, flags = 0, SetAside(), Counter[str]()
    found: list[pa.RecordBatch] = []
    for page in pages:
        received += page.n_received
        set_aside += page.set_aside
        flags += page.flags
        found.append(page.batch)
    if received != package.manifest.n_rows:
        raise Broken(
            code="rows_missing",
            sentence="A package does not hold the rows it says it holds; it was not used.",
            detail=f"{package.dataset}/{package.number}: {received} of {package.manifest.n_rows}",
        )
    schema = pa.schema([pa.field(one.name, one.arrow) for one in dataset.fields])
    parts = [pa.Table.from_batches([batch]) for batch in found]
    rows = pa.concat_tables([schema.empty_table(), *parts], promote_options="default")
    if "package" in schema.names:
        at = schema.get_field_index("package")
        rows = rows.set_column(at, "package", pa.array([package.number] * rows.num_rows, pa.int64()))
    folded = _fold(rows.combine_chunks(), dataset.key)
    return _Gathered(folded, received, rows.num_rows - folded.num_rows, set_aside, flags)


def _fold(rows: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """One row per key, the last one received."""
    at = pa.array(range(rows.num_rows), pa.int64())
    last = rows.select(list(key)).append_column("_at", at).group_by(list(key)).aggregate([("_at", "max")])
    if last.num_rows == rows.num_rows:
        return rows
    kept = last["_at_max"].combine_chunks()
    return rows.take(kept.take(pc.sort_indices(kept)))


def _store(places: Places, dataset: Dataset, package: Package, gathered: _Gathered) -> Applied:
    transactions = {transaction_id(dataset.name): package.number}
    if dataset is SIGN_INS and last_applied(places, dataset.name) >= package.number:
        return _counted(gathered, 0, 0, gathered.rows.num_rows, days=_days(gathered.rows))
    if dataset is SIGN_INS:
        feed = package.slice.get("feed", "graph")
        # A reading that is not sure of itself adds what it has and takes nothing away.
        window = tables_sign_ins.Window.of(package.slice) if package.manifest.is_complete else None
        events = tables_sign_ins.store(places, gathered.rows, feed, window, transactions)
        return _counted(
            gathered,
            events.n_new,
            events.n_changed,
            events.n_unchanged,
            n_gone=events.n_gone,
            n_before=events.n_unchanged + events.n_changed + events.n_gone,
            n_outside=events.n_outside,
            days=frozenset(events.days),
        )
    found = tables_directory.store(
        places,
        dataset,
        gathered.rows,
        package.manifest.started_at,
        is_complete=package.manifest.is_complete,
        transactions=transactions,
    )
    return _counted(
        gathered, found.n_new, found.n_changed, found.n_unchanged, n_gone=found.n_gone, n_before=found.n_before
    )


def _counted(
    gathered: _Gathered,
    n_new: int,
    n_changed: int,
    n_unchanged: int,
    *,
    n_gone: int = 0,
    n_before: int = 0,
    n_outside: int = 0,
    days: frozenset[date] = frozenset(),
) -> Applied:
    return Applied(
        n_received=gathered.n_received,
        kept=n_new + n_changed,
        unchanged=n_unchanged + gathered.n_folded,
        set_aside=gathered.set_aside,
        n_folded=gathered.n_folded,
        n_new=n_new,
        n_gone=n_gone,
        n_before=n_before,
        n_outside=n_outside,
        flags=gathered.flags,
        days=days,
    )


def _days(rows: pa.Table) -> frozenset[date]:
    return frozenset(tables_sign_ins.days_of(rows))


def _ledger_of(package: Package, applied: Applied) -> list[LedgerRow]:
    """Windows a package proves: its own, or those its cursor names (an import's last package)."""
    at = package.manifest.started_at
    window = tables_sign_ins.Window.of(package.slice)
    if window is not None:
        n_aside = applied.set_aside.total()
        return [
            LedgerRow(
                window.feed,
                window.kind,
                window.from_at,
                window.to_at,
                at,
                applied.n_received,
                n_aside,
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


def read_table(places: Places, name: str) -> pa.Table | None:
    """All rows of a small table; None while it does not exist."""
    table: DeltaTable | None = open_table(places, name)
    return None if table is None else dataset_of(table).to_table()
