"""A file between being handed in and being applied: read anew each time somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access
from seatwise.control.decisions.files import sheet
from seatwise.control.decisions.files.apps import read_apps
from seatwise.control.decisions.files.prices import read_prices
from seatwise.control.decisions.files.reading import Reading, apply
from seatwise.control.decisions.files.seats import read_seats
from seatwise.control.models import Draft, Person, Workspace

KEEP: Final = timedelta(days=1)


def hand_in(by: Person, workspace: Workspace, kind: str, name: str, data: bytes, product_id: str = "") -> Draft:
    """Keeps the file for a day. Errors: NotYours, AskAdmin not_allowed; AskAdmin of `sheet.read`, and nothing is kept.

    What was handed in more than a day ago, by anybody, goes.
    """
    access.demand(by, workspace, "decide")
    Draft.objects.filter(created_at__lt=clock.wall() - KEEP).delete()
    if len(data) > sheet.MOST_BYTES:
        raise AskAdmin(code="file_too_large", sentence="The file is larger than 2 MB. Split it into several files.")
    made = Draft(
        workspace=workspace,
        person=by,
        kind=Draft.Kind(kind),
        product_id=product_id.strip().lower()[:64],
        file_name=name[-128:],
        content=data,
        created_at=clock.wall(),
    )
    read(made)
    made.save()
    return made


def draft(by: Person, workspace: Workspace, draft_id: UUID) -> Draft:
    """One's own. Errors: AskAdmin draft_unknown, also for one that is older than a day or of somebody else."""
    since = clock.wall() - KEEP
    found = Draft.objects.filter(pk=draft_id, workspace=workspace, person=by, created_at__gte=since).first()
    if found is None:
        raise AskAdmin(code="draft_unknown", sentence="This file is not here any more. Hand it in again.")
    return found


def read(told: Draft) -> Reading:
    """What it would do, as of now."""
    kinds: dict[str, Callable[[bytes], Reading]] = {
        Draft.Kind.PRICES: lambda data: read_prices(data, told.workspace, told.person),
        Draft.Kind.APPS: lambda data: read_apps(data, told.workspace, told.person),
        Draft.Kind.SEATS: lambda data: read_seats(data, told.workspace, told.person, product_id=told.product_id),
    }
    return kinds[told.kind](bytes(told.content))


def confirm(by: Person, told: Draft, mark: str, *, address: str = "") -> Draft:
    """Decides what its good rows say. mark: of the reading that was shown.

    Errors: AskAdmin draft_changed when it would do something else by now; those of `decide`. Nothing is decided then.
    """
    if told.applied_as is not None:
        return told
    found = read(told)
    if found.mark != mark:
        raise AskAdmin(
            code="draft_changed",
            sentence="Something changed since you looked. This is what the file would do now; confirm it once more.",
        )
    with transaction.atomic():
        told.applied_as = apply(by, told.workspace, found, address=address)
        told.n_applied = len(found.good)
        told.handed_back = found.handed_back() if found.wrong else ""
        told.save()
    return told
