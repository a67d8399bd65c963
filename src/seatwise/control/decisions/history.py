"""The book read again: who decided what, when, and what held before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatwise.control.decisions import fields
from seatwise.control.decisions.current import Key
from seatwise.control.models import Decision, Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """before, after: as they are kept; None for "not decided"."""

    key: Key
    words: str
    before: Any
    after: Any
    is_held: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What was decided at once. can_undo: whether any of it still holds."""

    number: int
    at: datetime
    by: str
    undo_of: int | None
    entries: tuple[Entry, ...]

    @property
    def can_undo(self) -> bool:
        return any(entry.is_held for entry in self.entries)


def history(
    workspace: Workspace,
    *,
    subject_kind: str = "",
    subject_id: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[Act]:
    """Newest first. Of one subject: every act that touched it, and of those only what touched it.

    before:  only acts with a lower number. A product's seats by hand belong to it.
    """
    rows = Decision.objects.filter(workspace_id=workspace.pk)
    if subject_kind:
        kinds = ["product", "seat"] if subject_kind == "product" else [subject_kind]
        rows = rows.filter(subject_kind__in=kinds, subject_id=subject_id.strip().lower())
    numbered = rows if before is None else rows.filter(number__lt=before)
    numbers = list(numbered.order_by("-number").values_list("number", flat=True).distinct()[:limit])
    ordered = rows.filter(number__in=numbers).select_related("decided_by")
    replaced = rows.filter(replaced_by__in=numbers).values_list(
        "replaced_by", "subject_kind", "subject_id", "field", "value"
    )
    older = {(row[0] or 0, Key(*row[1:4])): row[4] for row in replaced}
    acts: dict[int, list[Decision]] = {number: [] for number in numbers}
    for row in ordered.order_by("subject_kind", "subject_id", "field"):
        acts[row.number].append(row)
    return [_act(number, told, older) for number, told in acts.items()]


def _act(number: int, rows: Sequence[Decision], older: Mapping[tuple[int, Key], Any]) -> Act:
    entries = tuple(
        Entry(
            Key.of(row),
            fields.words_of(row.subject_kind, row.field),
            older.get((number, Key.of(row))),
            row.value,
            row.replaced_by is None and row.field != fields.FORGOTTEN,
        )
        for row in rows
    )
    first = rows[0]
    return Act(
        number, first.decided_at, "" if first.decided_by is None else str(first.decided_by), first.undo_of, entries
    )
