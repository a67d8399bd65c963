"""`seatwise worker`: looks for work once a second and does each piece in a short-lived process of its own."""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

_LOOK_EVERY_S = 1.0
_AT_ONCE = 2
_GRACE_S = 7.0
_TIDY_EVERY_S = 3600.0
_NEWS_EVERY_S = 15.0
_APART_S = 2.0  # until the process just started has claimed its run

log = logging.getLogger("seatwise.worker")


class Worker:
    def __init__(self, *, is_child: bool) -> None:
        self._is_child = is_child
        self._is_told = False
        self._hands: set[int] = set()
        self._carrier = 0
        self._asked_at = -_NEWS_EVERY_S
        self._last_at = 0.0
        self._tidied_at = -_TIDY_EVERY_S

    def run(self) -> None:
        """Until SIGTERM or SIGINT, or, as a child, until standard input ends."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._tell)
        from seatwise.server.start import start

        start()
        while not self._is_told:
            self._collect()
            try:
                self._look()
            except Exception:
                # The database may be away for a moment; a worker that ends over it would only be started again.
                log.exception("looking for work failed; trying again")
            self._rest()
        self._end()

    def _look(self) -> None:
        from django.db import connections

        from seatwise.control import events, jobs

        try:
            jobs.schedule()
            is_due = jobs.is_due()
            has_letters = events.has_letters()
            has_news = self._is_time_for_news() and events.is_due()
        finally:
            # A process made by fork must not share a connection with us.
            connections.close_all()
        now = time.monotonic()
        if is_due and len(self._hands - {self._carrier}) < _AT_ONCE and now - self._last_at > _APART_S:
            self._last_at = now
            self._hands.add(self._forked(lambda parent: jobs.work_one(parent)))
        if (has_letters or has_news) and self._carrier not in self._hands:
            # One is enough, and beside the syncs: a mail server that keeps silent holds up nobody but itself.
            self._carrier = self._forked(lambda _parent: _carry())
            self._hands.add(self._carrier)
        if now - self._tidied_at > _TIDY_EVERY_S and not self._hands:
            self._tidied_at = now
            self._hands.add(self._forked(lambda _parent: jobs.tidy()))

    def _is_time_for_news(self) -> bool:
        """Every quarter of a minute: it asks more of the database than looking for runs."""
        now = time.monotonic()
        if now - self._asked_at < _NEWS_EVERY_S:
            return False
        self._asked_at = now
        return True

    def _forked(self, work: Callable[[int], object]) -> int:
        """A process that does one piece of work. What the work needs is loaded there and goes with it."""
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        number = os.fork()
        if number:
            return number
        code = 1
        try:
            for told in (signal.SIGTERM, signal.SIGINT):
                signal.signal(told, signal.SIG_DFL)
            work(parent)
            code = 0
        except BaseException:
            log.exception("a piece of work failed")
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _collect(self) -> None:
        for number in list(self._hands):
            try:
                done, _ = os.waitpid(number, os.WNOHANG)
            except ChildProcessError:
                done = number
            if done:
                self._hands.discard(number)

    def _rest(self) -> None:
        if not self._is_child:
            time.sleep(_LOOK_EVERY_S)
            return
        readable, _, _ = select.select([0], [], [], _LOOK_EVERY_S)
        if readable and not os.read(0, 1):
            self._is_told = True

    def _end(self) -> None:
        """Hand back what is being done, so that the next worker goes on at once."""
        for number in self._hands:
            os.kill(number, signal.SIGTERM)
        until = time.monotonic() + _GRACE_S
        while self._hands and time.monotonic() < until:
            self._collect()
            time.sleep(0.05)
        for number in self._hands:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)

    def _tell(self, _number: int, _frame: FrameType | None) -> None:
        self._is_told = True


def _carry() -> None:
    """Looks after cards, then delivers letters; when told to go, the one being handed over is handed over first."""
    from seatwise.control import events

    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    if events.is_due():
        events.tend()
    events.deliver(lambda: bool(told))
