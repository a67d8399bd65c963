"""What a decision is about, looked up for a page: one product or licence, or the names of many."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import Http404
from django.urls import reverse

from seatwise.control import answers, decisions
from seatwise.control.answers import Filter
from seatwise.control.decisions import Key
from seatwise.control.models import Workspace
from seatwise.web.addresses import is_ours
from seatwise.web.guard import Request
from seatwise.web.lists import asking

# Metric, its id and what tells the name, by kind of subject.
_METRICS: Final[Mapping[str, tuple[str, str]]] = {
    "product": ("products", "product_id"),
    "licence": ("licences", "sku_id"),
    "person": ("users", "user_id"),
}

_SOURCES: Final[Mapping[str, str]] = {
    "tenant": "as Entra ID tells",
    "catalogue": "as the catalogue knows it",
    "guess": "guessed from its name",
}


@dataclass(frozen=True)
class Found:
    """row: of its metric; empty when nothing was read of it. values: what holds, by field, as it is kept."""

    kind: str
    id: str
    name: str
    row: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_by_hand(self) -> bool:
        return bool(self.values.get("by_hand"))

    @property
    def name_hint(self) -> str:
        return (
            "Empty: as Entra ID calls it."
            if self.values.get("name")
            else f"Empty: “{self.name}”, as Entra ID calls it."
        )

    @property
    def vendor_hint(self) -> str:
        return self._hint("vendor", "as the catalogue knows it")

    @property
    def category_hint(self) -> str:
        return self._hint("category", _SOURCES.get(str(self.row.get("category_source")), "as the catalogue knows it"))

    def _hint(self, field: str, source: str) -> str:
        known = self.row.get(field)
        return f"Empty: “{known}”, {source}." if known and not self.values.get(field) else ""

    @property
    def mark(self) -> str:
        """Of what was decided when the form was shown: what somebody else decided since is not overwritten unseen."""
        return _hash(self.values)


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def product(request: Request, workspace: Workspace, product_id: str) -> Found:
    """The product, by its own id or by that of an app folded into it. Errors: Http404 when none is known."""
    wanted = product_id.strip().lower()
    decided = decisions.decided(workspace)
    wanted = next((each.product_id for each in decided.products if wanted in each.app_ids), wanted)
    row = one(request, "product", wanted)
    by_hand = next((each for each in decided.products if each.product_id == wanted and not each.app_ids), None)
    if row is None and by_hand is None:
        raise Http404
    name = str(row["name"]) if row is not None else (by_hand.name if by_hand else None) or wanted
    return Found("product", wanted, name, row or {}, values(workspace, "product", wanted))


def licence(request: Request, workspace: Workspace, sku_id: str) -> Found:
    """Errors: Http404 when it is not known."""
    wanted = sku_id.strip().lower()
    row = one(request, "licence", wanted)
    if row is None:
        raise Http404
    return Found("licence", wanted, str(row["name"]), row, values(workspace, "licence", wanted))


def person(request: Request, workspace: Workspace, user_id: str) -> Found:
    """Errors: Http404 when the directory does not know them and nothing is decided."""
    wanted = user_id.strip().lower()
    row, held = one(request, "person", wanted), values(workspace, "person", wanted)
    if row is None and not held:
        raise Http404
    return Found("person", wanted, str(row["name"]) if row else wanted, row or {}, held)


def one(request: Request, kind: str, subject_id: str) -> dict[str, Any] | None:
    metric, key = _METRICS[kind]
    if metric not in answers.NAMES or "\x00" in subject_id:
        return None
    return asking.one(request, metric, where=(Filter(key, "is", (subject_id,)),), microsoft=True)


def values(workspace: Workspace, kind: str, subject_id: str) -> dict[str, Any]:
    told = decisions.held(workspace).values
    return {key.field: kept for key, kept in told.items() if (key.subject_kind, key.subject_id) == (kind, subject_id)}


def names(request: Request, keys: Iterable[Key]) -> dict[tuple[str, str], str]:
    """What subjects are called, by kind and id; those that nobody knows any more are left out."""
    wanted: dict[str, set[str]] = {}
    for key in keys:
        kind = "product" if key.subject_kind == "seat" else key.subject_kind
        if kind in _METRICS:
            wanted.setdefault(kind, set()).add(key.subject_id)
    found = {
        ("product", each.product_id): each.name
        for each in decisions.decided(request.workspace).products
        if each.name and each.product_id in wanted.get("product", ())
    }
    for kind, ids in wanted.items():
        metric, key_name = _METRICS[kind]
        if metric not in answers.NAMES:
            continue
        told = asking.ask(request, metric, where=(Filter(key_name, "is", tuple(sorted(ids))),), microsoft=True)
        for row in () if told is None else told.result.rows:
            found[(kind, row[key_name])] = row["name"]
    return found


def has_next(request: Request) -> bool:
    return bool(request.POST.get("next") or request.GET.get("next"))


def back(request: Request, otherwise: str, **named: Any) -> str:
    """Where to go when it is done: where the person came from, if that is a page of ours."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    return told if is_ours(told) else reverse(otherwise, kwargs={"workspace": request.workspace.id, **named})
