"""From pages in hand to rows in tables: seal, apply, and what the tables say about what to ask next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import pyarrow as pa

from seatwise.base.errors import Broken
from seatwise.base.memory import give_back
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.derived import WINDOWS
from seatwise.catalog.microsoft import CUSTOM_TEMPLATES, is_microsoft
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake import packages, tables
from seatwise.lake.packages import Draft
from seatwise.lake.places import Places
from seatwise.lake.rows import Rows
from seatwise.lake.tables import LedgerRow, Waiting
from seatwise.sync.plan import Read, Span
from seatwise.sync.progress import Tally

FEED = "graph"
P = ParamSpec("P")
T = TypeVar("T")


_MOST_WAIT_S = 20.0
"""For a window that is sealed until answers could see it; a slow source shall not look like a stuck one."""


class Landing:
    """Brings packages down one at a time per data set, so that their numbers and their rows come in the same order."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._one_at_a_time: dict[str, asyncio.Lock] = {}
        self._waiting: list[Waiting] = []
        self._waits_since = 0.0

    async def land(
        self, dataset: Dataset, draft: Draft, rows: Sequence[Rows], tally: Tally, doubt: str | None = None
    ) -> None:
        """Seal and apply a draft. Errors: Broken (disk full, …); the table is then at its old version.

        doubt:  why it may not hold everything, a machine word; nothing is replaced or ended then.
        """
        async with self._line(dataset):
            if dataset is SIGN_INS:
                await self._settle(tally)
            tally.tell("seal")
            cursor = {} if doubt is None else {"reason": doubt}
            package = await finished(draft.seal, cursor, is_complete=doubt is None)
            await self._apply(dataset, [(package, rows)], tally)

    async def land_window(self, draft: Draft, rows: Sequence[Rows], tally: Tally) -> None:
        """Seal a complete window of sign-ins now and apply it with those that end soon after. Errors: as `land`.

        What is sealed and not applied when a run ends early, the next one applies.
        """
        async with self._line(SIGN_INS):
            tally.tell("seal")
            package = await finished(draft.seal)
            self._waits_since = self._waits_since if self._waiting else time.monotonic()
            self._waiting.append((package, rows))
            n_rows = sum(waiting.manifest.n_rows for waiting, _ in self._waiting)
            if n_rows >= tables.TOGETHER_ROWS or time.monotonic() - self._waits_since > _MOST_WAIT_S:
                await self._settle(tally)

    async def settle(self, tally: Tally) -> None:
        """Apply every window that is sealed. Errors: as `land`."""
        async with self._line(SIGN_INS):
            await self._settle(tally)

    async def _settle(self, tally: Tally) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            await self._apply(SIGN_INS, waiting, tally)

    def _line(self, dataset: Dataset) -> asyncio.Lock:
        return self._one_at_a_time.setdefault(dataset.name, asyncio.Lock())

    async def _apply(self, dataset: Dataset, waiting: list[Waiting], tally: Tally) -> None:
        tally.tell("apply")
        try:
            found = await finished(tables.apply_together, self.places, dataset, waiting)
        except Broken as error:
            if error.code != "package_out_of_order":
                raise
            # An import has sealed a package meanwhile: its rows go first, then ours.
            found = (await finished(tables.apply_pending, self.places, dataset))[-len(waiting) :]
        waiting.clear()
        await asyncio.to_thread(give_back)
        for applied in found:
            tally.landed(applied.unchanged, applied.set_aside)


async def finished(step: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """The result of a step that writes, done in a thread and never left half-way.

    A thread cannot be cancelled: whoever goes on while it writes would throw away its draft, or let go of the tenant's
    folder, under its hands. So a cancellation waits for the end of the step.
    """
    task = asyncio.ensure_future(asyncio.to_thread(step, *arguments, **named))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # told to nobody: the wish to end came first
        raise


def finish(places: Places, tally: Tally) -> None:
    """Make good what a killed run left: unsealed drafts go, sealed packages are applied."""
    packages.collect_orphans(places)
    for dataset in DATASETS.values():
        waiting = tables.pending(places, dataset)
        if waiting:
            tally.tell("apply", f"{dataset.name} {waiting[0].number} to {waiting[-1].number}")
            tables.apply_together(places, dataset, [(package, None) for package in waiting])


def is_known(places: Places, name: str) -> bool:
    """Whether the table was ever read."""
    return tables.open_table(places, name) is not None


def parents(places: Places, dataset: Dataset) -> list[str]:
    """Ids of the things a fan-out data set is asked for, each once, in order."""
    if dataset.parent is None:
        raise ValueError(f"{dataset.name} has no parent")
    names, is_wanted = _PREDICATES[dataset.parent.predicate]
    rows = _current(tables.read_table(places, dataset.parent.dataset, (dataset.parent.column, *names)))
    return sorted({row[dataset.parent.column] for row in rows if row[dataset.parent.column] and is_wanted(row)})


def rows_of(places: Places, name: str) -> list[dict[str, Any]]:
    """Current rows of a small table."""
    return _current(tables.read_table(places, name))


def reads(places: Places, kind: str) -> list[Read]:
    """Windows of one kind that were read to their last page through Graph, as the ledger has them."""
    return [
        Read(row["from_at"], row["to_at"], row["read_at"], row["n_rows"] or 0)
        for row in _current(tables.read_table(places, WINDOWS.name))
        if row["feed"] == FEED and row["kind"] == kind and row["state"] == "complete"
    ]


def note_missing(places: Places, spans: Iterable[tuple[str, Span]], reason: str, read_at: Any) -> None:
    """Write planned windows that could not be read into the ledger. spans: (kind, window); reason: a machine word."""
    tables.write_windows(
        places,
        [
            LedgerRow(FEED, kind, span.from_at, span.to_at, read_at, state="missing", reason=reason)
            for kind, span in spans
        ],
    )


def _current(table: pa.Table | None) -> list[dict[str, Any]]:
    if table is None:
        return []
    rows: list[dict[str, Any]] = table.to_pylist()
    return [row for row in rows if row.get("valid_to") is None]


def _is_app_of_others(row: dict[str, Any]) -> bool:
    return row["principal_type"] == "Application" and not is_microsoft(row["app_id"], row["owner_tenant_id"])


_PREDICATES: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], bool]]] = {
    "applications_not_microsoft": (("principal_type", "app_id", "owner_tenant_id"), _is_app_of_others),
    "assigned_groups": (("principal_type",), lambda row: row["principal_type"] == "Group"),
    "gallery_templates": ((), lambda row: row["template_id"] not in CUSTOM_TEMPLATES),
}
"""Which rows of a parent count, and the columns that tell."""

__all__ = ["FEED", "Landing", "finish", "finished", "is_known", "note_missing", "parents", "reads", "rows_of"]
