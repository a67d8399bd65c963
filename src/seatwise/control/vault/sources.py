"""Where the key-encryption keys come from: files of mode 600, the environment, or something that wraps for us."""

from __future__ import annotations

import base64
import os
import re
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings

from seatwise.base.errors import AskAdmin
from seatwise.control.vault import cipher

_FILE = re.compile(r"k([1-9][0-9]{0,8})\.key")
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_RETIRED = ".retired"
_ATTEMPTS = 5
_DRAFT = ".draft-"


class KeySource(Protocol):
    """A ring of keys. A key vault can stand behind it: a key never has to leave it.

    `place` is associated data: what was wrapped for one place must not unwrap for another.
    """

    def ids(self) -> list[str]:
        """Keys that may wrap, oldest first. Errors: AskAdmin when the ring cannot be read."""
        ...

    def wrap(self, key_id: str, place: str, clear: bytes) -> bytes: ...

    def unwrap(self, key_id: str, place: str, sealed: bytes) -> bytes:
        """Retired keys still unwrap.

        Errors: AskAdmin key_missing, key_wrong (not a key at all) or key_open_to_others; cipher.NotOpened.
        """
        ...

    def make(self, known: set[str]) -> str:
        """The id of a key that is in the ring and not known yet. Errors: AskAdmin when it cannot be made here."""
        ...

    def retire(self, key_id: str) -> None:
        """Nothing is wrapped by it any more. Doing it twice is harmless."""
        ...

    def where(self, key_id: str) -> str:
        """The key in words, for messages."""
        ...


def source() -> KeySource:
    told = os.environ.get("SEATWISE_KEYS", "").strip()
    return EnvironmentKeys(told) if told else FileKeys(key_folder())


def key_folder() -> Path:
    return Path(settings.DATA) / "keys"


class FileKeys:
    """keys/k1.key, k2.key …: base64 of 32 bytes, mode 600. A retired one is renamed, as old backups need it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> list[str]:
        numbers = [int(match[1]) for name in self._names() if (match := _FILE.fullmatch(name))]
        return [f"k{number}" for number in sorted(numbers)]

    def wrap(self, key_id: str, place: str, clear: bytes) -> bytes:
        return cipher.seal(self._read(key_id), place, clear)

    def unwrap(self, key_id: str, place: str, sealed: bytes) -> bytes:
        return cipher.unseal(self._read(key_id), place, sealed)

    def make(self, known: set[str]) -> str:
        oldest = _highest(f"{key_id}.key" for key_id in known)
        spare = [key_id for key_id in self.ids() if _highest([f"{key_id}.key"]) > oldest]
        if spare:
            # Made before a stop, or by a rotation that an older database does not know of.
            return spare[-1]
        key_id = f"k{max(oldest, _highest(name.removesuffix(_RETIRED) for name in self._names())) + 1}"
        try:
            self._write(self._folder / f"{key_id}.key")
        except OSError as error:
            raise AskAdmin(
                code="key_folder",
                sentence=f"No key can be made in {self._folder} ({error.strerror}). Nothing was changed. "
                "Make the folder writable for Seatwise, or hand keys over in SEATWISE_KEYS.",
            ) from error
        return key_id

    def retire(self, key_id: str) -> None:
        path = self._folder / f"{key_id}.key"
        if path.exists():
            path.rename(path.with_name(path.name + _RETIRED))
            self._tidy()
            _settle(self._folder)

    def where(self, key_id: str) -> str:
        return f"key {self._folder / key_id}.key"

    def _names(self) -> list[str]:
        return [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []

    def _read(self, key_id: str) -> bytes:
        path = self._folder / f"{key_id}.key"
        # The second name is tried after the first, so that a key retired this moment is still found.
        for candidate in (path, path.with_name(path.name + _RETIRED)):
            try:
                with candidate.open("rb") as file:
                    if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                        raise _open_to_others(candidate)
                    return _decoded(file.read(1024), self.where(key_id))
            except FileNotFoundError:
                continue
            except PermissionError as error:
                raise _missing(f"{self.where(key_id)} (not readable for this user)") from error
        raise _missing(self.where(key_id))

    def _write(self, path: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for n_left in reversed(range(_ATTEMPTS)):
            draft = self._drafted(path)
            try:
                # A link instead of a rename: when two processes make it at once the first key stays.
                os.link(draft, path)
                break
            except (FileExistsError, FileNotFoundError):
                if path.exists():
                    break
                # Another process, done with its own key, tidied our draft away.
                if not n_left:
                    raise
        self._tidy()
        # A database row must not outlive, in a power cut, the key it was sealed with.
        _settle(self._folder)

    def _drafted(self, path: Path) -> Path:
        """A new key beside where it will lie."""
        draft = path.with_name(f"{path.name}{_DRAFT}{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(cipher.new_key()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return draft

    def _tidy(self) -> None:
        """Takes away drafts, of a stopped process too: they hold keys."""
        for name in self._names():
            if _DRAFT in name:
                (self._folder / name).unlink(missing_ok=True)


class EnvironmentKeys:
    """SEATWISE_KEYS: id:base64, with commas, newest last. Keys are added and taken away by whoever sets it."""

    def __init__(self, told: str) -> None:
        self._keys: dict[str, bytes] = {}
        for part in told.split(","):
            key_id, colon, text = part.strip().partition(":")
            if not colon or not _ID.fullmatch(key_id):
                raise AskAdmin(
                    code="key_wrong",
                    sentence="SEATWISE_KEYS is not written as id:key,id:key. Nothing was changed. "
                    "An id has letters, digits, - and _; a key is base64 of 32 bytes.",
                )
            self._keys[key_id] = _decoded(text.encode(), self.where(key_id))

    def ids(self) -> list[str]:
        return list(self._keys)

    def wrap(self, key_id: str, place: str, clear: bytes) -> bytes:
        return cipher.seal(self._key(key_id), place, clear)

    def unwrap(self, key_id: str, place: str, sealed: bytes) -> bytes:
        return cipher.unseal(self._key(key_id), place, sealed)

    def make(self, known: set[str]) -> str:
        newest = self.ids()[-1]
        if newest in known:
            raise AskAdmin(
                code="key_from_environment",
                sentence="The keys come from SEATWISE_KEYS, so a new one has to be added there, at the end. "
                "Make one with: openssl rand -base64 32, restart Seatwise with it, then run: seatwise keys rotate",
            )
        return newest

    def retire(self, key_id: str) -> None:
        """Nothing: it is taken out of the variable by whoever set it."""

    def where(self, key_id: str) -> str:
        return f"key {key_id} of SEATWISE_KEYS"

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._keys:
            raise _missing(self.where(key_id))
        return self._keys[key_id]


def wrong(where: str) -> AskAdmin:
    return AskAdmin(
        code="key_wrong",
        sentence=f"The encryption {where} is not the one the stored credentials were sealed with. "
        "Seatwise is locked and nothing was changed. Put the right key back from your backup.",
    )


def _missing(where: str) -> AskAdmin:
    return AskAdmin(
        code="key_missing",
        sentence=f"The encryption {where} is missing, so the stored credentials cannot be opened. "
        "Seatwise is locked and nothing was changed. Put the key back from your backup.",
    )


def _open_to_others(path: Path) -> AskAdmin:
    return AskAdmin(
        code="key_open_to_others",
        sentence=f"The encryption key {path} can be read by other users of this machine, so it is not used. "
        f"Run: chmod 600 {path}",
    )


def _decoded(text: bytes, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise wrong(where) from error
    if len(key) != cipher.KEY_BYTES:
        raise wrong(where)
    return key


def _highest(names: Iterable[str]) -> int:
    return max((int(match[1]) for name in names if (match := _FILE.fullmatch(name))), default=0)


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
