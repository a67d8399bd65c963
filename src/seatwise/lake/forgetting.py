"""Forgetting a person: out of packages, tables and everything derived, their past versions included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seatwise.catalog.registry import DATASETS
from seatwise.lake import derive, forgetting_packages, forgetting_tables, history, packages, tables
from seatwise.lake.places import Places
from seatwise.lake.traces import Found, Traces, search


@dataclass(frozen=True, slots=True)
class Forgot:
    """What was done. n_records: of packages; n_rows: of tables; n_files: old ones that went. left: where the person's
    id or an address still stands; elsewhere: where a name or address does that others bear too."""

    n_records: int
    n_rows: int
    n_files: int
    left: tuple[Found, ...]
    elsewhere: tuple[Found, ...]


def forget(places: Places, person: Traces, tell: Callable[[str], None]) -> Forgot:
    """Take the person out of one tenant's folder; `places.forgotten` knows them already. Call it alone in the folder.

    Their sign-ins, seats and licences stay under a random id, so that every count stays true. Killed anywhere, it is
    run again from the start and ends as if it had not been. Errors: Broken (disk full, a page damaged).
    """
    tell("packages")
    packages.collect_orphans(places)
    n_records = forgetting_packages.rewrite(places, places.forgotten)
    tell("tables")
    for dataset in DATASETS.values():
        tables.apply_pending(places, dataset)
    n_rows = forgetting_tables.rewrite(places, places.forgotten)
    tell("derived tables")
    derive.rebuild(places)
    tell("old versions")
    n_files = history.cut(places)
    tell("search")
    found = search(places.home, person.sure | person.names | person.shared)
    left = tuple(one for one in found if one.text in person.sure)
    return Forgot(n_records, n_rows, n_files, left, tuple(one for one in found if one.text not in person.sure))
