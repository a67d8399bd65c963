"""Dismiss and snooze: a card out of sight for everybody in the workspace, with a reason, and back again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit
from seatwise.control.models import CardPutAway, Person, Workspace

MOST_DAYS: Final = 730


def put_away(
    by: Person,
    workspace: Workspace,
    card: str,
    subject_kind: str,
    subject_id: str,
    *,
    name: str,
    reason: str,
    until: date | None,
) -> CardPutAway:
    """Out of sight for good (until None) or until a day; what was put away before is replaced.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin reason_missing, until_odd, card_unknown.
    """
    from seatwise.control.events.cards import CARDS

    access.demand(by, workspace, "decide")
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= 500:
        raise AskAdmin(code="reason_missing", sentence="Say in a few words why, so that others understand it later.")
    today = clock.now().date()
    if until is not None and not today < until <= today + timedelta(days=MOST_DAYS):
        raise AskAdmin(code="until_odd", sentence="Choose a day after today, at most two years away.")
    if card not in CARDS or not 1 <= len(subject_id) <= 128 or not 1 <= len(subject_kind) <= 16:
        raise AskAdmin(code="card_unknown", sentence="There is no such card. Load the page again.")
    of = {"workspace": workspace, "card": card, "subject_kind": subject_kind, "subject_id": subject_id}
    with transaction.atomic():
        now = clock.wall()
        CardPutAway.objects.filter(**of, ended_at=None).update(ended_at=now, ended_by=by)
        made = CardPutAway.objects.create(**of, name=name[:254], until=until, reason=reason, by=by, at=now)
        audit.note(
            "card.dismissed" if until is None else "card.snoozed",
            person=by,
            workspace=workspace,
            subject=f"{CARDS[card].words}: {name}",
            detail={"reason": reason, "until": None if until is None else until.isoformat()},
        )
    return made


def bring_back(by: Person, workspace: Workspace, number: int) -> None:
    """In sight again. Harmless when it is so already. Errors: NotYours, AskAdmin not_allowed."""
    from seatwise.control.events.cards import CARDS

    access.demand(by, workspace, "decide")
    with transaction.atomic():
        row = CardPutAway.objects.filter(workspace=workspace, pk=number, ended_at=None).first()
        if row is None:
            return
        row.ended_at, row.ended_by = clock.wall(), by
        row.save(update_fields=["ended_at", "ended_by"])
        words = CARDS[row.card].words if row.card in CARDS else row.card
        audit.note("card.brought_back", person=by, workspace=workspace, subject=f"{words}: {row.name}")
