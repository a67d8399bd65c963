"""What to ask for next: windows of time from what was read before, and when to split them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from seatwise.catalog.activity import (
    LAG,
    OVERLAP,
    RETENTION_DAYS,
    RETENTION_DAYS_FREE,
    SETTLE_AFTER,
    SETTLED_AFTER,
    SIGN_IN_KINDS,
    USER_KINDS,
    SignInKind,
)

PAGE_ROWS = 1000
MOST_PAGES_AGAIN = 20
"""Of one kind, that may be read again in every run for the sake of late events."""
MOST_PAGES_A_WINDOW = 40
NEWEST = timedelta(days=7)
"""Width of the first window of a first read: what people ask about first."""
EDGE = timedelta(hours=1)
"""Of Microsoft's retention: what lies there goes while we read, so it is not read again."""
NARROWEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """[from_at, to_at), whole seconds."""

    from_at: datetime
    to_at: datetime

    @property
    def width(self) -> timedelta:
        return self.to_at - self.from_at


@dataclass(frozen=True, slots=True)
class Read:
    """A window that was walked to its last page. n_rows: events received."""

    from_at: datetime
    to_at: datetime
    read_at: datetime
    n_rows: int


def everything(now: datetime, *, has_premium: bool = True) -> Span:
    """All that Microsoft still keeps at `now`."""
    days = RETENTION_DAYS if has_premium else RETENTION_DAYS_FREE
    end = now if now.microsecond == 0 else now.replace(microsecond=0) + timedelta(seconds=1)
    return Span((now - timedelta(days=days)).replace(microsecond=0), end)


def windows(kind: SignInKind, reads: Sequence[Read], now: datetime, *, has_premium: bool = True) -> list[Span]:
    """Windows to read of one kind, newest first.

    reads:  complete windows of the ledger, in any order.
    What was never read is read; what may have gained late events since is read again: always while that is cheap,
    else by the schedule of `SETTLE_AFTER`, but the last two hours before the newest end always.
    """
    whole = everything(now, has_premium=has_premium)
    known = _latest(reads, whole)
    if not known:
        newest = Span(max(whole.from_at, whole.to_at - NEWEST), whole.to_at)
        older = Span(whole.from_at, newest.from_at)
        return [newest, older] if kind in USER_KINDS and older.width else [whole]
    again = [piece for piece in map(_unsettled, known) if piece.to_at > piece.from_at and piece.read_at < now]
    if sum(piece.n_rows for piece in again) > MOST_PAGES_AGAIN * PAGE_ROWS:
        again = [piece for piece in again if is_due(piece, now)]
    wanted = [*_gaps(known, whole), *(Span(max(piece.from_at, whole.from_at + EDGE), piece.to_at) for piece in again)]
    end = max(piece.to_at for piece in known)
    if max(piece.read_at for piece in known) < now:
        wanted.append(Span(max(min(whole.from_at + EDGE, end), end - OVERLAP), whole.to_at))
    return sorted(_merged(wanted), reverse=True)


def unbroken(reads: Iterable[Read]) -> Span | None:
    """The newest stretch without a gap that was read, None when nothing was."""
    merged = _merged(Span(read.from_at, read.to_at) for read in reads)
    return merged[-1] if merged else None


def is_due(read: Read, now: datetime) -> bool:
    """Whether a step of the settle schedule has passed since the window was last read."""
    return any(read.read_at < read.to_at + step <= now for step in SETTLE_AFTER)


def order(planned: Iterable[tuple[SignInKind, Span]]) -> list[tuple[SignInKind, Span]]:
    """Newest windows first; of the same end, people before machines."""
    return sorted(planned, key=lambda one: (-one[1].to_at.timestamp(), SIGN_IN_KINDS.index(one[0])))


def n_pages(span: Span, first_at: datetime, last_at: datetime) -> float:
    """Pages the window seems to have, from the times of the first page's oldest and newest event."""
    end_s = max((last_at - span.from_at).total_seconds(), 0.0)
    start_s = max((span.to_at - first_at).total_seconds(), 0.0)
    # Ascending pages begin at the start of the window, descending ones at its end.
    seen_s = max(min(end_s, start_s), (last_at - first_at).total_seconds(), 1.0)
    pages = max(1.0, span.width.total_seconds() / seen_s)
    # Windows begin at a fixed hour, often a quiet one: less than half a day of a long window is taken to be its night.
    return pages * 2 if seen_s < 43_200 < span.width.total_seconds() else pages


def parts_for(span: Span, pages: float) -> list[Span]:
    """The window, or the parts it should be read in, newest first, when it seems to have so many pages."""
    if pages <= MOST_PAGES_A_WINDOW:
        return [span]
    return split(span, math.ceil(pages / (MOST_PAGES_A_WINDOW * 0.75)))


def halve(span: Span) -> list[Span]:
    """Both halves, newest first; empty when the window is too narrow to be halved."""
    return [] if span.width <= NARROWEST else split(span, 2)


def split(span: Span, n: int) -> list[Span]:
    """At most n parts of about equal width in whole seconds, newest first."""
    seconds = int(span.width.total_seconds())
    n = max(1, min(n, seconds))
    cuts = [span.from_at + timedelta(seconds=seconds * at // n) for at in range(n)] + [span.to_at]
    return [Span(start, end) for start, end in pairwise(cuts)][::-1]


def _unsettled(read: Read) -> Read:
    """The part of a window in which events may still have arrived after it was read, with its share of the rows."""
    start = min(max(read.from_at, read.read_at - SETTLED_AFTER - LAG), read.to_at)
    width = (read.to_at - read.from_at).total_seconds()
    share = (read.to_at - start).total_seconds() / width if width else 0.0
    return Read(start.replace(microsecond=0), read.to_at, read.read_at, math.ceil(read.n_rows * share))


def _latest(reads: Iterable[Read], whole: Span) -> list[Read]:
    """Disjoint pieces of `whole` that were read, ascending, each as its newest reading tells it."""
    inside = [read for read in reads if read.from_at < whole.to_at and read.to_at > whole.from_at]
    cuts = sorted({whole.from_at, whole.to_at, *(r.from_at for r in inside), *(r.to_at for r in inside)})
    cuts = [cut for cut in cuts if whole.from_at <= cut <= whole.to_at]
    inside.sort(key=lambda read: read.read_at, reverse=True)
    pieces: list[Read] = []
    for start, end in pairwise(cuts):
        read = next((one for one in inside if one.from_at <= start and one.to_at >= end), None)
        if read is not None:
            width = (read.to_at - read.from_at).total_seconds()
            n_rows = math.ceil(read.n_rows * (end - start).total_seconds() / width)
            pieces.append(Read(start, end, read.read_at, n_rows))
    return pieces


def _gaps(known: Sequence[Read], whole: Span) -> list[Span]:
    reached, gaps = whole.from_at, []
    for piece in known:
        if piece.from_at > reached:
            gaps.append(Span(reached, piece.from_at))
        reached = max(reached, piece.to_at)
    if reached < whole.to_at:
        gaps.append(Span(reached, whole.to_at))
    return gaps


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(one for one in spans if one.width > timedelta(0)):
        if merged and span.from_at <= merged[-1].to_at:
            merged[-1] = Span(merged[-1].from_at, max(merged[-1].to_at, span.to_at))
        else:
            merged.append(span)
    return merged
