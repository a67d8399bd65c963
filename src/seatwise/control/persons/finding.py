"""Who is meant by an id or an address."""

from __future__ import annotations

from seatwise.base.errors import AskAdmin
from seatwise.control.connections import places
from seatwise.lake.traces import Traces, ids_of, traces


def found(tenant_id: str, text: str) -> Traces:
    """The one person of that id or address, now or once. Errors: AskAdmin person_unknown, person_unclear."""
    where = places(tenant_id)
    ids = ids_of(where, text)
    if len(ids) > 1:
        raise AskAdmin(
            code="person_unclear",
            sentence=f"{len(ids)} people have or had this address. Name one by their id: {', '.join(ids[:10])}",
        )
    person = traces(where, ids[0]) if ids else None
    if person is None:
        raise AskAdmin(
            code="person_unknown",
            sentence="Nobody with this id or address is known here. Use the object id that Entra shows for the person, "
            "or the address they sign in with.",
        )
    return person
