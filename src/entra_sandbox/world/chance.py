"""Chance that depends on names and numbers only: the same question always gets the same answer."""

from __future__ import annotations

import base64
import hashlib
from typing import cast

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Strings = NDArray[np.object_]

_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_HEX = np.frombuffer(b"".join(b"%02x" % n for n in range(256)), dtype="S2")


def mix(x: U64) -> U64:
    """A well-spread number for each number (the finisher of splitmix64)."""
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint64(30))) * _A
        x = (x ^ (x >> np.uint64(27))) * _B
    return x ^ (x >> np.uint64(31))


def salted(x: U64, salt: int) -> U64:
    """Another independent number for each number."""
    with np.errstate(over="ignore"):
        return mix(x + _STEP * np.uint64(salt))


def joined(x: U64, other: NDArray[np.integer]) -> U64:
    """A number for each pair of numbers."""
    with np.errstate(over="ignore"):
        return mix(x + other.astype(np.uint64) * _STEP)


def share(x: U64, salt: int) -> F64:
    """A number in [0, 1) for each number."""
    return cast(F64, (salted(x, salt) >> np.uint64(11)) * (1.0 / (1 << 53)))


def number(*names: object) -> int:
    """64 random bits that belong to these names."""
    text = "\x1f".join(map(str, names)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def fraction(*names: object) -> float:
    return number(*names) / float(1 << 64)


class Dice:
    """One number after the other, belonging to these names."""

    __slots__ = ("_bits", "_rolled", "_text")

    def __init__(self, *names: object) -> None:
        self._text = "\x1f".join(map(str, names)).encode()
        self._bits: list[int] = []
        self._rolled = 0

    def number(self) -> int:
        if not self._bits:
            digest = hashlib.blake2b(self._text, salt=self._rolled.to_bytes(16, "big")).digest()
            self._rolled += 1
            self._bits = [int.from_bytes(digest[i : i + 8], "big") for i in range(0, 64, 8)]
        return self._bits.pop()

    def fraction(self) -> float:
        return self.number() / float(1 << 64)


def guid(*names: object) -> str:
    """The GUID (version 4 in form) that belongs to these names, in lower case."""
    text = "\x1f".join(map(str, names)).encode()
    raw = bytearray(hashlib.blake2b(text, digest_size=16).digest())
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def opaque(*names: object) -> str:
    """A 43-character case-sensitive id, as assignments and grants have."""
    text = "\x1f".join(map(str, names)).encode()
    return base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=32).digest()).decode().rstrip("=")


def as_guid_bits(high: U64, low: U64) -> tuple[U64, U64]:
    """The same bits with version and variant of a random GUID."""
    high = (high & np.uint64(0xFFFFFFFFFFFF0FFF)) | np.uint64(0x4000)
    low = (low & np.uint64(0x3FFFFFFFFFFFFFFF)) | np.uint64(0x8000000000000000)
    return high, low


def guid_texts(high: U64, low: U64) -> list[str]:
    """GUIDs in lower case; numeric order of (high, low) is the order of the texts."""
    n = len(high)
    if n == 0:
        return []
    raw = np.empty((n, 16), dtype=np.uint8)
    raw[:, :8] = high.astype(">u8").view(np.uint8).reshape(n, 8)
    raw[:, 8:] = low.astype(">u8").view(np.uint8).reshape(n, 8)
    digits = _HEX[raw].view("S1").reshape(n, 32)
    text = np.full((n, 36), b"-", dtype="S1")
    for start, to in ((0, 0), (8, 9), (12, 14), (16, 19)):
        text[:, to : to + (8 if start == 0 else 4)] = digits[:, start : start + (8 if start == 0 else 4)]
    text[:, 24:] = digits[:, 20:]
    return cast(list[str], text.view("S36").ravel().astype("U36").tolist())
