"""The sign-in log day by day, and any part of it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.apps import App
from entra_sandbox.world.block import Block, Tables
from entra_sandbox.world.chance import I64
from entra_sandbox.world.crowd import DAY_US, Crowd
from entra_sandbox.world.others import Sprays, Workloads
from entra_sandbox.world.records import Records, concatenated
from entra_sandbox.world.rhythm import day_number
from entra_sandbox.world.use import Use

_KEPT_BLOCKS, _KEPT_RECORDS = 40, 1_500_000


class Log:
    def __init__(self, crowd: Crowd, apps: list[App], tables: Tables, use: Use, seed: int) -> None:
        code = {a.name: i for i, a in enumerate(apps)}
        doors = [code["Azure Portal"], code["Microsoft Office"], code["OfficeHome"]]
        self.crowd, self.apps, self.use, self._tables = crowd, apps, use, tables
        self.sprays, self.workloads = Sprays(crowd, doors, seed), Workloads(apps, seed, code["Microsoft Graph"])
        self._blocks: OrderedDict[date, Block] = OrderedDict()
        self._spills: OrderedDict[int, Records] = OrderedDict()

    def day(self, day: date) -> Block:
        """One day's block; the last few are kept."""
        if day in self._blocks:
            self._blocks.move_to_end(day)
            return self._blocks[day]
        n = day_number(day)
        block = self._blocks[day] = Block(day, concatenated([self._spill(n - 1), self._begun(n)]), self._tables)
        while len(self._blocks) > 2 and (
            len(self._blocks) > _KEPT_BLOCKS or sum(map(len, self._blocks.values())) > _KEPT_RECORDS
        ):
            self._blocks.popitem(last=False)
        return block

    def _spill(self, day: int) -> Records:
        """Records of actions begun on a day that happened after its midnight."""
        if day not in self._spills:
            self._begun(day)
        return self._spills[day]

    def _begun(self, day: int) -> Records:
        """Records of actions begun on a day that happened on it; the others are kept for the next day."""
        everyone, rows = len(self.crowd), np.arange(len(self.use.habits.person))
        records = concatenated([
            self.use.of(rows, np.full(len(rows), day, dtype=np.int64)),
            self.sprays.of(np.arange(everyone), np.full(everyone, day, dtype=np.int64)),
            self.sprays.unknown(day),
            self.workloads.of(np.arange(len(self.workloads.codes)), np.full(len(self.workloads.codes), day,
            dtype=np.int64)),
        ])  # fmt: skip
        late = records.created_us >= (day + 1) * DAY_US
        self._spills[day] = records.take(late)
        while len(self._spills) > _KEPT_BLOCKS:
            self._spills.popitem(last=False)
        return records.take(~late)

    def part(self, people: NDArray[np.bool_], apps: NDArray[np.bool_], first: int, last: int) -> Records:
        """Every record of these people, and every one for these applications, begun on the days first to last.

        Others may be among them; nothing of those asked for is missing.
        """
        rows, runs = self.rows_of(people, apps, first, last), np.flatnonzero(apps[self.workloads.codes])
        days = np.arange(first, last + 1, dtype=np.int64)

        def crossed(codes: I64) -> tuple[I64, I64]:
            return np.tile(codes, len(days)), np.repeat(days, len(codes))

        sprayed = np.flatnonzero(people)
        return concatenated(
            [self.use.of(*crossed(rows)), self.sprays.of(*crossed(sprayed)), self.workloads.of(*crossed(runs))]
        )

    def rows_of(self, people: NDArray[np.bool_], apps: NDArray[np.bool_], first: int, last: int) -> I64:
        """Rows of the habits that may concern these people or applications on these days."""
        habits, use = self.use.habits, self.use
        alive = np.flatnonzero((habits.since < (last + 1) * DAY_US) & (habits.until > first * DAY_US))
        if apps[use.companions].any():
            return alive
        neighbour = use.neighbour[alive]
        wanted = people[habits.person[alive]] | apps[habits.app[alive]] | ((neighbour >= 0) & apps[neighbour])
        return alive[wanted]
