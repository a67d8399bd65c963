"""Everything that is kept about one person, as one archive they can be given."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, Final

from seatwise.base import clock
from seatwise.control import access, audit
from seatwise.control.access.rights import not_yours
from seatwise.control.connections import places
from seatwise.control.models import Person, Workspace
from seatwise.control.persons import texts
from seatwise.control.persons.finding import found
from seatwise.lake.traces import Traces, records_about, rows_about

_ABOUT: Final = """Everything Seatwise keeps about one person
==========================================

Person:  {user_id}
Made:    {at}
Tenant:  {tenant_id}

tables/      rows of the tables made from Microsoft's answers, of every time on record; one file a table
received/    the records as Microsoft sent them or as they were imported, one file a package; kept for 30 days
database/    what people here decided or noted: the texts in which the id, an address or the name stands

Times are UTC. valid_from and valid_to say from when to when a row held; empty means since ever, and still.
"""


def export(by: Person | None, tenant_id: str, text: str, sink: IO[bytes], *, address: str = "") -> Traces:
    """Write the archive of the person with that id or address.

    by:      None for whoever holds the machine, at the command line.
    Errors:  NotYours; AskAdmin not_allowed, person_unknown, person_unclear. Nothing is written then.
    """
    workspace = Workspace.objects.filter(tenant_id=tenant_id).first()
    if by is not None:
        if workspace is None:
            raise not_yours()
        access.demand(by, workspace, "workspace")
    person = found(tenant_id, text)
    where = places(tenant_id)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        told = {"user_id": person.user_id, "at": clock.format_time(clock.wall()), "tenant_id": tenant_id}
        archive.writestr("README.txt", _ABOUT.format(**told))
        for name, rows in rows_about(where, person):
            archive.writestr(f"tables/{name}.json", _json(rows))
        for name, records in records_about(where, person):
            archive.writestr(f"received/{name.replace('/', '-')}.json", _json(records))
        for name, entries in _of_database(tenant_id, person):
            archive.writestr(f"database/{name}.json", _json(entries))
    audit.note(
        "person.exported", person=by, workspace=workspace, tenant_id=tenant_id, subject=person.user_id, address=address
    )
    return person


def _of_database(tenant_id: str, person: Traces) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    found_: dict[str, list[dict[str, Any]]] = {}
    for row, fields in texts.about(tenant_id, texts.Words(person, person.user_id)):
        at = next((getattr(row, name) for name in ("at", "decided_at", "created_at") if hasattr(row, name)), None)
        found_.setdefault(type(row).__name__, []).append({"at": at, **fields})
    yield from found_.items()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.format_time(value)
    return value.isoformat() if isinstance(value, date) else str(value)
