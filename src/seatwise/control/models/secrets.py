"""Sealed secrets: data keys wrapped by the ring of key-encryption keys, and what is sealed under them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class KeyCheck(models.Model):
    """One row per key-encryption key in use here, so that a wrong or lost key is noticed before it does harm."""

    key_id: models.CharField[str, str] = models.CharField(max_length=32, primary_key=True)
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField()
    created_at = models.DateTimeField()


class DataKey(models.Model):
    """One data key per owner of secrets (a connection, a registration, an attempt), wrapped by a key of the ring.

    Its id is the owner's id. Deleting it shreds everything sealed under it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=36, help_text="the Entra tenant it belongs to, or 'install'")
    key_id = models.CharField(max_length=32, help_text="which key of the ring wraps it")
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)


class Secret(models.Model):
    """One secret under its owner's data key.

    version: the newest counts; an older one stays until the newest has worked.
    """

    data_key = models.ForeignKey(DataKey, on_delete=models.CASCADE, related_name="secrets")
    field = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    sealed: models.BinaryField[bytes, bytes] = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["data_key", "field", "version"], name="one_secret_a_version")
        ]
