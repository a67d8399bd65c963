"""Applying sealed packages to tables: rows and number in one commit, a number applied once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable

from seatwise.base.errors import Broken
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.derived import WINDOWS
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake import packages, tables_directory, tables_sign_ins
from seatwise.lake.packages import Package
from seatwise.lake.places import Places
from seatwise.lake.rows import Rows, SetAside, batches
from seatwise.lake.tables_gather import Gathered, gather
from seatwise.lake.tables_ledger import LedgerRow, proved_by, write_windows
from seatwise.lake.tables_open import alone, dataset_of, last_applied, open_table, transaction_id
from seatwise.lake.tables_sign_ins import Window

__all__ = [
    "TOGETHER_ROWS",
    "Applied",
    "LedgerRow",
    "Waiting",
    "apply",
    "apply_pending",
    "apply_together",
    "last_applied",
    "open_table",
    "pending",
    "read_table",
    "write_windows",
]

TOGETHER_ROWS = 60_000
"""Rows of sign-in windows that go into one commit: at the size of one window a commit cost as much as its rows."""

Waiting = tuple[Package, Iterable[Rows] | None]
"""A sealed package and its pages as decoded while fetching; None to read them from disk."""


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


def pending(places: Places, dataset: Dataset | str) -> list[Package]:
    """Sealed packages not yet applied, oldest first. Apply them in this order."""
    name = dataset if isinstance(dataset, str) else dataset.name
    done = _Done.of(places, name).number
    return [packages.read_package(places, name, number) for number in packages.numbers(places, name) if number > done]


def apply_pending(places: Places, dataset: Dataset | str) -> list[Applied]:
    """Apply what an earlier run sealed and did not apply."""
    return apply_together(places, dataset, [(package, None) for package in pending(places, dataset)])


def apply(places: Places, dataset: Dataset | str, package: Package, rows: Iterable[Rows] | None = None) -> Applied:
    """Make the rows of a package part of its table; see `apply_together`."""
    return apply_together(places, dataset, [(package, rows)])[0]


def apply_together(places: Places, dataset: Dataset | str, waiting: Sequence[Waiting]) -> list[Applied]:
    """Make the rows of packages part of their table; harmless for those applied before.

    waiting:  by ascending number. New sign-in windows share a commit where that comes to the same.
    Raises Broken: `package_out_of_order` while an older sealed package waits, `disk_full`, `package_damaged`.
    Whatever is raised, each package is in the table as a whole or not at all, none before an older one.
    """
    declared = DATASETS[dataset] if isinstance(dataset, str) else dataset
    for package, _ in waiting:
        if package.dataset != declared.name or package.manifest.tenant_id != places.tenant_id:
            raise Broken(
                code="package_misplaced",
                sentence="A stored package belongs to another tenant or data set; it was not used.",
                detail=f"{package.dataset}/{package.number}",
            )
    with alone(places, declared.name):
        return [applied for group in _groups(waiting) for applied in _apply_group(places, declared, group)]


def _groups(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Neighbours that may share a commit; a package that is no window of sign-ins stands alone."""
    group: list[Waiting] = []
    n_rows = 0
    for one in waiting:
        package = one[0]
        is_window = _window(package) is not None
        if group and (not is_window or n_rows >= TOGETHER_ROWS):
            yield group
            group, n_rows = [], 0
        group.append(one)
        n_rows += package.manifest.n_rows if is_window else TOGETHER_ROWS
    if group:
        yield group


def _window(package: Package) -> Window | None:
    """What a package replaces, None when it is no walk of a window to its end: it then adds and takes nothing away."""
    return Window.of(package.slice) if package.manifest.is_complete else None


@dataclass(frozen=True, slots=True)
class _Done:
    """Numbers of the newest package in the table and in the ledger.

    The ledger is a commit of its own: after a kill between the two, the package is still pending.
    """

    rows: int
    number: int

    @classmethod
    def of(cls, places: Places, name: str) -> _Done:
        rows = last_applied(places, name)
        return cls(rows, min(rows, last_applied(places, name, WINDOWS.name)) if name == SIGN_INS.name else rows)


def _apply_group(places: Places, dataset: Dataset, group: list[Waiting]) -> list[Applied]:
    done = _Done.of(places, dataset.name)
    known = [Applied(was_applied=True) for package, _ in group if package.number <= done.number]
    fresh = [one for one in group if one[0].number > done.number]
    if len(fresh) > 1:
        _check_order(places, dataset.name, done, fresh)
        if (applied := _applied_as_one(places, dataset, done, fresh)) is not None:
            return known + applied
    return known + [_apply_one(places, dataset, package, rows) for package, rows in fresh]


def _apply_one(places: Places, dataset: Dataset, package: Package, rows: Iterable[Rows] | None) -> Applied:
    done = _Done.of(places, dataset.name)
    _check_order(places, dataset.name, done, [(package, rows)])
    gathered = gather(dataset, package, batches(package) if rows is None else rows)
    applied = _store(places, dataset, done, package, gathered)
    if dataset is SIGN_INS:
        proved = proved_by(package, applied.n_received, applied.set_aside.total())
        write_windows(places, proved, number=package.number)
    return applied


def _applied_as_one(places: Places, dataset: Dataset, done: _Done, group: list[Waiting]) -> list[Applied] | None:
    """Windows whose rows meet nothing stored, in one commit; None, with nothing written, when they must go singly."""
    windows = [_window(package) for package, _ in group]
    if dataset is not SIGN_INS or done.rows != done.number or None in windows:
        return None
    try:
        found = [gather(dataset, package, batches(package) if rows is None else rows) for package, rows in group]
    except Broken:
        return None  # Those before the bad one shall be applied.
    parts = [(gathered.rows, window) for gathered, window in zip(found, windows, strict=True) if window is not None]
    number = group[-1][0].number
    if not tables_sign_ins.append(places, parts, {transaction_id(dataset.name): number}):
        return None
    applied = [_counted(one, one.rows.num_rows, 0, 0, days=_days(one.rows)) for one in found]
    proved = [
        row
        for (package, _), one in zip(group, applied, strict=True)
        for row in proved_by(package, one.n_received, one.set_aside.total())
    ]
    write_windows(places, proved, number=number)
    return applied


def _check_order(places: Places, name: str, done: _Done, group: Sequence[Waiting]) -> None:
    known = {package.number for package, _ in group}
    last = max(known)
    waiting = [other for other in packages.numbers(places, name) if done.number < other < last and other not in known]
    if waiting:
        raise Broken(
            code="package_out_of_order",
            sentence="An older package waits to be applied first.",
            detail=f"{name}: {waiting[0]} before {last}",
        )


def _store(places: Places, dataset: Dataset, done: _Done, package: Package, gathered: Gathered) -> Applied:
    transactions = {transaction_id(dataset.name): package.number}
    if dataset is SIGN_INS and done.rows >= package.number:
        return _counted(gathered, 0, 0, gathered.rows.num_rows, days=_days(gathered.rows))
    if dataset is SIGN_INS:
        feed = package.slice.get("feed", "graph")
        window = _window(package)
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
    gathered: Gathered,
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


def read_table(places: Places, name: str, columns: Sequence[str] | None = None) -> pa.Table | None:
    """All rows of a small table, or some columns of the current ones; None while it does not exist."""
    table: DeltaTable | None = open_table(places, name)
    if table is None:
        return None
    rows = dataset_of(table)
    if columns is None:
        return rows.to_table()
    is_current = ds.field("valid_to").is_null() if "valid_to" in rows.schema.names else None
    return rows.to_table(columns=list(dict.fromkeys(columns)), filter=is_current)
