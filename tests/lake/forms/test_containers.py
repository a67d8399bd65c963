"""Gzip and zip of any form, and archives that lie about themselves."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from seatwise.lake.forms import Event, Reading, Unreadable, members
from tests.lake.forms.made import diagnostic, event_id, lines

ONE, TWO = lines(diagnostic(1)), lines(diagnostic(2))


def zipped(more: dict[str, bytes] | None = None, **inside: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**inside, **(more or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()


def ids(path: Path) -> list[str | None]:
    found = []
    for member in members(path, str(path)):
        found += [item.sign_in.id for item in Reading(member, member.name).records() if isinstance(item, Event)]
    return found


@pytest.mark.parametrize(
    "content",
    [
        ONE + TWO,
        gzip.compress(ONE + TWO),
        gzip.compress(ONE) + gzip.compress(TWO),
        zipped(a=ONE, b=TWO),
        zipped({"folder/b": TWO}, a=gzip.compress(ONE)),
        zipped(a=zipped(inner=ONE), b=TWO),
        gzip.compress(zipped(a=ONE, b=TWO)),
        zipped({"__MACOSX/a": b"junk", "f/.DS_Store": b"junk"}, a=ONE, b=TWO),
    ],
    ids=["plain", "gzip", "two gzips", "zip", "gzip in zip", "zip in zip", "zip in gzip", "hidden members"],
)
def test_what_a_file_is_packed_in_makes_no_difference(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any name at all.txt"
    path.write_bytes(content)
    assert ids(path) == [event_id(1), event_id(2)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped(a=zipped(b=zipped(c=ONE))), "nested too deeply"),
        (gzip.compress(ONE * 50)[:-200], "ends in the middle"),
        (zipped(), "empty"),
        (zipped(a=ONE)[:-30], "damaged"),
        (zipped({"[Content_Types].xml": b"<x/>"}), "office document"),
        (gzip.compress(ONE + b"\n" * (70 << 20)), "far more than a log"),
        (zipped(a=ONE + b"\n" * (70 << 20)), "far more than a log"),
    ],
    ids=["too deep", "cut", "empty", "damaged", "spreadsheet", "gzip bomb", "zip bomb"],
)
def test_an_archive_that_cannot_be_trusted_is_refused_in_words(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=says):
        ids(path)


def test_damage_inside_an_archive_is_refused_in_words(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(ONE * 200))
    whole[len(whole) // 2] ^= 0xFF
    path = tmp_path / "file"
    path.write_bytes(bytes(whole))
    with pytest.raises(Unreadable):
        ids(path)
