"""The people as columns, so that questions about all of them at a moment are one comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.chance import I64, U64, number
from entra_sandbox.world.people import Person

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
NEVER = np.int64(1 << 62)


def microseconds(at: datetime | None) -> int:
    """Since 1970; a moment that never comes is far away."""
    return int(NEVER) if at is None else (at - EPOCH) // timedelta(microseconds=1)


def moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(us))


@dataclass(frozen=True, slots=True)
class Span:
    """Codes of people and from when until when something holds for each of them."""

    who: I64
    since: I64
    until: I64

    def at(self, us: int) -> I64:
        return self.who[(self.since <= us) & (self.until > us)]


class Crowd:
    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.key: U64 = np.array([number("person", p.id) for p in people], dtype=np.uint64)
        self.created: I64 = np.array([microseconds(p.created_at) for p in people], dtype=np.int64)
        self.disabled: I64 = np.array([microseconds(p.disabled_at) for p in people], dtype=np.int64)
        self.deleted: I64 = np.array([microseconds(p.deleted_at) for p in people], dtype=np.int64)
        self.is_guest: NDArray[np.bool_] = np.array([p.is_guest for p in people], dtype=bool)
        self.never_signs_in: NDArray[np.bool_] = np.array([p.never_signs_in for p in people], dtype=bool)
        self.department: I64 = np.array([-1 if p.department is None else p.department for p in people], dtype=np.int64)
        self.place: I64 = np.array([p.place for p in people], dtype=np.int64)
        self.device: I64 = np.array([p.device for p in people], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.people)

    def whole_stay(self, chosen: NDArray[np.bool_]) -> Span:
        who = np.flatnonzero(chosen).astype(np.int64)
        return Span(who, self.created[who], self.deleted[who])
