"""Faults switched on from outside: which request they meet and for how long."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

KINDS = frozenset(
    {
        "status",
        "reset",
        "cut",
        "html",
        "slow",
        "dup_rows",
        "drop_rows",
        "drift",
        "empty_page",
        "empty_pages",
        "foreign_next_link",
        "loop_next_link",
        "premium_error",
        "expired_token",
        "garbage",
        "short_page",
        "swap_type",
    }
)


@dataclass
class Fault:
    """One switch.

    path:         regular expression searched in path and query (decoded).
    status:       503 for refusals, 200 for HTML, unless told otherwise.
    count:        how many requests it meets, None for all; once, unless it meets them by chance.
    skip:         how many matching requests pass first.
    probability:  share of 1 of the matching requests that it meets.
    share:        share of 1 of the rows of a page, or of the members of a row, that it meets.
    """

    path: str
    kind: str = "status"
    status: int | None = None
    retry_after: str | None = None
    count: int | None = 1
    skip: int = 0
    body: Any = None
    probability: float = 1.0
    seconds: float = 1.0
    share: float = 0.3
    seed: int = 0
    n_met: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def meets(self, address: str) -> bool:
        if self.count is not None and self.n_met >= self.count:
            return False
        if not re.search(self.path, address, re.IGNORECASE):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1.0 and self.dice.random() >= self.probability:
            return False
        self.n_met += 1
        return True


@dataclass
class Faults:
    switched: list[Fault] = field(default_factory=list)

    def add(self, wish: dict[str, Any]) -> Fault:
        """Raises ValueError for a wish that no fault can serve."""
        known = {k: v for k, v in wish.items() if k in Fault.__dataclass_fields__ and k not in ("n_met", "dice")}
        unknown = set(wish) - set(known)
        if unknown:
            raise ValueError(f"unknown members: {', '.join(sorted(unknown))}")
        known.setdefault("path", ".")
        known.setdefault("count", None if "probability" in known else 1)
        if "retry_after" in known and known["retry_after"] is not None:
            known["retry_after"] = str(known["retry_after"])
        fault = Fault(**known)
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind {fault.kind!r}; known: {', '.join(sorted(KINDS))}")
        re.compile(fault.path)
        # Random faults are part of a test's seed, not of anybody's secrets.
        fault.dice = random.Random(fault.seed)  # noqa: S311
        self.switched.append(fault)
        return fault

    def meet(self, address: str) -> Fault | None:
        return next((fault for fault in self.switched if fault.meets(address)), None)

    def clear(self) -> None:
        self.switched.clear()
