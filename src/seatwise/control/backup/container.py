"""The file a backup is: a plain tar whose members carry their sums, private, and whole or not there."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, Broken

FORMAT: Final = 1
HEAD, KEYS_HEAD = "seatwise.json", "seatwise-keys.json"
SUMS: Final = "sums.json"
SQLITE, ROWS = "database.sqlite3", "database.jsonl"


class Pack:
    """A tar file being filled; remembers the sum of each member."""

    def __init__(self, out: BinaryIO) -> None:
        self.tar = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `end`
        self.sums: dict[str, str] = {}

    def text(self, name: str, content: object) -> None:
        self.stream(name, io.BytesIO(json.dumps(content, indent=1).encode()))

    def file(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            self.stream(name, source)

    def stream(self, name: str, source: BinaryIO) -> None:
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(clock.wall().timestamp())
        summing = _Summing(source)
        self.tar.addfile(member, summing)
        self.sums[name] = summing.sum.hexdigest()

    def end(self) -> None:
        self.text(SUMS, self.sums)
        self.tar.close()


class _Summing:
    def __init__(self, source: BinaryIO) -> None:
        self._source, self.sum = source, hashlib.sha256()

    def read(self, n: int = -1) -> bytes:
        part = self._source.read(n)
        self.sum.update(part)
        return part


def unpacked(file: Path, stage: Path, first: str = HEAD) -> dict[str, Any]:
    """The head of a backup whose members now lie below `stage`, each with the sum it was packed with."""
    stage.mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(file, mode="r:") as tar:
            head_member = tar.next()
            if head_member is None or head_member.name != first:
                raise no_backup(file)
            tar.extractall(stage, filter=_private)  # noqa: S202 - the filter lets plain files below `stage` pass
    except (tarfile.TarError, EOFError) as error:
        raise no_backup(file) from error
    try:
        sums: dict[str, str] = json.loads((stage / SUMS).read_text("utf-8"))
        head: dict[str, Any] = json.loads((stage / first).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(file, "no list of sums: the file was cut off") from error
    if head.get("format") != FORMAT:
        raise AskAdmin(
            code="backup_newer",
            sentence=f"{file} was made by a newer version of Seatwise. Restore it with that version.",
        )
    found = {str(path.relative_to(stage)) for path in stage.rglob("*") if path.is_file()} - {SUMS}
    if found != set(sums):
        raise _damaged(file, f"members differ: {sorted(found ^ set(sums))[:3]}")
    for name, wanted in sums.items():
        with (stage / name).open("rb") as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != wanted:
                raise _damaged(file, name)
    return head


def _private(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    if not member.isreg():
        raise tarfile.TarError(f"{member.name} is no plain file")
    return tarfile.data_filter(member, folder).replace(mode=0o600, deep=False)


@contextmanager
def part(file: Path) -> Iterator[BinaryIO]:
    """A file of mode 600 that has its name only when it is whole."""
    part = file.with_name(f".{file.name}.part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AskAdmin(
            code="file_failed",
            sentence=f"{error.filename or file} cannot be read or written ({error.strerror or error}). "
            "Nothing was left half-done.",
            detail=repr(error),
        ) from error


def no_backup(file: Path) -> AskAdmin:
    return AskAdmin(code="no_backup", sentence=f"{file} is not a backup of Seatwise, or not one of this kind.")


def _damaged(file: Path, detail: str) -> Broken:
    return Broken(
        code="backup_damaged",
        sentence=f"{file} is damaged or was cut off, so nothing was restored. Use another backup.",
        detail=detail,
    )
