"""How a decision reads: each kind of value in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from seatwise.control.decisions import Key
from seatwise.control.decisions.terms import Terms, opened
from seatwise.web import formats

STATES: Final[Mapping[str, str]] = {
    "approved": "Approved",
    "tolerated": "Tolerated",
    "closed": "Closed",
    "ignored": "Ignored",
}
STATE_SENTENCES: Final[Mapping[str, str]] = {
    "": "Nobody decided yet",
    "approved": "People may use it",
    "tolerated": "People may use it for now",
    "closed": "It should not be used any more",
    "ignored": "Left out of lists, totals and savings",
}
KINDS: Final[Mapping[str, str]] = {
    "interactiveUser": "Interactive sign-ins",
    "nonInteractiveUser": "Non-interactive sign-ins",
}
KIND_SENTENCES: Final[Mapping[str, str]] = {
    "interactiveUser": "A person typed a password, tapped a key or chose an account.",
    "nonInteractiveUser": "An app renewed its access on behalf of a person who is signed in, without asking them.",
}
_SUBJECTS: Final[Mapping[str, str]] = {
    "workspace": "The company",
    "product": "App",
    "licence": "Licence",
    "person": "Person",
    "seat": "Seat",
}


def value(key: Key, kept: Any) -> str:
    """The value as it is kept, in words; "" when nothing is decided."""
    if kept is None:
        return ""
    if key.subject_kind == "seat":
        return key.field
    told = _READ.get(key.field)
    return str(kept) if told is None else told(kept)


def subject(kind: str) -> str:
    return _SUBJECTS.get(kind, kind)


def price(kept: Mapping[str, Any]) -> str:
    """€12.50 a seat and month; 80 seats bought; renews on 31 Mar 2027, 90 days’ notice."""
    terms: Terms = opened(kept)
    amount = formats.money(terms.amount, terms.currency)
    parts = [f"{amount} a seat and {terms.period}" if terms.basis == "seat" else f"{amount} a {terms.period} in all"]
    if terms.seats_bought is not None:
        parts.append(f"{terms.seats_bought:,} {'seat' if terms.seats_bought == 1 else 'seats'} bought")
    if terms.renewal_on is not None:
        notice = "" if terms.notice_days is None else f", {terms.notice_days} days’ notice"
        parts.append(f"renews on {formats.day(terms.renewal_on)}{notice}")
    return "; ".join(parts)


def days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def kinds(told: tuple[str, ...] | list[str]) -> str:
    return " and ".join(
        KINDS.get(each, each) if i == 0 else KINDS.get(each, each).lower() for i, each in enumerate(told)
    )


_READ: Final[Mapping[str, Callable[[Any], str]]] = {
    "price": price,
    "kinds": kinds,
    "inactive_days": days,
    "state": lambda told: STATES.get(told, told),
    "app_ids": lambda told: f"{len(told)} apps",
    "by_hand": lambda told: "Yes",
    "viewers_see_names": lambda told: "Yes",
    "protected": lambda told: told["reason"] or "Yes",
}
