"""Cards of the insights: when each was first seen, whether people put it away, and who was told of it by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from seatwise.control.models.people import Membership, Person, Workspace


class CardOf(models.Model):
    """One card about one subject of one workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    card = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=128)

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[str, str, str]:
        return self.card, self.subject_kind, self.subject_id


class CardSighting(CardOf):
    """Since when a card is there. A card that is back after a day or longer begins a new spell."""

    first_at = models.DateTimeField(help_text="of this spell")
    gone_at = models.DateTimeField(null=True)
    n_spells = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "card", "subject_kind", "subject_id"], name="one_sighting_a_card"
            )
        ]


class CardPutAway(CardOf):
    """People decided not to see it, for good or until a day, and why. Kept when it is over: it is a decision."""

    name = models.CharField(max_length=254, help_text="of the subject, when it was put away")
    until = models.DateField(null=True, help_text="not seen before this day; empty: for good")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "card", "subject_kind", "subject_id"],
                condition=Q(ended_at=None),
                name="put_away_once",
            )
        ]


class CardWatch(models.Model):
    """What the cards of a workspace were last looked at with: nothing is looked at twice without a change."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=200, blank=True)
    looked_at = models.DateTimeField(null=True)


class CardTold(models.Model):
    """A member was told of a card in this spell: never again."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    sighting = models.ForeignKey(CardSighting, on_delete=models.CASCADE, related_name="+")
    spell = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "sighting", "spell"], name="told_once_a_spell")
        ]
