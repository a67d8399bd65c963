"""What each member wants to hear of by e-mail, and when: nothing until they ask for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit
from seatwise.control.models import MailChoice, Membership, Person, Workspace

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Chosen:
    """digest: never, daily or weekly; weekday: 0 is Monday; hour: UTC; cards: None for all, later ones too."""

    digest: str = "never"
    weekday: int = 0
    hour: int = 7
    has_alerts: bool = False
    cards: frozenset[str] | None = None

    def takes(self, card: str) -> bool:
        return self.cards is None or card in self.cards


def chosen(person: Person, workspace: Workspace) -> Chosen:
    row = MailChoice.objects.filter(membership__person_id=person.pk, membership__workspace=workspace).first()
    return Chosen() if row is None else read(row)


def read(row: MailChoice) -> Chosen:
    cards = None if row.cards is None else frozenset(row.cards)
    return Chosen(row.digest, row.weekday, row.hour, row.has_alerts, cards)


def choose(person: Person, workspace: Workspace, wish: Chosen) -> None:
    """Keeps it; what lies before this moment is not sent afterwards.

    Errors: NotYours; AskAdmin mail_choice_odd for a choice that is not on the page.
    """
    access.demand(person, workspace, "view")
    if (
        wish.digest not in MailChoice.Digest
        or not 0 <= wish.weekday <= 6
        or not 0 <= wish.hour <= 23
        or not _known(wish.cards)
    ):
        raise AskAdmin(code="mail_choice_odd", sentence="Choose from what is offered.")
    if wish.cards is not None and not wish.cards and (wish.digest != "never" or wish.has_alerts):
        raise AskAdmin(code="mail_choice_empty", sentence="Choose at least one subject, or turn the e-mails off.")
    now, before = clock.wall(), chosen(person, workspace)
    if wish == before:
        return
    membership = Membership.objects.get(person_id=person.pk, workspace=workspace)
    row = MailChoice.objects.filter(membership=membership).first()
    row = row or MailChoice(membership=membership, digest_since=now, alerts_since=now)
    if (wish.digest, wish.weekday, wish.hour) != (before.digest, before.weekday, before.hour):
        row.digest_since = now
    if wish.has_alerts and not before.has_alerts:
        row.alerts_since = now
    row.digest, row.weekday, row.hour, row.has_alerts = wish.digest, wish.weekday, wish.hour, wish.has_alerts
    row.cards = None if wish.cards is None else sorted(wish.cards)
    row.save()
    told = {"digest": wish.digest, "alerts": wish.has_alerts}
    audit.note("mail.chosen", person=person, workspace=workspace, detail=told)


def slot(wish: Chosen, now: datetime) -> datetime | None:
    """The last moment, not after `now`, at which a digest was wanted; None when none is."""
    if wish.digest == "never":
        return None
    at = datetime.combine(now.date(), time(wish.hour), now.tzinfo)
    if wish.digest == "weekly":
        at -= timedelta(days=(at.weekday() - wish.weekday) % 7)
    step = timedelta(days=7 if wish.digest == "weekly" else 1)
    return at if at <= now else at - step


def next_slot(wish: Chosen, now: datetime) -> datetime | None:
    last = slot(wish, now)
    return None if last is None else last + timedelta(days=7 if wish.digest == "weekly" else 1)


def _known(cards: Collection[str] | None) -> bool:
    from seatwise.control.events.cards import CARDS

    return cards is None or all(card in CARDS for card in cards)
