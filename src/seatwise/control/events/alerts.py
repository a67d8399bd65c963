"""Alerts: what is new and needs somebody, told at once and once to each member who wants to hear of it."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction

from seatwise.control.events import addresses, choices, outbox, writing
from seatwise.control.events.findings import Finding, Found
from seatwise.control.models import CardSighting, CardTold, Letter, MailChoice, Person, Workspace


def put(workspace: Workspace, choice: MailChoice, found: Found) -> bool:
    """One letter about everything this member was not told of yet. False when there is nothing new for them."""
    from seatwise.control.events.cards import ALERTS

    wish, person = choices.read(choice), choice.membership.person
    wanted = {each.key: each for each in found.in_sight if each.card in ALERTS and wish.takes(each.card)}
    if not wish.has_alerts or not wanted:
        return False
    there = CardSighting.objects.filter(workspace=workspace, gone_at=None, first_at__gt=choice.alerts_since)
    told = set(CardTold.objects.filter(membership=choice.membership).values_list("sighting_id", "spell"))
    fresh = [row for row in there if row.key in wanted and (row.pk, row.n_spells) not in told]
    if not fresh:
        return False
    news = [each for key, each in wanted.items() if key in {row.key for row in fresh}]
    try:
        with transaction.atomic():
            CardTold.objects.bulk_create(
                CardTold(membership=choice.membership, sighting=row, spell=row.n_spells) for row in fresh
            )
            return outbox.put(workspace, person, _draft(workspace, person, fresh, news))
    except IntegrityError:
        # Another worker tells the member of one of these just now; what is left is told the next time.
        return False


def _draft(workspace: Workspace, person: Person, fresh: list[CardSighting], news: list[Finding]) -> outbox.Draft:
    which = ",".join(sorted(f"{row.pk}:{row.n_spells}" for row in fresh))
    key = "alert|" + hashlib.sha256(which.encode()).hexdigest()[:32]
    one = len(news) == 1
    title = (
        f"{workspace.name}: {writing.line(workspace, news[0]).words}"
        if one
        else f"{workspace.name}: {len(news)} alerts"
    )
    content = writing.content(
        person,
        workspace,
        title=title,
        lead="This is new and needs somebody." if one else f"These {len(news)} are new and need somebody.",
        parts=writing.part(workspace, "New", news),
        button=("Open the insights", addresses.page(workspace, "insights")),
        why="You asked for alerts under Settings, Notifications. You are told of each once.",
    )
    return outbox.Draft(Letter.Kind.ALERT, key, content, has_names=False)
