"""What is written down about a package beside its pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class PageEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page of a package. parent: the thing it was asked for, where the answer does not say.

    n_forgotten:  records that are not as received, because the person they tell of was forgotten.
    """

    file: str
    n_rows: int
    n_bytes: int
    sha256: str
    request_id: str | None = None
    parent: str | None = None
    n_forgotten: int = 0


class Manifest(msgspec.Struct, frozen=True):
    """What a package is: the slice it covers, the cursor it ends at, its pages with their sums.

    forgotten_at:  when somebody was last taken out of it after it was sealed.
    """

    dataset: str
    number: int
    tenant_id: str
    slice: dict[str, Any]
    cursor: dict[str, Any]
    is_complete: bool
    started_at: datetime
    sealed_at: datetime
    n_rows: int
    pages: list[PageEntry]
    state: str = "sealed"
    version: int = 1
    forgotten_at: datetime | None = None
