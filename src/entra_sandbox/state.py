"""What one running sandbox knows and what may change while it runs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from entra_sandbox.behaviour.faults import Faults
from entra_sandbox.behaviour.meters import Meters, units_allowed
from entra_sandbox.behaviour.tokens import PageTokens
from entra_sandbox.world import World

Limits = Literal["documented", "off"]

LOG_LENGTH = 2000


@dataclass
class Requests:
    """What was asked of Graph since the start, for tests that count."""

    by_path: Counter[str] = field(default_factory=Counter)
    log: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    report_times: list[float] = field(default_factory=list)
    unit_times: list[tuple[float, int]] = field(default_factory=list)
    n_report_refusals: int = 0
    n_refusals: int = 0


@dataclass
class State:
    """One sandbox tenant: its world, its two clocks and its switches.

    frozen_at:  the world's time when it stands still; None lets it run with wall time from `started_from`.
    """

    world: World
    data: Path
    premium: bool = True
    limits: Limits = "documented"
    frozen_at: datetime | None = None
    registrations: Any = None
    graph_url: str = ""
    pages_base: str = ""
    identity: Any = None
    plants: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    meters: Meters = field(default_factory=Meters)
    tokens: PageTokens = field(default_factory=PageTokens)
    deltas: dict[str, Any] = field(default_factory=dict)
    requests: Requests = field(default_factory=Requests)
    cache: dict[str, Any] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "graph"), repr=False)
    shift: timedelta = field(default=timedelta(), init=False)

    def __post_init__(self) -> None:
        wall = self.wall()
        self.shift = wall.replace(minute=0, second=0, microsecond=0) - wall

    def wall(self) -> datetime:
        """Wall time: tokens, certificates and limits live by it."""
        return datetime.now(UTC)

    def as_of(self) -> datetime:
        """The world's now: directory, logs and retention live by it."""
        return self.frozen_at if self.frozen_at is not None else self.wall() + self.shift

    def directory_time(self) -> datetime:
        # A running clock would build a new directory for every request; a real directory replicates late as well.
        return self.frozen_at or self.as_of().replace(minute=0, second=0, microsecond=0)

    def move_clock(self, as_of: datetime) -> None:
        if self.frozen_at is not None:
            self.frozen_at = as_of
        else:
            self.shift = as_of - self.wall()

    def units_allowed(self) -> int:
        """Resource units per ten seconds; the size class of the tenant is settled once."""
        if "units" not in self.cache:
            self.cache["units"] = units_allowed(
                len(self.world.directory(self.directory_time(), premium=self.premium).users)
            )
        return int(self.cache["units"])

    @property
    def retention(self) -> timedelta:
        return timedelta(days=30 if self.premium else 7)
