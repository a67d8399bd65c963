"""When everybody and everything was active last, from the visible events of the whole past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import I64, guid_texts
from entra_sandbox.world.crowd import DAY_US, Crowd, microseconds, moment
from entra_sandbox.world.log import Log
from entra_sandbox.world.people import FIRST_DAY
from entra_sandbox.world.records import INTERACTIVE, NON_INTERACTIVE, Records, concatenated
from entra_sandbox.world.shapes import Activity, AppActivity, Stamp, UserActivity

_WHOLE_DAYS, _CELLS = 6, 400_000
_SECOND = 1_000_000


class _Latest:
    """The newest record per code; on equal seconds the smallest id."""

    def __init__(self, n: int) -> None:
        self.second: I64 = np.full(n, -1, dtype=np.int64)
        self.id: list[str] = [""] * n

    def see(self, records: Records, codes: NDArray[np.int32], chosen: NDArray[np.bool_]) -> None:
        r, codes = records.take(chosen), codes[chosen]
        second = r.created_us // _SECOND
        order = np.lexsort((r.id_lo, r.id_hi, -second, codes))
        firsts = order[np.concatenate(([True], np.diff(codes[order]) != 0))] if len(order) else order
        firsts = firsts[second[firsts] >= self.second[codes[firsts]]]
        ids = guid_texts(r.id_hi[firsts], r.id_lo[firsts])
        for code, at, name in zip(codes[firsts].tolist(), second[firsts].tolist(), ids, strict=True):
            if at > self.second[code] or name < self.id[code]:
                self.second[code], self.id[code] = at, name

    def stamp(self, code: int) -> Stamp | None:
        return Stamp(moment(int(self.second[code]) * _SECOND), self.id[code]) if self.second[code] >= 0 else None


class _Search:
    def __init__(self, log: Log, as_of: datetime) -> None:
        self.log, self.us = log, microseconds(as_of)
        n_people, n_apps = len(log.crowd), len(log.apps)
        self.interactive, self.quiet, self.success = (_Latest(n_people) for _ in range(3))
        self.client, self.resource, self.app_client, self.app_resource = (_Latest(n_apps) for _ in range(4))

    def see(self, r: Records) -> None:
        r = r.take((r.created_us < self.us) & (r.arrived_us <= self.us) & ~r.is_foreign)
        of_user, good = r.kind <= NON_INTERACTIVE, r.error == 0
        known = of_user & (r.person >= 0)
        self.interactive.see(r, r.person, known & (r.kind == INTERACTIVE))
        self.quiet.see(r, r.person, known & (r.kind == NON_INTERACTIVE))
        self.success.see(r, r.person, known & good)
        for latest, codes, chosen in (
            (self.client, r.app, of_user), (self.resource, r.resource, of_user),
            (self.app_client, r.app, ~of_user), (self.app_resource, r.resource, ~of_user),
        ):  # fmt: skip
            latest.see(r, codes, chosen & good)


def last_activity(log: Log, crowd: Crowd, as_of: datetime) -> Activity:
    """Whole days first; further back only the people and applications with something still open."""
    search = _Search(log, as_of)
    today, floor = (search.us - 1) // DAY_US, microseconds(FIRST_DAY) // DAY_US
    whole = range(today, max(floor, today - _WHOLE_DAYS) - 1, -1)
    search.see(concatenated([log.day(moment(n * DAY_US).date()).records for n in whole]))
    last = whole[-1] - 1
    while last >= floor:
        people, apps = _open(search, crowd, last, as_of)
        reach = 32 if last < today - 40 else 4
        n_rows = len(log.rows_of(people, apps, max(floor, last - reach), last)) + int(people.sum())
        if not (people.any() or apps.any()):
            break
        first = max(floor, last - min(reach, max(1, _CELLS // max(1, n_rows))) + 1)
        # Actions of the day after may not be repeated, those of the day before are wanted for what they spill over.
        search.see(log.part(people, apps, first - 1, last))
        last = first - 1
    return _answer(search, crowd, as_of)


def _open(search: _Search, crowd: Crowd, last: int, as_of: datetime) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """People and applications of whom something older than what is known may still be found."""
    here = (crowd.created <= (last + 1) * DAY_US) & (crowd.deleted > search.us)
    missing = (search.interactive.second < 0) | (search.quiet.second < 0) | (search.success.second < 0)
    apps = np.zeros(len(search.log.apps), dtype=bool)
    apps[search.log.use.habits.app] = True
    for code, app in enumerate(search.log.apps):
        apps[code] &= _is_reported(app, as_of) and app.mark == ""
    return here & missing, apps & (search.client.second < 0)


def _is_reported(app: App, as_of: datetime) -> bool:
    """Deleted applications leave the report; those that never had a principal stay."""
    return app.principal_id is None or app.exists(as_of)


def _answer(search: _Search, crowd: Crowd, as_of: datetime) -> Activity:
    users: dict[str, UserActivity] = {}
    for i in np.flatnonzero((crowd.created <= search.us) & (crowd.deleted > search.us)).tolist():
        found = UserActivity(search.interactive.stamp(i), search.quiet.stamp(i), search.success.stamp(i))
        if found != UserActivity():
            users[crowd.people[i].id] = found
    apps: dict[str, AppActivity] = {}
    for code, app in enumerate(search.log.apps):
        if not _is_reported(app, as_of):
            continue
        stamps = [
            latest.stamp(code) for latest in (search.client, search.resource, search.app_client, search.app_resource)
        ]
        there = [s for s in stamps if s]
        if there:
            newest = max(s.at for s in there)
            last = min((s for s in there if s.at == newest), key=lambda s: s.request_id)
            apps[app.app_id] = replace(AppActivity(None, *stamps), last=last)
    return Activity(users, apps)


def newer(found: Activity, since: datetime) -> Activity:
    """What of it happened at that moment or later."""

    def kept(stamp: Stamp | None) -> Stamp | None:
        return stamp if stamp and stamp.at >= since else None

    users = {
        i: UserActivity(kept(u.interactive), kept(u.non_interactive), kept(u.successful))
        for i, u in found.users.items()
    }
    apps = {
        i: AppActivity(
            kept(a.last),
            kept(a.delegated_client),
            kept(a.delegated_resource),
            kept(a.application_client),
            kept(a.application_resource),
        )
        for i, a in found.apps.items()
    }
    return Activity(
        {i: u for i, u in users.items() if u != UserActivity()}, {i: a for i, a in apps.items() if a != AppActivity()}
    )
