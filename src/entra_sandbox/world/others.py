"""Sign-in records that are nobody's use: password sprays, and applications that sign in as themselves."""

from __future__ import annotations

import numpy as np

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import F64, I64, joined, number, salted, share
from entra_sandbox.world.crowd import DAY_US, Crowd, microseconds
from entra_sandbox.world.records import (
    IDENTITY,
    INTERACTIVE,
    N_ADDRESSES,
    N_GUESSES,
    NOBODY,
    PRINCIPAL,
    UNKNOWN,
    Records,
    complete,
    poisson,
    repeated,
)

_SPRAY_DAYS, _SPRAYED = 0.07, 0.2


class Sprays:
    """On some days one address tries many names, existing and made-up ones, and never gets in."""

    def __init__(self, crowd: Crowd, doors: list[int], seed: int) -> None:
        self.crowd, self._doors, self._seed = crowd, np.array(doors, dtype=np.int64), seed

    def of(self, people: I64, days: I64) -> Records:
        """All attempts on these people on these days."""
        crowd, h = self.crowd, joined(crowd_key(self.crowd, people, self._seed), days)
        day = self._day(days)
        alive = (crowd.created[people] <= days * DAY_US) & (crowd.deleted[people] > (days + 1) * DAY_US)
        hit = alive & (share(day, 1) < _SPRAY_DAYS) & (share(h, 2) < _SPRAYED)
        return self._attempts(people[hit], days[hit], h[hit], np.where(share(h[hit], 3) < 0.2, 50053, 50126))

    def unknown(self, day: int) -> Records:
        """Attempts on people who do not exist."""
        days, guesses = np.full(N_GUESSES, day, dtype=np.int64), np.arange(N_GUESSES, dtype=np.int64)
        h = joined(salted(self._day(days), 4), guesses)
        hit = (share(self._day(days), 1) < _SPRAY_DAYS) | (share(h, 5) < 0.01)
        return self._attempts(UNKNOWN - guesses[hit], days[hit], h[hit], np.full(int(hit.sum()), 50034, dtype=np.int64))

    def _day(self, days: I64) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return joined(np.full(len(days), number(self._seed, "spray"), dtype=np.uint64), days)

    def _attempts(self, person: I64, days: I64, h: np.ndarray[tuple[int], np.dtype[np.uint64]], error: I64) -> Records:
        day = self._day(days)
        start = days * DAY_US + ((share(day, 6) * 22 * 3600 + share(h, 7) * 1800) * 1e6).astype(np.int64)
        door = self._doors[(salted(day, 8) % np.uint64(len(self._doors))).astype(np.int64)]
        n = np.zeros(len(h), dtype=np.int64)
        return complete(
            h, created=start, kind=n + INTERACTIVE, person=person, app=door, resource=door, error=error, correlation=h,
            address=(salted(day, 9) % np.uint64(N_ADDRESSES)).astype(np.int64), place=n + 8, device=n + 7, session=h,
            is_foreign=n > 0,
        )  # fmt: skip


def crowd_key(crowd: Crowd, people: I64, seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return salted(crowd.key[people], number(seed, "sprayed") % 1000 + 40)


class Workloads:
    """Applications that sign in as themselves; rows are positions in `codes`."""

    def __init__(self, apps: list[App], seed: int, api: int) -> None:
        self.codes: I64 = np.array(
            [i for i, a in enumerate(apps) if a.n_runs_a_day > 0 and a.principal_id], dtype=np.int64
        )
        mine = [apps[i] for i in self.codes]
        self._key = np.array([number(seed, a.app_id, "runs") for a in mine], dtype=np.uint64)
        self._runs: F64 = np.array([a.n_runs_a_day for a in mine])
        self._kind = np.array(
            [IDENTITY if a.principal_type == "ManagedIdentity" else PRINCIPAL for a in mine], dtype=np.int64
        )
        self._since: I64 = np.array([microseconds(a.created_at) for a in mine], dtype=np.int64)
        self._until: I64 = np.array([microseconds(a.deleted_at) for a in mine], dtype=np.int64)
        self._disabled: I64 = np.array([microseconds(a.disabled_at) for a in mine], dtype=np.int64)
        self._api = api

    def of(self, rows: I64, days: I64) -> Records:
        key = joined(self._key[rows], days)
        of, h = repeated(key, poisson(share(key, 1), self._runs[rows]))
        rows, days = rows[of], days[of]
        start = days * DAY_US + (share(h, 2) * 86_399e6).astype(np.int64)
        fits = (start >= self._since[rows]) & (start < self._until[rows])
        rows, h, start = rows[fits], h[fits], start[fits]
        n = np.zeros(len(h), dtype=np.int64)
        error = np.where(start >= self._disabled[rows], 7000112, np.where(share(h, 3) < 0.03, 7000222, 0))
        other = self.codes[(salted(self._key[rows], 4) % np.uint64(max(1, len(self.codes)))).astype(np.int64)]
        return complete(
            h, created=start, kind=self._kind[rows], person=n + NOBODY, app=self.codes[rows],
            resource=np.where(share(h, 5) < 0.85, self._api, other), error=error, correlation=h,
            address=(self._key[rows] % np.uint64(N_ADDRESSES)).astype(np.int64), place=n, device=n + 100, session=h,
            is_foreign=n > 0,
        )  # fmt: skip
