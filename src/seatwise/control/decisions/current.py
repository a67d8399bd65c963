"""What holds now: the newest decision of each field, gathered into the values that a question carries."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from seatwise.control.decisions import terms
from seatwise.control.models import Decision, Workspace
from seatwise.metrics.decided import (
    Decided,
    HandSeat,
    Policy,
    Price,
    Product,
    ProductPolicy,
)

_KEPT: Final = 64
_TEXTS: Final = ("name", "vendor", "category", "owner", "note", "state")
FIRST_CURRENCY: Final = Decided().currency


class Key(NamedTuple):
    subject_kind: str
    subject_id: str
    field: str

    @classmethod
    def of(cls, row: Decision) -> Key:
        return cls(row.subject_kind, row.subject_id, row.field)


Values = Mapping[Key, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What holds in a workspace. values: as they are kept, without those that are decided no more."""

    decided: Decided
    values: Values


# By workspace; the newest entry's number and moment say whether it still holds, so that a number which was rolled
# back and given again is not mistaken for itself. Bounded: an install of many companies keeps the last asked for.
_cache: OrderedDict[UUID, tuple[tuple[int, datetime | None], Held]] = OrderedDict()
_lock = threading.Lock()


def decided(workspace: Workspace) -> Decided:
    """Everything decided there. One small query when nothing was decided since the last time."""
    return held(workspace).decided


def decided_of_tenant(tenant_id: str) -> Decided:
    """The same by the workspace's tenant; still one query. Nothing for a tenant that is no workspace's."""
    rows = Decision.objects.filter(workspace__tenant_id=tenant_id).order_by("-number")
    found = rows.values_list("workspace_id", "number", "decided_at").first()
    return Decided() if found is None else _held(found[0], (found[1], found[2])).decided


def held(workspace: Workspace) -> Held:
    return _held(workspace.pk, _newest(workspace.pk))


def _held(workspace_id: UUID, newest: tuple[int, datetime | None]) -> Held:
    with _lock:
        found = _cache.get(workspace_id)
        if found is not None and found[0] == newest:
            _cache.move_to_end(workspace_id)
            return found[1]
    values = _read(workspace_id)
    # Both of one moment, without a lock: what was decided between the two readings is read again.
    while newest != (after := _newest(workspace_id)):
        newest, values = after, _read(workspace_id)
    made = gather(values, newest[0])
    with _lock:
        _cache[workspace_id] = (newest, made)
        _cache.move_to_end(workspace_id)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return made


def read(workspace: Workspace) -> dict[Key, Any]:
    """Every value that holds, None for what is decided no more; from the database."""
    return _read(workspace.pk)


def _read(workspace_id: UUID) -> dict[Key, Any]:
    rows = Decision.objects.filter(workspace_id=workspace_id, replaced_by=None)
    return {Key(*row[:3]): row[3] for row in rows.values_list("subject_kind", "subject_id", "field", "value")}


def gather(values: Values, revision: int) -> Held:
    """Pure: equal values give equal results."""
    told = {key: value for key, value in sorted(values.items()) if value is not None}
    leading = _leading(told)
    own = {field: told.get(Key("workspace", "", field)) for field in ("currency", "kinds", "inactive_days")}
    first = Policy()
    made = Decided(
        revision=revision,
        currency=own["currency"] or FIRST_CURRENCY,
        policy=Policy(tuple(own["kinds"] or first.kinds), own["inactive_days"] or first.inactive_days),
        policies=_policies(told, leading),
        products=_products(told, leading),
        prices=_prices(told, leading),
        hand_seats=_seats(told, leading),
        protected=frozenset(key.subject_id for key in told if (key.subject_kind, key.field) == ("person", "protected")),
    )
    return Held(made, told)


def _leading(told: Values) -> dict[str, str]:
    """By app id that was folded into another one's product, that product. Its own decisions stand aside meanwhile."""
    return {
        app_id: key.subject_id
        for key, ids in told.items()
        if (key.subject_kind, key.field) == ("product", "app_ids")
        for app_id in ids
        if app_id != key.subject_id
    }


def _of(told: Values, kind: str, leading: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for key, value in told.items():
        if key.subject_kind == kind and key.subject_id not in leading:
            found.setdefault(key.subject_id, {})[key.field] = value
    return found


def _products(told: Values, leading: Mapping[str, str]) -> tuple[Product, ...]:
    found = []
    for product_id, has in _of(told, "product", leading).items():
        texts = {name: has.get(name) for name in _TEXTS}
        ids = () if has.get("by_hand") else tuple(has.get("app_ids") or (product_id,))
        if has.get("by_hand") or has.get("app_ids") or any(texts.values()):
            found.append(Product(product_id, ids, **texts))
    return tuple(found)


def _policies(told: Values, leading: Mapping[str, str]) -> tuple[ProductPolicy, ...]:
    return tuple(
        ProductPolicy(product_id, tuple(has["kinds"]) if has.get("kinds") else None, has.get("inactive_days"))
        for product_id, has in _of(told, "product", leading).items()
        if has.get("kinds") or has.get("inactive_days")
    )


def _prices(told: Values, leading: Mapping[str, str]) -> tuple[Price, ...]:
    return tuple(
        _price(kind, subject_id, has["price"])
        for kind, aside in (("licence", {}), ("product", leading))
        for subject_id, has in _of(told, kind, aside).items()
        if has.get("price")
    )


def _price(kind: Any, subject_id: str, value: Mapping[str, Any]) -> Price:
    at = terms.opened(value)
    return Price(
        subject_kind=kind,
        subject_id=subject_id,
        basis=at.basis,
        amount=at.amount,
        currency=at.currency,
        period=at.period,
        seats_bought=at.seats_bought,
        renewal_on=at.renewal_on,
        notice_days=at.notice_days,
        link=at.link,
    )


def _seats(told: Values, leading: Mapping[str, str]) -> tuple[HandSeat, ...]:
    """One of a person in a product, also when two of the folded apps had it."""
    found = {
        (leading.get(key.subject_id, key.subject_id), key.field): value["user_id"]
        for key, value in told.items()
        if key.subject_kind == "seat"
    }
    return tuple(HandSeat(product_id, address, user_id) for (product_id, address), user_id in sorted(found.items()))


def _newest(workspace_id: UUID) -> tuple[int, datetime | None]:
    rows = Decision.objects.filter(workspace_id=workspace_id).order_by("-number")
    return rows.values_list("number", "decided_at").first() or (0, None)
