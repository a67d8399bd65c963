"""What people decided, read from a file in the words of the product; the oracle knows nothing else of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

USER_KINDS = ("interactiveUser", "nonInteractiveUser")


@dataclass(frozen=True, slots=True)
class Policy:
    """Which kinds of sign-in count as use, and after how many days without it somebody is not active."""

    kinds: tuple[str, ...] = USER_KINDS
    inactive_days: int = 30


@dataclass(frozen=True, slots=True)
class ProductPolicy:
    product_id: str
    kinds: tuple[str, ...] | None = None
    inactive_days: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    product_id: str
    app_ids: tuple[str, ...] = ()
    name: str | None = None
    vendor: str | None = None
    category: str | None = None
    owner: str | None = None
    note: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` of `currency` for each seat, or for all of it (contract), each month or year."""

    subject_kind: str
    subject_id: str
    basis: str
    amount: Fraction
    currency: str
    period: str
    seats_bought: int | None = None
    renewal_on: date | None = None
    notice_days: int | None = None
    link: str | None = None

    @property
    def annual(self) -> Fraction:
        return self.amount * (12 if self.period == "month" else 1)

    @property
    def notice_on(self) -> date | None:
        if self.renewal_on is None or self.notice_days is None:
            return None
        return self.renewal_on - timedelta(days=self.notice_days)

    def seat_annual(self, n_held: int | None) -> Fraction | None:
        """What one seat costs a year; None when a contract cannot be divided among any."""
        if self.basis == "seat":
            return self.annual
        among = self.seats_bought or n_held
        return self.annual / among if among else None

    def all_annual(self, n_held: int | None) -> Fraction | None:
        """What all of it costs a year; None when it depends on seats nobody has read."""
        if self.basis == "contract":
            return self.annual
        return None if n_held is None else self.annual * max(n_held, self.seats_bought or 0)


@dataclass(frozen=True, slots=True)
class HandSeat:
    product_id: str
    address: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    revision: int = 0
    currency: str = "EUR"
    policy: Policy = field(default_factory=Policy)
    policies: tuple[ProductPolicy, ...] = ()
    products: tuple[Product, ...] = ()
    prices: tuple[Price, ...] = ()
    hand_seats: tuple[HandSeat, ...] = ()
    protected: frozenset[str] = frozenset()

    def policy_of(self, product_id: str) -> Policy:
        """The product's own where it has one, else everybody's."""
        for own in self.policies:
            if own.product_id == product_id:
                kinds = self.policy.kinds if own.kinds is None else own.kinds
                return Policy(kinds, own.inactive_days or self.policy.inactive_days)
        return self.policy

    def price_of(self, subject_kind: str, subject_id: str) -> Price | None:
        return next((p for p in self.prices if (p.subject_kind, p.subject_id) == (subject_kind, subject_id)), None)


def read(text: str) -> Decided:
    """A JSON object with the fields of `Decided`; days as 2026-10-14, amounts as texts."""
    told: dict[str, Any] = json.loads(text)
    policy = told.get("policy") or {}
    return Decided(
        told.get("revision", 0),
        told.get("currency", "EUR"),
        Policy(tuple(policy.get("kinds", USER_KINDS)), policy.get("inactive_days", 30)),
        tuple(ProductPolicy(**{**p, "kinds": _tuple(p.get("kinds"))}) for p in told.get("policies", ())),
        tuple(Product(**{**p, "app_ids": tuple(p.get("app_ids", ()))}) for p in told.get("products", ())),
        tuple(_price(p) for p in told.get("prices", ())),
        tuple(HandSeat(**s) for s in told.get("hand_seats", ())),
        frozenset(told.get("protected", ())),
    )


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _price(told: dict[str, Any]) -> Price:
    renewal = told.get("renewal_on")
    amount = Fraction(str(told["amount"]))
    return Price(**{**told, "amount": amount, "renewal_on": date.fromisoformat(renewal) if renewal else None})
