"""What a file is wrapped in: gzip, zip, and the ways text is written as bytes."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from isal import igzip

CHUNK = 1 << 20
_FIRST = 1 << 16
_ALWAYS_ALLOWED = 64 << 20
_MOST_PER_PACKED_BYTE = 250  # sign-in logs pack 20 to 60 fold; a bomb packs a thousand fold
_MOST_MEMBERS = 200_000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Unreadable(Exception):  # noqa: N818 - a state of a file, not a fault of ours
    """A file or member that is not what we can read; the text says why, for people."""


@dataclass(slots=True)
class Member:
    """One readable text, unpacked.

    name:  path of the file, and "!" and the member's path when it was inside an archive.
    """

    name: str
    stream: IO[bytes]


def members(path: Path, name: str) -> Iterator[Member]:
    """The texts in a file: itself, or what its gzip or zip holds. One level of archive inside another is followed.

    Errors: Unreadable, also while a member is being read, when it is damaged or unpacks to far more than a log would.
    """
    with path.open("rb") as stream:
        if stream.peek(4)[:2] in (b"\x1f\x8b", b"PK"):
            yield from _unwrapped(Member(name, stream), path.stat().st_size, 2)
        else:
            yield Member(name, stream)


def _unwrapped(member: Member, size: int, levels: int) -> Iterator[Member]:
    stream = member.stream if isinstance(member.stream, io.BufferedReader) else io.BufferedReader(_raw(member.stream))
    magic = stream.peek(4)[:4]
    if magic[:2] == b"\x1f\x8b":
        _may_go_deeper(levels)
        unpacked = igzip.IGzipFile(fileobj=stream)  # type: ignore[no-untyped-call]  # isal's stubs leave it untyped
        yield from _unwrapped(Member(member.name, _capped(unpacked, size)), size, levels - 1)
    elif magic == b"PK\x03\x04":
        _may_go_deeper(levels)
        yield from _unzipped(member.name, stream, levels - 1)
    elif magic == b"PK\x05\x06":
        raise Unreadable("This archive is empty.")
    else:
        yield Member(member.name, stream)


def _may_go_deeper(levels: int) -> None:
    if not levels:
        raise Unreadable("Archives are nested too deeply; unpack the outer ones first.")


def _raw(stream: IO[bytes]) -> io.RawIOBase:
    return cast(io.RawIOBase, stream)


def _unzipped(name: str, stream: io.BufferedReader, levels: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(stream if stream.seekable() else _held(stream))
        entries = sorted((e for e in archive.infolist() if not e.is_dir()), key=lambda e: e.filename)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("This zip archive is damaged.") from error
    if len(entries) > _MOST_MEMBERS:
        raise Unreadable(f"This archive holds more than {_MOST_MEMBERS} files.")
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise Unreadable("This is an office document. Import the file as it was downloaded, as CSV or JSON.")
    for entry in entries:
        if _is_hidden(entry.filename):
            continue
        with _opened(archive, entry) as opened:
            inner = Member(f"{name}!{entry.filename}", _capped(opened, entry.compress_size))
            yield from _unwrapped(inner, entry.file_size, levels)


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    if entry.flag_bits & 1:
        raise Unreadable("This zip archive is locked with a password; unpack it first.")
    try:
        return archive.open(entry)
    # NotImplementedError is how zipfile says that it does not know the packing method.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Unreadable("This zip archive is damaged or packed in a way we do not know.") from error


def _is_hidden(inside: str) -> bool:
    return inside.startswith("__MACOSX/") or any(part.startswith(".") for part in inside.split("/"))


def _held(stream: io.BufferedReader) -> IO[bytes]:
    """A zip inside something else must be held to be read: its table of contents is at its end."""
    held = io.BytesIO(stream.read(_ALWAYS_ALLOWED + 1))
    if held.getbuffer().nbytes > _ALWAYS_ALLOWED:
        raise Unreadable("A zip archive inside another archive is too large; unpack the outer one first.")
    return held


class _Capped(io.RawIOBase):
    """Refuses to go on once more came out than a log of that packed size holds; names damage in our words."""

    def __init__(self, inner: IO[bytes], allowed: int) -> None:
        self._inner = inner
        self._left = allowed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants a protocol of its own
        try:
            got = self._inner.read(len(buffer))
        except EOFError as error:
            raise Unreadable("This archive ends in the middle; it was probably not downloaded whole.") from error
        # NotImplementedError is how zipfile says that it does not know the packing method.
        except (igzip.BadGzipFile, zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as error:
            raise Unreadable("This archive is damaged.") from error
        except Exception as error:
            # isal has an error type of its own that derives from nothing we could name.
            if type(error).__module__.startswith("isal"):
                raise Unreadable("This archive is damaged.") from error
            raise
        self._left -= len(got)
        if self._left < 0:
            raise Unreadable("This archive unpacks to far more than a log would; it was not read to its end.")
        buffer[: len(got)] = got
        return len(got)


def _capped(stream: object, packed: int) -> io.BufferedReader:
    allowed = max(_ALWAYS_ALLOWED, packed * _MOST_PER_PACKED_BYTE)
    return io.BufferedReader(_Capped(cast(IO[bytes], stream), allowed), CHUNK)


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The text as UTF-8 bytes without a byte order mark, whatever it was written in.

    UTF-16 is known by its mark or by the zero bytes that Latin letters leave. Bytes that are no UTF-8 come through as
    they are; who reads lines decides about them.
    """
    first = stream.read(_FIRST)  # most files are small, and room for a large part costs more than reading them
    encoding, mark = _encoding(first)
    if encoding == "utf-8":
        first = first[mark:]
        while first:
            yield first
            first = stream.read(CHUNK)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    part = first[mark:]
    while part:
        yield decoder.decode(part).encode("utf-8", "replace")
        part = stream.read(CHUNK)
    if rest := decoder.decode(b"", final=True):
        yield rest.encode("utf-8", "replace")


def _encoding(head: bytes) -> tuple[str, int]:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name, len(bom)
    sample = head[:4096]
    if len(sample) >= 2 and sample.count(0) > len(sample) // 5:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        return ("utf-16-le", 0) if odd > even else ("utf-16-be", 0)
    return "utf-8", 0
