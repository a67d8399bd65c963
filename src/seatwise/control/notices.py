"""What the people of a workspace should see once, though the page was closed when it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from seatwise.base import clock
from seatwise.control.models import Notice, Person, Workspace

KEEP_DAYS: Final = 30


def tell(workspace: Workspace, code: str, sentence: str) -> Notice:
    """A notice for everybody who is a member. code: a stable word, like "first_usage"."""
    return Notice.objects.create(workspace=workspace, code=code, sentence=sentence, created_at=clock.wall())


def open_for(person: Person, workspace: Workspace) -> list[Notice]:
    """Newest first: what this person has not put away; empty for a stranger. After 30 days a notice is no news."""
    since = clock.wall() - timedelta(days=KEEP_DAYS)
    found = Notice.objects.filter(
        workspace=workspace, workspace__memberships__person_id=person.pk, created_at__gte=since
    )
    return list(found.exclude(seen_by=person.pk).order_by("-created_at"))


def seen(person: Person, notice_id: UUID) -> None:
    """The person put it away. A notice of a workspace that is not theirs is left alone, without a word."""
    notice = Notice.objects.filter(pk=notice_id, workspace__memberships__person_id=person.pk).first()
    if notice is not None:
        notice.seen_by.add(person)
