"""Whether there is work, and the one way to do the next piece of it: people to forget first, then runs."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db.models import Q

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError
from seatwise.control.jobs import table
from seatwise.control.jobs.work import work
from seatwise.control.models import Forgetting

_AGAIN_AFTER: Final = timedelta(minutes=1)
log = logging.getLogger("seatwise.jobs")


def is_due() -> bool:
    return _to_forget() is not None or table.is_due()


def work_one(parent: int | None = None) -> bool:
    """Do the next piece of work; False when there is none. parent: the process with which the work ends."""
    row = _to_forget()
    if row is not None:
        _forget(row)
        return True
    run = table.claim()
    if run is None:
        return False
    work(run, parent=parent)
    return True


def _to_forget() -> Forgetting | None:
    """Begun and not done, and not tried within the last minute; the oldest."""
    before = clock.wall() - _AGAIN_AFTER
    waiting = Forgetting.objects.filter(ended_at=None).filter(Q(tried_at=None) | Q(tried_at__lt=before))
    return waiting.order_by("asked_at").first()


def _forget(row: Forgetting) -> None:
    # Loaded here, so that a process that only looks for work stays small.
    from seatwise.control import persons

    if not Forgetting.objects.filter(pk=row.pk, tried_at=row.tried_at).update(tried_at=clock.wall()):
        return  # another worker has it
    try:
        persons.finish(row, lambda step: log.info("forgetting: %s", step))
    except SeatwiseError as error:
        log.info("forgetting waits: %s", error)
