"""The two answers of a list's address: the page, whole or as a fragment, and the file of exactly what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from seatwise.base import clock
from seatwise.base.errors import Broken, SeatwiseError, Skip, TryLater
from seatwise.control import audit
from seatwise.control.answers import FORMS, Answer, Filter
from seatwise.web.lists import asking
from seatwise.web.lists.asked import Asked, parse
from seatwise.web.lists.declared import ListPage
from seatwise.web.lists.listing import listing
from seatwise.web.shell import Frame


def show(
    request: HttpRequest,
    page: ListPage,
    template: str,
    *,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    kept: tuple[str, ...] = (),
    microsoft: bool = False,
    more: Callable[[], Mapping[str, Any]] | None = None,
    also: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page, or for a fragment request the list alone.

    template:  the whole page; it includes `lists/_page.html`, or `lists/_list.html` when it draws the states itself.
    more:      what the page shows beside the list; asked only for a whole page, after the list.
    also:      what the page shows whether there is a list or not.
    """
    is_part = bool(getattr(request, "htmx", False)) and request.headers.get("HX-Target") == "list-body"
    told: dict[str, Any] = {"list": None, "page": page, "failure": None, "is_part": is_part, **(also or {})}
    status = 200
    try:
        found = listing(request, page, of=of, where=where, kept=kept, microsoft=microsoft)
        if found is not None:
            told |= {"list": found, "files": _offered(request), **asking.about(found.answer)}
        if more is not None and not is_part and found is not None:
            told |= more()
    except SeatwiseError as error:
        if isinstance(error, Skip):
            raise Http404 from error
        told |= {"list": None, "failure": error}
        status = 503 if isinstance(error, TryLater) else 500 if isinstance(error, Broken) else 409
    response = render(request, "lists/_part.html" if is_part else template, told, status=status)
    if is_part and told["list"] is not None:
        # The address bar then holds what is asked for and no more.
        response.headers["HX-Push-Url"] = request.path + told["list"].asked.address.removesuffix("?")
    return response


def send(
    request: HttpRequest,
    page: ListPage,
    *,
    name: str = "",
    subject: str = "",
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    kept: tuple[str, ...] = (),
    microsoft: bool = False,
) -> HttpResponse:
    """The file of what the address asks for: same rows, same order, the chosen columns; noted in the audit log.

    name:     what the file is called after; the metric when empty. subject: of which one, for the log.
    """
    wanted = request.POST.get("format") or request.GET.get("format") or "csv"
    if wanted not in FORMS:
        raise Http404
    asked = parse(page, request.GET, kept)
    answer = asking.ask(
        request,
        page.metric,
        of=of,
        where=(*where, *asked.where),
        search=asked.query,
        sort=asked.sorted,
        microsoft=asked.microsoft or microsoft,
    )
    if answer is None:
        raise Http404
    _note(request, answer, f"{page.metric}: {subject}" if subject else page.metric, wanted)
    told = BytesIO()
    FORMS[wanted].write(_only(answer, page, asked).result, told, None, None)
    response = HttpResponse(told.getvalue(), content_type=FORMS[wanted].content_type)
    file = f"seatwise-{name or page.metric}-{answer.result.as_of:%Y-%m-%d}.{wanted}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _only(answer: Answer, page: ListPage, asked: Asked) -> Answer:
    """The answer with the columns that are shown: what tells rows apart first, then as in the table."""
    known = {each.name: each for each in answer.result.columns}
    shown = [name for each in page.columns if each.name in asked.columns for name in each.in_files]
    names = dict.fromkeys([*page.keys, page.key, *shown])
    columns = [known[name] for name in names if name in known]
    if any(each.type == "money" for each in columns) and "currency" in known and "currency" not in names:
        columns.append(known["currency"])
    rows = [{each.name: row[each.name] for each in columns} for row in answer.result.rows]
    return replace(answer, result=replace(answer.result, columns=tuple(columns), rows=rows))


def _note(request: HttpRequest, answer: Answer, subject: str, wanted: str) -> None:
    audit.note(
        "data.exported",
        person=request.user,  # type: ignore[arg-type]  # the page's door let only a member in
        workspace=request.workspace,  # type: ignore[attr-defined]  # set by the page's door
        subject=subject,
        detail={
            "rows": len(answer.result.rows),
            "as_of": clock.format_time(answer.result.as_of),
            "format": wanted,
            "asked": request.GET.urlencode()[:300],
        },
        address=str(request.META.get("REMOTE_ADDR", "")),
    )


def _offered(request: HttpRequest) -> dict[str, Any]:
    """Where this list's file comes from, and in which formats; empty when the person may not, or there is none."""
    match = request.resolver_match
    if match is None or not Frame.of(request).may.get("export"):
        return {}
    try:
        address = reverse(f"{match.url_name}_export", kwargs=match.kwargs)
    except NoReverseMatch:
        return {}
    return {"address": address, "formats": [(key, each.name) for key, each in FORMS.items()]}
