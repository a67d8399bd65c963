"""What people decided, as plain values a question can carry; the database keeps it, an answer only reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from seatwise.catalog.activity import USER_KINDS

AppState = Literal["approved", "tolerated", "closed", "ignored"]
APP_STATES: Final[tuple[AppState, ...]] = ("approved", "tolerated", "closed", "ignored")
SubjectKind = Literal["product", "licence"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as use, and how long without it is idle.

    kinds:          kinds of sign-in that count, of the two in which a person acts.
    inactive_days:  days without use after which a person is not active.
    """

    kinds: tuple[str, ...] = USER_KINDS
    inactive_days: int = 30


@dataclass(frozen=True, slots=True)
class ProductPolicy:
    """Where one product differs from the tenant's policy; None: as there."""

    product_id: str
    kinds: tuple[str, ...] | None = None
    inactive_days: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What people decided about one product. An app nobody decided about is a product of its own, with its app id.

    product_id:  app id of the leading app; of a product without any app, an id made here.
    app_ids:     app ids folded into it, its own included; empty for one added by hand.
    The others:  None is "not decided", so that what Microsoft or the catalogue says holds.
    """

    product_id: str
    app_ids: tuple[str, ...] = ()
    name: str | None = None
    vendor: str | None = None
    category: str | None = None
    owner: str | None = None
    note: str | None = None
    state: AppState | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a product or a Microsoft licence costs.

    subject_id:  product_id, or sku id.
    basis:       seat: `amount` for each seat and period; contract: `amount` for all of it and period.
    seats_bought:  of a contract (then a seat costs amount ÷ seats_bought) or of a commitment; None when not told.
    """

    subject_kind: SubjectKind
    subject_id: str
    basis: Literal["seat", "contract"]
    amount: Decimal
    currency: str
    period: Literal["month", "year"]
    seats_bought: int | None = None
    renewal_on: date | None = None
    notice_days: int | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class HandSeat:
    """A seat that Entra does not know, added by hand or from a file.

    user_id:  of the person in the directory; None when nobody there has that address.
    """

    product_id: str
    address: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything decided in one workspace, of one moment. Equal values give equal answers.

    revision:   number of the newest decision; 0 when there is none. Two of one workspace with the same are equal.
    currency:   sums are of subjects priced in it; others stand in their own rows only.
    protected:  ids of people whose seats are never offered for taking.
    """

    revision: int = 0
    currency: str = "EUR"
    policy: Policy = field(default_factory=Policy)
    policies: tuple[ProductPolicy, ...] = ()
    products: tuple[Product, ...] = ()
    prices: tuple[Price, ...] = ()
    hand_seats: tuple[HandSeat, ...] = ()
    protected: frozenset[str] = frozenset()


NOTHING_DECIDED: Final = Decided()
