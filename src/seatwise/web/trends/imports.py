"""Files handed in on the page Coverage: taken, followed while they are read, and accounted for."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control import jobs
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.trends import calendar, coverage

# Why a record was set aside; in docs/import.md the same words stand for the command line.
REASONS: Final = {
    "no_id": "has no id",
    "no_time": "has no time",
    "no_person": "names neither a person nor an app that signed in",
    "no_app": "names no app",
    "no_status": "does not say whether it succeeded",
    "other_tenant": "is of another company’s tenant",
    "category_not_kept": "is no sign-in but another kind of log",
    "category_unknown": "is of a kind we have never seen",
    "directory_object": "is a person, group or licence; these come with a sync",
    "grouped": "stands for several sign-ins that cannot be told apart",
    "detail_of_another_record": "only adds detail to a sign-in that has a record of its own",
    "not_json": "is damaged",
    "not_recognised": "is nothing we know",
    "no_body": "is an answer without content",
}
_PHASES: Final = {
    "": "Starts in a moment",
    "wait": "Waits for the sync of this tenant to end",
    "page": "Reading the files",
    "apply": "Storing what is new",
    "derive": "Counting the days that changed",
}


@require_POST
@page(right="sync")
def handed_in(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    files = request.FILES.getlist("files")
    # Said by the upload handler, once the body was read.
    refused = str(getattr(request, "upload_refused", ""))
    if refused:
        return _refused(request, workspace, refused, 413)
    try:
        complete = _complete(request.POST.get("complete_from", ""), request.POST.get("complete_to", ""))
        run = jobs.ask_import(request.user, workspace, files, complete)
    except AskAdmin as error:
        return _refused(request, workspace, error.sentence, 400)
    return HttpResponseRedirect(reverse("coverage_imported", kwargs={"workspace": workspace.id, "run": run.pk}))


@require_safe
@page()
def account(request: Request, workspace: Workspace, run: UUID, **_: Any) -> HttpResponse:
    found = jobs.import_account(workspace, run)
    if found is None:
        raise Http404
    told = {
        "account": found,
        "phase": _PHASES.get(found.phase, _PHASES[""]),
        "reasons": REASONS,
        "kinds": calendar.KINDS,
    }
    is_part = bool(request.htmx) and request.headers.get("HX-Target") == "import"
    response = render(request, "trends/_import.html" if is_part else "trends/import.html", told)
    if is_part and found.is_ended:
        # What ended is shown whole, with everything around it.
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(right="sync")
def cancelled(request: Request, workspace: Workspace, run: UUID, **_: Any) -> HttpResponse:
    if jobs.import_account(workspace, run) is None:
        raise Http404
    jobs.cancel(request.user, run)
    return HttpResponseRedirect(reverse("coverage_imported", kwargs={"workspace": workspace.id, "run": run}))


def _refused(request: Request, workspace: Workspace, sentence: str, status: int) -> HttpResponse:
    told = coverage.import_form(request, workspace, sentence)
    return render(request, "trends/refused.html", told, status=status)


def _complete(first: str, last: str) -> str:
    """FROM/TO of the two days; empty without any. Errors: AskAdmin when they are no stretch of time."""
    if not first and not last:
        return ""
    try:
        is_well = date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError:
        is_well = False
    if not is_well:
        raise AskAdmin(
            code="complete_unclear",
            sentence="To say that the files are complete, give both days, the first not after the last. Then choose "
            "the files again.",
        )
    return f"{first}/{last}"
