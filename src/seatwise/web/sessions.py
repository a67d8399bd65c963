"""How long somebody stays signed in: 30 minutes without doing anything, 12 hours in all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.backends.base import SessionBase

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
_BEGAN, _SEEN = "began", "seen"
# Written down at most once a minute, so that looking at pages costs no writing.
_MARK_EVERY_S: Final = 60


def begin(session: SessionBase, now: datetime) -> None:
    session[_BEGAN] = session[_SEEN] = int(now.timestamp())


def is_alive(session: SessionBase, now: datetime, *, is_act: bool = True) -> bool:
    """Whether it still counts, and then notes that it was used. is_act: False for what a page asks by itself."""
    moment = int(now.timestamp())
    began, seen = session.get(_BEGAN), session.get(_SEEN)
    if not isinstance(began, int) or not isinstance(seen, int):
        return False
    if moment - began >= LONGEST.total_seconds() or moment - seen >= IDLE.total_seconds():
        return False
    if is_act and moment - seen >= _MARK_EVERY_S:
        session[_SEEN] = moment
    return True
