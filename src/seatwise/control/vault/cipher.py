"""AES-256-GCM, and where each ciphertext may be opened: format byte + nonce + text and tag."""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x02"
# What version 0.1 sealed, and what migration 0003 could not seal anew because the key was not there.
FIRST_FORMAT = b"\x01"
KEY_BYTES = 32
_NONCE_BYTES = 12


class NotOpened(ValueError):  # noqa: N818 - it says what happened
    """The ciphertext was not sealed with this key for this place, or it was changed."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(key: bytes, place: str, clear: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, clear, FORMAT + place.encode())


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """What was sealed. place: the one it was sealed for. Errors: NotOpened."""
    form, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, text, form + place.encode())
    except (InvalidTag, ValueError) as error:
        raise NotOpened("it does not open here") from error


def is_first(sealed: bytes) -> bool:
    return sealed[:1] == FIRST_FORMAT


def place_of_key(sealed: bytes, scope: str, owner_id: UUID, key_id: str) -> str:
    """Where a wrapped data key opens. sealed: the ciphertext; only its format is looked at."""
    if is_first(sealed):
        return f"key|{scope}|{owner_id}|credential"
    return f"key|{scope}|{owner_id}|{key_id}"


def place_of_secret(sealed: bytes, scope: str, owner_id: UUID, field: str, version: int) -> str:
    """Where a secret opens. Errors: NotOpened for a version that the first format did not know."""
    if not is_first(sealed):
        return f"{scope}|{owner_id}|{field}|{version}"
    if version != 1:
        raise NotOpened("the first format held one version")
    return f"secret|{scope}|{owner_id}|{field}"
