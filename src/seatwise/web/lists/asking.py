"""Asks the questions of a page, and knows the ways in which there is nothing to show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import answers
from seatwise.control.answers import Answer, Filter, Sort
from seatwise.control.models import Person, Workspace

_UNREAD: Final = ("nothing_read", "tenant_unknown")
# Past this age what is shown is called old.
_STALE: Final = timedelta(hours=26)


def ask(
    request: HttpRequest,
    metric: str,
    *,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    search: str = "",
    sort: tuple[Sort, ...] = (),
    limit: int | None = None,
    offset: int = 0,
    facets: tuple[str, ...] = (),
    microsoft: bool = False,
) -> Answer | None:
    """The answer for the page's workspace, as the person may see it. None when nothing was read yet."""
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]  # set by the page's door
    if workspace.tenant_id is None:
        return None
    person = request.user if isinstance(request.user, Person) else None
    pieces: dict[str, Any] = {"of": of, "where": where, "search": search, "sort": sort, "limit": limit}
    pieces |= {"offset": offset, "facets": facets, "microsoft": microsoft, "by": person}
    try:
        return answers.ask(metric, workspace.tenant_id, **{name: told for name, told in pieces.items() if told})
    except AskAdmin as error:
        if error.code in _UNREAD:
            return None
        raise


def one(request: HttpRequest, metric: str, *, where: tuple[Filter, ...] = (), **more: Any) -> dict[str, Any] | None:
    """The one row that is meant, or None when there is none."""
    answer = ask(request, metric, where=where, limit=1, **more)
    return answer.result.rows[0] if answer is not None and answer.result.rows else None


def about(answer: Answer) -> dict[str, Any]:
    """What `parts/_coverage.html` says about the numbers of a page."""
    return {
        "as_of": clock.format_time(answer.result.as_of),
        "coverage": answer.result.coverage,
        "missing": [lack.sentence for lack in answer.missing],
        "is_stale": clock.now() - answer.result.as_of > _STALE,
    }
