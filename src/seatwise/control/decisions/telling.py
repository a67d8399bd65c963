"""A decision in the words of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from seatwise.control.decisions import fields
from seatwise.control.decisions.current import Key

# So many changes of one entry are told one by one; of more, only their number.
_TOLD: Final = 40


def subject(new: Mapping[Key, Any], names: Mapping[tuple[str, str], str]) -> str:
    subjects = sorted({(key.subject_kind, key.subject_id) for key in new})
    words = ", ".join(sorted({fields.words_of(key.subject_kind, key.field) for key in new}))
    if len(subjects) > 1:
        return f"{words}: {len(subjects)} subjects"
    kind, subject_id = subjects[0]
    name = names.get(subjects[0]) or subject_id
    return f"{words}: {name}" if kind != "workspace" else words


def detail(
    number: int,
    undo_of: int | None,
    new: Mapping[Key, Any],
    now: Mapping[Key, Any],
    names: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    """Without addresses of people: the log cannot forget them."""
    told: dict[str, Any] = {"number": number}
    if undo_of is not None:
        told["undo_of"] = undo_of
    seats = [key for key in new if key.subject_kind == "seat"]
    if seats:
        told["seats"] = {"added": sum(new[key] is not None for key in seats), "n": len(seats)}
    rest = [key for key in sorted(new) if key.subject_kind != "seat"]
    if len(rest) > _TOLD:
        told["n"] = len(rest)
    else:
        told["changes"] = [
            {"subject": f"{key.subject_kind} {names.get(key[:2]) or key.subject_id}".strip(), "field": key.field}
            | {"from": now.get(key), "to": new[key]}
            for key in rest
        ]
    return told
