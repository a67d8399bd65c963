"""Takes forgotten people out of a page of Microsoft's before it is kept, or after."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from seatwise.catalog.activity import ZERO_GUID
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset, Field
from seatwise.lake.forgotten import Forgotten, is_address, told_instead

_LINK: Final = "@odata.nextLink"
_GUID: Final = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_QUOTED: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"')
_OUR_LINES: Final = re.compile(rb'\s*\{\s*"_')


def without(forgotten: Forgotten, name: str, body: bytes) -> tuple[bytes, int]:
    """The unpacked page and how many of its records were changed; the same bytes when none was.

    name:  of the data set. A record of a forgotten person keeps what counts (app, time, outcome) under the id that
           stands for them; ids that Microsoft makes out of the person's own are replaced too. What is no JSON has only
           ids and addresses replaced.
    """
    dataset = DATASETS[name]
    if not forgotten or (dataset.partition and not _names_one(forgotten, body)):
        return body, 0
    scrubber = _Scrubber(forgotten, dataset)
    if _OUR_LINES.match(body):
        lines = [scrubber.line(line) for line in body.splitlines()]
        return (b"\n".join(lines) + b"\n", scrubber.n) if scrubber.n else (body, 0)
    document = _loaded(body)
    if document is None:
        text = body.decode("utf-8", "surrogateescape")
        told = forgotten.replaced(text)
        return (body, 0) if told == text else (told.encode("utf-8", "surrogateescape"), 1)
    scrubber.document(document)
    return (_written(document), scrubber.n) if scrubber.n or scrubber.is_cut else (body, 0)


class _Scrubber:
    """Walks one page. n: records changed; is_cut: whether a link was taken out, which may hold the id of a record."""

    def __init__(self, forgotten: Forgotten, dataset: Dataset) -> None:
        self._forgotten, self._dataset = forgotten, dataset
        fields = [field for field in dataset.wire_fields if field.personal]
        self._ids = [field for field in fields if field.type == "guid"]
        self._texts = [field for field in fields if field.type == "text"]
        # A sign-in that failed early names the person by address only.
        self._addresses = [field for field in self._texts if dataset.partition and field.name == "upn"]
        # Microsoft makes such an id out of the ids of those it is about.
        keys = [field for field in dataset.wire_fields if field.name in dataset.key and field.type == "text"]
        self._keys = [field for field in keys if not field.source.startswith("_")]
        self.n = 0
        self.is_cut = False

    def line(self, line: bytes) -> bytes:
        record = _loaded(line)
        if record is None:
            text = line.decode("utf-8", "surrogateescape")
            told = self._forgotten.replaced(text)
            self.n += told != text
            return told.encode("utf-8", "surrogateescape")
        before = self.n
        told_record = self.record(record)
        return line if self.n == before else _written(told_record)

    def document(self, document: Any) -> None:
        for page in _pages(document):
            # Where a list goes on is told by an id out of it, wrapped up by Microsoft. Nobody follows it any more.
            self.is_cut |= page.pop(_LINK, None) is not None and not self._dataset.partition
            records = page.get("value")
            if isinstance(records, list):
                page["value"] = [self.record(record) for record in records]
            elif isinstance(records, dict):
                page["value"] = self.record(records)

    def record(self, record: Any) -> Any:
        if not isinstance(record, dict):
            return record
        before = json.dumps(record, sort_keys=True)
        named = [value for field in self._ids if (value := _value(record, field)) not in (None, "", ZERO_GUID)]
        stand_in = next(filter(None, map(self._who, named)), None)
        if stand_in is None and not named:
            stand_in = next(filter(None, (self._who(_value(record, field)) for field in self._addresses)), None)
        own: dict[str, Any] = {}
        if stand_in is not None:
            self._blank(record, stand_in)
        elif named:
            own = {field.source: _value(record, field) for field in self._texts if is_address(field)}
        told = self._replaced(record)
        for field in self._texts:
            if isinstance(text := own.get(field.source), str):
                _put(told, field, self._forgotten.of_others(text))
        self.n += json.dumps(told, sort_keys=True) != before
        return told

    def _blank(self, record: dict[str, Any], stand_in: str) -> None:
        for field in self._texts:
            _put(record, field, told_instead(field, stand_in))
        for field in self._keys:
            value = _value(record, field)
            if isinstance(value, str):
                _put(record, field, self._forgotten.key(value))

    def _who(self, value: Any) -> str | None:
        if not isinstance(value, str):
            return None
        return value.lower() if value.lower() in self._forgotten.stand_ins else self._forgotten.who(value)

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._forgotten.replaced(value)
        if isinstance(value, list):
            return [self._replaced(each) for each in value]
        if isinstance(value, dict):
            return {name: self._replaced(each) for name, each in value.items()}
        return value


def _names_one(forgotten: Forgotten, body: bytes) -> bool:
    """Whether a page of events may name a forgotten person: without taking it apart, since most pages name none."""
    if any(forgotten.who(found.decode()) for found in set(_GUID.findall(body))):
        return True
    texts = {_text(quoted) for quoted in set(_QUOTED.findall(body)) if b"@" in quoted or b"\\u0040" in quoted}
    return any(forgotten.who(text) or forgotten.replaced(text) != text for text in texts)


def _text(quoted: bytes) -> str:
    text = quoted.decode("utf-8", "replace")
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _loaded(body: bytes) -> Any:
    """The document, None when it is no JSON even to a patient reader."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        found = json.loads(body.decode("utf-8-sig", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _written(document: Any) -> bytes:
    try:
        return msgspec.json.encode(document)
    except (UnicodeEncodeError, ValueError):
        # Half a character or NaN, as received: whoever reads the page repairs it as before.
        return json.dumps(document, separators=(",", ":")).encode("ascii")


def _pages(document: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict):
        return
    yield document
    responses = document.get("responses")
    for response in responses if isinstance(responses, list) else []:
        inner = response.get("body") if isinstance(response, dict) else None
        if isinstance(inner, dict):
            yield inner


def _value(record: dict[str, Any], field: Field) -> Any:
    found: Any = record
    for part in field.source.split("/"):
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


def _put(record: dict[str, Any], field: Field, value: str | None) -> None:
    """Only where the answer has the member: what is absent stays absent."""
    *heads, last = field.source.split("/")
    place: Any = record
    for head in heads:
        place = place.get(head) if isinstance(place, dict) else None
    if isinstance(place, dict) and last in place:
        place[last] = value
