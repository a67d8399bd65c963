"""Notes since when each card is there: looked at whenever something may have changed, and only then."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from seatwise.base import clock
from seatwise.control.events.findings import Finding
from seatwise.control.models import CardSighting, CardWatch, Connection, Decision, Run, Workspace

NEW_SPELL: Final = timedelta(days=1)
# So that a row of decisions in a minute is looked at once.
_APART: Final = timedelta(seconds=60)


def stale() -> list[Workspace]:
    """Workspaces whose cards may have changed since they were looked at. Asks the database alone."""
    soon = clock.wall() - _APART
    watched = {row.workspace_id: row for row in CardWatch.objects.all()}
    found = []
    for workspace in Workspace.objects.exclude(tenant_id=None):
        row = watched.get(workspace.pk)
        if row is not None and row.looked_at is not None and row.looked_at > soon:
            continue
        if row is None or row.fingerprint != fingerprint(workspace):
            found.append(workspace)
    return found


def fingerprint(workspace: Workspace) -> str:
    """Changes with every reading, every decision, every new state of the connection, and every day."""
    newest = Run.objects.filter(tenant_id=workspace.tenant_id, state__in=[Run.State.DONE, Run.State.PARTIAL])
    ended_at = newest.aggregate(at=Max("ended_at"))["at"]
    revision = Decision.objects.filter(workspace=workspace).aggregate(n=Max("number"))["n"]
    connection = Connection.objects.filter(workspace=workspace).values_list("state", "code").first()
    return "|".join(str(part) for part in (ended_at, revision, connection, clock.now().date()))[:200]


def begin(workspace: Workspace) -> None:
    """From now on others leave it alone for a minute, and so do we if looking fails."""
    CardWatch.objects.update_or_create(workspace=workspace, defaults={"looked_at": clock.wall()})


def note(workspace: Workspace, seen_with: str, findings: tuple[Finding, ...]) -> None:
    """Writes down what is there now. seen_with: the fingerprint from before the findings were asked for."""
    now = clock.wall()
    with transaction.atomic():
        # Whoever looks at this workspace queues here.
        CardWatch.objects.get_or_create(workspace=workspace)
        watch = CardWatch.objects.select_for_update().get(workspace=workspace)
        known = {row.key: row for row in CardSighting.objects.filter(workspace=workspace)}
        there = {each.key for each in findings}
        fresh = [
            CardSighting(workspace=workspace, card=key[0], subject_kind=key[1], subject_id=key[2], first_at=now)
            for key in sorted(there - known.keys())
        ]
        CardSighting.objects.bulk_create(fresh, batch_size=500)
        back = [row for key, row in known.items() if key in there and row.gone_at is not None]
        for row in back:
            if row.gone_at is not None and now - row.gone_at >= NEW_SPELL:
                row.first_at, row.n_spells = now, row.n_spells + 1
            row.gone_at = None
        CardSighting.objects.bulk_update(back, ["first_at", "gone_at", "n_spells"], batch_size=500)
        gone = [row.pk for key, row in known.items() if key not in there and row.gone_at is None]
        for at in range(0, len(gone), 500):
            CardSighting.objects.filter(pk__in=gone[at : at + 500]).update(gone_at=now)
        watch.fingerprint, watch.looked_at = seen_with, now
        watch.save()
