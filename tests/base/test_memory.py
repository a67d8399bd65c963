"""Memory that a step has used and freed goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest

from seatwise.base.memory import give_back


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is resident")
def test_freed_memory_goes_back() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("this C library gives memory back by itself")
    kept = [bytes(4000) for _ in range(40_000)]
    # The last piece stays, so that the memory below it is not given back by being at the end.
    last, used = kept[-1], resident_mib()
    kept.clear()
    give_back()
    assert last is not None
    assert resident_mib() < used - 100
