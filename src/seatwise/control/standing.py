"""Keeps answers about each tenant warm between questions: one open lake a tenant, made anew when a sync publishes.

A decision shows at once. A new publication is opened in the background while the old one goes on answering, unless
opening is quick. See docs/decisions/0012-answers-are-kept-warm.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from seatwise.base.errors import TryLater
from seatwise.lake.places import Places
from seatwise.metrics.shapes import Question, Result
from seatwise.metrics.stand import Stand, StandClosedError, is_kept, mark

log = logging.getLogger(__name__)

# Tenants kept warm, and what DuckDB may hold of each.
_TENANTS: Final = 4
_MEMORY_MB: Final = 1024
# A stand that opened faster than this is waited for; while a sync publishes step by step, others are not reopened more
# often than this, nor so often that opening takes more than a twentieth of the time.
_QUICK_S: Final = 0.5
_PATIENCE_S: Final = 5.0
_PAUSE_S: Final = 60.0
_SHARE: Final = 20
# Without a reading of today an answer is of now; a stand's now may be this old.
_HOUR: Final = timedelta(hours=1)
_TRIES: Final = 5


@dataclass
class _Kept:
    """One tenant's stand, what was published when it was opened, and the thread that opens the next one."""

    stand: Stand
    mark: str
    opened_at: float
    opening: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()
_first: dict[str, threading.Lock] = {}


def ask(question: Question, places: Places, *, is_read_to: bool, is_busy: Callable[[], bool]) -> Result:
    """The answer from the tenant's stand.

    is_read_to:  the question's `as_of` is that of a reading, and not just now.
    is_busy:     whether something is being read for the tenant; asked only when something was published.
    Errors:      those of `metrics.ask`.
    """
    for _ in range(_TRIES):
        kept = _of(question, places, is_read_to=is_read_to, is_busy=is_busy)
        try:
            return kept.stand.ask(replace(question, as_of=kept.stand.as_of))
        except StandClosedError:
            # Another thread put a newer one in its place between the two lines above, or its files are gone.
            _put_away(str(places.home), kept)
    raise TryLater(
        code="answers_moving", sentence="What is stored is being rewritten just now. Try again in a few seconds."
    )


def close_all() -> None:
    """Let go of every stand: of memory and of open files."""
    with _lock:
        gone = list(_kept.values())
        _kept.clear()
    for kept in gone:
        if kept.opening is not None:
            kept.opening.join()
        kept.stand.close()


def _put_away(key: str, kept: _Kept) -> None:
    with _lock:
        if _kept.get(key) is kept:
            del _kept[key]
    kept.stand.close()


def _of(question: Question, places: Places, *, is_read_to: bool, is_busy: Callable[[], bool]) -> _Kept:
    key = str(places.home)
    kept = _found(key)
    if kept is None:
        with _lock:
            first = _first.setdefault(key, threading.Lock())
        with first:
            # Whoever waited here finds what the other one opened.
            kept = _found(key) or _put(key, _opened(question, places))
    now = mark(places)
    if kept.mark != now and not is_kept(places, kept.mark):
        # Somebody was forgotten since: nothing may be answered from memory.
        _put_away(key, kept)
        return _put(key, _opened(question, places))
    if kept.mark != now or not _holds(kept.stand.as_of, question.as_of, is_read_to=is_read_to):
        _renew(key, kept, question, places, is_busy)
        kept = _found(key) or kept
    return kept


def _found(key: str) -> _Kept | None:
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
        return kept


def _holds(have: datetime, want: datetime, *, is_read_to: bool) -> bool:
    return have == want if is_read_to else timedelta(0) <= want - have < _HOUR


def _renew(key: str, kept: _Kept, question: Question, places: Places, is_busy: Callable[[], bool]) -> None:
    """Open the next stand beside this one, when it is time; wait for it when that is quick."""
    with kept.lock:
        opening = kept.opening
        if opening is None:
            since = time.monotonic() - kept.opened_at
            is_quick = kept.stand.seconds < _QUICK_S
            if not is_quick and since < max(_PAUSE_S, _SHARE * kept.stand.seconds) and is_busy():
                return
            opening = threading.Thread(
                target=_open_next, args=(key, kept, question, places), name="opening answers", daemon=True
            )
            kept.opening = opening
            opening.start()
    if kept.stand.seconds < _QUICK_S:
        opening.join(_PATIENCE_S)


def _open_next(key: str, kept: _Kept, question: Question, places: Places) -> None:
    try:
        _put(key, _opened(question, places, is_warm=True))
    except Exception:
        # The old one goes on answering, and the next question tries again.
        log.exception("could not open the answers of %s as they are now", places.tenant_id)
        kept.opened_at = time.monotonic()
        kept.opening = None


def _opened(question: Question, places: Places, *, is_warm: bool = False) -> _Kept:
    # The mark first: what is published between the two lines is noticed by the next question.
    seen = mark(places)
    stand = Stand(places, question.as_of, question.decided, memory_mb=_MEMORY_MB)
    if is_warm:
        stand.warm()
    return _Kept(stand, seen, time.monotonic())


def _put(key: str, new: _Kept) -> _Kept:
    with _lock:
        gone = [_kept.pop(key)] if key in _kept else []
        _kept[key] = new
        while len(_kept) > _TENANTS:
            gone.append(_kept.popitem(last=False)[1])
    for old in gone:
        old.stand.close()
    return new
