"""Giving memory back to the system that a large step has used and freed."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], object] | None:
    # The C library of most Linux systems has it; others give memory back by themselves or not at all.
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """After a large step. Threads free into pools of their own, which otherwise only grow; costs a few milliseconds."""
    if (trim := _trim()) is not None:
        trim(0)
