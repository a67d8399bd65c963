"""What imported files prove about time: whole hours of a storage export, days a person vouches for, or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from seatwise.base.clock import parse_time
from seatwise.base.errors import AskAdmin
from seatwise.catalog.activity import SIGN_IN_KINDS, USER_KINDS
from seatwise.sync.intake_files import Blob

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A stretch of time, [from_at, to_at), that a person says the files hold completely."""

    from_at: datetime
    to_at: datetime

    @classmethod
    def of(cls, text: str | None) -> Vouched | None:
        """Days (both included) or times, with a slash between. Errors: AskAdmin when it is neither."""
        if not text:
            return None
        first, _, last = text.partition("/")
        try:
            from_at, to_at = _start(first), _end(last)
        except ValueError as error:
            raise _unclear(text) from error
        if from_at >= to_at:
            raise _unclear(text)
        return cls(from_at, to_at)


def _unclear(text: str) -> AskAdmin:
    return AskAdmin(
        code="complete_unclear",
        sentence=f"--complete {text} is no stretch of time. Write two days or times, the earlier one first: "
        "--complete 2026-10-01/2026-10-31",
    )


def _start(text: str) -> datetime:
    return parse_time(text)


def _end(text: str) -> datetime:
    if len(text.strip()) > len("2026-10-31"):
        return parse_time(text)
    return datetime.combine(date.fromisoformat(text.strip()), time(), UTC) + timedelta(days=1)


@dataclass(slots=True)
class Span:
    """First and last event of one feed and kind that no layout vouches for."""

    first: datetime
    last: datetime
    n_rows: int = 1

    def reach(self, at: datetime) -> None:
        self.n_rows += 1
        if at < self.first:
            self.first = at
        elif at > self.last:
            self.last = at

    def join(self, other: Span) -> None:
        if other is not self:
            self.first, self.last = min(self.first, other.first), max(self.last, other.last)
            self.n_rows += other.n_rows


def of_hours(blobs: Iterable[Blob], tenant: str, now: datetime) -> list[dict[str, Any]]:
    """Windows of a storage export: unbroken runs of hours of one kind, none reaching beyond now."""
    listed = [blob for blob in blobs if blob.hour.tenant in ("", tenant)]
    by_root: dict[str, set[str]] = defaultdict(set)
    for blob in listed:
        by_root[blob.root] |= {blob.hour.kind} if blob.hour.kind else blob.kinds
    hours: dict[str, Counter[datetime]] = defaultdict(Counter)
    for blob in listed:
        # An empty blob does not say its kind; its neighbours do, when they agree.
        kinds = {blob.hour.kind} if blob.hour.kind else blob.kinds or by_root[blob.root]
        for kind in kinds if len(kinds) == 1 else ():
            hours[str(kind)][blob.hour.start] += blob.n_rows
    windows = []
    for kind in SIGN_IN_KINDS:
        for from_at, to_at, n_rows in _runs(hours[kind]):
            if from_at < now:
                windows.append(_window("diagnostic", kind, from_at, min(to_at, now), n_rows, None))
    return windows


def _runs(hours: Mapping[datetime, int]) -> list[tuple[datetime, datetime, int]]:
    runs: list[tuple[datetime, datetime, int]] = []
    for start in sorted(hours):
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], start + _HOUR, runs[-1][2] + hours[start])
        else:
            runs.append((start, start + _HOUR, hours[start]))
    return runs


def of_spans(spans: Mapping[tuple[str, str], Span]) -> list[dict[str, Any]]:
    """Windows that say: something is here, and nobody says it is everything."""
    return [
        _window(feed, kind, span.first, span.last + timedelta(microseconds=1), span.n_rows, "not_vouched")
        for (feed, kind), span in sorted(spans.items())
    ]


def of_vouched(vouched: Vouched, counted: Mapping[tuple[str, str], int], now: datetime) -> list[dict[str, Any]]:
    """Windows a person vouches for: the kinds of people, and every kind the files hold.

    counted:  events by (feed, kind).
    """
    if not vouched.from_at < now:
        return []
    by_feed: Counter[str] = Counter()
    for (feed, _), n in counted.items():
        by_feed[feed] += n
    usual = by_feed.most_common(1)[0][0] if by_feed else "portal"
    feeds = {kind: feed for (feed, kind), _ in sorted(counted.items(), key=lambda item: item[1])}
    return [
        _window(
            feeds.get(kind, usual),
            kind,
            vouched.from_at,
            min(vouched.to_at, now),
            sum(n for (_, of), n in counted.items() if of == kind),
            None,
        )
        for kind in SIGN_IN_KINDS
        if kind in USER_KINDS or kind in feeds
    ]


def _window(
    feed: str, kind: str, from_at: datetime, to_at: datetime, n_rows: int, reason: str | None
) -> dict[str, Any]:
    return {
        "feed": feed,
        "kind": kind,
        "from": from_at.isoformat(),
        "to": to_at.isoformat(),
        "n_rows": n_rows,
        "state": "partial" if reason else "complete",
        "reason": reason,
    }
