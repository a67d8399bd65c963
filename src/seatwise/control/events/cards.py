"""The kinds of cards: what each is called, and whether it is worth an e-mail of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Card:
    """One kind. is_alert: told at once to those who want alerts, not only in the digest."""

    name: str
    words: str
    sentence: str
    is_alert: bool = False


_ALL: Final = (
    Card("connection", "Connection trouble", "The connection to Microsoft Entra ID needs somebody.", is_alert=True),
    Card("credential", "Credential ends soon", "The secret or certificate of the connection ends soon.", is_alert=True),
    Card("coverage", "Missing sign-ins", "Days of the last 30 on which sign-ins are missing.", is_alert=True),
    Card("unused_seats", "Seats nobody uses", "Seats never used, or not for 90 days."),
    Card("leaver_seats", "Leavers with seats", "Disabled or deleted people who still hold seats.", is_alert=True),
    Card("guest_seats", "Guests with seats", "People of other companies who hold seats of yours."),
    Card("idle_licences", "Idle licences", "Microsoft licences whose holders use nothing."),
    Card("disabled_licences", "Licences on disabled accounts", "Microsoft licences of people who cannot sign in."),
    Card("wasteful_group", "Groups that grant unused seats", "Most seats that the group grants are not used."),
    Card("overlap", "Several apps of one kind", "Two or more apps of one category are in use."),
    Card("renewal", "Renewals", "A contract renews within 60 days.", is_alert=True),
    Card("contract_too_large", "Contracts larger than use", "More seats are bought than are held or used."),
    Card("falling_use", "Use is falling", "Far fewer people use it than in the 30 days before."),
    Card("new_app", "New apps", "Used for the first time this week."),
    Card("closed_in_use", "Closed apps in use", "Marked as closed, and still used.", is_alert=True),
)
CARDS: Final[dict[str, Card]] = {card.name: card for card in _ALL}
ALERTS: Final = frozenset(card.name for card in _ALL if card.is_alert)
