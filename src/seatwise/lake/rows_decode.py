"""One typed decode of a page: a Graph answer, a `$batch` answer, or lines of an import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET

from seatwise.base.errors import TryLater
from seatwise.catalog.shapes import Dataset
from seatwise.lake.rows_repair import UnreadableError, repair_lines, repair_page

_OUR_LINES = re.compile(rb'\s*\{\s*"_')


@dataclass(slots=True)
class Answer:
    """One answer inside a `$batch`: what it was asked for, its status, and where it goes on."""

    parent: str
    status: int
    headers: dict[str, Any]
    n: int
    next_link: str | None
    error: bytes | None


@dataclass(slots=True)
class Decoded:
    """One page, typed.

    rows:     row structs; absent members are UNSET.
    n:        rows received, those in `unreadable` included.
    parents:  for a `$batch`, the parent's id of each row.
    answers:  for a `$batch`, each answer; failed ones carry their error body.
    """

    rows: list[Any]
    next_link: str | None
    n: int
    parents: list[str] | None = None
    answers: list[Answer] | None = None
    unreadable: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)


@cache
def decoder(dataset: Dataset) -> Callable[[bytes], Decoded]:
    """A function from the unpacked body of a page to typed rows; safe in several threads.

    It raises TryLater `page_unreadable` when the body is no answer of this kind at all.
    """
    page_type, batch_type = _envelopes(dataset)
    whole = msgspec.json.Decoder(batch_type if dataset.parent else page_type)
    line = msgspec.json.Decoder(dataset.struct)

    def decode(body: bytes) -> Decoded:
        try:
            if _OUR_LINES.match(body):
                return _decode_lines(dataset, line, body)
            if not _has_nul(body):
                try:
                    return _opened(whole.decode(body))
                except (msgspec.DecodeError, UnicodeDecodeError, UnreadableError):
                    pass
            document, unreadable, flags = repair_page(dataset, body)
            decoded = _opened(whole.decode(document))
        except (UnreadableError, msgspec.DecodeError) as error:
            raise TryLater(
                code="page_unreadable",
                sentence="Microsoft's answer could not be read; it will be asked for again.",
                detail=f"{dataset.name}: {error}",
            ) from error
        decoded.n += sum(unreadable.values())
        decoded.unreadable, decoded.flags = unreadable, flags
        return decoded

    return decode


def _has_nul(body: bytes) -> bool:
    # Looking for the one byte first: most pages have none of it, and the whole word takes half as long as decoding.
    return b"\\" in body and b"\\u0000" in body


def _decode_lines(dataset: Dataset, line: msgspec.json.Decoder[Any], body: bytes) -> Decoded:
    if not _has_nul(body):
        try:
            rows = line.decode_lines(body)
            return Decoded(rows, None, len(rows))
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
    repaired, unreadable, flags = repair_lines(dataset, body)
    rows = line.decode_lines(repaired)
    return Decoded(rows, None, len(rows) + sum(unreadable.values()), unreadable=unreadable, flags=flags)


def _opened(document: Any) -> Decoded:
    answers = getattr(document, "responses", UNSET)
    if answers is not UNSET:
        return _opened_batch(answers)
    if document.value is UNSET:
        raise UnreadableError("an answer without rows")
    return Decoded(document.value, document.next_link or None, len(document.value))


def _opened_batch(responses: list[Any]) -> Decoded:
    rows: list[Any] = []
    parents: list[str] = []
    answers: list[Answer] = []
    for response in responses:
        page = response.body or None
        is_good = 200 <= response.status < 300
        if is_good and (page is None or page.value is UNSET):
            raise UnreadableError("an answer inside a batch without rows")
        found = page.value if is_good and page is not None else []
        rows += found
        parents += [response.id] * len(found)
        error = bytes(page.error) if page is not None and page.error is not UNSET else None
        next_link = (page.next_link or None) if is_good and page is not None else None
        answers.append(Answer(response.id, response.status, response.headers or {}, len(found), next_link, error))
    return Decoded(rows, None, len(rows), parents=parents, answers=answers)


@cache
def _envelopes(dataset: Dataset) -> tuple[Any, Any]:
    link = str | None | msgspec.UnsetType
    page = msgspec.defstruct(
        f"{dataset.name}_page",
        [
            ("value", list[dataset.struct] | msgspec.UnsetType, UNSET),  # type: ignore[name-defined]
            ("next_link", link, UNSET),
            ("error", msgspec.Raw | msgspec.UnsetType, UNSET),
        ],
        rename={"next_link": "@odata.nextLink"},
        gc=False,
    )
    answer = msgspec.defstruct(
        f"{dataset.name}_answer",
        [
            ("id", str),
            ("status", int),
            ("headers", dict[str, Any] | None | msgspec.UnsetType, UNSET),
            ("body", page | None | msgspec.UnsetType, UNSET),
        ],
    )
    members = [("responses", list[answer] | msgspec.UnsetType, UNSET)]  # type: ignore[valid-type]
    return page, msgspec.defstruct(
        f"{dataset.name}_batch", members, bases=(page,), rename={"next_link": "@odata.nextLink"}
    )
