"""The sign-ins of all four kinds: several windows at once, newest first, each whole or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from seatwise.base.errors import Broken, SeatwiseError, Skip, TryLater
from seatwise.catalog.activity import SIGN_IN_KINDS, SIGN_INS, SignInKind
from seatwise.microsoft.graph import Graph
from seatwise.microsoft.limits import NO_LIMIT, SPAN_S
from seatwise.sync import apply, fetch, lacks, plan
from seatwise.sync.apply import Landing
from seatwise.sync.fetch import Form
from seatwise.sync.lacks import Standing
from seatwise.sync.plan import Span
from seatwise.sync.progress import Missing, Tally

WALKS_AT_ONCE = 4
_FAILURES_IN_A_ROW = 3
_PREMIUM_PAUSE_S = 2.0

Job = tuple[SignInKind, Span]


@dataclass(slots=True)
class Reading:
    """The sign-in part of one run. landed: called after each window that is sealed."""

    graph: Graph
    landing: Landing
    standing: Standing
    now: datetime
    tally: Tally
    landed: Callable[[], None]
    forms: dict[SignInKind, Form] = field(default_factory=lambda: {kind: Form() for kind in SIGN_IN_KINDS})
    jobs: deque[Job] = field(default_factory=deque)
    failed: list[tuple[Job, SeatwiseError]] = field(default_factory=list)
    stopped: SeatwiseError | None = None
    n_premium_refusals: int = 0
    n_failures: int = 0
    restarts: Counter[Job] = field(default_factory=Counter)
    n_running: int = 0

    async def run(self) -> Missing | None:
        """Reads all that is planned. Gives what is missing then; raises only what stops the whole run."""
        self.jobs.extend(await asyncio.to_thread(self._planned))
        await fetch.together(self._work() for _ in range(min(WALKS_AT_ONCE, len(self.jobs))))
        await self.landing.settle(self.tally)
        await apply.finished(self._note_missing)
        error = self.stopped or (self.failed[0][1] if self.failed else None)
        return None if error is None else lacks.missing(SIGN_INS, error, self.standing)

    def _planned(self) -> list[Job]:
        has_premium = self.standing.has_plan is not False
        places = self.landing.places
        jobs = [
            (kind, span)
            for kind in SIGN_IN_KINDS
            for span in plan.windows(kind, apply.reads(places, kind), self.now, has_premium=has_premium)
        ]
        return plan.order(jobs)

    async def _work(self) -> None:
        while True:
            if self.stopped is not None or (not self.jobs and not self.n_running):
                return
            if not self.jobs:
                # Another walk may still find that its window has to be split.
                await asyncio.sleep(0.02)
                continue
            job = self.jobs.popleft()
            self.n_running += 1
            try:
                await self._read(job)
            except SeatwiseError as error:
                if isinstance(error, Broken) and error.code != "request_refused":
                    raise
                await self._sort(job, error)
            finally:
                self.n_running -= 1

    async def _read(self, job: Job) -> None:
        kind, span = job
        parts = await fetch.window(self.graph, self.landing, kind, span, self.forms[kind], self.tally)
        self.n_premium_refusals = self.n_failures = 0
        if parts:
            self.jobs.extendleft((kind, part) for part in reversed(parts))
        else:
            self.landed()
        self._guess()

    async def _sort(self, job: Job, error: SeatwiseError) -> None:
        """Decides what a refusal means for this window and for the others."""
        kind, span = job
        if lacks.stops_all(error):
            raise error
        if isinstance(error, Broken | Skip):
            self._ask_plainer(job, error)
        elif error.code == "premium_missing":
            await self._doubt(job, error)
        elif not isinstance(error, TryLater):
            self._stop(job, error)
        elif error.code == fetch.DIFFERING:
            # Read to its last page, and in the ledger already: it says nothing about other windows.
            self.failed.append((job, error))
            self.landed()
        elif error.code in fetch.START_OVER:
            self.restarts[job] += 1
            if self.restarts[job] < fetch.RESTARTS:
                self.jobs.appendleft(job)
            elif parts := plan.halve(span):
                self.jobs.extendleft((kind, part) for part in reversed(parts))
            else:
                self._fail(job, error)
        else:
            self._fail(job, error)

    def _ask_plainer(self, job: Job, error: Broken | Skip) -> None:
        kind, _ = job
        plainer = self.forms[kind].plainer(kind, error)
        if plainer is None:
            self._fail(job, error)
            return
        self.forms[kind] = plainer
        self.jobs.appendleft(job)

    async def _doubt(self, job: Job, error: SeatwiseError) -> None:
        """Microsoft sometimes says so of a licensed tenant: only believed when it fits or is said again and again."""
        self.n_premium_refusals += 1
        if self.standing.believes(self.n_premium_refusals):
            self._stop(job, error)
            return
        self.jobs.appendleft(job)
        await asyncio.sleep(_PREMIUM_PAUSE_S)

    def _fail(self, job: Job, error: SeatwiseError) -> None:
        self.failed.append((job, error))
        self.n_failures += 1
        if self.n_failures >= _FAILURES_IN_A_ROW:
            self.stopped = error

    def _stop(self, job: Job, error: SeatwiseError) -> None:
        self.failed.append((job, error))
        self.stopped = error

    def _note_missing(self) -> None:
        """Writes every planned window that did not come into the ledger, with the reason."""
        left = [(job, self.stopped) for job in self.jobs if self.stopped is not None]
        by_reason: dict[str, list[Job]] = {}
        for job, error in [*self.failed, *left]:
            if error.code == fetch.DIFFERING:
                continue
            word = lacks.reason(error, SIGN_INS, self.standing)
            by_reason.setdefault(word, []).append(job)
        for word, jobs in by_reason.items():
            if word == "premium_missing":
                # Without the licence nothing of the thirty days can be known this way, whatever was planned.
                jobs = [(kind, plan.everything(self.now)) for kind in SIGN_IN_KINDS]
            apply.note_missing(self.landing.places, jobs, word, self.now)

    def _guess(self) -> None:
        """Seconds left: pages still to come at the speed Microsoft allows."""
        meter = self.graph.governor.meters["reports"]
        if meter.budget == NO_LIMIT or not self.tally.counted.pages:
            self.tally.left_s = None
            return
        landed_s = sum(span.width.total_seconds() for _, span in self.jobs)
        total_s = plan.everything(self.now).width.total_seconds() * len(SIGN_IN_KINDS)
        done_s = max(total_s - landed_s, 1.0)
        pages = max(len(self.jobs), self.tally.counted.pages * landed_s / done_s)
        self.tally.left_s = pages * SPAN_S / meter.budget
