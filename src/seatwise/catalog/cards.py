"""The cards that say what wants attention: words, weight and where the list behind each is; their SQL is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SubjectKind = Literal["product", "licence", "group", "category", "connection"]
Severity = Literal["high", "medium", "low"]

SUBJECT: Final = "{subject}"
"""Stands for the subject of a card in the list behind it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that may want attention, about one subject.

    title:     says what was found, in few words; the subject stands beside it.
    help:      what exactly is claimed, and on which grounds.
    n_means:   what the card's number counts.
    metric:    the answer that lists what the card counts; None where a page of its own does.
    filters:   column, operator and values of that list, as in `Question.where`; SUBJECT stands for the subject's id.
    of:        parameters of that answer; SUBJECT as above.
    """

    name: str
    title: str
    help: str
    severity: Severity
    subject_kind: SubjectKind
    n_means: str
    metric: str | None
    filters: tuple[tuple[str, str, tuple[str | bool, ...]], ...] = ()
    of: tuple[tuple[str, str], ...] = ()


_OF_PRODUCT: Final = ("product_id", "is", (SUBJECT,))
_OF_LICENCE: Final = ("sku_id", "is", (SUBJECT,))
_NOT_PROTECTED: Final = ("is_protected", "is", (False,))

CARDS: Final[dict[str, Card]] = {
    card.name: card
    for card in (
        Card(
            "unused_seats",
            "Seats nobody uses",
            "Seats of people who never used the product, or not for 90 days, with every day of that known."
            " Protected people are left out. The worth is what these seats cost.",
            "high",
            "product",
            "seats",
            "product-users",
            (_OF_PRODUCT, ("status", "is", ("never", "unused")), _NOT_PROTECTED, ("path", "not", ("none",))),
        ),
        Card(
            "leaver_seats",
            "Leavers who still hold seats",
            "Seats of people whose account is disabled or deleted. Protected people are left out. Some of these seats"
            " may also be counted as unused.",
            "high",
            "product",
            "seats",
            "product-users",
            (_OF_PRODUCT, ("is_leaver", "is", (True,)), _NOT_PROTECTED, ("path", "not", ("none",))),
        ),
        Card(
            "guest_seats",
            "Guests who hold seats",
            "Seats of people from other companies. Protected people are left out. Guests may need them: look before"
            " taking any away.",
            "low",
            "product",
            "seats",
            "product-users",
            (_OF_PRODUCT, ("kind", "is", ("guest",)), _NOT_PROTECTED, ("path", "not", ("none",))),
        ),
        Card(
            "idle_licences",
            "Licences of people who do not sign in",
            "Licences of enabled people of whom no sign-in to anything is known for the inactivity period, with every"
            " day of it known.",
            "high",
            "licence",
            "licences",
            "licence-users",
            (_OF_LICENCE, ("status", "is", ("idle", "unused", "never")), ("is_enabled", "is", (True,))),
        ),
        Card(
            "disabled_licences",
            "Licences on disabled accounts",
            "Licences still assigned to accounts that may not sign in.",
            "high",
            "licence",
            "licences",
            "licence-users",
            (_OF_LICENCE, ("is_enabled", "is", (False,))),
        ),
        Card(
            "wasteful_group",
            "A group that grants mostly unused seats",
            "More than half of the seats this group grants in a product, five or more, were never used or not for"
            " 90 days.",
            "medium",
            "group",
            "seats",
            "seat-groups",
            (("group_id", "is", (SUBJECT,)),),
        ),
        Card(
            "overlap",
            "Several products of one category in use",
            "People use two or more products that do the same kind of work. No saving is claimed: what they share is"
            " for you to judge.",
            "low",
            "category",
            "products in use",
            "products",
            (("category", "is", (SUBJECT,)), ("n_used_30d", "from", ("1",))),
        ),
        Card(
            "renewal",
            "A contract renews soon",
            "The renewal date that was entered is within 60 days. The worth is what it costs each month.",
            "medium",
            "product",
            "days left",
            "product-users",
            (_OF_PRODUCT,),
        ),
        Card(
            "contract_too_large",
            "More seats bought than used",
            "More seats were bought than there are people who are active, or of whom absence is not proven. The worth"
            " is what the seats too many cost; it can be saved at the next renewal.",
            "high",
            "product",
            "seats too many",
            "product-users",
            (_OF_PRODUCT,),
        ),
        Card(
            "falling_use",
            "Use is falling",
            "Fewer than 60 of 100 people use it compared with the 30 days before, with all 60 days known and at least"
            " ten people before.",
            "medium",
            "product",
            "people now",
            "movement",
            (_OF_PRODUCT,),
        ),
        Card(
            "new_app",
            "A new app",
            "First used in the last seven days, with the 30 days before that known.",
            "medium",
            "product",
            "people",
            "product-users",
            (_OF_PRODUCT,),
        ),
        Card(
            "closed_in_use",
            "A closed app is in use",
            "People signed in to it in the last 30 days although it was decided to be closed.",
            "high",
            "product",
            "people",
            "product-users",
            (_OF_PRODUCT, ("n_sign_ins_30d", "from", ("1",))),
        ),
    )
}
