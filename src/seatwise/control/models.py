"""The database's tables: connections with their sealed secrets, the key check, and runs."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models


class KeyCheck(models.Model):
    """One row per key-encryption key ever used here, so that a wrong or lost key is noticed before it does harm."""

    key_id: models.CharField[str, str] = models.CharField(max_length=32, primary_key=True)
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField()
    created_at = models.DateTimeField()


class Connection(models.Model):
    """One Entra tenant reached with one app registration."""

    class State(models.TextChoices):
        ACTIVE = "active"
        DEGRADED = "degraded"
        NEEDS_REAUTH = "needs_reauth"
        DISCONNECTED = "disconnected"

    class Method(models.TextChoices):
        SECRET = "client_secret"  # noqa: S105 - the name of a way, not a secret
        CERTIFICATE = "certificate"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.CharField(max_length=36, unique=True, help_text="Entra tenant id, lower case")
    tenant_name = models.CharField(max_length=256, blank=True)
    cloud = models.CharField(max_length=32, default="global")
    authority = models.CharField(max_length=256, blank=True, help_text="only for a custom cloud")
    graph = models.CharField(max_length=256, blank=True, help_text="only for a custom cloud")
    ca_pem = models.TextField(blank=True, help_text="only for a custom cloud: the certificates it is trusted by")
    client_id = models.CharField(max_length=36)
    method = models.CharField(max_length=16, choices=Method.choices)
    sealed_key = models.BinaryField(help_text="this connection's data key, wrapped by the key-encryption key")
    sealed_secret = models.BinaryField(help_text="the secret or the certificate with its key, sealed by the data key")
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    reason = models.TextField(blank=True)
    state_since = models.DateTimeField()
    created_at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Connection {self.tenant_id} {self.state}>"


class Run(models.Model):
    """One sync or one import: asked for, claimed once, ended once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        PARTIAL = "partial"
        FAILED = "failed"

    class Kind(models.TextChoices):
        SYNC = "sync"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    as_of = models.DateTimeField(help_text="the run's now")
    created_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=128, blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant_id", "kind", "-created_at"], name="run_of_tenant")]
