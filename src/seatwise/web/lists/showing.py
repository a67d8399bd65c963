"""The two answers of a list's address: the page, whole or as a fragment, and the file of exactly what it shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
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

# Rows asked for at a time, and bytes of a file held in memory before it goes to a passing file on disk.
_AT_ONCE: Final = 20_000
_IN_MEMORY: Final = 8 << 20


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
    pieces: dict[str, Any] = {"of": of, "where": (*where, *asked.where), "search": asked.query, "sort": asked.sorted}
    pieces["microsoft"] = asked.microsoft or microsoft
    answer = asking.ask(request, page.metric, **pieces, limit=_AT_ONCE)
    if answer is None:
        raise Http404
    _note(request, answer, f"{page.metric}: {subject}" if subject else page.metric, wanted)
    told = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    shown = replace(answer.result, columns=_columns(answer, page, asked))
    try:
        FORMS[wanted].write(shown, told, answer.question, _rows(request, page.metric, answer, pieces))
    except TryLater as error:
        return HttpResponse(error.sentence, status=503, content_type="text/plain; charset=utf-8")
    n_bytes = told.seek(0, 2)
    told.seek(0)
    file = f"seatwise-{name or page.metric}-{answer.result.as_of:%Y-%m-%d}.{wanted}"
    if n_bytes > _IN_MEMORY:
        streamed = FileResponse(told, as_attachment=True, filename=file, content_type=FORMS[wanted].content_type)
        return cast(HttpResponse, streamed)  # the doors know one kind of answer
    response = HttpResponse(told.read(), content_type=FORMS[wanted].content_type)
    told.close()
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _rows(request: HttpRequest, metric: str, first: Answer, pieces: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every row, asked for by and by: a long list never stands in memory whole. Errors: TryLater when it moves."""
    yield from first.result.rows
    n = len(first.result.rows)
    while n < first.result.n_rows:
        more = asking.ask(request, metric, **pieces, limit=_AT_ONCE, offset=n)
        same = more is not None and (more.result.as_of, more.result.n_rows) == (first.result.as_of, first.result.n_rows)
        if more is None or not same or not more.result.rows:
            raise TryLater(
                code="answers_moving", sentence="A sync has brought something new meanwhile. Export it again."
            )
        yield from more.result.rows
        n += len(more.result.rows)


def _columns(answer: Answer, page: ListPage, asked: Asked) -> tuple[Any, ...]:
    """Those that are shown: what tells rows apart first, then as in the table."""
    known = {each.name: each for each in answer.result.columns}
    shown = [name for each in page.columns if each.name in asked.columns for name in each.in_files]
    names = dict.fromkeys([*page.keys, page.key, *shown])
    columns = [known[name] for name in names if name in known]
    if any(each.type == "money" for each in columns) and "currency" in known and "currency" not in names:
        columns.append(known["currency"])
    return tuple(columns)


def _note(request: HttpRequest, answer: Answer, subject: str, wanted: str) -> None:
    audit.note(
        "data.exported",
        person=request.user,  # type: ignore[arg-type]  # the page's door let only a member in
        workspace=request.workspace,  # type: ignore[attr-defined]  # set by the page's door
        subject=subject,
        detail={
            "rows": answer.result.n_rows,
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
