"""Looks for secrets where none may be: files and what is packed in them, database rows, pages, running processes."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pyarrow.parquet as pq

# A log that cuts a secret short still tells it, so pieces of this length are looked for, not the whole.
PIECE = 20
KINDS = (
    "client secret",
    "certificate private key",
    "refresh token",
    "access token",
    "authorization code",
    "PKCE verifier",
    "state",
    "nonce",
    "session cookie",
    "password",
    "TOTP secret",
    "recovery code",
    "owner link",
    "invitation link",
    "consent link",
    "key-encryption key",
    "data key",
    "signing key",
)
_JWT = re.compile(rb"eyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")
_PEM_FRAME = re.compile(r"-----[A-Z ]+-----|\s")


@dataclass(frozen=True)
class Secret:
    """One secret by its kind; bytes for keys, text for everything else."""

    kind: str
    value: str | bytes


@dataclass(frozen=True)
class Hit:
    kind: str
    form: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}, {self.form}, in {self.where}"


class Scanner:
    """Knows the secrets in every usual form."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._forms: dict[bytes, tuple[str, str]] = {}
        for secret in secrets:
            for piece in pieces(secret.value):
                for form, look in forms(piece).items():
                    self._forms.setdefault(look, (secret.kind, form))

    def within(self, content: bytes, where: str) -> list[Hit]:
        found = {Hit(*told, where) for look, told in self._forms.items() if look in content and _stands(look, content)}
        if _JWT.search(content) or _JWT.search(content.replace(b"\x00", b"")):
            found.add(Hit("access token", "any JSON web token", where))
        return sorted(found, key=str)

    def scan(self, contents: Iterable[tuple[str, bytes]]) -> list[Hit]:
        return [hit for where, content in contents for hit in self.within(content, where)]


def _stands(look: bytes, content: bytes) -> bool:
    """Eight digits are a recovery code only where they stand alone; in the midst of a number they are chance."""
    if len(look) > 12 or not look.isdigit():
        return True
    return re.search(rb"(?<![0-9A-Fa-f])" + look + rb"(?![0-9A-Fa-f])", content) is not None


def pieces(value: str | bytes) -> list[str | bytes]:
    """Beginning, middle and end of a long value, a short one whole; of a PEM text what lies between its frames."""
    if isinstance(value, str) and "-----BEGIN" in value:
        value = _PEM_FRAME.sub("", value)
        # The first part of every private key of a kind is the same, so its beginning says nothing.
        value = value[len(value) // 4 :]
    if len(value) < 2 * PIECE:
        return [value]
    middle = len(value) // 2 - PIECE // 2
    return [value[:PIECE], value[middle : middle + PIECE], value[-PIECE:]]


def forms(value: str | bytes) -> dict[str, bytes]:
    """The value in every encoding in which people and programs write things down."""
    plain = value.encode() if isinstance(value, str) else value
    found = {"plain": plain, "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    for shift in range(3):
        whole = base64.b64encode(b"\x00" * shift + plain)
        # What a neighbouring byte has a part in is left out.
        inner = whole[(0, 2, 3)[shift] : len(whole) - (0, 3, 2)[(shift + len(plain)) % 3]]
        found[f"base64 at {shift}"] = inner
        found[f"base64url at {shift}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    if isinstance(value, str):
        found |= {
            "UTF-16": value.encode("utf-16-le"),
            "UTF-16 big": value.encode("utf-16-be"),
            "URL": quote(value, safe="").encode(),
            "URL, every byte": "".join(f"%{byte:02X}" for byte in plain).encode(),
            "JSON": json.dumps(value)[1:-1].encode(),
            "HTML": html.escape(value).encode(),
        }
    return found


def files(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder, and what is packed in it; `but`: files and folders left out."""
    left_out = [path.resolve() for path in but]
    for path in sorted(folder.rglob("*")):
        here = path.resolve()
        if not path.is_file() or any(here == out or out in here.parents for out in left_out):
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a running install tidies up
        yield str(path), content
        yield from unpacked(str(path), content)
        if content.startswith(b"SQLite format 3\x00"):
            yield from sqlite_rows(path)


def unpacked(where: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """What is in an archive, a compressed file or a Parquet table."""
    if content.startswith(b"\x1f\x8b"):
        yield f"{where} (unpacked)", (inner := gzip.decompress(content))
        yield from unpacked(where, inner)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f"{where}!{name}", (inner := archive.read(name))
                yield from unpacked(f"{where}!{name}", inner)
    elif content.startswith(b"PAR1"):
        table = pq.read_table(pa_reader(content))
        yield f"{where} (rows)", json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
    elif content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            for member in tar.getmembers():
                inner_file = tar.extractfile(member)
                if inner_file is not None:
                    yield f"{where}!{member.name}", (inner := inner_file.read())
                    yield from unpacked(f"{where}!{member.name}", inner)


def pa_reader(content: bytes) -> Any:
    import pyarrow as pa

    return pa.BufferReader(content)


def sqlite_rows(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every cell, for a long value lies in pieces in the file; the write-ahead log is read with it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        names = [row[0].decode() for row in database.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            for row in database.execute(f'select * from "{name}"'):  # noqa: S608 - names the database told
                yield from cells(f"{path.name}:{name}", row)


def postgres_rows(address: str) -> Iterator[tuple[str, bytes]]:
    import psycopg

    with psycopg.connect(address) as database:
        wanted = "select table_name from information_schema.tables where table_schema = 'public'"
        for (name,) in database.execute(wanted).fetchall():
            query = psycopg.sql.SQL("select * from {}").format(psycopg.sql.Identifier(name))
            for row in database.execute(query).fetchall():
                yield from cells(f"postgres:{name}", row)


def cells(where: str, row: Iterable[Any]) -> Iterator[tuple[str, bytes]]:
    """A row's values, one after another, and what is in those that Django signed or packed."""
    values = [value if isinstance(value, bytes) else json.dumps(value, default=_text).encode() for value in row]
    yield where, b"\n".join(values)
    for value in values:
        head = value.strip(b'"').lstrip(b".").split(b":")[0]
        if value.count(b":") != 2 or len(head) < 8:
            continue
        try:
            inner = base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4))
            yield f"{where} (signed text)", zlib.decompress(inner) if value.strip(b'"').startswith(b".") else inner
        except (ValueError, zlib.error):
            continue


def _text(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)


def processes(ours: Iterable[psutil.Process], told: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Command line and environment of processes; told: what the operator set in the environment is no leak."""
    for process in ours:
        try:
            folder = Path("/proc") / str(process.pid)
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except FileNotFoundError:
            continue
        yield f"command line of {process.pid}", command
        kept = [part for part in environment.split(b"\x00") if part.partition(b"=")[0].decode() not in told]
        yield f"environment of {process.pid}", b"\x00".join(kept)
