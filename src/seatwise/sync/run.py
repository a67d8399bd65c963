"""One run over every data set of a tenant: directory first, then use; what fails is named and stops nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError
from seatwise.catalog.activity import APP_ACTIVITY, SIGN_INS, USER_ACTIVITY
from seatwise.catalog.directory import (
    APP_ROLE_ASSIGNMENTS,
    APPLICATION_TEMPLATES,
    GROUP_MEMBERS,
    GROUPS,
    OAUTH2_PERMISSION_GRANTS,
    ORGANIZATION,
    SERVICE_PRINCIPALS,
    SUBSCRIBED_SKUS,
    USERS,
)
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake import derive, upkeep
from seatwise.lake.places import Places
from seatwise.microsoft.graph import Graph
from seatwise.sync import apply, fetch, lacks
from seatwise.sync.apply import Landing
from seatwise.sync.lacks import Standing
from seatwise.sync.lock import alone
from seatwise.sync.progress import Counted, Missing, Outcome, Progress, Report, Tally
from seatwise.sync.sign_ins import Reading

__all__ = ["Counted", "Missing", "Outcome", "Progress", "run"]

_DERIVE_EVERY_S = 300.0
_PREMIUM_PAUSE_S = 2.0


async def run(
    places: Places,
    graph: Graph,
    tenant_id: str,
    now: datetime,
    report: Report,
    known_now: Callable[[], Places] | None = None,
) -> Outcome:
    """Read everything the connection may read, up to `now`; answers see it when this returns, apps and seats before.

    known_now:  the places once the folder is held: whom the tenant has forgotten may change until then. In a thread.
    Errors: AskAdmin, TryLater when the connection as a whole does not work; Broken when a promise of ours does not
    hold. What was stored before is untouched then, and the next run goes on from there.
    """
    with alone(places):
        if known_now is not None:
            places = await asyncio.to_thread(known_now)
        made = _Run(places, graph, tenant_id, now, report)
        try:
            return await made.all()
        except Broken as error:
            if error.code in ("disk_full", "disk_failed"):
                # The disk is the administrator's, not ours to repair.
                raise AskAdmin(code=error.code, sentence=error.sentence, detail=error.detail) from error
            raise
        finally:
            # However it ends: nothing of ours writes in the folder once others may.
            await made.deriving.settled()


@dataclass(slots=True)
class _Run:
    places: Places
    graph: Graph
    tenant_id: str
    now: datetime
    report: Report
    missing: dict[str, Missing] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing(frozenset()))
    landing: Landing = field(init=False)
    deriving: _Deriving = field(init=False)

    def __post_init__(self) -> None:
        self.landing = Landing(self.places)
        self.deriving = _Deriving(self.places, Tally("derived tables", self.report))

    async def all(self) -> Outcome:
        self.graph.tokens.on_event = lambda event: self.report(Progress("", "token", detail=event))
        token = await self.graph.tokens.token()
        await apply.finished(apply.finish, self.places, Tally("", self.report))
        self.standing = Standing(token.roles)
        first_error = await self._one(ORGANIZATION)
        if first_error is None:
            self._know_the_tenant()
        await self._directory()
        await self.deriving.now(directory=True)
        await self._use()
        await self.deriving.now(directory=False)
        if first_error is not None and not any(tally.counted.pages for tally in self.tallies.values()):
            raise first_error
        await apply.finished(upkeep.daily, self.places)
        return Outcome(
            "partial" if self.missing else "done",
            list(self.missing.values()),
            {name: tally.counted for name, tally in self.tallies.items()},
        )

    async def _directory(self) -> None:
        await fetch.together(
            (
                self._chain(SUBSCRIBED_SKUS),
                self._chain(SERVICE_PRINCIPALS, APP_ROLE_ASSIGNMENTS, GROUP_MEMBERS, APPLICATION_TEMPLATES),
                self._chain(USERS),
                self._chain(GROUPS),
                self._chain(OAUTH2_PERMISSION_GRANTS),
            )
        )

    async def _use(self) -> None:
        tally = self._tally(SIGN_INS)
        reading = Reading(self.graph, self.landing, self.standing, self.now, tally, self.deriving.soon)
        await self._one(USER_ACTIVITY)
        await self._one(APP_ACTIVITY)
        if (lack := await reading.run()) is not None:
            self._lacks(lack)
        else:
            tally.tell("done")

    async def _chain(self, *datasets: Dataset) -> None:
        """Data sets that need each other, one after the other."""
        for dataset in datasets:
            parent = dataset.parent.dataset if dataset.parent else ""
            if parent in self.missing and self.missing[parent].code != fetch.HELD:
                self._lacks(lacks.without_parent(dataset, self.missing[parent]))
            else:
                await self._one(dataset)
        if USERS in datasets and USERS.name not in self.missing:
            self.graph.governor.size(self.tallies[USERS.name].counted.rows)

    async def _one(self, dataset: Dataset) -> SeatwiseError | None:
        """Read one data set; a failure of its own is noted and given. Raises only what stops the run."""
        n_refusals = 0
        while True:
            try:
                await self._fetched(dataset)
                self._tally(dataset).tell("done")
                return None
            except SeatwiseError as error:
                if lacks.stops_all(error) or (isinstance(error, Broken) and error.code != "request_refused"):
                    raise
                n_refusals += 1
                if error.code == "premium_missing" and not self.standing.believes(n_refusals):
                    await asyncio.sleep(_PREMIUM_PAUSE_S)
                    continue
                self._lacks(lacks.missing(dataset, error, self.standing))
                return error

    async def _fetched(self, dataset: Dataset) -> None:
        tally = self._tally(dataset)
        if dataset.parent is None:
            await fetch.whole(self.graph, self.landing, dataset, tally)
        else:
            parents = await asyncio.to_thread(apply.parents, self.places, dataset)
            await fetch.fan_out(self.graph, self.landing, dataset, parents, tally)

    def _lacks(self, lack: Missing) -> None:
        tally = self.tallies.get(lack.dataset, Tally(lack.dataset, self.report))
        if DATASETS[lack.dataset].is_extra:
            # Nothing rests on it, so nothing is missing; what was stored of it stays.
            tally.tell("done", detail=lack.code)
            return
        self.missing[lack.dataset] = lack
        tally.tell("missing")

    def _know_the_tenant(self) -> None:
        """Is it the right tenant, and has it a premium licence?"""
        rows = apply.rows_of(self.places, ORGANIZATION.name)
        if [row["tenant_id"] for row in rows] != [self.tenant_id.lower()]:
            raise AskAdmin(
                code="tenant_other",
                sentence="Microsoft Graph answered for another tenant, so nothing more was read. "
                "Check the tenant id of the connection and connect again.",
            )
        plans = json.loads(rows[0]["assigned_plans"] or "null")
        if isinstance(plans, list):
            self.standing = Standing(self.standing.roles, lacks.has_premium(plans))

    def _tally(self, dataset: Dataset) -> Tally:
        return self.tallies.setdefault(dataset.name, Tally(dataset.name, self.report))


class _Deriving:
    """Derives what has landed, at the milestones and now and then between."""

    def __init__(self, places: Places, tally: Tally) -> None:
        self._places, self._tally = places, tally
        self._last_at = time.monotonic()
        self._every_s = _DERIVE_EVERY_S
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Something has landed. A long backfill shows up after five minutes, ten, twenty …; each costs whole days."""
        is_idle = self._task is None or self._task.done()
        if is_idle and time.monotonic() - self._last_at > self._every_s:
            self._every_s *= 2
            self._task = asyncio.create_task(self._derive(directory=False))

    async def now(self, *, directory: bool) -> None:
        """Derive all that is pending. Errors: Broken (disk full)."""
        if self._task is not None:
            await self._task
            self._task = None
        await self._derive(directory=directory)

    async def settled(self) -> None:
        """Nothing is being derived when this returns."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _derive(self, *, directory: bool) -> None:
        started = time.monotonic()
        self._tally.tell("derive")
        await apply.finished(derive.rebuild, self._places, None, directory)
        self._last_at = time.monotonic()
        self._every_s = max(self._every_s, 10 * (self._last_at - started))
