"""The list of the forgotten: keyed hashes in the database, handed to whoever writes into the lake."""

from __future__ import annotations

import secrets
import uuid

from django.db import transaction

from seatwise.base import clock
from seatwise.control.connections import places
from seatwise.control.models import Forgetting, Person
from seatwise.lake.forgotten import Forgotten
from seatwise.lake.places import Places
from seatwise.lake.traces import Traces


def forgotten(tenant_id: str) -> Forgotten:
    """Whom this tenant forgot or is forgetting."""
    rows = list(Forgetting.objects.filter(tenant_id=tenant_id.lower()).only("salt", "digests", "stand_in"))
    if not rows:
        return Forgotten()
    people = {digest: row.stand_in for row in rows for digest in row.digests}
    return Forgotten(bytes.fromhex(rows[0].salt), people)


def places_to_write(tenant_id: str) -> Places:
    """Where the tenant's data lie, for whoever brings something there: forgotten people stay out."""
    found = places(tenant_id)
    return Places(found.root, found.tenant_id, forgotten(tenant_id))


def find(tenant_id: str, text: str) -> Forgetting | None:
    """The one of this id or address, done or not."""
    rows = list(Forgetting.objects.filter(tenant_id=tenant_id.lower()))
    if not rows:
        return None
    digest = Forgotten(bytes.fromhex(rows[0].salt)).digest(text)
    return next((row for row in rows if digest in row.digests), None)


def begin(tenant_id: str, person: Traces, by: Person | None) -> Forgetting:
    """Written first: from here on nothing new of the person comes in, however the work goes on."""
    with transaction.atomic():
        first = Forgetting.objects.filter(tenant_id=tenant_id).order_by("asked_at").first()
        salt = first.salt if first else secrets.token_hex(32)
        known = Forgotten(bytes.fromhex(salt))
        return Forgetting.objects.create(
            tenant_id=tenant_id,
            stand_in=str(uuid.uuid4()),
            salt=salt,
            digests=sorted(known.digest(text) for text in person.sure),
            traces=_kept(person),
            asked_by=by,
            asked_at=clock.wall(),
        )


def traces_of(row: Forgetting) -> Traces | None:
    """Who it is about, while the work is not done."""
    told = row.traces
    if not told:
        return None
    kept = (frozenset(told[name]) for name in ("addresses", "names", "shared"))
    return Traces(told["user_id"], *kept)


def widen(row: Forgetting, person: Traces) -> None:
    """Add what was found since, when a killed run is taken up again."""
    before = traces_of(row)
    if before is not None:
        shared = before.shared | person.shared
        addresses = (before.addresses | person.addresses) - shared
        person = Traces(before.user_id, addresses, before.names | person.names, shared)
    known = Forgotten(bytes.fromhex(row.salt))
    row.digests = sorted({*row.digests, *(known.digest(text) for text in person.sure)})
    row.traces = _kept(person)
    row.save(update_fields=["digests", "traces"])


def _kept(person: Traces) -> dict[str, object]:
    texts = {name: sorted(getattr(person, name)) for name in ("addresses", "names", "shared")}
    return {"user_id": person.user_id, **texts}


__all__ = ["begin", "find", "forgotten", "places_to_write", "traces_of", "widen"]
