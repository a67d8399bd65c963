"""Decisions by file: handed in, looked at row by row, confirmed; and handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit, decisions
from seatwise.control.decisions import Key, files
from seatwise.control.decisions.files.reading import Line
from seatwise.control.models import Draft, Workspace
from seatwise.web.decisions import found, saving, words
from seatwise.web.decisions.forms import Upload, show_wrong
from seatwise.web.guard import Request, page
from seatwise.web.views.audit import address_of, csv_file

_SHOWN: Final = 100


@dataclass(frozen=True)
class Kind:
    """columns: what a row may hold, most wanted first. back: where one comes from and goes back to, and its words."""

    title: str
    lead: str
    columns: tuple[tuple[str, str], ...]
    export: str
    back: tuple[str, str]


_PRICE: Final = (
    ("price", "12.50 or 12,50; 0 is free, none takes the price away"),
    ("currency", "EUR, USD, GBP …; the company’s own when empty"),
    ("basis", "seat or contract; seat when empty"),
    ("period", "month or year; month when empty"),
    ("seats_bought", "whole number"),
    ("renewal_on", "2027-03-31 or 31.03.2027"),
    ("notice_days", "days before the renewal"),
    ("link", "https:// address of the contract"),
    ("owner, category, vendor, note", "text"),
    ("state", "approved, tolerated, closed or ignored"),
)
KINDS: Final[dict[str, Kind]] = {
    "prices": Kind(
        "Prices from a file",
        "Prices, contracts, owners and categories of many apps and licences at once.",
        (("id", "app id or licence id"), ("name", "used when the id is empty; whatever its case"), *_PRICE),
        "Download the current prices",
        ("prices", "Prices"),
    ),
    "apps": Kind(
        "Apps from a file",
        "Apps that people reach without Microsoft Entra ID.",
        (("name", "as your colleagues know it"), *_PRICE),
        "Download an example",
        ("app_by_hand", "Add an app by hand"),
    ),
    "seats": Kind(
        "Seats from a file",
        "Who has a seat, where Microsoft Entra ID does not know it.",
        (
            ("app", "name of the app"),
            ("app_id", "instead of the name"),
            ("address", "the person’s sign-in name or e-mail address"),
            ("seat", "yes, or no to take it away; yes when empty"),
        ),
        "Download the seats by hand",
        ("prices", "Prices"),
    ),
}


@require_http_methods(["GET", "POST"])
@page(right="decide")
def hand_in(request: Request, workspace: Workspace, kind: str, **_: Any) -> HttpResponse:
    told = _kind(kind)
    form = Upload(request.POST or None, request.FILES or None)
    product_id = request.GET.get("product", "")[:64]
    product = found.product(request, workspace, product_id) if product_id and kind == "seats" else None
    if request.method == "POST" and form.is_valid():
        given: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            data = given.read((2 << 20) + 1)
            made = files.hand_in(request.user, workspace, kind, given.name or "", data, product.id if product else "")
        except AskAdmin as error:
            show_wrong(form, error)
        else:
            return redirect("decide_draft", workspace=workspace.id, draft=made.id)
    shown = {"kind": kind, "told": told, "form": form, "product": product, "may_export": _may_export(request, kind)}
    shown |= _back(workspace, told, product.id if product else "")
    return render(request, "decisions/file.html", shown)


@require_http_methods(["GET", "POST"])
@page(right="decide")
def draft(request: Request, workspace: Workspace, draft: UUID, **_: Any) -> HttpResponse:
    told = _draft(request, workspace, draft)
    fault = ""
    if request.method == "POST":
        try:
            mark = request.POST.get("mark", "")
            told = files.confirm(request.user, told, mark, address=address_of(request))
        except AskAdmin as error:
            fault = error.sentence
        else:
            n = told.n_applied
            saving.say(request, "1 row is in." if n == 1 else f"{n:,} rows are in.", told.applied_as)
            return redirect("decide_draft", workspace=workspace.id, draft=told.id)
    reading = files.read(told)
    held = decisions.held(workspace).values
    good, wrong = reading.good, reading.wrong
    shown = {
        "draft": told,
        "told": KINDS[told.kind],
        "reading": reading,
        "fault": fault,
        "good": [(line, _changes(line, held)) for line in good[:_SHOWN]],
        "n_more_good": max(0, len(good) - _SHOWN),
        "wrong": wrong[:_SHOWN],
        "n_more_wrong": max(0, len(wrong) - _SHOWN),
        "n_left": max(0, told.handed_back.count("\n") - 1),
        **_back(workspace, KINDS[told.kind], told.product_id),
    }
    return render(request, "decisions/draft.html", shown)


@require_safe
@page(right="decide")
def handed_back(request: Request, workspace: Workspace, draft: UUID, **_: Any) -> HttpResponse:
    """The wrong rows as a file: of what was applied, or of what would be."""
    told = _draft(request, workspace, draft)
    text = told.handed_back if told.applied_as is not None else files.read(told).handed_back()
    return csv_file(text, f"seatwise-{told.kind}-to-mend.csv")


@require_POST
@page(right="decide")
def exported(request: Request, workspace: Workspace, kind: str, **_: Any) -> HttpResponse:
    _kind(kind)
    if not _may_export(request, kind):
        raise PermissionDenied
    if kind == "apps":
        return csv_file(files.apps_template(), "seatwise-apps-example.csv")
    text = (files.export_prices if kind == "prices" else files.export_seats)(workspace, request.user)
    audit.note(
        "data.exported",
        person=request.user,
        workspace=workspace,
        subject=f"decisions: {kind}",
        detail={"rows": max(0, text.count("\r\n") - 1)},
        address=address_of(request),
    )
    return csv_file(text, f"seatwise-{kind}-{clock.wall():%Y-%m-%d}.csv")


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _back(workspace: Workspace, told: Kind, product_id: str) -> dict[str, str]:
    """To the product whose seats they are, else to where such files are asked for."""
    if product_id:
        address = reverse("decide_seats", kwargs={"workspace": workspace.id, "product": product_id})
        return {"back": address, "back_words": "Seats by hand"}
    route, words_of = told.back
    return {"back": reverse(route, kwargs={"workspace": workspace.id}), "back_words": words_of}


def _may_export(request: Request, kind: str) -> bool:
    return kind == "apps" or "export" in access.RIGHTS_OF[request.role]


def _draft(request: Request, workspace: Workspace, draft_id: UUID) -> Draft:
    try:
        return files.draft(request.user, workspace, draft_id)
    except AskAdmin as error:
        raise Http404 from error


def _changes(line: Line, held: Any) -> list[tuple[str, str, str]]:
    """Field, what holds, what would hold; in words."""
    told = []
    for change in line.changes:
        (key, kept) = next(iter(decisions.checked([change]).items()))
        words_of = decisions.words_of(key.subject_kind, key.field)
        told.append((words_of, words.value(key, held.get(Key(*key))), words.value(key, kept)))
    return told
