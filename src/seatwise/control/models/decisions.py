"""What people decided, as a book that only grows: an entry holds until a later one replaces it. Files on their way."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from seatwise.control.models.people import Person, Workspace


class Decision(models.Model):
    """One field of one subject, decided at one moment.

    Key: (workspace, number, subject, field). Fields decided together share the number, and are undone together.
    Subjects are named by Microsoft's ids; nothing here points into the lake, so that no sync can touch it.
    """

    class SubjectKind(models.TextChoices):
        WORKSPACE = "workspace"
        PRODUCT = "product"
        LICENCE = "licence"
        PERSON = "person"
        SEAT = "seat"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField(help_text="counts up in each workspace; the newest is the revision")
    subject_kind = models.CharField(max_length=9, choices=SubjectKind.choices)
    subject_id = models.CharField(max_length=64, blank=True, help_text="product, SKU or user id; of a seat its product")
    field = models.CharField(max_length=254, help_text="what is decided; of a seat the address of who has it")
    value: models.JSONField[Any, Any] = models.JSONField(null=True, help_text="null: not decided any more")
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    replaced_by = models.PositiveIntegerField(null=True, help_text="number of the entry that holds instead")
    undo_of = models.PositiveIntegerField(null=True, help_text="number of the entry that this one takes back")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "field"],
                condition=Q(replaced_by=None),
                name="one_decision_holds",
            ),
            models.UniqueConstraint(
                fields=["workspace", "number", "subject_kind", "subject_id", "field"], name="one_decision_a_number"
            ),
        ]


class Draft(models.Model):
    """A file somebody handed in, until it is applied or a day is over. Nothing of it is decided yet.

    product_id: of rows that name no app. applied_as: the number of the decision it became.
    """

    class Kind(models.TextChoices):
        PRICES = "prices"
        APPS = "apps"
        SEATS = "seats"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    product_id = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=128, blank=True)
    content: models.BinaryField[bytes, bytes] = models.BinaryField()
    handed_back = models.TextField(blank=True, help_text="once applied: the wrong rows, with the reason")
    n_applied = models.PositiveIntegerField(default=0, help_text="once applied: rows")
    applied_as = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
