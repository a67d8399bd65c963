"""The apps list, and one app with its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from seatwise.base.errors import AskAdmin
from seatwise.control import answers, audit
from seatwise.control.answers import Answer
from seatwise.control.models import Workspace
from seatwise.web import summaries
from seatwise.web.guard import Request, page
from seatwise.web.tables import Heading, Row, Table, table
from seatwise.web.views.audit import address_of, csv_file

_LIST: Final = (
    Heading("name", "App"),
    Heading("n_seats_used_30d", "Seats in use", "down"),
    Heading("n_used_30d", "People, 30 days", "down", "r"),
    Heading("n_sign_ins_30d", "Sign-ins, 30 days", "down", "r hide-sm"),
    Heading("last_used_at", "Last sign-in", "down", "hide-sm"),
)
_PEOPLE: Final = (
    Heading("name", "Person"),
    Heading("status", "Use"),
    Heading("path", "Seat", "up", "hide-sm"),
    Heading("n_sign_ins_30d", "Sign-ins, 30 days", "down", "r hide-xs"),
    Heading("last_used_at", "Last sign-in", "down", "hide-sm"),
)
# By what is asked in the address: (words, which rows).
_USES: Final[dict[str, tuple[str, Callable[[Row], bool]]]] = {
    "": ("All", lambda row: True),
    "used": ("In use", lambda row: bool(row["n_used_30d"])),
    "unused": ("Seats without use", lambda row: bool(row["n_seats"]) and row["n_seats_used_30d"] == 0),
    "open": ("Without seats", lambda row: row["n_seats"] == 0),
}
_STATUSES: Final = ("", "active", "idle", "unused", "never", "unknown")
ORIGINS: Final = {
    "microsoft": "Microsoft",
    "gallery": "From Microsoft’s gallery",
    "custom": "Added by hand",
    "own": "Made here",
    "foreign": "From another company",
    "unknown": "Origin not known",
}


@require_safe
@page()
def listed(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    microsoft = request.GET.get("microsoft") == "1"
    answer = _asked("apps", workspace, microsoft=microsoft)
    told: dict[str, Any] = {"microsoft": microsoft, "origins": ORIGINS}
    if answer is not None:
        use = request.GET.get("use", "")
        use = use if use in _USES else ""
        rows = answer.result.rows
        counts = [(key, words, sum(1 for row in rows if keeps(row))) for key, (words, keeps) in _USES.items()]
        told |= _about(answer) | {"use": use, "uses": counts, "summary": summaries.of_apps(rows)}
        told["table"] = table(rows, request.GET, _LIST, "n_used_30d", ("name", "app_id"), _USES[use][1])
    return render(request, "apps/_table.html" if request.htmx else "apps/apps.html", told)


@require_POST
@page(right="export")
def exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
    answer = _asked("apps", workspace, microsoft=request.POST.get("microsoft") == "1")
    return _file(request, workspace, answer, "apps")


@require_safe
@page()
def one(request: Request, workspace: Workspace, app: str, **_: Any) -> HttpResponse:
    found, answer = _one(workspace, app)
    rows = answer.result.rows
    status = request.GET.get("status", "")
    status = status if status in _STATUSES else ""
    seats = summaries.of_statuses(rows)
    told = _about(answer) | {
        "app": found,
        "origin": ORIGINS.get(found["origin"], found["origin"]),
        "seats": seats,
        "n_seated": sum(seats.values()),
        "status": status,
        "table": _people(rows, request, status),
    }
    return render(request, "apps/_people.html" if request.htmx else "apps/app.html", told)


@require_POST
@page(right="export")
def one_exported(request: Request, workspace: Workspace, app: str, **_: Any) -> HttpResponse:
    found, answer = _one(workspace, app)
    return _file(request, workspace, answer, "app-users", found["name"])


def _people(rows: list[dict[str, Any]], request: Request, status: str) -> Table:
    def keeps(row: Row) -> bool:
        return not status or (row["status"] == status and row["path"] != "none")

    return table(rows, request.GET, _PEOPLE, "last_used_at", ("name", "upn"), keeps)


def _one(workspace: Workspace, app: str) -> tuple[dict[str, Any], Answer]:
    """The app's own row and the answer about its people. 404 when no such app is known."""
    wanted = app.lower()
    apps = _asked("apps", workspace, microsoft=True)
    found = next((row for row in apps.result.rows if row["app_id"] == wanted), None) if apps else None
    answer = _asked("app-users", workspace, microsoft=True, app=wanted) if found else None
    if found is None or answer is None:
        raise Http404
    return found, answer


def _asked(name: str, workspace: Workspace, *, microsoft: bool = False, app: str | None = None) -> Answer | None:
    """None when nothing was read yet."""
    if workspace.tenant_id is None:
        return None
    try:
        return answers.ask(name, workspace.tenant_id, microsoft=microsoft, app=app)
    except AskAdmin as error:
        if error.code in ("nothing_read", "tenant_unknown"):
            return None
        raise


def _about(answer: Answer) -> dict[str, Any]:
    return {
        "as_of": summaries.data_time(answer),
        "coverage": answer.result.coverage,
        "missing": [lack.sentence for lack in answer.missing],
    }


def _file(request: Request, workspace: Workspace, answer: Answer | None, name: str, subject: str = "") -> HttpResponse:
    if answer is None:
        raise Http404
    told = {"rows": len(answer.result.rows), "as_of": summaries.data_time(answer)}
    told_subject = f"{name}: {subject}" if subject else name
    audit.note(
        "data.exported",
        person=request.user,
        workspace=workspace,
        subject=told_subject,
        detail=told,
        address=address_of(request),
    )
    return csv_file(answers.as_csv(answer), f"seatwise-{name}-{answer.result.as_of:%Y-%m-%d}.csv")
