"""What became of the letters of a workspace, for the people who look after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seatwise.control.models import Letter, Workspace


@dataclass(frozen=True)
class Told:
    """One letter: to whom, about what, what became of it and what the mail server said."""

    to: str
    subject: str
    kind: str
    state: str
    told: str
    n_tries: int
    created_at: datetime
    ended_at: datetime | None
    next_try_at: datetime | None


def recent(workspace: Workspace, limit: int = 25) -> list[Told]:
    """Newest first."""
    found = Letter.objects.filter(workspace=workspace).select_related("person").order_by("-created_at", "pk")[:limit]
    return [
        Told(
            one.person.name or one.person.email,
            one.subject,
            one.kind,
            one.state,
            one.told,
            one.n_tries,
            one.created_at,
            one.ended_at,
            one.next_try_at if one.state == Letter.State.WAITING else None,
        )
        for one in found
    ]
