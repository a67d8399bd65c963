"""Everything decided as JSON: fields by name, days in ISO form, amounts as text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from seatwise.metrics.decided import Decided


def to_json(decided: Decided) -> dict[str, Any]:
    """One object with the fields of `Decided`; sets as sorted lists."""
    found: dict[str, Any] = _plain(decided)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
