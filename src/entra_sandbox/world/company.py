"""The made-up company: one timeline, asked for any moment of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np

from entra_sandbox.world import activity, audits
from entra_sandbox.world.apps import apps as all_apps
from entra_sandbox.world.block import Block, Tables
from entra_sandbox.world.chance import guid, number
from entra_sandbox.world.circles import circles
from entra_sandbox.world.crowd import Crowd, microseconds
from entra_sandbox.world.log import Log
from entra_sandbox.world.people import people
from entra_sandbox.world.seats import habits, seats
from entra_sandbox.world.shapes import Activity, Directory, DirectoryAudit, SignIn, Tenant
from entra_sandbox.world.state import Builder
from entra_sandbox.world.use import Use
from entra_sandbox.world.words import vendor_name

_KEPT = 4


def company_tenant(seed: int) -> Tenant:
    name = vendor_name(seed, "company")
    word = name.lower()
    founded = datetime(2018, 1 + number(seed, "founded") % 12, 3, 9, 11, tzinfo=UTC)
    return Tenant(
        guid(seed, "tenant"), f"{name} Sandbox", f"{word}.example", f"{word}sandbox.onmicrosoft.com", "DE", founded
    )


class World:
    """A company of about `users` enabled members and `apps` applications besides Microsoft's.

    sign_ins_per_day: mean records of the two user kinds per member and calendar day.
    premium: whether the P1 licence is among the subscribed ones; nothing else depends on it.
    Moments from 2023 to 2034 can be asked for; a later one shows the same company later, with the same ids.
    """

    def __init__(
        self, users: int = 300, apps: int = 80, seed: int = 1, sign_ins_per_day: float = 3.0, premium: bool = True
    ) -> None:
        self.users, self.apps, self.seed, self.sign_ins_per_day, self.premium = (
            users,
            apps,
            seed,
            sign_ins_per_day,
            premium,
        )
        self.tenant = company_tenant(seed)
        everybody, things = people(self.tenant, users, seed), all_apps(self.tenant, apps, seed, users)
        self._crowd = crowd = Crowd(everybody)
        groups = circles(crowd, things, seed, users)
        held = seats(crowd, things, groups, seed)
        use = Use(crowd, things, habits(crowd, things, groups, held, seed), seed, users, sign_ins_per_day)
        tables = Tables(self.tenant, crowd, things, seed)
        self.user_ids, self.app_ids = tables.user_id, tables.app_id
        self._log = Log(crowd, things, tables, use, seed)
        self._builder = Builder(self.tenant, crowd, things, groups, held, seed)
        self._directories: OrderedDict[tuple[datetime, bool], Directory] = OrderedDict()
        self._activities: OrderedDict[datetime, Activity] = OrderedDict()

    def directory(self, as_of: datetime, premium: bool | None = None) -> Directory:
        """The directory at a moment; the last few are kept."""
        key = (as_of, self.premium if premium is None else premium)
        if key not in self._directories:
            self._directories[key] = self._builder.at(as_of, premium=key[1])
            while len(self._directories) > _KEPT:
                self._directories.popitem(last=False)
        return self._directories[key]

    def sign_in_day(self, day: date) -> Block:
        """One UTC day of the sign-in log as columns."""
        return self._log.day(day)

    def sign_ins(self, start: datetime, end: datetime) -> Iterator[SignIn]:
        """Records created in [start, end), ascending by creation and id, whether they have arrived or not."""
        first, last = microseconds(start), microseconds(end)
        day = start.astimezone(UTC).date()
        while datetime(day.year, day.month, day.day, tzinfo=UTC) < end:
            block = self.sign_in_day(day)
            inside = np.flatnonzero((block.records.created_us >= first) & (block.records.created_us < last))
            for at in range(0, len(inside), 5000):
                yield from block.rows(inside[at : at + 5000])
            day += timedelta(days=1)

    def last_activity(self, as_of: datetime, since: datetime | None = None) -> Activity:
        """Of existing users and of applications, from events visible at as_of; with `since`, those not older only."""
        if as_of not in self._activities:
            self._activities[as_of] = activity.last_activity(self._log, self._crowd, as_of)
            while len(self._activities) > _KEPT:
                self._activities.popitem(last=False)
        found = self._activities[as_of]
        return found if since is None else activity.newer(found, since)

    def directory_audits(self, start: datetime, end: datetime) -> Iterator[DirectoryAudit]:
        """Changes of applications, assignments and users in [start, end), ascending by time."""
        return audits.directory_audits(self._builder, start, end)
