"""What can be decided of what, and how each value is checked before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from seatwise.catalog.activity import USER_KINDS
from seatwise.control.decisions import terms
from seatwise.control.decisions.terms import Terms
from seatwise.control.decisions.wrong import Wrong
from seatwise.metrics.decided import APP_STATES

SubjectKind = Literal["workspace", "product", "licence", "person", "seat"]
MOST_INACTIVE_DAYS: Final = 365
ADDRESS_LENGTH: Final = 254
# An entry of the book that nobody decides: it says that entries about somebody were taken out.
FORGOTTEN: Final = "forgotten"


@dataclass(frozen=True, slots=True)
class Field:
    """words:  what it is called in the history.
    keep:   the value as it is kept, None for "no longer decided". Errors: Wrong.
    """

    words: str
    keep: Callable[[Any], Any]


def keep(subject_kind: str, field: str, value: object) -> Any:
    """The value as it is kept; None stays None. Errors: Wrong, with a sentence by field or by part of a price."""
    if subject_kind == "seat":
        return _seat(field, value)
    known = FIELDS.get(subject_kind, {}).get(field)
    if known is None:
        raise Wrong({field: f"“{field}” of a {subject_kind} cannot be decided here."}, code="field_unknown")
    return None if value is None else known.keep(value)


def words_of(subject_kind: str, field: str) -> str:
    if subject_kind == "seat":
        return "Seat by hand"
    if field == FORGOTTEN:
        return "Forgot a person"
    known = FIELDS.get(subject_kind, {}).get(field)
    return field if known is None else known.words


def _text(field: str, words: str, length: int) -> Callable[[object], str | None]:
    def check(value: object) -> str | None:
        if not isinstance(value, str) or "\x00" in value:
            raise Wrong({field: f"{words} is text."})
        told = value.strip()
        if len(told) > length:
            raise Wrong({field: f"{words} has at most {length:,} characters; this one has {len(told):,}."})
        return told or None

    return check


def _state(value: object) -> str:
    if value not in APP_STATES:
        raise Wrong({"state": f"“{value}” is not a state. Choose {', '.join(APP_STATES[:-1])} or {APP_STATES[-1]}."})
    return str(value)


def _kinds(value: object) -> list[str]:
    told = set(value) if isinstance(value, list | tuple | set | frozenset) else {None}
    if not told:
        raise Wrong({"kinds": "Choose at least one kind of sign-in; without one nothing would count as use."})
    if not told <= set(USER_KINDS):
        raise Wrong({"kinds": f"Kinds that can count are {' and '.join(USER_KINDS)}."})
    return [kind for kind in USER_KINDS if kind in told]


def _days(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_INACTIVE_DAYS:
        return value
    raise Wrong({"inactive_days": f"The inactivity period is a whole number of days from 1 to {MOST_INACTIVE_DAYS}."})


def _price(value: object) -> dict[str, Any]:
    if not isinstance(value, Terms):
        raise Wrong({"amount": "A price has an amount, a currency and a period."})
    return terms.kept(value)


def _currency(value: object) -> str:
    wrong = terms.of_currency(value)
    if wrong:
        raise Wrong({"currency": wrong})
    return str(value)


def _app_ids(value: object) -> list[str]:
    told = value if isinstance(value, list | tuple) else ()
    ids = sorted({str(each).strip().lower() for each in told} - {""})
    if len(ids) < 2:
        raise Wrong({"app_ids": "Choose at least two apps to make one product of them."})
    return ids


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong({"": "Say yes or no."})
    return value


def _only_true(value: object) -> bool | None:
    return _flag(value) or None


def _protection(value: object) -> dict[str, str]:
    """value: the reason, which may be empty."""
    return {"reason": _text("protected", "The reason", 254)(value) or ""}


def _seat(address: str, value: object) -> dict[str, str | None] | None:
    """value: id of the person in the directory, "" when nobody there has the address; None takes the seat away."""
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or len(address) > ADDRESS_LENGTH or address != address.strip().lower():
        raise Wrong({"address": f"“{address}” is not an address. It looks like name@company.example."})
    return None if value is None else {"user_id": str(value).strip().lower() or None}


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "workspace": {
        "currency": Field("Currency", _currency),
        "kinds": Field("Sign-ins that count", _kinds),
        "inactive_days": Field("Inactivity period", _days),
        "viewers_see_names": Field("Viewers see names", _only_true),
    },
    "product": {
        "name": Field("Name", _text("name", "The name", 128)),
        "vendor": Field("Vendor", _text("vendor", "The vendor", 128)),
        "category": Field("Category", _text("category", "The category", 64)),
        "owner": Field("Owner", _text("owner", "The owner", 128)),
        "note": Field("Note", _text("note", "The note", 2_000)),
        "state": Field("State", _state),
        "price": Field("Price", _price),
        "kinds": Field("Sign-ins that count", _kinds),
        "inactive_days": Field("Inactivity period", _days),
        "app_ids": Field("Apps of this product", _app_ids),
        "by_hand": Field("Added by hand", _only_true),
    },
    "licence": {"price": Field("Price", _price)},
    "person": {"protected": Field("Protected", _protection)},
}
