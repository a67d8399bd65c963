"""Whom a tenant forgot: keyed hashes, never the person, and how far the work is."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from seatwise.control.models.people import Person


class Forgetting(models.Model):
    """One forgotten person of one tenant.

    While `ended_at` is null the database lets the texts of this tenant's audit entries be changed, nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.CharField(max_length=36)
    stand_in = models.CharField(max_length=36, help_text="random id under which what counts is kept")
    salt = models.CharField(max_length=64, help_text="hexadecimal, the same for all of a tenant")
    digests: models.JSONField[Any, Any] = models.JSONField(help_text="keyed hashes of the id and the addresses")
    traces: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="id, addresses and names, until the work is done"
    )
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=24, blank=True)
    problem = models.TextField(blank=True, help_text="why the last try did not end")
    ended_at = models.DateTimeField(null=True)
    outcome: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "stand_in"], name="one_stand_in_a_person")
        ]
