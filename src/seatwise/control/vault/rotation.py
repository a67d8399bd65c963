"""Moves every data key to a new key-encryption key: online, one transaction each, taken up again after any stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from seatwise.control import audit
from seatwise.control.models import DataKey, KeyCheck, Secret
from seatwise.control.vault import cipher, records, ring
from seatwise.control.vault.sources import KeySource, source

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Rotation:
    """What was done. retired: keys that wrap nothing any more. is_resumed: an unfinished one was taken up again."""

    key_id: str
    n_moved: int
    retired: tuple[str, ...]
    is_resumed: bool


def rotate(report: Report) -> Rotation:
    """Every data key wrapped by a new key; connections stay usable all the while.

    report:  told how many are moved and how many there are, after each.
    Errors:  those of `check`; AskAdmin when no new key can be made; Broken when one data key does not open. What was
             moved until then is moved, the rest opens with the old key, and the next call goes on.
    """
    keys = source()
    ring.check()
    old = set(KeyCheck.objects.values_list("key_id", flat=True))
    target = ring.current(keys)
    is_resumed = len(old - {target}) > 0
    if not is_resumed and target in old:
        target = keys.make(old)
        ring.remember(keys, target)
    n_moved = 0
    retired: list[str] = []
    for key_id in sorted(old - {target}):
        n_moved += _emptied(keys, key_id, target, report)
        retired.append(key_id)
    return Rotation(target, n_moved, tuple(retired), is_resumed)


def _emptied(keys: KeySource, key_id: str, target: str, report: Report) -> int:
    """How many data keys were moved until the key wrapped nothing and was retired."""
    n_moved = 0
    while True:
        waiting = list(DataKey.objects.filter(key_id=key_id).order_by("id").values_list("id", flat=True))
        for owner_id in waiting:
            _moved(keys, owner_id, key_id, target)
            n_moved += 1
            report(n_moved, max(n_moved, len(waiting)))
        with transaction.atomic():
            # Who is about to wrap with the old key holds this row: once it is ours, nobody wraps with it unseen.
            KeyCheck.objects.select_for_update().filter(pk=key_id).first()
            if not DataKey.objects.filter(key_id=key_id).exists():
                # Retired first: a stop between the two leaves a key that still opens and is retired again.
                keys.retire(key_id)
                KeyCheck.objects.filter(pk=key_id).delete()
                audit.note("keys.rotated", subject=target, detail={"retired": key_id})
                return n_moved


def _moved(keys: KeySource, owner_id: UUID, key_id: str, target: str) -> None:
    with transaction.atomic():
        row = DataKey.objects.select_for_update().filter(pk=owner_id, key_id=key_id).first()
        if row is None:
            return
        key = records.data_key(keys, row)
        for secret in Secret.objects.filter(data_key=row).select_related("data_key"):
            if cipher.is_first(bytes(secret.sealed)):
                _seal_anew(key, secret)
        row.sealed, row.key_id = records.wrapped(keys, target, row.scope, row.id, key), target
        row.save(update_fields=["sealed", "key_id"])


def _seal_anew(key: bytes, secret: Secret) -> None:
    owner = secret.data_key
    place = cipher.place_of_secret(cipher.FORMAT, owner.scope, owner.id, secret.field, secret.version)
    secret.sealed = cipher.seal(key, place, records.opened(key, secret))
    secret.save(update_fields=["sealed"])
