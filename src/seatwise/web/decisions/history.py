"""The book of decisions as a page: who decided what, and a way to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions as book
from seatwise.control.decisions import Act, Entry
from seatwise.control.decisions.fields import FORGOTTEN
from seatwise.control.models import Workspace
from seatwise.web.decisions import found, words
from seatwise.web.guard import Request, page
from seatwise.web.views.audit import address_of

PAGE: Final = 25
_FEW: Final = 8
# So many lines of one act are shown; a file brings hundreds.
_LINES: Final = 12
_FORGOTTEN: Final = "Their name and addresses are in no entry any more"
_KINDS: Final = ("product", "licence", "person", "workspace")


@dataclass(frozen=True)
class Said:
    """One field of an act in words. before, after: empty when nothing was decided."""

    kind: str
    subject: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """An act in words. n_more: lines that are left out."""

    number: int
    at: datetime
    by: str
    undo_of: int | None
    lines: Sequence[Said]
    n_more: int
    can_undo: bool


@require_safe
@page(right="decide")
def decisions(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in _KINDS else ""
    subject_id = request.GET.get("id", "")[:64].replace("\x00", "") if kind else ""
    before = request.GET.get("before", "")
    before_number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    acts = book.history(workspace, subject_kind=kind, subject_id=subject_id, before=before_number, limit=PAGE + 1)
    told = {
        "acts": _shown(request, acts[:PAGE]),
        "older": acts[PAGE - 1].number if len(acts) > PAGE else None,
        "before": before_number,
        "kind": kind,
        "kinds": [(each, words.subject(each) + ("s" if each != "workspace" else "")) for each in _KINDS],
        "subject_id": subject_id,
        "subject": _named(request, kind, subject_id),
    }
    return render(request, "decisions/history.html", told)


@require_POST
@page(right="decide")
def undo(request: Request, workspace: Workspace, number: int, **_: Any) -> HttpResponse:
    try:
        undone = book.undo(request.user, workspace, number, address=address_of(request))
    except AskAdmin as error:
        messages.error(request, error.sentence)
    else:
        left = f" {undone.n_left} of it stayed, because it was decided again since." if undone.n_left else ""
        messages.success(request, f"Taken back.{left}")
    return redirect(found.back(request, "decisions"))


def of(request: Request, workspace: Workspace, kind: str, subject_id: str) -> list[Shown]:
    """The newest acts about one subject."""
    return _shown(request, book.history(workspace, subject_kind=kind, subject_id=subject_id, limit=_FEW))


def _shown(request: Request, acts: Sequence[Act]) -> list[Shown]:
    names = found.names(request, [entry.key for act in acts for entry in act.entries[:_LINES]])
    return [
        Shown(
            act.number,
            act.at,
            act.by,
            act.undo_of,
            [_said(entry, names) for entry in act.entries[:_LINES]],
            max(0, len(act.entries) - _LINES),
            act.can_undo,
        )
        for act in acts
    ]


def _said(entry: Entry, names: dict[tuple[str, str], str]) -> Said:
    key = entry.key
    kind = "product" if key.subject_kind == "seat" else key.subject_kind
    subject = words.subject("workspace") if kind == "workspace" else names.get((kind, key.subject_id), key.subject_id)
    after = _FORGOTTEN if key.field == FORGOTTEN else words.value(key, entry.after)
    return Said(kind, subject, entry.words, words.value(key, entry.before), after)


def _named(request: Request, kind: str, subject_id: str) -> str:
    if not kind or not subject_id:
        return ""
    row = found.one(request, kind, subject_id) if kind != "workspace" else None
    return str(row["name"]) if row else subject_id
