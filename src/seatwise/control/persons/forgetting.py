"""Forgets a person of one tenant, in the lake and in the database, and looks for what is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, Broken, SeatwiseError
from seatwise.control import access, audit
from seatwise.control.access.rights import not_yours
from seatwise.control.decisions.fields import FORGOTTEN
from seatwise.control.models import Decision, Draft, Forgetting, Membership, Person, Workspace
from seatwise.control.persons import book, texts
from seatwise.control.persons.finding import found
from seatwise.lake import forgetting as lake
from seatwise.lake.traces import Found, Traces, in_bytes, search
from seatwise.sync.lock import alone

Tell = Callable[[str], None]
BACKUPS: Final = (
    "Backups made before are not reached: delete those you keep, or forget the person again after restoring one. "
    "Microsoft’s own records are not touched either."
)


@dataclass(frozen=True, slots=True)
class Forgot:
    """What was done.

    n_texts:    rows of the database whose texts were changed.
    left:       where the id or an address still stands, which should be nowhere.
    elsewhere:  where the name does, which others may bear; None when it was not looked for.
    """

    stand_in: str
    n_records: int
    n_rows: int
    n_files: int
    n_texts: int
    left: tuple[Found, ...]
    elsewhere: tuple[Found, ...]


def ask(by: Person | None, tenant_id: str, text: str, *, address: str = "") -> Forgetting:
    """Begin to forget the person with that id or address; `finish` or a worker does it. Harmless when asked twice.

    by:      None for whoever holds the machine, at the command line.
    Errors:  NotYours; AskAdmin not_allowed, person_unknown, person_unclear, person_is_member, person_forgotten.
    """
    workspace = Workspace.objects.filter(tenant_id=tenant_id).first()
    if by is not None:
        if workspace is None:
            raise not_yours()
        access.demand(by, workspace, "workspace")
    known = book.find(tenant_id, text)
    if known is not None:
        if known.ended_at is None:
            return known
        raise AskAdmin(
            code="person_forgotten",
            sentence=f"This person was forgotten on {known.ended_at:%d %b %Y}, and everything read since leaves them "
            "out. After restoring an older backup, run: seatwise person forget ID --again",
        )
    person = found(tenant_id, text)
    _check_member(person)
    with transaction.atomic():
        row = book.begin(tenant_id, person, by)
        told = {"stand_in": row.stand_in}
        audit.note(
            "person.forget",
            person=by,
            workspace=workspace,
            tenant_id=tenant_id,
            subject=row.stand_in,
            detail=told,
            address=address,
        )
    return row


def ask_again(tenant_id: str, text: str) -> Forgetting:
    """Once more for somebody forgotten, after an older backup was restored. Errors: as `ask`."""
    row = book.find(tenant_id, text)
    if row is None:
        return ask(None, tenant_id, text)
    person = found(tenant_id, text)
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    book.widen(row, person)
    return row


def finish(row: Forgetting, tell: Tell) -> Forgot:
    """Do it to its end. Killed anywhere, doing it again ends the same.

    Errors: AskAdmin sync_running while the tenant's folder is held; Broken.
    """
    Forgetting.objects.filter(pk=row.pk).update(tried_at=clock.wall(), problem="")
    person = book.traces_of(row)
    try:
        with alone(book.places_to_write(row.tenant_id)):
            if person is None:
                return _closed(row, None, None, 0, tell)
            forgot = lake.forget(book.places_to_write(row.tenant_id), person, lambda step: _step(row, step, tell))
            _step(row, "database", tell)
            n_texts = _forget_texts(row, person)
            return _closed(row, person, forgot, n_texts, tell)
    except SeatwiseError as error:
        Forgetting.objects.filter(pk=row.pk).update(problem=error.sentence)
        raise


def open_of(tenant_id: str) -> list[Forgetting]:
    """Those that are not done yet."""
    return list(Forgetting.objects.filter(tenant_id=tenant_id, ended_at=None).order_by("asked_at"))


def _step(row: Forgetting, step: str, tell: Tell) -> None:
    Forgetting.objects.filter(pk=row.pk).update(step=step)
    tell(step)


def _check_member(person: Traces) -> None:
    member = Membership.objects.filter(person__email__in=person.addresses).select_related("workspace").first()
    if member is not None:
        raise AskAdmin(
            code="person_is_member",
            sentence=f"This person signs in to Seatwise as a member of {member.workspace.name}. "
            "Remove them on the page Members first, then forget them.",
        )


def _forget_texts(row: Forgetting, person: Traces) -> int:
    words = texts.Words(person, row.stand_in)
    with transaction.atomic():
        # Whoever signed in here once and is a member of nothing any more has no reason to stay.
        Person.objects.filter(email__in=person.addresses, memberships=None).delete()
        # Files that wait to be decided on are not searched line by line: who handed one in can do so again.
        Draft.objects.filter(workspace__tenant_id=row.tenant_id).delete()
        n = texts.replace(row.tenant_id, words)
        _turn_page(row)
        Forgetting.objects.filter(pk=row.pk).update(traces={}, step="clean-up")
    return n


def _turn_page(row: Forgetting) -> None:
    """Give the book of decisions a new number, so that what other processes remember of it is read again."""
    workspace = Workspace.objects.select_for_update().filter(tenant_id=row.tenant_id).first()
    if workspace is None:
        return
    newest = Decision.objects.filter(workspace=workspace).order_by("-number").first()
    number = 1 if newest is None else newest.number + 1
    told = {"subject_kind": Decision.SubjectKind.WORKSPACE, "subject_id": "", "field": FORGOTTEN}
    Decision.objects.filter(workspace=workspace, replaced_by=None, **told).update(replaced_by=number)
    Decision.objects.create(workspace=workspace, number=number, value=number, decided_at=clock.wall(), **told)


def _closed(row: Forgetting, person: Traces | None, forgot: lake.Forgot | None, n_texts: int, tell: Tell) -> Forgot:
    _step(row, "clean-up", tell)
    texts.clean_up()
    left, elsewhere = _left_in_database(row, person)
    done = Forgot(
        row.stand_in,
        forgot.n_records if forgot else 0,
        forgot.n_rows if forgot else 0,
        forgot.n_files if forgot else 0,
        n_texts,
        (*(forgot.left if forgot else ()), *left),
        (*(forgot.elsewhere if forgot else ()), *elsewhere),
    )
    counted = {
        "records": done.n_records,
        "rows": done.n_rows,
        "files": done.n_files,
        "texts": done.n_texts,
        "left": len(done.left),
        "elsewhere": len(done.elsewhere),
    }
    with transaction.atomic():
        Forgetting.objects.filter(pk=row.pk).update(ended_at=clock.wall(), step="", outcome=counted)
        audit.note(
            "person.forgotten",
            workspace=Workspace.objects.filter(tenant_id=row.tenant_id).first(),
            tenant_id=row.tenant_id,
            subject=row.stand_in,
            detail=counted,
        )
    if done.left:
        raise Broken(
            code="person_still_there",
            sentence=f"Something of this person is still stored in {len(done.left)} places. Please report this.",
            detail=", ".join(sorted({one.where for one in done.left})[:20]),
        )
    return done


def _left_in_database(row: Forgetting, person: Traces | None) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    if person is None:
        return (), ()
    words = texts.Words(person, row.stand_in)
    # JSON is kept with escapes, which a search for plain text would pass over.
    escaped = {json.dumps(text)[1:-1]: text for text in person.sure | person.names}
    looked_for = {**escaped, **{text: text for text in person.sure | person.names}}
    found_ = _in_files(looked_for) if connection.vendor == "sqlite" else _in_tables(looked_for)
    named = [Found(one.where, looked_for[one.text], one.n) for one in found_]
    # Files that wait to be imported: the person stays out on their way in, and the files go when that is done.
    uploads = Path(settings.DATA) / "uploads"
    waiting = (
        [replace(one, where=f"uploads/{one.where}") for one in search(uploads, person.sure)] if uploads.is_dir() else []
    )
    sure = tuple(one for one in named if one.text in person.sure)
    if sure and texts.mentioned_by_others(row.tenant_id, words):
        return (), (*named, *waiting)
    return sure, (*(one for one in named if one.text not in person.sure), *waiting)


def _in_files(looked_for: dict[str, str]) -> list[Found]:
    data = Path(settings.DATA)
    found_: list[Found] = []
    for path in sorted(data.glob("seatwise.sqlite3*")):
        content = path.read_bytes()
        counted = {text: len(in_bytes(text).findall(content)) for text in looked_for}
        found_ += [Found(path.name, text, n) for text, n in counted.items() if n]
    return found_


def _in_tables(looked_for: dict[str, str]) -> list[Found]:
    found_: list[Found] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for text in looked_for:
                name = connection.ops.quote_name(table)
                cursor.execute(
                    f"SELECT count(*) FROM {name} AS t WHERE strpos(lower(t::text), %s) > 0",  # noqa: S608 - names of our tables
                    [text.lower()],
                )
                n: Any = cursor.fetchone()
                if n[0]:
                    found_.append(Found(table, text, n[0]))
    return found_


__all__ = ["BACKUPS", "Forgot", "ask", "ask_again", "finish", "open_of"]
