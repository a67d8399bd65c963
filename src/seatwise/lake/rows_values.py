"""From wire values to columns: times, ids, words, JSON text, kinds of sign-in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from seatwise.catalog.activity import SIGN_IN_KINDS

# Arrow's functions are typed by overloads per value type, which columns chosen at run time cannot satisfy: Any here.
TIME: Final = pa.timestamp("us", "UTC")
LONGEST_TEXT: Final = 65_536
"""Bytes of a text column that are kept; the page as received holds the rest."""

_KIND_NAMES: Final[dict[str, str]] = {kind: kind for kind in SIGN_IN_KINDS} | {
    kind.lower(): kind for kind in SIGN_IN_KINDS
}
_SEVENTH_DIGIT: Final = r"(\.\d{6})\d+"
_ODD_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?"
    r"\s*(?:([Zz])|([+-])(\d{1,2}):?(\d{2})?)?"
)
# Made once: making a scalar costs a search for pandas on every call where pandas is not installed.
_NULL: Final = pa.scalar(None, pa.string())
_EMPTY: Final = pa.scalar("", pa.string())
_GUID_LENGTH: Final = pa.scalar(36, pa.int32())
_LONE: Final = re.compile(r"[\ud800-\udfff\x00]")


def without_absent(values: Sequence[Any]) -> list[Any]:
    """The same values with null for what was absent."""
    return [None if value is msgspec.UNSET else value for value in values]


def parse_odd_time(text: str) -> datetime | None:
    """A time in any form seen in the wild, cut to microseconds; None when it is none.

    A time without zone is UTC. A leap second is the last second before it.
    """
    match = _ODD_TIME.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, _zulu, sign, ahead_h, ahead_min = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    offset = timedelta(hours=int(ahead_h or 0), minutes=int(ahead_min or 0)) * (-1 if sign == "-" else 1)
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59), micro, tzinfo=UTC
        )
        return local - offset
    except (ValueError, OverflowError):
        return None


def to_times(values: pa.Array[Any]) -> pa.Array[Any]:
    """Times of texts; null where the text is no time."""
    try:
        return values.cast(TIME)
    except pa.ArrowInvalid:
        pass
    try:
        # Arrow refuses more than six digits; cutting, not rounding, keeps an event on its side of midnight.
        return pc.replace_substring_regex(values, _SEVENTH_DIGIT, r"\1").cast(TIME)
    except pa.ArrowInvalid:
        return pa.array([None if text is None else parse_odd_time(text) for text in values.to_pylist()], TIME)


def to_guids(values: Any) -> Any:
    """Ids in lower case without braces; an empty id is null."""
    lengths = pc.min_max(pc.binary_length(values))
    lowered = pc.ascii_lower(values)
    if lengths["min"] == _GUID_LENGTH == lengths["max"]:
        return lowered
    trimmed = pc.ascii_trim(lowered, characters=" {}")
    return pc.if_else(pc.equal(trimmed, _EMPTY), _NULL, trimmed)


def to_words(values: Any) -> Any:
    """Members of an enumeration in lower case; an empty one is null."""
    lowered = pc.ascii_lower(values)
    return pc.if_else(pc.equal(lowered, _EMPTY), _NULL, lowered)


def to_directory_types(values: pa.Array[Any]) -> pa.Array[Any]:
    return pc.replace_substring_regex(values, r"^#?microsoft\.graph\.", "")


def to_kinds(types: Sequence[Any], overrides: Sequence[Any], asked: str | None) -> list[str | None]:
    """Kind of each sign-in: what the importer said, else the first kind we know in the row, else what was asked for."""
    try:
        if not any(overrides):
            return [_KIND_NAMES[names[0]] for names in types]
    except (KeyError, TypeError, IndexError):
        pass
    return [_kind(names, override, asked) for names, override in zip(types, overrides, strict=True)]


def _kind(names: Any, override: Any, asked: str | None) -> str | None:
    if override:
        return _KIND_NAMES.get(override.lower())
    for name in names or ():
        if name.lower() in _KIND_NAMES:
            return _KIND_NAMES[name.lower()]
    return asked


class JsonTexts:
    """Canonical JSON text of structures; remembers, since most rows of a page hold the same few."""

    def __init__(self) -> None:
        self._known: dict[bytes, str | None] = {b"null": None}

    def __call__(self, values: Sequence[Any]) -> list[str | None]:
        return [None if value is msgspec.UNSET or value is None else self._text(bytes(value)) for value in values]

    def _text(self, raw: bytes) -> str | None:
        if raw not in self._known:
            if len(self._known) > 10_000:
                self._known = {b"null": None}
            self._known[raw] = _canonical(raw)
        return self._known[raw]


def _canonical(raw: bytes) -> str:
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = clean(json.loads(raw.decode("utf-8", "replace"), strict=False))[0]
    if isinstance(value, list):
        # Lists of the directory are sets: Microsoft's order changes between reads and would look like a change.
        value = sorted(value, key=lambda item: msgspec.json.encode(item, order="sorted"))
    return msgspec.json.encode(value, order="sorted").decode()


def clean(value: Any) -> tuple[Any, int]:
    """The value with lone surrogates and NUL replaced by U+FFFD, and how many texts were touched."""
    if isinstance(value, str):
        cleaned = _LONE.sub("�", value)
        return cleaned, int(cleaned != value)
    if isinstance(value, list):
        pairs = [clean(item) for item in value]
        return [item for item, _ in pairs], sum(n for _, n in pairs)
    if isinstance(value, dict):
        members = {clean(name)[0]: clean(item) for name, item in value.items()}
        return {name: item for name, (item, _) in members.items()}, sum(n for _, n in members.values())
    return value, 0


def shorten(values: Any) -> tuple[Any, int]:
    """Texts cut to what a column keeps, and how many were cut."""
    if values.nbytes <= LONGEST_TEXT:
        return values, 0
    lengths = pc.binary_length(values)
    if (pc.max(lengths).as_py() or 0) <= LONGEST_TEXT:
        return values, 0
    n_long = int(pc.sum(pc.greater(lengths, pa.scalar(LONGEST_TEXT))).as_py())
    return pc.utf8_slice_codeunits(values, 0, LONGEST_TEXT // 4), n_long


CONVERT: Final[dict[str, Callable[[Any], Any]]] = {
    "time": to_times,
    "guid": to_guids,
    "word": to_words,
    "directory_type": to_directory_types,
}
