"""Whether the ring fits the database: a wrong or lost key is noticed before it does harm, and locks what is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from django.db import transaction
from django.db.models import Count

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control.models import DataKey, KeyCheck
from seatwise.control.vault import cipher
from seatwise.control.vault.sources import KeySource, source, wrong

State = Literal["ready", "empty", "missing", "wrong", "open_to_others"]
_CHECK = b"seatwise key check"


@dataclass(frozen=True)
class KeyFacts:
    """One key of the ring, for people. n_data_keys: how many data keys it wraps now."""

    key_id: str
    where: str
    state: Literal["current", "in use", "not used yet", "missing", "wrong", "open to others"]
    n_data_keys: int
    since: datetime | None


def state() -> State:
    """empty: no key is there and none was ever used; anything but ready and empty is locked."""
    try:
        keys = source()
        _proved(keys)
        return "ready" if KeyCheck.objects.exists() or keys.ids() else "empty"
    except AskAdmin as error:
        return cast(State, error.code.removeprefix("key_"))


def check() -> None:
    """Every key the database was sealed with is there and right.

    Errors: AskAdmin key_missing, key_wrong or key_open_to_others; nothing is sealed, opened or changed then.
    """
    _proved(source())


def prepare() -> None:
    """The first key, made when none is there and none was ever used. Errors: those of `check`, key_folder."""
    current(source())


def listed() -> list[KeyFacts]:
    """Every key that wraps or may wrap, oldest first. Errors: AskAdmin when the ring cannot be read at all."""
    keys = source()
    known = {row.key_id: row for row in KeyCheck.objects.order_by("created_at")}
    counts = dict(DataKey.objects.values_list("key_id").annotate(n=Count("id")))
    newest = next((key_id for key_id in reversed(keys.ids()) if key_id in known), None)
    return [
        KeyFacts(
            key_id,
            keys.where(key_id),
            _state_of(keys, known.get(key_id), key_id, newest),
            counts.get(key_id, 0),
            known[key_id].created_at if key_id in known else None,
        )
        for key_id in dict.fromkeys([*known, *keys.ids()])
    ]


def current(keys: KeySource) -> str:
    """The key that wraps from now on: the newest that the database knows; the first one is made here.

    Inside a transaction, the key's row stays locked until its end: no rotation retires the key meanwhile.
    Errors: those of `check`; AskAdmin when the first key cannot be made.
    """
    _proved(keys)
    while True:
        known = set(KeyCheck.objects.values_list("key_id", flat=True))
        key_id = next((key_id for key_id in reversed(keys.ids()) if key_id in known), None)
        if key_id is None:
            # Nothing was ever sealed here, or a database older than the last rotation came back from a backup.
            key_id = keys.make(known)
            remember(keys, key_id)
        with transaction.atomic():
            if KeyCheck.objects.select_for_update().filter(pk=key_id).exists():
                return key_id


def remember(keys: KeySource, key_id: str) -> None:
    """From here on the database is sealed with this key, and notices when it is lost or another."""
    sealed = keys.wrap(key_id, f"check|{key_id}", _CHECK)
    KeyCheck.objects.get_or_create(key_id=key_id, defaults={"sealed": sealed, "created_at": clock.wall()})


def _proved(keys: KeySource) -> None:
    known = list(KeyCheck.objects.order_by("created_at"))
    for row in known:
        _prove(keys, row)
    if not known:
        for key_id in keys.ids()[-1:]:
            keys.wrap(key_id, "probe", _CHECK)


def _prove(keys: KeySource, row: KeyCheck) -> None:
    try:
        keys.unwrap(row.key_id, f"check|{row.key_id}", bytes(row.sealed))
    except cipher.NotOpened as error:
        raise wrong(keys.where(row.key_id)) from error


def _state_of(
    keys: KeySource, known: KeyCheck | None, key_id: str, newest: str | None
) -> Literal["current", "in use", "not used yet", "missing", "wrong", "open to others"]:
    try:
        if known is None:
            keys.wrap(key_id, "probe", _CHECK)
            return "not used yet"
        _prove(keys, known)
    except AskAdmin as error:
        if error.code == "key_missing":
            return "missing"
        return "wrong" if error.code == "key_wrong" else "open to others"
    return "current" if key_id == newest else "in use"
