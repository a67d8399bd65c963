"""Walks to packages: every page is kept as received, decoded once, and landed only after the last one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import pyarrow.compute as pc

from seatwise.base.clock import format_time
from seatwise.base.errors import Broken, Skip, TryLater
from seatwise.catalog.activity import SIGN_INS, SignInKind
from seatwise.catalog.shapes import Dataset
from seatwise.lake import packages, vanishing
from seatwise.lake.packages import Draft
from seatwise.lake.rows import Context, Decoded, Rows, decoder, to_batch
from seatwise.lake.vanishing import Vanished
from seatwise.microsoft import odata
from seatwise.microsoft.graph import Graph, Page
from seatwise.microsoft.odata import Part, Version
from seatwise.sync import plan
from seatwise.sync.apply import FEED, Landing
from seatwise.sync.plan import Span
from seatwise.sync.progress import Tally

RESTARTS = 5
READINGS = 4
"""Of a window that gives less than is stored, until two in a row agree."""
HELD, DIFFERING = "rows_held", "differing"
_BATCHES_AT_ONCE = 4
START_OVER = frozenset({"page_token_expired", "page_loop"})
_UNKNOWN_WORDS = {"Prefer": "include-unknown-enum-members"}


@dataclass(frozen=True, slots=True)
class Form:
    """How sign-ins are asked for; what a cloud refuses is left out from then on."""

    version: Version = SIGN_INS.version
    is_ordered: bool = True
    is_selected: bool = True

    def plainer(self, kind: SignInKind, error: Broken | Skip) -> Form | None:
        """The next form to try after a refusal, None when there is none for this kind."""
        if isinstance(error, Broken) and self.is_ordered:
            return replace(self, is_ordered=False)
        if isinstance(error, Broken) and self.is_selected:
            return replace(self, is_selected=False)
        # v1.0 knows interactive sign-ins only.
        return Form("v1.0") if self.version == "beta" and kind == "interactiveUser" else None

    def params(self, kind: SignInKind, span: Span) -> dict[str, str | int]:
        times = odata.between("createdDateTime", span.from_at, span.to_at)
        kinds = f" and signInEventTypes/any(t: t eq '{kind}')" if self.version == "beta" else ""
        found: dict[str, str | int] = {"$filter": times + kinds}
        if self.is_ordered:
            found["$orderby"] = "createdDateTime asc"
        if self.is_selected:
            found["$select"] = SIGN_INS.select_in(self.version)
        return found | {"$top": SIGN_INS.page_size or plan.PAGE_ROWS}


@dataclass(slots=True)
class _Gathered:
    """Pages of one walk: on disk in the draft, in memory as batches."""

    draft: Draft
    dataset: Dataset
    context: Context
    tally: Tally
    rows: list[Rows] = field(default_factory=list)

    async def take(self, page: Page) -> Rows:
        changed = await asyncio.to_thread(self.draft.add_page, page.body, page.n_rows, page.request_id, page.parent)
        context = replace(self.context, parent=page.parent) if page.parent else self.context
        decoded = cast(Decoded, page.decoded) if changed is None else decoder(self.dataset)(changed)
        rows = to_batch(self.dataset, decoded, context)
        self.rows.append(rows)
        self.tally.page(page.n_rows, rows.flags)
        return rows


async def whole(graph: Graph, landing: Landing, dataset: Dataset, tally: Tally) -> None:
    """Read a collection from its first to its last page and apply it. Errors: as `Graph.walk`; nothing changed then."""
    top: dict[str, str | int] = {} if dataset.page_size is None else {"$top": dataset.page_size}
    params = {"$select": dataset.select} | top

    async def read(gathered: _Gathered) -> None:
        decode = decoder(dataset)
        pages = graph.walk(
            dataset.path, params, dataset.version, dataset.workload, decode, units=dataset.units, waits=tally.waits
        )
        async for page in pages:
            await gathered.take(page)

    await _landed(landing, dataset, tally, read)


async def fan_out(graph: Graph, landing: Landing, dataset: Dataset, parents: Sequence[str], tally: Tally) -> None:
    """Read a data set once per parent, twenty to a batch, and apply it as one. Errors: as `Graph.batch`."""
    size = dataset.parent.batch if dataset.parent else odata.BATCH_SIZE
    chunks = [parents[at : at + size] for at in range(0, len(parents), size)]
    turns = asyncio.Semaphore(_BATCHES_AT_ONCE)

    async def read_chunk(gathered: _Gathered, chunk: Sequence[str]) -> None:
        async with turns:
            async for page in _batched(graph, dataset, chunk, tally):
                await gathered.take(page)

    async def read(gathered: _Gathered) -> None:
        await together(read_chunk(gathered, chunk) for chunk in chunks)

    await _landed(landing, dataset, tally, read)


async def together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run them at once; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several


async def _landed(
    landing: Landing, dataset: Dataset, tally: Tally, read: Callable[[_Gathered], Awaitable[None]]
) -> None:
    """What `read` gathers, sealed and applied; begun anew when Microsoft forgets where the list was at.

    Many objects end only when a second listing lacks them too. Errors: besides those of `read`, TryLater HELD; what
    the second listing has is in the table then, and nothing was ended.
    """
    doubted: Vanished | None = None
    for attempt in range(1, RESTARTS + 1):
        tally.counted.rows = 0
        with packages.open_package(landing.places, dataset) as draft:
            gathered = _Gathered(draft, dataset, Context(landing.places.tenant_id), tally)
            try:
                await read(gathered)
            except TryLater as error:
                if error.code not in START_OVER or attempt == RESTARTS:
                    raise
                continue
            vanished = await asyncio.to_thread(vanishing.objects, landing.places, dataset, gathered.rows)
            if vanished.is_many and doubted is None and attempt < RESTARTS:
                doubted = vanished
                continue
            is_sure = not vanished.is_many or (doubted is not None and vanished.confirms(doubted))
            await landing.land(dataset, draft, gathered.rows, tally, None if is_sure else HELD)
            if not is_sure:
                raise _held(vanished)
            return
    raise AssertionError("the loop either returns or raises")


def _held(vanished: Vanished) -> TryLater:
    return TryLater(
        code=HELD,
        sentence=f"Microsoft's list lacks {len(vanished.keys):,} of {vanished.n_before:,} known entries and reading it "
        "again gave another list, so nothing was taken away. Run sync again later.",
    )


def _batched(graph: Graph, dataset: Dataset, parents: Sequence[str], tally: Tally) -> AsyncIterator[Page]:
    params: dict[str, str | int] = {"$select": dataset.select} if dataset.select else {}
    if dataset.page_size is not None:
        params["$top"] = dataset.page_size
    parts = [Part(id_, odata.relative(dataset.path.format(id=id_), params)) for id_ in parents]
    return graph.batch(parts, dataset.version, decoder(dataset), units=dataset.units, waits=tally.waits)


async def window(graph: Graph, landing: Landing, kind: SignInKind, span: Span, form: Form, tally: Tally) -> list[Span]:
    """Read one window of sign-ins and hand it on sealed, or give the parts to read it in, having changed nothing.

    Sign-ins do not vanish at Microsoft while it keeps them, so a window that gives less than is stored is read again:
    only two readings in a row that agree replace what is stored, everything else is added.
    Errors:  as `Graph.walk`, nothing changed then; TryLater DIFFERING when no two readings agreed, all of them kept.
    """
    earlier: frozenset[str] | None = None
    try:
        for _ in range(READINGS):
            found = await _read_window(graph, landing, kind, span, form, tally, earlier)
            if isinstance(found, list):
                return found
            earlier = found
    except TryLater as error:
        if error.code not in {"too_slow", "page_too_large"} or not (parts := plan.halve(span)):
            raise
        return parts
    raise TryLater(
        code=DIFFERING,
        sentence="Microsoft gave differing sign-ins for the same hours; all that it gave is kept. "
        "Run sync again later.",
        detail=f"{kind} {format_time(span.from_at)} to {format_time(span.to_at)}",
    )


async def _read_window(
    graph: Graph,
    landing: Landing,
    kind: SignInKind,
    span: Span,
    form: Form,
    tally: Tally,
    earlier: frozenset[str] | None,
) -> list[Span] | frozenset[str]:
    """One reading, landed: what is left to read, or the ids it found when it cannot be believed yet."""
    slice_ = {"feed": FEED, "kind": kind, "from": format_time(span.from_at), "to": format_time(span.to_at)}
    with packages.open_package(landing.places, SIGN_INS, slice_) as draft:
        context = Context(landing.places.tenant_id, FEED, kind)
        gathered = _Gathered(draft, SIGN_INS, context, tally)
        async with aclosing(_walked(graph, kind, span, form, tally)) as pages:
            is_sized = False
            async for page in pages:
                rows = await gathered.take(page)
                if is_sized or not page.next_link or not rows.batch.num_rows:
                    continue
                # The first page that is not empty tells how many there will be.
                is_sized = True
                if len(parts := _parts(span, rows)) > 1:
                    return parts
        lacks_some = await asyncio.to_thread(
            vanishing.lacks_events, landing.places, FEED, kind, span.from_at, span.to_at, gathered.rows
        )
        ids = vanishing.event_ids(gathered.rows) if lacks_some else frozenset()
        is_sure = not lacks_some or ids == earlier
        if not lacks_some:
            await landing.land_window(draft, gathered.rows, tally)
        else:
            await landing.land(SIGN_INS, draft, gathered.rows, tally, None if is_sure else DIFFERING)
        return [] if is_sure else ids


def _walked(graph: Graph, kind: SignInKind, span: Span, form: Form, tally: Tally) -> AsyncGenerator[Page]:
    return graph.walk(
        SIGN_INS.path,
        form.params(kind, span),
        form.version,
        SIGN_INS.workload,
        decoder(SIGN_INS),
        headers=_UNKNOWN_WORDS,
        waits=tally.waits,
    )


def _parts(span: Span, rows: Rows) -> list[Span]:
    """What the first page of a window says about how to read it."""
    times = rows.batch.column("created_at")
    if not len(times):
        return [span]
    first_at: datetime = pc.min(times).as_py()
    last_at: datetime = pc.max(times).as_py()
    return plan.parts_for(span, plan.n_pages(span, first_at, last_at))
