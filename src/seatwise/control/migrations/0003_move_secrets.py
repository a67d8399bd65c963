"""Gives every connection its workspace, and moves its sealed secret into tables of their own.

The functions below are frozen copies of what sealed in version 0.1 and of what seals now. A secret whose key is missing
or wrong is moved as it lies: the vault tells why it does not open, and opens it once the key is back.
"""

from __future__ import annotations

import base64
import os
import uuid
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations

KEY_ID, FIELD, VERSION = "k1", "credential", 1


def move(apps: Any, schema_editor: Any) -> None:
    workspaces = apps.get_model("control", "Workspace").objects
    data_keys, secrets = apps.get_model("control", "DataKey").objects, apps.get_model("control", "Secret").objects
    key = _key()
    for connection in apps.get_model("control", "Connection").objects.order_by("created_at"):
        if connection.workspace_id is None:
            name = connection.tenant_name or connection.tenant_id
            connection.workspace = workspaces.create(name=name[:128], tenant_id=connection.tenant_id)
            connection.save(update_fields=["workspace"])
        if not data_keys.filter(pk=connection.id).exists():
            wrapped, sealed = _sealed_anew(key, connection)
            row = data_keys.create(id=connection.id, scope=connection.tenant_id, key_id=KEY_ID, sealed=wrapped)
            secrets.create(data_key=row, field=FIELD, version=VERSION, sealed=sealed)


def _sealed_anew(key: bytes | None, connection: Any) -> tuple[bytes, bytes]:
    wrapped, sealed = bytes(connection.sealed_key), bytes(connection.sealed_secret)
    if key is None:
        return wrapped, sealed
    old = f"{connection.tenant_id}|{connection.id}|{FIELD}"
    try:
        clear = _opened(_opened(key, f"key|{old}", wrapped), f"secret|{old}", sealed)
    except InvalidTag:
        return wrapped, sealed
    data_key = AESGCM.generate_key(bit_length=256)
    place = f"{connection.tenant_id}|{uuid.UUID(str(connection.id))}"
    return (
        _closed(key, f"key|{place}|{KEY_ID}", data_key),
        _closed(data_key, f"{place}|{FIELD}|{VERSION}", clear),
    )


def _key() -> bytes | None:
    try:
        key = base64.b64decode((Path(settings.DATA) / "keys" / f"{KEY_ID}.key").read_bytes().strip(), validate=True)
    except (OSError, ValueError):
        return None
    return key if len(key) == 32 else None


def _opened(key: bytes, associated: str, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[1:13], sealed[13:], sealed[:1] + associated.encode())


def _closed(key: bytes, associated: str, clear: bytes) -> bytes:
    nonce = os.urandom(12)
    return b"\x02" + nonce + AESGCM(key).encrypt(nonce, clear, b"\x02" + associated.encode())


class Migration(migrations.Migration):
    dependencies = [("control", "0002_people")]
    operations = [migrations.RunPython(move)]
