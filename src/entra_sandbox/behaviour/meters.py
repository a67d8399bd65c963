"""The limits of Graph: resource units and report requests per ten seconds, in wall time."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field

from entra_sandbox.behaviour.errors import GraphError

WINDOW_S = 10.0
REPORTS_PER_WINDOW = 5
ACTIVITY_PER_MINUTE = 10


def units_allowed(n_users: int) -> int:
    """Resource units per ten seconds of one app in a tenant of that size.

    Source: Microsoft Graph, "throttling limits", identity and access: S under 50, M to 500, L above.
    """
    if n_users < 50:
        return 3500
    return 5000 if n_users <= 500 else 8000


@dataclass
class Window:
    """A sliding window of costs; refused requests keep counting, as documented."""

    seconds: float
    spent: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0

    def add(self, now: float, cost: int) -> int:
        while self.spent and self.spent[0][0] <= now - self.seconds:
            self.total -= self.spent.popleft()[1]
        self.spent.append((now, cost))
        self.total += cost
        return self.total

    def wait(self, now: float, allowed: int) -> int:
        """Whole seconds until one more request of the newest cost fits."""
        left = self.total
        for at, cost in self.spent:
            left -= cost
            if left < allowed:
                return max(1, math.ceil(at + self.seconds - now))
        return math.ceil(self.seconds)


@dataclass
class Meters:
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def take(self, bucket: str, app: str, tenant: str, cost: int, allowed: int, seconds: float = WINDOW_S) -> float:
        """Spend `cost` and give the share of the limit used; raises the 429 when the limit is passed."""
        now = time.monotonic()
        window = self.windows.setdefault((bucket, f"{app}/{tenant}"), Window(seconds))
        total = window.add(now, cost)
        if total > allowed:
            raise too_many(window.wait(now, allowed), app, tenant, bucket)
        return total / allowed


def too_many(wait_s: int, app: str, tenant: str, bucket: str) -> GraphError:
    if bucket == "directory":
        headers = {
            "Retry-After": str(wait_s),
            "x-ms-throttle-scope": f"Tenant_Application/ReadWrite/{app}/{tenant}",
            "x-ms-throttle-information": "ResourceUnitLimitExceeded",
        }
        return GraphError(
            429,
            "TooManyRequests",
            "Please retry again later.",
            headers,
            {"code": "429", "message": "Please retry after", "status": "429"},
        )
    headers = {"Retry-After": str(wait_s)}
    return GraphError(
        429,
        "UnknownError",
        "This request is throttled. Please try again after the value specified in the Retry-After header.",
        headers,
    )


def highest(times: list[tuple[float, int]], seconds: float = WINDOW_S) -> int:
    """The largest sum of costs within any window of that length."""
    best = total = start = 0
    for at, cost in times:
        total += cost
        while times[start][0] <= at - seconds:
            total -= times[start][1]
            start += 1
        best = max(best, total)
    return best
