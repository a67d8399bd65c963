"""The setup guide, and what people thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from seatwise.control import connections
from seatwise.control import guide as answers_of
from seatwise.control.models import GuideAnswer, Workspace
from seatwise.web.guard import Request, page
from seatwise.web.integrations import origin
from seatwise.web.integrations.panel import Panel
from seatwise.web.integrations.paste import pastes
from seatwise.web.integrations.steps import steps


@dataclass(frozen=True, slots=True)
class AnswerShown:
    name: str
    at: datetime
    is_helpful: bool
    reasons: tuple[str, ...]
    text: str


@require_GET
@page(right="view")
def guide(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    panel = Panel(request, workspace)
    cloud = next(one for one in panel.clouds if one.name == panel.cloud)
    told = {
        "workspace": workspace,
        "clouds": panel.clouds,
        "cloud": cloud,
        "steps": steps(origin.redirect_uri()),
        "pastes": pastes(origin.redirect_uri(), cloud.name),
        "troubles": connections.TROUBLES,
        **_answered(request, workspace),
    }
    return render(request, "integrations/guide.html", told)


@require_POST
@page(right="view")
def answer(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    is_helpful = request.POST.get("helpful") == "yes"
    answers_of.answer(request.user, workspace, is_helpful, request.POST.getlist("reason"), request.POST.get("text", ""))
    if not request.htmx:
        return redirect(reverse("entra_guide", kwargs={"workspace": workspace.id}) + "#helpful")
    told = _answered(request, workspace) | {"workspace": workspace, "is_answered_now": True}
    told["is_complete"] = request.POST.get("complete") == "1"
    return render(request, "integrations/_helpful.html", told)


@require_GET
@page(right="install")
def answers(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    found = [_shown(one) for one in answers_of.answers(workspace)]
    n_yes = sum(one.is_helpful for one in found)
    told = {"workspace": workspace, "answers": found, "n_yes": n_yes, "n_no": len(found) - n_yes}
    return render(request, "integrations/guide_answers.html", told)


def _answered(request: Request, workspace: Workspace) -> dict[str, Any]:
    return {"answer": answers_of.answer_of(request.user, workspace), "answer_reasons": answers_of.REASONS}


def _shown(one: GuideAnswer) -> AnswerShown:
    return AnswerShown(
        one.person.name if one.person else "Somebody who has left",
        one.at,
        one.is_helpful,
        tuple(answers_of.REASONS[reason] for reason in one.reasons if reason in answers_of.REASONS),
        one.text,
    )
