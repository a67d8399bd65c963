"""What is sealed opens only where it was sealed, only with its key, and the key is never replaced silently."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatwise.base.errors import AskAdmin, Broken

SECRET = "canary-8Qz~not.a.real-secret_value"


def test_a_sealed_secret_comes_back_and_lies_nowhere_in_clear(data: Path) -> None:
    from seatwise.control import vault

    sealed = vault.seal("tenant|connection|credential", SECRET)
    assert vault.unseal("tenant|connection|credential", sealed) == SECRET
    assert SECRET.encode() not in sealed.key + sealed.secret
    assert all(SECRET.encode() not in path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_a_ciphertext_moved_elsewhere_does_not_open(data: Path) -> None:
    from seatwise.control import vault

    one, other = vault.seal("t|one|credential", SECRET), vault.seal("t|two|credential", "another")
    swaps = [
        ("t|two|credential", one),
        ("t|one|credential", other),
        ("t|one|credential", dataclasses.replace(one, secret=other.secret)),
        ("t|one|credential", dataclasses.replace(one, key=other.key)),
    ]
    for place, sealed in swaps:
        with pytest.raises(Broken):
            vault.unseal(place, sealed)


def test_the_key_file_is_for_its_owner_only(data: Path) -> None:
    from seatwise.control import vault

    vault.seal("p", SECRET)
    assert stat.S_IMODE(vault.key_file().stat().st_mode) == 0o600
    vault.key_file().chmod(0o644)
    with pytest.raises(AskAdmin, match="chmod 600"):
        vault.seal("p", SECRET)


def test_a_lost_key_is_told_and_not_made_anew(data: Path) -> None:
    from seatwise.control import vault

    sealed = vault.seal("p", SECRET)
    vault.key_file().unlink()
    for attempt in (lambda: vault.unseal("p", sealed), lambda: vault.seal("p", SECRET)):
        with pytest.raises(AskAdmin) as told:
            attempt()
        assert told.value.code == "key_missing"
    assert not vault.key_file().exists()


@pytest.mark.parametrize("content", [b"", b"not base64!", b"A" * 43 + b"=\n"])
def test_a_wrong_key_is_told_and_nothing_is_overwritten(data: Path, content: bytes) -> None:
    from seatwise.control import vault

    sealed = vault.seal("p", SECRET)
    vault.key_file().write_bytes(content)
    with pytest.raises(AskAdmin) as told:
        vault.unseal("p", sealed)
    assert told.value.code == "key_wrong"
    assert vault.key_file().read_bytes() == content


@given(st.binary(min_size=1, max_size=4), st.integers(min_value=0))
def test_any_changed_byte_is_noticed(change: bytes, at: int) -> None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from seatwise.control.vault import _decrypt, _encrypt

    key = AESGCM.generate_key(bit_length=256)
    sealed = bytearray(_encrypt(key, "place", SECRET.encode()))
    at %= len(sealed)
    before = bytes(sealed)
    sealed[at : at + len(change)] = change
    if bytes(sealed) != before:
        with pytest.raises((InvalidTag, ValueError)):
            _decrypt(key, "place", bytes(sealed))
