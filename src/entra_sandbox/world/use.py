"""What people do in a day, as sign-in records: any subset of rows and days gives exactly its share of the whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import F64, I64, U64, joined, number, salted, share
from entra_sandbox.world.crowd import DAY_US, Crowd, microseconds
from entra_sandbox.world.records import INTERACTIVE, N_ADDRESSES, NON_INTERACTIVE, Records, complete, poisson, repeated
from entra_sandbox.world.rhythm import AWAY, AWAY_FACTOR, HOME, MEAN_FACTOR, eagerness, seconds_of_day
from entra_sandbox.world.seats import Habits

_WRONG, _DISABLED_USER, _DISABLED_APP = 50126, 50057, 7000112
_FAILURES = np.array([50126, 50126, 53003, 50053, 50105, 65001, 500121])
_INTERRUPTS = np.array([50126, 50140, 50074, 50076])
# Mean records of an action: 1 + the sum of exp(-j / 1.3) for j in 1..7, and a failure before it in 7 of 100.
_RECORDS = 0.97 * (1 + 0.8596 + 0.07) + 0.03


class Use:
    def __init__(self, crowd: Crowd, apps: list[App], habits: Habits, seed: int, n: int, per_day: float) -> None:
        self.crowd, self.habits, self.seed = crowd, habits, seed
        self._app_since: I64 = np.array([microseconds(a.created_at) for a in apps])
        self._app_until: I64 = np.array([microseconds(a.deleted_at) for a in apps])
        self._app_disabled: I64 = np.array([microseconds(a.disabled_at) for a in apps])
        self._fails = np.array([a.mark == "failing" for a in apps])
        self._is_partner = np.array([a.mark == "partner" for a in apps])
        self._is_microsoft = np.array([a.is_microsoft for a in apps])
        # Applications that come along with others, and the programming interfaces everything talks to.
        code = {a.name: i for i, a in enumerate(apps)}
        self.companions = np.array(
            [code["Office 365 Exchange Online"], code["Office 365 SharePoint Online"], code["Microsoft Teams"]]
        )
        self._interfaces = np.array(
            [code["Microsoft Graph"], code["Windows Azure Active Directory"], code["Microsoft Graph"]]
        )
        follows = np.append(habits.person[1:] == habits.person[:-1], False)
        self.neighbour: I64 = np.where(follows, np.append(habits.app[1:], 0), -1)
        self._rate: F64 = habits.rate * self._scale(n, per_day)

    def _scale(self, n: int, per_day: float) -> float:
        """So that per_day records a day and member come about on average over the years."""
        h, total, samples = self.habits, 0.0, np.arange(19_500, 22_500, 250)
        for day in samples:
            on = (h.since <= day * DAY_US) & (h.until > day * DAY_US) & ((day + h.shift) % h.period < h.on)
            on &= self.crowd.disabled[h.person] > day * DAY_US
            total += float(h.rate[on].sum())
        expected = total / len(samples) * MEAN_FACTOR * (1 - AWAY * (1 - AWAY_FACTOR)) * _RECORDS
        return per_day * n / max(expected, 1e-9)

    def of(self, rows: I64, days: I64) -> Records:
        """All records of the actions that these rows of the habits begin on these days (numbers since 1970)."""
        h, begin = self.habits, days * DAY_US
        alive = (h.since[rows] < begin + DAY_US) & (h.until[rows] > begin)
        rows, days = rows[alive], days[alive]
        on = (days + h.shift[rows]) % h.period[rows] < h.on[rows]
        rows, days = rows[on], days[on]
        key = joined(h.key[rows], days)
        mean = self._rate[rows] * eagerness(self.crowd.key[h.person[rows]], days)
        u = share(key, 1)
        some = u > np.exp(-mean)
        rows, days, key = rows[some], days[some], key[some]
        of, action = repeated(key, poisson(u[some], mean[some]))
        return self._records(rows[of], days[of], action)

    def _records(self, rows: I64, days: I64, h: U64) -> Records:
        crowd, habits = self.crowd, self.habits
        person, app = habits.person[rows], habits.app[rows]
        place = HOME[crowd.place[person]]
        start = days * DAY_US + (seconds_of_day(h, place) * 1e6).astype(np.int64)
        person_off, app_off = start >= crowd.disabled[person], start >= self._app_disabled[app]
        kept = (start >= habits.since[rows]) & (start < habits.until[rows])
        kept &= (~person_off | (share(h, 5) < 0.04)) & (~app_off | (share(h, 6) < 0.1))
        rows, h, person, app, place, start = rows[kept], h[kept], person[kept], app[kept], place[kept], start[kept]
        error = np.where(person_off[kept], _DISABLED_USER, np.where(app_off[kept], _DISABLED_APP, 0))
        failed = (share(h, 7) < 0.03) | self._fails[app]
        error = np.where(
            (error == 0) & failed, _FAILURES[(salted(h, 8) % np.uint64(len(_FAILURES))).astype(np.int64)], error
        )
        retried = (error == 0) & (share(h, 9) < 0.07)
        follow_ups = np.minimum(7, np.floor(-1.3 * np.log(1 - share(h, 10))).astype(np.int64))
        n = np.where(error != 0, 1, 1 + follow_ups + retried)
        return self._expand(rows, h, person, app, place, start, error, retried, n)

    def _expand(
        self,
        rows: I64,
        h: U64,
        person: I64,
        app: I64,
        place: I64,
        start: I64,
        error: I64,
        retried: NDArray[np.bool_],
        n: I64,
    ) -> Records:
        of, each = repeated(h, n)
        j = np.arange(len(of)) - np.repeat(np.cumsum(n) - n, n)
        created = start[of] + _since_start(each, j, n)
        first = j == 0
        before = first & retried[of]
        begins_with_person = (share(h, 12) < 0.4)[of] | retried[of]
        is_interactive = begins_with_person & (first | ((j == 1) & retried[of]))
        wrong = np.where(
            before, _INTERRUPTS[(salted(each, 13) % np.uint64(len(_INTERRUPTS))).astype(np.int64)], error[of]
        )
        used = self._along(rows[of], app[of], each, created, (j > retried[of]) & (error[of] == 0))
        u, mine = share(h, 14)[of], self.crowd.key[person]
        resource = np.where(
            self._is_microsoft[used] | (share(each, 15) < 0.3),
            self._interfaces[(salted(each, 16) % np.uint64(3)).astype(np.int64)],
            used,
        )
        address = np.where(share(h, 17) < 0.8, mine % np.uint64(N_ADDRESSES), salted(h, 18) % np.uint64(N_ADDRESSES))
        return complete(
            each, created=created, kind=np.where(is_interactive, INTERACTIVE, NON_INTERACTIVE), person=person[of],
            app=used,
            resource=resource, error=wrong, correlation=np.where(u < 0.004, np.uint64(0), h[of]),
            address=address.astype(np.int64)[of], place=place[of],
            device=np.where(share(h, 19) < 0.25, 99 - self.crowd.device[person], self.crowd.device[person])[of],
            session=salted(mine[of], number(self.seed, "session") % 1000 + 1) ^ salted(h[of], 20),
            is_foreign=self._is_partner[app[of]] | (u > 0.996),
        )  # fmt: skip

    def _along(self, rows: I64, app: I64, each: U64, created: I64, may: NDArray[np.bool_]) -> I64:
        """Which application a later record of an action is for: mostly the same, now and then another one."""
        u, other = share(each, 30), self.neighbour[rows]
        office = self.companions[(salted(each, 31) % np.uint64(3)).astype(np.int64)]
        may = may & ~self._is_partner[app]
        safe = np.maximum(other, 0)
        fits = (other >= 0) & ~self._fails[safe] & ~self._is_partner[safe] & (created >= self._app_since[safe])
        fits &= (created < self._app_until[safe]) & (created < self._app_disabled[safe])
        used: I64 = np.where(may & (u < 0.08), office, np.where(may & (u < 0.13) & fits, safe, app))
        return used


def _since_start(each: U64, j: I64, n: I64) -> I64:
    """Microseconds from the start of the action to each of its records: ties, minutes, and at times an hour."""
    u, v = share(each, 27), -np.log(1 - share(each, 28))
    gap = np.where(u < 0.12, 0.0, np.where(u < 0.9, 90 * v, 1800 * v))
    gap = np.where(j == 0, 0.0, np.minimum(gap, 6000.0))
    total = np.cumsum((gap * 1e6).astype(np.int64))
    base = np.repeat(total[np.cumsum(n) - n], n) if len(n) else total
    since: I64 = total - base
    return since
