"""Brings what people decided under the questions, as small tables; what differs tells which answers are stale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa

from seatwise.catalog.activity import USER_KINDS
from seatwise.lake.reading import Lake
from seatwise.metrics import money
from seatwise.metrics.decided import Decided, Price

_TEXT: Final[pa.DataType] = pa.string()
_KINDS: Final[pa.DataType] = pa.list_(pa.string())
_INT: Final[pa.DataType] = pa.int64()
_FLAG: Final[pa.DataType] = pa.bool_()
_DATE: Final[pa.DataType] = pa.date32()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: Final[dict[str, pa.Schema]] = {
    "own_policy": _schema(app_id=_TEXT, kinds=_KINDS, inactive_days=_INT),
    "decided_app": _schema(app_id=_TEXT, product_id=_TEXT),
    "decided_product": _schema(
        product_id=_TEXT,
        name=_TEXT,
        vendor=_TEXT,
        category=_TEXT,
        owner=_TEXT,
        note=_TEXT,
        state=_TEXT,
        is_by_hand=_FLAG,
    ),
    "hand_seat": _schema(product_id=_TEXT, holder=_TEXT, address=_TEXT, user_id=_TEXT),
    "protected_person": _schema(user_id=_TEXT),
    "price": _schema(
        subject_kind=_TEXT,
        subject_id=_TEXT,
        basis=_TEXT,
        annual_e4=_TEXT,
        annual_x=_TEXT,
        seat_x=_TEXT,
        currency=_TEXT,
        seats_bought=_INT,
        renewal_on=_DATE,
        notice_on=_DATE,
        link=_TEXT,
    ),
}
# Stands for the prices where it is said what `price` is made of.
PRICES: Final = "decided_price"
_HUGE: Final = ("annual_e4", "annual_x", "seat_x")
Rows = list[dict[str, Any]]


def rows(decided: Decided) -> dict[str, Rows]:
    """The rows of each small table but `price`, which needs counts of seats. Ids are in lower case, as in the lake."""
    product_of = {app_id.lower(): product.product_id for product in decided.products for app_id in product.app_ids}
    app_ids: dict[str, list[str]] = {}
    for app_id, product_id in product_of.items():
        app_ids.setdefault(product_id, []).append(app_id)
    return {
        "own_policy": [
            {"app_id": app_id, "kinds": _counted(policy.kinds), "inactive_days": policy.inactive_days}
            for policy in decided.policies
            for app_id in app_ids.get(policy.product_id, [policy.product_id])
        ],
        "decided_app": [{"app_id": app_id, "product_id": product_id} for app_id, product_id in product_of.items()],
        "decided_product": [
            {name: getattr(product, name) for name in SCHEMAS["decided_product"].names if name != "is_by_hand"}
            | {"is_by_hand": not product.app_ids}
            for product in decided.products
        ],
        "hand_seat": [
            {
                "product_id": seat.product_id,
                "holder": (seat.user_id or seat.address.strip()).lower(),
                "address": seat.address,
                "user_id": None if seat.user_id is None else seat.user_id.lower(),
            }
            for seat in decided.hand_seats
        ],
        "protected_person": [{"user_id": user_id} for user_id in sorted({i.lower() for i in decided.protected})],
    }


def variables(decided: Decided) -> dict[str, object]:
    return {
        "kinds": _counted(decided.policy.kinds),
        "inactive_days": decided.policy.inactive_days,
        "currency": decided.currency,
    }


def _counted(kinds: tuple[str, ...] | None) -> list[str] | None:
    return None if kinds is None else [kind for kind in USER_KINDS if kind in kinds]


def load(lake: Lake, name: str, found: Rows) -> None:
    """Make (or make anew) one small table."""
    schema = SCHEMAS[name]
    lake.connection.register("incoming", pa.Table.from_pylist(found, schema))
    columns = [f"CAST({c} AS HUGEINT) AS {c}" if name == "price" and c in _HUGE else c for c in schema.names]
    lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(columns)} FROM incoming")  # noqa: S608
    lake.connection.unregister("incoming")


def price_maker(decided: Decided) -> Callable[[Lake], None]:
    """Makes `price` and the variable money_unit, once seats are counted.

    A contract that does not tell how many seats were bought is divided by those held; for a licence, by those that
    Microsoft says were bought. Divided by none there is no price of a seat.
    """

    def make(lake: Lake) -> None:
        held = {("product", product_id): n for product_id, n in lake.rows("FROM seat_count")}
        bought = lake.rows("SELECT sku_id, enabled_units FROM subscribed_skus")
        held |= {("licence", sku_id): n or 0 for sku_id, n in bought}
        seats = {_subject(p): p.seats_bought or held.get(_subject(p), 0) for p in decided.prices if _is_contract(p)}
        parts = money.unit(n for n in seats.values() if n)
        lake.connection.execute("SET VARIABLE money_unit = CAST($1 AS HUGEINT)", [parts])
        load(lake, "price", [_price(price, parts, seats.get(_subject(price))) for price in decided.prices])

    return make


def _subject(price: Price) -> tuple[str, str]:
    return price.subject_kind, price.subject_id


def _is_contract(price: Price) -> bool:
    return price.basis == "contract"


def _price(price: Price, parts: int, seats: int | None) -> dict[str, Any]:
    annual = money.annual_e4(price.amount, price.period)
    each: int | None = annual * parts
    if _is_contract(price):
        each = money.share(annual, seats, parts) if seats else None
    notice = None
    if price.renewal_on is not None and price.notice_days is not None:
        notice = price.renewal_on - timedelta(days=price.notice_days)
    return {
        "subject_kind": price.subject_kind,
        "subject_id": price.subject_id,
        "basis": price.basis,
        "annual_e4": str(annual),
        "annual_x": str(annual * parts),
        "seat_x": None if each is None else str(each),
        "currency": price.currency,
        "seats_bought": price.seats_bought,
        "renewal_on": price.renewal_on,
        "notice_on": notice,
        "link": price.link,
    }
