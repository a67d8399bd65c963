"""A copy of a tenant's folder such as a kill could have left it, made while others write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable

from seatwise.lake import packages
from seatwise.lake.derive_shapes import PUBLISHED
from seatwise.lake.places import Places
from seatwise.lake.reading import newest_versions
from seatwise.lake.tables_open import open_table

_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One file. name: its path below the tenant's folder, with slashes."""

    name: str
    source: Path


def pieces(places: Places) -> Iterator[Piece]:
    """The files to copy, in this order; nobody is held up, and nothing that is written meanwhile is half in it.

    What is pinned first claims least: the published versions, then the ledger of windows, then the other tables, then
    the packages. So the copy may hold rows that it does not claim yet, which the next sync reads again, and never
    claims what it does not hold.
    Errors: FileNotFoundError when old files are cleared away just now; copying again helps.
    """
    published = _pinned(places, PUBLISHED.name)
    # As `newest_versions` asks them: the ledger before the events.
    versions = newest_versions(places)
    shown = {} if published is None else _shown(published)
    if published is not None:
        yield from _of_table(places, PUBLISHED.name, published, None)
    for name, version in versions.items():
        table = open_table(places, name, version)
        if table is not None:
            yield from _of_table(places, name, table, shown.get(name))
    yield from _of_packages(places)


def _pinned(places: Places, name: str) -> DeltaTable | None:
    return open_table(places, name)


def _shown(published: DeltaTable) -> dict[str, int]:
    """Versions that answers read."""
    rows = pa.table(published.to_pyarrow_table()).to_pylist()
    return {row["table_name"]: row["version"] for row in rows}


def _of_table(places: Places, name: str, table: DeltaTable, shown: int | None) -> Iterator[Piece]:
    folder, version = places.table(name), table.version()
    for path in sorted((folder / "_delta_log").iterdir()):
        if path.name == "_last_checkpoint":
            is_ours = int(json.loads(path.read_text("utf-8"))["version"]) <= version
        else:
            is_ours = path.name[:_DIGITS].isdigit() and int(path.name[:_DIGITS]) <= version
        if is_ours and path.is_file():
            yield Piece(f"tables/{name}/_delta_log/{path.name}", path)
    files = _files(table)
    if shown is not None and shown < version and (older := open_table(places, name, shown)) is not None:
        files |= _files(older)
    for file in sorted(files):
        yield Piece(f"tables/{name}/{file}", folder / file)


def _files(table: DeltaTable) -> set[str]:
    actions = pa.table(table.get_add_actions(flatten=True))
    return {unquote(path) for path in actions["path"].to_pylist() if path}


def _of_packages(places: Places) -> Iterator[Piece]:
    if not places.packages.is_dir():
        return
    for folder in sorted(path for path in places.packages.iterdir() if path.is_dir()):
        for number in packages.numbers(places, folder.name):
            sealed = folder / f"{number:012d}"
            for path in sorted(sealed.iterdir()):
                yield Piece(f"packages/{folder.name}/{sealed.name}/{path.name}", path)
