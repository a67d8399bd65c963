"""Runs: work asked for, claimed once, ended once."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from seatwise.control.models.people import Person


class Run(models.Model):
    """One sync or one import. A run whose heartbeat stopped is taken up again by another worker."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        PARTIAL = "partial"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        SYNC = "sync"
        IMPORT = "import"

    class Trigger(models.TextChoices):
        COMMAND = "command"
        FIRST = "first"
        PERSON = "person"
        SCHEDULE = "schedule"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    trigger = models.CharField(max_length=8, choices=Trigger.choices, default=Trigger.COMMAND)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    as_of = models.DateTimeField(help_text="the run's now")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=128, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    n_claims = models.PositiveIntegerField(default=0, help_text="also the fence: only the newest claim may end the run")
    cancel_asked_at = models.DateTimeField(null=True)
    progress: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="per data set, while it goes on")
    ended_at = models.DateTimeField(null=True)
    outcome: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant_id", "kind", "-created_at"], name="run_of_tenant")]
