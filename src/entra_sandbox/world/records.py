"""Sign-in records as columns: one row per record, numbers only."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.chance import I64, U64, as_guid_bits, joined, salted, share

I32 = NDArray[np.int32]
NOBODY, UNKNOWN = -1, -2
"""codes of a person: none (a workload), and the first of the made-up names somebody tried"""
N_GUESSES = 20
INTERACTIVE, NON_INTERACTIVE, PRINCIPAL, IDENTITY = range(4)
N_ADDRESSES = 600


@dataclass(frozen=True)
class Records:
    created_us: I64
    arrived_us: I64
    kind: NDArray[np.int8]
    person: I32
    app: I32
    resource: I32
    error: I32
    id_hi: U64
    id_lo: U64
    correlation_hi: U64
    correlation_lo: U64
    """both zero: the record has no correlation id"""
    address: I32
    place: I32
    device: I32
    session: U64
    is_foreign: NDArray[np.bool_]
    """whether the resource is in another tenant"""

    def __len__(self) -> int:
        return len(self.created_us)

    def take(self, chosen: NDArray[np.bool_] | I64) -> Records:
        return Records(*(getattr(self, f.name)[chosen] for f in fields(Records)))


def concatenated(parts: list[Records]) -> Records:
    return Records(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Records)))


def complete(
    h: U64, *, created: I64, kind: NDArray[np.integer], person: I64, app: I64, resource: I64, error: I64,
    correlation: U64,
    address: I64, place: I64, device: I64, session: U64, is_foreign: NDArray[np.bool_],
) -> Records:  # fmt: skip
    """Gives each record its ids and the moment it arrives; h is one number per record, correlation zero for none."""
    id_hi, id_lo = as_guid_bits(salted(h, 21), salted(h, 22))
    corr_hi, corr_lo = as_guid_bits(salted(correlation, 23), salted(correlation, 24))
    without = correlation == 0
    corr_hi, corr_lo = np.where(without, np.uint64(0), corr_hi), np.where(without, np.uint64(0), corr_lo)
    return Records(
        created, created + _lag(h), kind.astype(np.int8), person.astype(np.int32), app.astype(np.int32),
        resource.astype(np.int32), error.astype(np.int32), id_hi, id_lo, corr_hi, corr_lo, address.astype(np.int32),
        place.astype(np.int32), device.astype(np.int32), session, is_foreign,
    )  # fmt: skip


def _lag(h: U64) -> I64:
    """Nearly all within minutes, three in a hundred after hours, none later than 72 hours; in microseconds."""
    u, v = share(h, 25), share(h, 26)
    seconds = np.where(u < 0.90, 20 + 260 * v, np.where(u < 0.97, 300 + 3300 * v, 3600 * 71.9**v))
    lag: I64 = (seconds * 1e6).astype(np.int64)
    return lag


def poisson(u: NDArray[np.float64], mean: NDArray[np.float64]) -> I64:
    """How often something happens that happens `mean` times on average, from one number in [0, 1) each."""
    term = np.exp(-mean)
    n = np.zeros(len(u), dtype=np.int64)
    reached = term.copy()
    for k in range(1, 60):
        more = u > reached
        if not more.any():
            break
        n += more
        term = term * mean / k
        reached = reached + term
    return n


def repeated(h: U64, n: I64) -> tuple[I64, U64]:
    """For each of n[i] repetitions of i: the index i, and a number of its own."""
    of = np.repeat(np.arange(len(n)), n)
    start = np.repeat(np.cumsum(n) - n, n)
    return of, joined(h[of], np.arange(len(of)) - start + 1)
