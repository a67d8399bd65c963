"""Insights: every card with its money and the way to its evidence; put away with a reason, and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seatwise.base.errors import SeatwiseError, TryLater
from seatwise.control import events
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.lists import asking

SHOWN: Final = 5
SEVERITIES: Final[Mapping[str, tuple[str, str]]] = {
    "high": ("chip-bad", "Act on it"),
    "medium": ("chip-warn", "Look at it"),
    "low": ("", "Good to know"),
}


@dataclass(frozen=True)
class Line:
    """A finding as a row: what the page's words read, and its own address."""

    finding: events.Finding
    address: str
    away_address: str

    @property
    def key(self) -> str:
        return "|".join(self.finding.key)

    @property
    def row(self) -> dict[str, Any]:
        """As the metric tells it, for the page's numbers."""
        one = self.finding
        return {"n": one.n, "worth_month": one.worth_month, "currency": one.currency, "on": one.on}


@dataclass(frozen=True)
class Group:
    """One kind of card with its findings. n: of all; lines: those shown."""

    card: events.Card
    n: int
    lines: tuple[Line, ...]
    chip: tuple[str, str]


class AwayForm(forms.Form):
    """How a card is put away. until: only for a snooze."""

    how = forms.ChoiceField(choices=[("snooze", "Until a day"), ("dismiss", "For good")], initial="snooze")
    until = forms.DateField(
        label="Show it again on",
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day like 2026-12-31."},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text="Everybody in this company sees it, and it stands in the audit log.",
        error_messages={"required": "Say in a few words why, so that others understand it later."},
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("how") == "snooze" and not told.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose the day on which it comes back.")
        return told

    @property
    def day(self) -> date | None:
        found: date | None = self.cleaned_data["until"]
        return found if self.cleaned_data["how"] == "snooze" else None


@require_safe
@page()
def insights(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    told: dict[str, Any] = {"groups": None, "failure": None}
    status = 200
    try:
        found = events.found(workspace, request.user)
        only = request.GET.get("card", "")
        only = only if only in events.CARDS else ""
        if found.answer is not None or found.findings:
            told["groups"] = groups(workspace, found.in_sight, only, SHOWN if not only else None)
        told |= {"only": events.CARDS.get(only), "put_away": [line(workspace, each) for each in found.put_away]}
        if found.answer is not None:
            told |= asking.about(found.answer)
    except SeatwiseError as error:
        told, status = {"groups": None, "failure": error}, 503 if isinstance(error, TryLater) else 409
    return render(request, "money/insights.html", told, status=status)


@require_http_methods(["GET", "POST"])
@page(right="decide")
def away(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    """The card stands in the address, so that the page works without script."""
    key = (request.GET.get("card", ""), request.GET.get("kind", ""), request.GET.get("subject", ""))
    found = next((each for each in events.found(workspace, request.user).findings if each.key == key), None)
    if found is None:
        raise Http404
    form = AwayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            events.put_away(
                request.user, workspace, *key, name=found.name, reason=form.cleaned_data["reason"], until=form.day
            )
        except SeatwiseError as error:
            form.add_error({"until_odd": "until", "reason_missing": "reason"}.get(error.code), error.sentence)
        else:
            messages.success(request, f"Put away: {found.name}. It stands at the foot of this page.")
            return redirect("insights", workspace=workspace.id)
    return render(request, "money/away.html", {"form": form, "found": found, "card": events.CARDS[found.card]})


@require_POST
@page(right="decide")
def back(request: Request, workspace: Workspace, number: int, **_: Any) -> HttpResponse:
    events.bring_back(request.user, workspace, number)
    messages.success(request, "It is in sight again.")
    return redirect("insights", workspace=workspace.id)


def groups(workspace: Workspace, findings: tuple[events.Finding, ...], only: str, most: int | None) -> list[Group]:
    """By kind, in the order of the kinds; `most` lines of each."""
    by_card: dict[str, list[events.Finding]] = {}
    for each in findings:
        if not only or each.card == only:
            by_card.setdefault(each.card, []).append(each)
    return [
        Group(
            events.CARDS[name],
            len(there),
            tuple(line(workspace, each) for each in there[:most]),
            SEVERITIES[events.CARDS[name].severity],
        )
        for name, there in by_card.items()
    ]


def line(workspace: Workspace, finding: events.Finding) -> Line:
    query = urlencode({"card": finding.card, "kind": finding.subject_kind, "subject": finding.subject_id})
    away_address = f"{reverse('insight_away', kwargs={'workspace': workspace.pk})}?{query}"
    return Line(finding, events.address_of(workspace, finding), away_address)
