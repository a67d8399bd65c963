"""The book of decisions: written and taken back. Nothing in it is ever rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit
from seatwise.control.decisions import fields, telling
from seatwise.control.decisions.current import Key, gather, held, read
from seatwise.control.decisions.fields import SubjectKind
from seatwise.control.decisions.wrong import Wrong
from seatwise.control.models import Decision, Person, Workspace
from seatwise.metrics.decided import Decided

_BATCH: Final = 500
_ID_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one subject, to be decided.

    subject_id:  product, SKU or user id; of a seat its product; "" of the workspace.
    value:       as `fields` takes it; None: not decided any more.
    named:       what the subject is called, for the audit log; never a person's name.
    """

    subject_kind: SubjectKind
    subject_id: str
    field: str
    value: Any
    named: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """number: of the new entry. n: fields put back; n_left: fields that were decided again since, and stay."""

    number: int
    n: int
    n_left: int


def decide(by: Person | None, workspace: Workspace, changes: Sequence[Change], *, address: str = "") -> int:
    """Writes them as one entry and gives its number; what already holds is left out, and nothing new is no entry.

    by:      None for whoever holds the machine, at the command line.
    Errors:  Wrong, NotYours, AskAdmin not_allowed. Nothing is written then.
    """
    _demand(by, workspace, changes)
    values = checked(changes)
    with transaction.atomic():
        return _write(by, workspace, values, _names(changes), address=address)


def checked(changes: Sequence[Change]) -> dict[Key, Any]:
    """The values as they are kept. Errors: Wrong, with the sentences of all of them."""
    found, wrong = {}, {}
    for change in changes:
        key = Key(change.subject_kind, change.subject_id.strip().lower(), change.field)
        if bool(key.subject_id) == (key.subject_kind == "workspace") or len(key.subject_id) > _ID_LENGTH:
            raise Wrong({"": "It is not told what this is about."}, code="subject_unknown")
        try:
            found[key] = fields.keep(change.subject_kind, change.field, change.value)
        except Wrong as error:
            wrong.update(error.fields)
    if wrong:
        raise Wrong(wrong)
    return found


def would_be(workspace: Workspace, changes: Sequence[Change]) -> Decided:
    """What would hold after them, without writing anything. Errors: Wrong."""
    now = held(workspace)
    after = {**now.values, **checked(changes)}
    _hold_together(after)
    return gather(after, now.decided.revision).decided


def undo(by: Person | None, workspace: Workspace, number: int, *, address: str = "") -> Undone:
    """Puts back what held before that entry, as a new entry. What was decided again since stays.

    Errors: NotYours; AskAdmin not_allowed, entry_unknown, nothing_to_undo; Wrong when it no longer fits the rest.
    """
    if by is not None:
        access.demand(by, workspace, "decide")
    with transaction.atomic():
        lock(workspace)
        rows = list(Decision.objects.filter(workspace_id=workspace.pk, number=number))
        if not rows:
            raise AskAdmin(code="entry_unknown", sentence="There is no such decision here.")
        back = [Key.of(row) for row in rows if row.replaced_by is None and row.field != fields.FORGOTTEN]
        _demand(by, workspace, [Change(key.subject_kind, key.subject_id, key.field, None) for key in back])  # type: ignore[arg-type]  # what was kept is of a known kind
        if not back:
            raise AskAdmin(
                code="nothing_to_undo",
                sentence="All of this was decided again since, or taken back already. Undo the later decision instead.",
            )
        older = {
            Key.of(row): row.value for row in Decision.objects.filter(workspace_id=workspace.pk, replaced_by=number)
        }
        values = {key: older.get(key) for key in back}
        made = _write(by, workspace, values, {}, undo_of=number, address=address)
    return Undone(made, len(back), len(rows) - len(back))


def _write(
    by: Person | None,
    workspace: Workspace,
    values: Mapping[Key, Any],
    names: Mapping[tuple[str, str], str],
    *,
    undo_of: int | None = None,
    address: str = "",
) -> int:
    """In the caller's transaction."""
    newest = lock(workspace)
    now = read(workspace)
    new = {key: value for key, value in values.items() if value != now.get(key)}
    if not new:
        return newest
    _hold_together({**now, **new})
    number, at = newest + 1, clock.wall()
    _replace(workspace, new.keys() & now.keys(), number)
    Decision.objects.bulk_create(
        (
            Decision(
                workspace_id=workspace.pk,
                number=number,
                value=value,
                decided_by_id=None if by is None else by.pk,
                decided_at=at,
                undo_of=undo_of,
                **key._asdict(),
            )
            for key, value in sorted(new.items(), key=lambda each: each[0])
        ),
        batch_size=_BATCH,
    )
    audit.note(
        "decision.undone" if undo_of is not None else "decision.made",
        person=by,
        workspace=workspace,
        subject=telling.subject(new, names),
        detail=telling.detail(number, undo_of, new, now, names),
        address=address,
    )
    return number


def _replace(workspace: Workspace, keys: Set[Key], number: int) -> None:
    """Those entries hold no more. By their ids and in batches: a file brings hundreds of them."""
    held_rows = Decision.objects.filter(workspace_id=workspace.pk, replaced_by=None)
    told = held_rows.values_list("pk", "subject_kind", "subject_id", "field")
    ids = [row[0] for row in told if Key(*row[1:]) in keys]
    for start in range(0, len(ids), _BATCH):
        Decision.objects.filter(pk__in=ids[start : start + _BATCH]).update(replaced_by=number)


def lock(workspace: Workspace) -> int:
    """The newest number; who decides at the same time waits until the transaction ends."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    rows = Decision.objects.filter(workspace_id=workspace.pk).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


def _hold_together(values: Mapping[Key, Any]) -> None:
    """What one field alone cannot tell: an app belongs to one product. Errors: Wrong."""
    of: dict[str, str] = {}
    for key, ids in values.items():
        if (key.subject_kind, key.field) != ("product", "app_ids") or not ids:
            continue
        for app_id in ids:
            if of.setdefault(app_id, key.subject_id) != key.subject_id:
                raise Wrong(
                    {"app_ids": "One of these apps is part of another product already. Split it off there first."},
                    code="app_in_two_products",
                )


def _demand(by: Person | None, workspace: Workspace, changes: Sequence[Change]) -> None:
    if by is None:
        return
    access.demand(by, workspace, "decide")
    if any(change.field == "viewers_see_names" for change in changes):
        access.demand(by, workspace, "workspace")


def _names(changes: Sequence[Change]) -> dict[tuple[str, str], str]:
    return {(each.subject_kind, each.subject_id.strip().lower()): each.named for each in changes if each.named}
