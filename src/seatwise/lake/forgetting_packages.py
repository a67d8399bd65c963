"""Takes forgotten people out of sealed packages: each is at any moment whole, as it was or as it shall be."""

from __future__ import annotations

import hashlib
import re

import msgspec

from seatwise.base import clock
from seatwise.lake import packages
from seatwise.lake.disk import plain_disk_errors, sync_file, sync_folder
from seatwise.lake.forgotten import Forgotten
from seatwise.lake.forgotten_pages import without
from seatwise.lake.packages import MANIFEST, Package, PageEntry, packed_page
from seatwise.lake.places import Places

_TURN = re.compile(r"^(\d+)(?:\.(\d+))?\.json\.gz$")


def rewrite(places: Places, forgotten: Forgotten) -> int:
    """Rewrite the pages that tell of forgotten people. Gives the number of records changed.

    The manifest says when, and of each page how many records are no longer as received, so that the package still
    proves the others. Errors: Broken when a page is damaged or the disk is full; run it again then.
    """
    n_changed = 0
    with plain_disk_errors():
        folders = sorted(path.name for path in places.packages.glob("*") if path.is_dir())
    for name in folders:
        for package in packages.sealed(places, name):
            n_changed += _rewrite(package, forgotten)
            _clear(package)
    return n_changed


def _rewrite(package: Package, forgotten: Forgotten) -> int:
    entries: list[PageEntry] = []
    n_changed = 0
    for entry, body in package.pages():
        told, n = without(forgotten, package.dataset, body)
        entries.append(entry if told is body else _written(package, entry, told, n))
        n_changed += n
    if entries != package.manifest.pages:
        manifest = msgspec.structs.replace(package.manifest, pages=entries, forgotten_at=clock.now())
        path = package.folder / MANIFEST
        draft = path.with_suffix(".new")
        with plain_disk_errors(package.folder):
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            sync_file(draft)
            # Until here the old pages are the package, from here on the new ones.
            draft.replace(path)
            sync_folder(package.folder)
    return n_changed


def _written(package: Package, entry: PageEntry, body: bytes, n: int) -> PageEntry:
    packed = packed_page(body)
    found = _TURN.match(entry.file)
    file = f"{found[1]}.{int(found[2] or 0) + 1}.json.gz" if found else f"forgotten-{entry.file}"
    with plain_disk_errors(package.folder):
        (package.folder / file).write_bytes(packed)
        sync_file(package.folder / file)
    return msgspec.structs.replace(
        entry,
        file=file,
        n_bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        n_forgotten=entry.n_forgotten + n,
    )


def _clear(package: Package) -> None:
    """Remove what the list of the package, as it is now, does not name: pages of before, and those of a killed run."""
    text = (package.folder / MANIFEST).read_bytes()
    listed = {entry.file for entry in msgspec.json.decode(text, type=packages.Manifest).pages} | {MANIFEST}
    with plain_disk_errors():
        for path in package.folder.iterdir():
            if path.name not in listed:
                path.unlink()
        sync_folder(package.folder)
