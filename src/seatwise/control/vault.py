"""Seals what must stay secret: one data key per connection, wrapped by a key that lies apart from the database."""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, Broken
from seatwise.control.models import KeyCheck

KEY_ID = "k1"
_VERSION = b"\x01"
_NONCE_BYTES = 12
_CHECK = b"seatwise key check"


@dataclass(frozen=True)
class Sealed:
    """What the database keeps of one secret. Both parts are version byte + nonce + AES-256-GCM text and tag."""

    key: bytes
    secret: bytes


def seal(place: str, secret: str) -> Sealed:
    """The secret under a fresh data key.

    place:   "tenant|connection|field": where it may be opened again; a moved ciphertext does not open.
    Errors:  AskAdmin when the key file is lost, wrong or open to others; nothing has been written then.
    """
    data_key = AESGCM.generate_key(bit_length=256)
    return Sealed(
        key=_encrypt(_key_encryption_key(), f"key|{place}", data_key),
        secret=_encrypt(data_key, f"secret|{place}", secret.encode()),
    )


def unseal(place: str, sealed: Sealed) -> str:
    """The secret in clear. Errors: AskAdmin as in `seal`; Broken when the ciphertext is not the one sealed there."""
    try:
        data_key = _decrypt(_key_encryption_key(), f"key|{place}", sealed.key)
        return _decrypt(data_key, f"secret|{place}", sealed.secret).decode()
    except InvalidTag as error:
        raise Broken(
            code="sealed_secret_damaged",
            sentence="A stored credential does not open with its key: the database was changed or mixed up. "
            "Nothing was changed. Connect this tenant again, or restore the database together with its keys.",
            detail=place,
        ) from error


def key_file() -> Path:
    return Path(settings.DATA) / "keys" / f"{KEY_ID}.key"


def _key_encryption_key() -> bytes:
    path = key_file()
    known = KeyCheck.objects.filter(key_id=KEY_ID).first()
    if not path.exists():
        if known is not None:
            raise AskAdmin(
                code="key_missing",
                sentence=f"The encryption key {path} is missing, so the stored credentials cannot be opened. "
                "Nothing was changed. Put the key file back from your backup.",
            )
        return _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise AskAdmin(
            code="key_open_to_others",
            sentence=f"The encryption key {path} can be read by other users of this machine. Run: chmod 600 {path}",
        )
    key = _decode(path)
    if known is None:
        _remember(key)
    else:
        try:
            _decrypt(key, f"check|{KEY_ID}", bytes(known.sealed))
        except InvalidTag as error:
            raise _wrong_key(path) from error
    return key


def _create(path: Path) -> bytes:
    key = AESGCM.generate_key(bit_length=256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link instead of a rename: when two processes start at once the first key stays.
        os.link(draft, path)
    except FileExistsError:
        key = _decode(path)
    finally:
        draft.unlink()
    _remember(key)
    return key


def _remember(key: bytes) -> None:
    with transaction.atomic():
        KeyCheck.objects.get_or_create(
            key_id=KEY_ID,
            defaults={"sealed": _encrypt(key, f"check|{KEY_ID}", _CHECK), "created_at": clock.now()},
        )


def _decode(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError as error:
        raise _wrong_key(path) from error
    if len(key) != 32:
        raise _wrong_key(path)
    return key


def _wrong_key(path: Path) -> AskAdmin:
    return AskAdmin(
        code="key_wrong",
        sentence=f"The encryption key {path} is not the one the stored credentials were sealed with. "
        "Nothing was changed. Put the right key file back from your backup.",
    )


def _encrypt(key: bytes, associated: str, clear: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, clear, _VERSION + associated.encode())


def _decrypt(key: bytes, associated: str, sealed: bytes) -> bytes:
    version, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    return AESGCM(key).decrypt(nonce, text, version + associated.encode())
