"""Watches over one run while it goes on: signs of life, progress, and the wish that it end."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from django.db import DatabaseError, connections

from seatwise.control.jobs import table
from seatwise.control.models import Run

if TYPE_CHECKING:
    from seatwise.sync.progress import Progress

LOOK_EVERY_S = 1.0
BEAT_EVERY_S = 5.0

Why = Literal["cancel", "lost", "leave"]
T = TypeVar("T")
log = logging.getLogger("seatwise.jobs")


class Stopped(Exception):  # noqa: N818 - not an error: somebody wanted it
    """The run was ended before its end. why: cancelled by a person, taken by another worker, or this worker leaves."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Watch:
    """Use as a context manager around the work. Its thread speaks with the database, since the work may keep the
    event loop busy for seconds."""

    def __init__(self, row: Run, parent: int | None = None) -> None:
        self._row, self._parent = row, parent
        self._steps: dict[str, list[Any]] = {}
        self._is_new = False
        self._why: Why | None = None
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    @property
    def why(self) -> Why | None:
        return self._why

    def take(self, step: Progress) -> None:
        """Remember the newest step of each data set."""
        self._steps[step.dataset] = [
            step.phase,
            step.rows,
            step.pages,
            round(step.waited_s, 1),
            step.left_s,
            step.detail,
        ]
        self._is_new = True

    def told(self) -> dict[str, Any]:
        """What the page shows."""
        return {"steps": dict(self._steps)}

    def stop(self, why: Why) -> None:
        """End the work at its next safe point; may be called from any thread or signal."""
        if self._why is not None:
            # Once only: a second cancellation would break into a step that is being finished.
            return
        self._why = why
        if self._loop is not None and self._task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def guarded(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result. Errors: its own; Stopped."""
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._why is not None:
            work.close()
            raise Stopped(self._why)
        try:
            return await work
        except asyncio.CancelledError:
            if self._why is None:
                raise
            raise Stopped(self._why) from None
        finally:
            self._task = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(BEAT_EVERY_S)

    def _beat(self) -> None:
        beaten_at = 0.0
        try:
            while not self._ended.wait(LOOK_EVERY_S):
                if self._parent is not None and os.getppid() != self._parent:
                    self.stop("leave")
                if not self._is_new and time.monotonic() - beaten_at < BEAT_EVERY_S and not self._is_asked():
                    continue
                self._is_new = False
                if self._told_to_stop():
                    return
                beaten_at = time.monotonic()
        finally:
            connections.close_all()

    def _is_asked(self) -> bool:
        try:
            return Run.objects.filter(pk=self._row.pk, cancel_asked_at__isnull=False).exists()
        except DatabaseError:
            return False

    def _told_to_stop(self) -> bool:
        try:
            word = table.beat(self._row, self.told())
        except DatabaseError:
            # The database may be away for a moment. Whoever takes the run meanwhile will be noticed by the fence.
            log.warning("no sign of life could be written", exc_info=True)
            connections.close_all()
            return False
        if word != "go":
            self.stop(word)
        return word == "lost"
