"""What the lake knows of one person: the names and addresses they had, their rows and records, and every byte of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from isal import igzip

from seatwise.base.errors import Broken
from seatwise.catalog.activity import SIGN_INS, ZERO_GUID
from seatwise.catalog.directory import USERS
from seatwise.catalog.registry import DATASETS, TABLES
from seatwise.catalog.shapes import Dataset, Table
from seatwise.lake import packages
from seatwise.lake.derive_shapes import INNER_TABLES
from seatwise.lake.disk import plain_disk_errors
from seatwise.lake.places import Places
from seatwise.lake.tables_open import dataset_of, open_table


@dataclass(frozen=True, slots=True)
class Traces:
    """One person as the lake knows them.

    addresses:  sign-in names and mail addresses, in lower case; without those that somebody else has or had.
    names:      as shown, now or once.
    shared:     those addresses. They stay where they are not the person's.
    """

    user_id: str
    addresses: frozenset[str]
    names: frozenset[str]
    shared: frozenset[str] = frozenset()

    @property
    def sure(self) -> frozenset[str]:
        """Texts that mean this person and nobody else."""
        return frozenset({self.user_id, *self.addresses})


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text still stands. n: times."""

    where: str
    text: str
    n: int


def traces(places: Places, user_id: str) -> Traces | None:
    """None when neither the directory nor an event knows such a person."""
    wanted = user_id.strip().lower()
    rows = _rows(places, USERS, ["user_id", "upn", "mail", "name"], None)
    own = [row for row in rows if row["user_id"] == wanted]
    events = _rows(places, SIGN_INS, ["upn", "user_name"], ds.field("user_id") == wanted)
    if not own and not events:
        return None
    others = {text.lower() for row in rows if row["user_id"] != wanted for text in (row["upn"], row["mail"]) if text}
    addresses = {text.lower() for row in own for text in (row["upn"], row["mail"]) if text}
    addresses |= {row["upn"].lower() for row in events if row["upn"]}
    at = pc.field("user_id")
    passed_on = (
        (at != wanted) & (at != ZERO_GUID) & pc.is_in(pc.utf8_lower(pc.field("upn")), value_set=_texts_of(addresses))
    )
    others |= {row["upn"].lower() for row in _rows(places, SIGN_INS, ["upn"], passed_on)}
    names = {row["name"] for row in own if row["name"]} | {row["user_name"] for row in events if row["user_name"]}
    return Traces(wanted, frozenset(addresses - others), frozenset(names), frozenset(addresses & others))


def ids_of(places: Places, text: str) -> list[str]:
    """Ids of the people who are meant by an id, or by an address they have or had."""
    wanted = text.strip().lower()
    rows = _rows(places, USERS, ["user_id", "upn", "mail"], None)
    found = {row["user_id"] for row in rows if wanted in {str(value).lower() for value in row.values() if value}}
    if not found:
        at = pc.field("user_id")
        events = _rows(places, SIGN_INS, ["user_id"], (at == wanted) | (pc.utf8_lower(pc.field("upn")) == wanted))
        found = {row["user_id"] for row in events if row["user_id"]}
    return sorted(found)


def rows_about(places: Places, person: Traces) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of each stored table that are about the person, of every time on record; tables without any are left out."""
    for table in {**TABLES, **INNER_TABLES}.values():
        mask = _about(table, person)
        rows = [] if mask is None else _rows(places, table, list(table.schema.names), mask, distinct=False)
        if rows:
            yield table.name, rows


def records_about(places: Places, person: Traces) -> Iterator[tuple[str, list[Any]]]:
    """Records as Microsoft sent them, by package, that name the person by id or address."""
    patterns = [in_bytes(text) for text in person.sure]
    for name in DATASETS:
        for package in packages.sealed(places, name):
            found = [
                record
                for _, body in package.pages()
                if any(pattern.search(body) for pattern in patterns)
                for record in _records(body)
                if any(text in json.dumps(record, ensure_ascii=False).lower() for text in person.sure)
            ]
            if found:
                yield f"{name}/{package.number}", found


def search(folder: Path, texts: Iterable[str]) -> list[Found]:
    """Every place below the folder where a text stands, whatever its case: raw bytes, and what is packed in them.

    Looks into gzip, JSON with escapes, and Parquet, column by column. Errors: Broken when a file cannot be read.
    """
    wanted = {text: in_bytes(text) for text in texts if text}
    found: list[Found] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with plain_disk_errors():
            content = path.read_bytes()
        counted: Counter[str] = Counter()
        for piece in (content, *_unpacked(path, content)):
            for text, pattern in wanted.items():
                counted[text] = max(counted[text], len(pattern.findall(piece)))
        found += [Found(str(path.relative_to(folder)), text, n) for text, n in counted.items() if n]
    return found


def in_bytes(text: str) -> re.Pattern[bytes]:
    """Finds the text, in UTF-8 and whatever its case, among any bytes."""
    letters = ({sign, sign.lower(), sign.upper()} for sign in text)
    return re.compile(b"".join(b"(?:" + b"|".join(re.escape(way.encode()) for way in ways) + b")" for ways in letters))


def _unpacked(path: Path, content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        content = igzip.decompress(content)  # type: ignore[no-untyped-call]  # its stubs know no types
        yield content
    if content[:4] == b"PAR1":
        # One column at a time: every text of the file, the nested ones of a log included.
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            for at in range(file.num_row_groups):
                for name in file.schema_arrow.names:
                    yield _texts(file.read_row_group(at, columns=[name]).column(0))
    elif path.suffix in (".json", ".gz"):
        for line in content.splitlines():
            if b"\\" in line:
                try:
                    yield json.dumps(json.loads(line, strict=False), ensure_ascii=False).encode("utf-8", "replace")
                except ValueError:
                    continue


def _texts(column: pa.ChunkedArray[Any]) -> bytes:
    if pa.types.is_nested(column.type):
        return str(column.to_pylist()).encode("utf-8", "replace")
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return b""
    return "\n".join(text for text in pc.unique(column).to_pylist() if text).encode("utf-8", "replace")


def _records(body: bytes) -> Iterator[Any]:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        for line in body.splitlines():
            try:
                yield json.loads(line, strict=False)
            except ValueError:
                continue
        return
    pages = [document, *(response.get("body") or {} for response in document.get("responses", []))]
    for page in pages:
        if "value" in page:
            yield from page["value"]
    if "value" not in document and "responses" not in document:
        yield document


def _about(table: Table, person: Traces) -> Any:
    """Which rows, None when the table tells of nobody."""
    ids = [field.name for field in table.fields if field.personal and field.type == "guid"]
    if not ids:
        return None
    mask: Any = ds.field(ids[0]) == person.user_id
    for name in ids[1:]:
        mask |= ds.field(name) == person.user_id
    if table.partition and "upn" in table.schema.names:
        mask |= pc.is_in(pc.utf8_lower(ds.field("upn")), value_set=_texts_of(person.addresses))
    return mask


def _texts_of(texts: Iterable[str]) -> Any:
    return pa.array(sorted(texts), pa.string())


def _rows(
    places: Places, table: Table | Dataset, columns: list[str], mask: Any, *, distinct: bool = True
) -> list[dict[str, Any]]:
    try:
        opened = open_table(places, table.name)
    except OSError as error:
        raise Broken(code="table_damaged", sentence="A stored table cannot be read.", detail=str(error)) from error
    if opened is None:
        return []
    rows = dataset_of(opened).to_table(columns=columns, filter=mask)
    if distinct:
        rows = rows.group_by(columns).aggregate([])
    found: list[dict[str, Any]] = rows.to_pylist()
    return found
