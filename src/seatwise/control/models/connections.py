"""Connections to Entra tenants, the app registration of this install, and attempts to connect through a browser."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from seatwise.control.models.people import Link, Person, Workspace


class Place(models.Model):
    """Which Microsoft cloud, or which addresses of one of our own."""

    cloud = models.CharField(max_length=32, default="global")
    authority = models.CharField(max_length=256, blank=True, help_text="only for a custom cloud")
    graph = models.CharField(max_length=256, blank=True, help_text="only for a custom cloud")
    pages = models.CharField(max_length=256, blank=True, help_text="only for a custom cloud: where browsers sign in")
    ca_pem = models.TextField(blank=True, help_text="only for a custom cloud: the certificates it is trusted by")

    class Meta:
        abstract = True


class Registration(Place):
    """The app registration of this install, asked for once per cloud: people sign in to it the OAuth 2.0 way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.CharField(max_length=36)
    tenant = models.CharField(max_length=253, blank=True, help_text="only for a single-tenant registration")
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cloud"], name="one_registration_a_cloud")]


class Connection(Place):
    """One Entra tenant reached with one app registration. Its credential is sealed under the data key of its id."""

    class State(models.TextChoices):
        CONNECTING = "connecting"
        ACTIVE = "active"
        DEGRADED = "degraded"
        NEEDS_REAUTH = "needs_reauth"
        VALIDATION_ERROR = "validation_error"
        DISCONNECTED = "disconnected"

    class Method(models.TextChoices):
        DELEGATED = "oauth2"
        SECRET = "client_secret"  # noqa: S105 - the name of a way, not a secret
        CERTIFICATE = "certificate"
        CONSENTED = "admin_consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="connection")
    tenant_id = models.CharField(max_length=36, unique=True, help_text="Entra tenant id, lower case")
    tenant_name = models.CharField(max_length=256, blank=True)
    domains: models.JSONField[Any, Any] = models.JSONField(default=list)
    client_id = models.CharField(max_length=36)
    method = models.CharField(max_length=16, choices=Method.choices)
    account = models.CharField(max_length=254, blank=True, help_text="delegated: who signed in")
    secret_hint = models.CharField(max_length=8, blank=True, help_text="last characters of the secret, or thumbprint")
    credential_ends_at = models.DateTimeField(null=True, help_text="when the secret or certificate expires, if known")

    state = models.CharField(max_length=16, choices=State.choices, default=State.CONNECTING)
    code = models.CharField(max_length=48, blank=True, help_text="machine word of the reason")
    reason = models.TextField(blank=True)
    next_step = models.CharField(max_length=24, blank=True, help_text="which button helps")
    state_since = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, help_text="first of the transient faults in a row")
    checks: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="the last test, as a checklist")
    checked_at = models.DateTimeField(null=True)

    sync_every_min = models.PositiveIntegerField(default=60, help_text="0: only when asked for")
    next_sync_at = models.DateTimeField(null=True)
    connected_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    lease_holder = models.CharField(max_length=128, blank=True, help_text="who renews the refresh token just now")
    lease_fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    def __repr__(self) -> str:
        return f"<Connection {self.tenant_id} {self.state}>"


class Attempt(Place):
    """One trip to Microsoft's sign-in and back. Single use, ten minutes, bound to session, workspace and purpose.

    The PKCE verifier is sealed under the data key of the same id.
    """

    class Purpose(models.TextChoices):
        CONNECT = "connect"
        RECONNECT = "reconnect"
        CONSENT = "consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    nonce_hash = models.CharField(max_length=64, blank=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+", null=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", null=True)
    client_id = models.CharField(max_length=36)
    redirect_uri = models.CharField(max_length=512)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    outcome: models.JSONField[Any, Any] = models.JSONField(default=dict)
