"""Bodies are capped, and one that was cut anywhere is never taken for whole."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.base.errors import TryLater
from seatwise.microsoft import bodies

TEXT = bytes(random.Random(1).choices(b'{"value":[]}abcdef', k=20_000))  # noqa: S311 - any text will do
PACKED = gzip.compress(TEXT)


def test_packed_and_plain_bodies_are_read() -> None:
    assert bodies.unpacked(PACKED, "gzip") == TEXT
    assert bodies.unpacked(TEXT, "") == TEXT
    assert bodies.unpacked(PACKED, "") == TEXT


@settings(deadline=None)
@given(st.integers(2, len(PACKED) - 1))
def test_a_body_cut_anywhere_raises(at: int) -> None:
    with pytest.raises(TryLater, match="page_cut"):
        bodies.unpacked(PACKED[:at], "gzip")


def test_a_bomb_is_stopped_at_the_cap() -> None:
    bomb = gzip.compress(b"0" * (bodies.MOST_BYTES + 10))
    assert len(bomb) < 100_000
    with pytest.raises(TryLater, match="page_too_large"):
        bodies.unpacked(bomb, "gzip")


def test_garbage_that_calls_itself_gzip_raises() -> None:
    with pytest.raises(TryLater, match="page_cut"):
        bodies.unpacked(b"\x1f\x8b" + TEXT, "gzip")
