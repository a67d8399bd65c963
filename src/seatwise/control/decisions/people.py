"""What is kept about one person of the directory: told when asked for, taken out when they are to be forgotten."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from seatwise.base import clock
from seatwise.control.decisions.book import lock
from seatwise.control.decisions.fields import FORGOTTEN
from seatwise.control.models import Decision, Draft, Workspace


def of_person(workspace: Workspace, user_id: str, addresses: Collection[str]) -> list[dict[str, Any]]:
    """Every entry of the book about them, oldest first: protection, and seats by hand."""
    rows = _rows(workspace, user_id, addresses).order_by("number", "field")
    return [dict(row) for row in rows.values("number", "decided_at", "subject_kind", "subject_id", "field", "value")]


def forget_person(workspace: Workspace, user_id: str, addresses: Collection[str]) -> int:
    """Takes those entries out of the book: the one case in which it does not only grow. Gives how many went.

    A nameless entry says so, so that every process sees that what it holds is old. Files that were handed in may name
    the person: they go as well.
    """
    with transaction.atomic():
        newest = lock(workspace)
        Draft.objects.filter(workspace_id=workspace.pk).delete()
        n, _ = _rows(workspace, user_id, addresses).delete()
        if n:
            before = Decision.objects.filter(workspace_id=workspace.pk, field=FORGOTTEN, replaced_by=None)
            before.filter(subject_kind="workspace").update(replaced_by=newest + 1)
            Decision.objects.create(
                workspace_id=workspace.pk,
                number=newest + 1,
                subject_kind="workspace",
                field=FORGOTTEN,
                value=newest + 1,
                decided_at=clock.wall(),
            )
    return n


def _rows(workspace: Workspace, user_id: str, addresses: Collection[str]) -> QuerySet[Decision]:
    told = [each.strip().lower() for each in addresses if each.strip()]
    user_id = user_id.strip().lower()
    seat = Q(subject_kind="seat") & (Q(field__in=told) | Q(value__user_id=user_id))
    return Decision.objects.filter(workspace_id=workspace.pk).filter(
        seat | Q(subject_kind="person", subject_id=user_id)
    )
