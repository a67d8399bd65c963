"""Packages: the pages of one walk exactly as received, invisible until sealed by one rename."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gzip
import hashlib
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from isal import igzip

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.catalog.shapes import Dataset
from seatwise.lake.disk import make_folder, plain_disk_errors, sync_file, sync_folder
from seatwise.lake.forgotten_pages import without
from seatwise.lake.packages_shapes import Manifest, PageEntry
from seatwise.lake.places import Places

__all__ = [
    "MANIFEST",
    "Draft",
    "Manifest",
    "Package",
    "PageEntry",
    "collect_orphans",
    "newest",
    "next_number",
    "numbers",
    "open_package",
    "packed_page",
    "read_package",
    "sealed",
]

MANIFEST = "manifest.json"
_DRAFTS = ".drafts"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Package:
    """A sealed package. Its number grows with every package of the data set."""

    folder: Path
    manifest: Manifest

    @property
    def dataset(self) -> str:
        return self.manifest.dataset

    @property
    def number(self) -> int:
        return self.manifest.number

    @property
    def slice(self) -> dict[str, Any]:
        return self.manifest.slice

    def pages(self) -> Iterator[tuple[PageEntry, bytes]]:
        """Entry and unpacked body of each page, in the order received.

        Raises Broken `package_damaged` when a page is not what was sealed.
        """
        for entry in self.manifest.pages:
            with plain_disk_errors():
                body = (self.folder / entry.file).read_bytes()
            if hashlib.sha256(body).hexdigest() != entry.sha256:
                raise Broken(
                    code="package_damaged",
                    sentence="A stored answer of Microsoft is damaged on disk. Run sync to read it again.",
                    detail=f"{self.dataset}/{self.number}/{entry.file}",
                )
            yield entry, _unpacked(body)


def packed_page(body: bytes) -> bytes:
    """As it lies on disk."""
    return body if body[:2] == _GZIP else gzip.compress(body, 6, mtime=0)


def _unpacked(body: bytes) -> bytes:
    unpack: Callable[[bytes], bytes] = igzip.decompress
    return unpack(body)


class Draft:
    """A package being filled. Use as a context manager: what is not sealed is thrown away."""

    def __init__(self, places: Places, dataset: str, slice_: dict[str, Any]) -> None:
        self._places, self._dataset, self._slice = places, dataset, slice_
        self._started_at = clock.now()
        self._pages: list[PageEntry] = []
        self._lock = threading.Lock()
        with plain_disk_errors():
            drafts = places.package_folder(dataset) / _DRAFTS
            make_folder(drafts)
            self._mark = _Mark.put(drafts / f"{uuid.uuid4().hex}.lock")
            self._folder = self._mark.path.with_suffix("")
            self._folder.mkdir(mode=0o700)

    def add_page(
        self, body: bytes, n_rows: int, request_id: str | None = None, parent: str | None = None
    ) -> bytes | None:
        """Keep one page, gzip as received (a body that came unpacked is packed). Order of calls is order of pages.

        Gives the unpacked page when it is kept otherwise than received, because it tells of forgotten people.
        """
        changed, n_forgotten = None, 0
        if self._places.forgotten:
            plain = _unpacked(body) if body[:2] == _GZIP else body
            kept, n_forgotten = without(self._places.forgotten, self._dataset, plain)
            changed = None if kept is plain else kept
        packed = packed_page(body if changed is None else changed)
        with self._lock:
            entry = PageEntry(
                file=f"{len(self._pages):06d}.json.gz",
                n_rows=n_rows,
                n_bytes=len(packed),
                sha256=hashlib.sha256(packed).hexdigest(),
                request_id=request_id,
                parent=parent,
                n_forgotten=n_forgotten,
            )
            self._pages.append(entry)
        with plain_disk_errors():
            (self._folder / entry.file).write_bytes(packed)
        return changed

    def seal(self, cursor: dict[str, Any] | None = None, *, is_complete: bool = True) -> Package:
        """Make the package visible, whole, under the next number.

        is_complete:  whether this is everything there is; only then may rows be ended that it does not hold.
        """
        with plain_disk_errors():
            for entry in self._pages:
                sync_file(self._folder / entry.file)
            package = self._settle(cursor or {}, is_complete)
        self._mark.remove()
        return package

    def _settle(self, cursor: dict[str, Any], is_complete: bool) -> Package:
        home = self._folder.parent.parent
        number = 0
        while True:
            # Another process may take the number between the look and the rename; the rename then fails, never merges.
            number = max(next_number(self._places, self._dataset), number + 1)
            manifest = self._manifest(number, cursor, is_complete)
            path = self._folder / MANIFEST
            path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            sync_file(path)
            sync_folder(self._folder)
            target = home / f"{number:012d}"
            try:
                self._folder.rename(target)
            except OSError as error:
                if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                    continue
                raise
            sync_folder(home)
            return Package(target, manifest)

    def _manifest(self, number: int, cursor: dict[str, Any], is_complete: bool) -> Manifest:
        return Manifest(
            dataset=self._dataset,
            number=number,
            tenant_id=self._places.tenant_id,
            slice=self._slice,
            cursor=cursor,
            is_complete=is_complete,
            started_at=self._started_at,
            sealed_at=clock.now(),
            n_rows=sum(entry.n_rows for entry in self._pages),
            pages=self._pages,
        )

    def discard(self) -> None:
        """Throw away what is not sealed; does nothing after a seal."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._mark.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


class _Mark:
    """A lock file that lives as long as the process that fills the draft, however that process ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self._handle = path, handle

    @classmethod
    def put(cls, path: Path) -> Self:
        while True:
            mark = cls.take(path)
            if mark is not None:
                return mark

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """The mark, or None when a living process holds it or it went away meanwhile."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.stat().st_ino == os.fstat(handle).st_ino:
                return cls(path, handle)
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(handle)
        return None

    def remove(self) -> None:
        if self._handle >= 0:
            self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1


def open_package(places: Places, dataset: Dataset | str, slice_: dict[str, Any] | None = None) -> Draft:
    """Begin a package; nothing of it can be seen before it is sealed."""
    return Draft(places, dataset if isinstance(dataset, str) else dataset.name, slice_ or {})


def numbers(places: Places, dataset: str) -> list[int]:
    """Numbers of the sealed packages of a data set, ascending."""
    folder = places.package_folder(dataset)
    if not folder.is_dir():
        return []
    return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdigit())


def next_number(places: Places, dataset: str) -> int:
    from seatwise.lake import tables_open  # at call time: tables are opened by a module that stands above this one

    taken = numbers(places, dataset)
    # Without packages the table still remembers: a number given twice would be taken for a replay and lost.
    return (taken[-1] if taken else tables_open.last_applied(places, dataset)) + 1


def read_package(places: Places, dataset: str, number: int) -> Package:
    folder = places.package_folder(dataset) / f"{number:012d}"
    with plain_disk_errors():
        text = (folder / MANIFEST).read_bytes()
    try:
        return Package(folder, msgspec.json.decode(text, type=Manifest))
    except msgspec.DecodeError as error:
        raise Broken(
            code="package_damaged",
            sentence="The list of a stored package is damaged on disk. Restore the data folder from a backup.",
            detail=f"{folder.name}: {error}",
        ) from error


def sealed(places: Places, dataset: Dataset | str) -> list[Package]:
    """Sealed packages of a data set, oldest first."""
    name = dataset if isinstance(dataset, str) else dataset.name
    return [read_package(places, name, number) for number in numbers(places, name)]


def newest(places: Places, dataset: Dataset | str) -> Package | None:
    name = dataset if isinstance(dataset, str) else dataset.name
    taken = numbers(places, name)
    return read_package(places, name, taken[-1]) if taken else None


def collect_orphans(places: Places) -> int:
    """Remove drafts whose process is gone. Returns how many."""
    n_removed = 0
    for drafts in places.packages.glob(f"*/{_DRAFTS}"):
        for path in {entry.with_suffix(".lock") for entry in drafts.iterdir()}:
            mark = _Mark.take(path)
            if mark is None:
                continue
            if path.with_suffix("").is_dir():
                with contextlib.suppress(OSError):
                    shutil.rmtree(path.with_suffix(""))
                    n_removed += 1
            mark.remove()
    return n_removed
