"""Stores and opens secrets: each under its owner's data key, bound to scope, owner, field and version."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from seatwise.base.errors import AskAdmin, Broken
from seatwise.control.models import DataKey, Secret
from seatwise.control.vault import cipher, ring
from seatwise.control.vault.sources import KeySource, source

_WORD = re.compile(r"[a-z0-9_-]{1,36}")


def store(owner_id: UUID, scope: str, field: str, clear: str) -> int:
    """The secret sealed as the newest version; older versions stay until they are dropped.

    scope:   the Entra tenant id in lower case, or "install"; one owner has one scope.
    Returns: the version, from 1: one more than the newest that is kept.
    Errors:  those of `check`; nothing has been written then.
    """
    if not _WORD.fullmatch(scope) or not _WORD.fullmatch(field):
        raise Broken(code="secret_place", sentence="A secret has no proper place.", detail=f"{scope!r} {field!r}")
    keys = source()
    ring.check()
    with transaction.atomic():
        row = _locked(owner_id) or _made(keys, owner_id, scope)
        if row.scope != scope:
            raise Broken(
                code="secret_scope",
                sentence="A credential was to be stored for another tenant than its connection's. Nothing was changed.",
                detail=str(owner_id),
            )
        version = (Secret.objects.filter(data_key=row, field=field).aggregate(n=Max("version"))["n"] or 0) + 1
        place = cipher.place_of_secret(cipher.FORMAT, scope, owner_id, field, version)
        sealed = cipher.seal(data_key(keys, row), place, clear.encode())
        Secret.objects.create(data_key=row, field=field, version=version, sealed=sealed)
    return version


def fetch(owner_id: UUID, field: str, version: int | None = None) -> str:
    """The secret in clear; the newest version when none is named.

    Errors: those of `check`; AskAdmin secret_none; Broken when the ciphertext is not the one sealed there.
    """
    keys = source()
    ring.check()
    rows = Secret.objects.filter(data_key_id=owner_id, field=field).select_related("data_key").order_by("-version")
    row = (rows if version is None else rows.filter(version=version)).first()
    if row is None:
        raise AskAdmin(
            code="secret_none",
            sentence="No credential is stored for this connection any more. Connect it again.",
            detail=f"{owner_id} {field}",
        )
    try:
        return opened(data_key(keys, row.data_key), row).decode()
    except cipher.NotOpened as error:
        raise _damaged(row.data_key) from error


def versions(owner_id: UUID, field: str) -> list[int]:
    """Ascending; empty when there is none."""
    rows = Secret.objects.filter(data_key_id=owner_id, field=field)
    return list(rows.order_by("version").values_list("version", flat=True))


def drop(owner_id: UUID, field: str, *, below: int | None = None, version: int | None = None) -> None:
    """Deletes versions older than `below`, or the one named, or with neither all of the field.

    Errors: those of `check`: while the vault is locked nothing is deleted.
    """
    ring.check()
    rows = Secret.objects.filter(data_key_id=owner_id, field=field)
    if below is not None:
        rows = rows.filter(version__lt=below)
    if version is not None:
        rows = rows.filter(version=version)
    rows.delete()


def shred(owner_id: UUID) -> None:
    """Deletes the owner's data key and everything sealed under it. Errors: those of `check`; nothing deleted then."""
    ring.check()
    DataKey.objects.filter(pk=owner_id).delete()


def data_key(keys: KeySource, row: DataKey) -> bytes:
    """The owner's data key in clear. Errors: those of `KeySource.unwrap`; Broken when another was wrapped there."""
    sealed = bytes(row.sealed)
    try:
        return keys.unwrap(row.key_id, cipher.place_of_key(sealed, row.scope, row.id, row.key_id), sealed)
    except cipher.NotOpened as error:
        raise _damaged(row) from error


def opened(key: bytes, row: Secret) -> bytes:
    """Errors: cipher.NotOpened."""
    sealed, owner = bytes(row.sealed), row.data_key
    return cipher.unseal(key, cipher.place_of_secret(sealed, owner.scope, owner.id, row.field, row.version), sealed)


def wrapped(keys: KeySource, key_id: str, scope: str, owner_id: UUID, key: bytes) -> bytes:
    return keys.wrap(key_id, cipher.place_of_key(cipher.FORMAT, scope, owner_id, key_id), key)


def _locked(owner_id: UUID) -> DataKey | None:
    return DataKey.objects.select_for_update().filter(pk=owner_id).first()


def _made(keys: KeySource, owner_id: UUID, scope: str) -> DataKey:
    key_id = ring.current(keys)
    # The key's row is locked now, so one of two makers waited here: look again.
    there = _locked(owner_id)
    if there is not None:
        return there
    sealed = wrapped(keys, key_id, scope, owner_id, cipher.new_key())
    return DataKey.objects.create(id=owner_id, scope=scope, key_id=key_id, sealed=sealed)


def _damaged(row: DataKey) -> Broken:
    return Broken(
        code="sealed_secret_damaged",
        sentence="A stored credential does not open with its key: the database was changed or mixed up. "
        "Nothing was changed. Connect this tenant again, or restore the database together with its keys.",
        detail=f"{row.scope} {row.id}",
    )
