"""JSON as it lies in files: one object a line, one document, or a document too large to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from seatwise.lake.forms.containers import Unreadable

HELD = 64 << 20  # a document up to this size is decoded in one piece
_LONGEST_LINE = 64 << 20
_MARK = re.compile(rb'["\\{}\[\]]')


class CutShort(Exception):  # noqa: N818 - a state of a file, not a fault of ours
    """The text ends inside a record."""


def lines(parts: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Lines without their end, empty ones left out, each with whether its end was seen."""
    rest = b""
    for part in parts:
        if b"\n" not in part:
            rest += part
            if len(rest) > _LONGEST_LINE:
                raise Unreadable("A single line is larger than 64 MiB.")
            continue
        whole = (rest + part).split(b"\n")
        rest = whole.pop()
        for line in whole:
            if line := line.strip():
                yield line, True
    if rest := rest.strip():
        yield rest, False


def is_object(line: bytes) -> bool:
    """Whether a line is one whole JSON object, array or text."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return line[:1] in (b"{", b"[", b'"')


def elements(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The objects of a large document, one after another: those of the top array, or of the first array in the top
    object ("value", "records").

    Errors: CutShort at the end when a bracket is still open.
    """
    splitter = _Splitter()
    for part in parts:
        yield from splitter.feed(part)
    if splitter.depth:
        raise CutShort


class _Splitter:
    """Follows brackets and strings; an element is an object that opens at the depth of the chosen array."""

    def __init__(self) -> None:
        self.depth = 0
        self._target: int | None = None
        self._in_string = False
        self._skip_to = 0
        self._held = bytearray()
        self._start: int | None = None

    def feed(self, part: bytes) -> Iterator[bytes]:
        base = len(self._held)
        self._held += part
        text = bytes(self._held)
        at = max(base, self._skip_to)
        while match := _MARK.search(text, at):
            at = match.end()
            mark = match.group()
            if self._in_string:
                if mark == b"\\":
                    at += 1
                elif mark == b'"':
                    self._in_string = False
            elif mark == b'"':
                self._in_string = True
            elif mark in b"{[":
                self._open(mark, match.start())
            elif mark in b"}]" and (start := self._close()) is not None:
                yield text[start:at]
        self._keep(text, at)

    def _open(self, mark: bytes, at: int) -> None:
        if self._target is None and mark == b"[":
            self._target = self.depth + 1
        elif self.depth == self._target and mark == b"{":
            self._start = at
        self.depth += 1

    def _close(self) -> int | None:
        self.depth -= 1
        if self.depth == self._target and self._start is not None:
            start, self._start = self._start, None
            return start
        return None

    def _keep(self, text: bytes, at: int) -> None:
        cut = self._start if self._start is not None else len(text)
        if len(text) - cut > HELD:
            raise Unreadable("A single record is larger than 64 MiB.")
        self._held = bytearray(text[cut:])
        self._skip_to = max(at - cut, 0) if at > len(text) else len(text) - cut
        if self._start is not None:
            self._start = 0
