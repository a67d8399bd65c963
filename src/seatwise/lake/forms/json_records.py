"""Records out of JSON of any arrangement: lines, whole answers, request and response pairs, text inside a field."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from seatwise.catalog.activity import Feed
from seatwise.lake.forms import dates, diagnostic, graph_json, json_text, log_analytics, portal
from seatwise.lake.forms.canonical import Found, SetAside
from seatwise.lake.forms.containers import Unreadable

_SMALL = 1 << 20
_CONTEXT = re.compile(rb'"@odata\.context"\s*:\s*"([^"]*)"')
_AMERICAN = dates.Clock(
    "mdy", only_marked=True
)  # Log Analytics writes ISO in JSON; a re-export of its grid writes month first


class _Answer(msgspec.Struct):
    value: list[msgspec.Raw] | None = None
    records: list[msgspec.Raw] | None = None
    context: str | None = msgspec.field(name="@odata.context", default=None)


class Reader:
    """Reads one JSON text.

    is_blob: whether it may be a storage blob that still grows, so that even its only line may be incomplete.

    is_cut:  after the end, whether the text ended inside a record, which was left out and not counted.
    """

    def __init__(self, name: str, *, is_blob: bool = False) -> None:
        self._named = None if is_blob else portal.kind_by_name(name)
        self._is_blob = is_blob
        self._feed: Feed = "portal" if self._named else "graph"
        self.is_cut = False

    def read(self, parts: Iterator[bytes]) -> Iterator[Found | None]:
        """One item for each record; None for one that is nothing we know.

        Errors: Unreadable when the text is no JSON.
        """
        held, whole = _start(parts)
        usual = diagnostic.read_lines(held) if whole and len(held) <= _SMALL else None
        if usual:
            yield from usual
        elif _is_object_and_more(held):
            yield from self._lines(itertools.chain([held], parts))
        elif whole:
            yield from self._document(held)
        else:
            yield from self._large(held, parts)

    def _lines(self, parts: Iterator[bytes]) -> Iterator[Found | None]:
        for line, ended in json_text.lines(parts):
            try:
                yield from self.line(line, "")
            except (msgspec.DecodeError, UnicodeDecodeError):
                if ended:
                    yield SetAside("unknown", "not_json")
                else:
                    self.is_cut = True

    def _document(self, text: bytes) -> Iterator[Found | None]:
        try:
            answer = msgspec.json.decode(text, type=_Answer) if text.lstrip()[:1] == b"{" else None
            items = (
                (answer.value or answer.records or []) if answer else msgspec.json.decode(text, type=list[msgspec.Raw])
            )
        except msgspec.ValidationError:
            answer, items = _Answer(), []
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if not (self._is_blob or _has_an_object_line(text)):
                raise Unreadable("This looks like JSON but is not valid JSON.") from error
            yield from self._lines(iter([text]))
            return
        if answer and answer.value is None and answer.records is None:
            yield from self.line(text, "")
            return
        around = graph_json.collection_of(answer.context) if answer else ""
        for item in items:
            yield from self.line(item, around)

    def _large(self, held: bytes, parts: Iterator[bytes]) -> Iterator[Found | None]:
        context = _CONTEXT.search(held[:65536])
        around = graph_json.collection_of(context[1].decode("utf-8", "replace")) if context else ""
        try:
            for item in json_text.elements(itertools.chain([held], parts)):
                try:
                    yield from self.line(item, around)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    yield SetAside("unknown", "not_json")
        except json_text.CutShort:
            self.is_cut = True

    def line(self, text: bytes | msgspec.Raw, around: str) -> Iterator[Found | None]:
        """The records of one JSON value. Errors: msgspec.DecodeError, UnicodeDecodeError."""
        found = diagnostic.read_line(text)
        if found is None and around in ("", "signIn"):
            found = graph_json.read_line(text, self._feed, self._named)
        if found is not None:
            yield found
            return
        yield from self.value(_decoded(text), around, 3)

    def value(self, value: Any, around: str, levels: int) -> Iterator[Found | None]:
        """The records of one decoded value; what is wrapped in it is followed `levels` deep."""
        if isinstance(value, list) and levels:
            for item in value:
                yield from self.value(item, around, levels - 1)
        elif isinstance(value, str) and levels and value.lstrip()[:1] in ("{", "["):
            yield from self._text(value, around, levels - 1)
        elif isinstance(value, Mapping):
            yield from self._object(value, around, levels)
        else:
            yield None

    def _object(self, item: Mapping[str, Any], around: str, levels: int) -> Iterator[Found | None]:
        if "request" in item and "response" in item:
            yield from self._pair(item, levels)
            return
        for name in ("value", "records"):
            if isinstance(item.get(name), list):
                inside = graph_json.collection_of(_text(item.get("@odata.context"))) or around
                yield from self.value(item[name], inside, levels)
                return
        found = self._record(item, around)
        if found is not None:
            yield found
            return
        wrapped = [text for text in item.values() if isinstance(text, str) and text.lstrip()[:1] == "{"]
        if wrapped and levels:
            yield from self._text(max(wrapped, key=len), around, levels - 1)
        else:
            yield None

    def _record(self, item: Mapping[str, Any], around: str) -> Found | None:
        outer = {name.lower(): value for name, value in item.items()}
        if diagnostic.is_envelope(outer):
            return diagnostic.read(outer)
        if log_analytics.is_table(item):
            return log_analytics.read(item, _AMERICAN)
        return graph_json.read(item, around, self._feed, self._named)

    def _text(self, text: str, around: str, levels: int) -> Iterator[Found | None]:
        try:
            value = msgspec.json.decode(text)
        except msgspec.DecodeError:
            yield SetAside(around or "unknown", "not_json")
            return
        yield from self.value(value, around, levels)

    def _pair(self, item: Mapping[str, Any], levels: int) -> Iterator[Found | None]:
        request, response = item["request"], item["response"]
        address = _text(request.get("url")) if isinstance(request, Mapping) else None
        around = graph_json.collection_of(address)
        body = response.get("body") if isinstance(response, Mapping) else None
        if body is None:
            yield SetAside(around or "unknown", "no_body")
            return
        yield from (
            SetAside(around, "directory_object") if found is None and around else found
            for found in self.value(body, around, levels)
        )


def _start(parts: Iterator[bytes]) -> tuple[bytes, bool]:
    """As much of the text as we hold, and whether that is all of it."""
    held = bytearray(next(parts, b""))
    for part in parts:
        held += part
        if len(held) > json_text.HELD:
            return bytes(held), False
    return bytes(held), True


def _is_object_and_more(text: bytes) -> bool:
    """Whether the first line is a whole object and another line follows."""
    first, _, rest = text.lstrip().partition(b"\n")
    return bool(rest[:65536].strip()) and json_text.is_object(first.strip())


def _has_an_object_line(text: bytes) -> bool:
    """Whether one of the first lines of a text that is no JSON document is a whole object by itself."""
    return any(json_text.is_object(line.strip()) for line in text.split(b"\n", 20)[:20])


def _decoded(text: bytes | msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(text)
    except UnicodeDecodeError:
        return msgspec.json.decode(bytes(text).decode("utf-8", "replace"))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
