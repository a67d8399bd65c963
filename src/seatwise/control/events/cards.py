"""The kinds of cards: those of the data, as the catalogue says them, and those about the connection behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seatwise.catalog import cards as declared


@dataclass(frozen=True)
class Card:
    """One kind. is_alert: told at once to those who want alerts, not only in the digest.

    severity:  high, medium or low. n_means: what its number counts.
    """

    name: str
    words: str
    sentence: str
    severity: str
    n_means: str
    is_alert: bool = False


_ALERTS: Final = frozenset({"leaver_seats", "renewal", "closed_in_use"})
_OURS: Final = (
    Card(
        "connection",
        "The connection needs somebody",
        "Microsoft Entra ID cannot be read as it should: figures grow old until it is mended.",
        "high",
        "",
        is_alert=True,
    ),
    Card(
        "credential",
        "The connection’s secret ends soon",
        "The client secret or certificate ends within 60 days; then nothing is read any more.",
        "high",
        "days left",
        is_alert=True,
    ),
    Card(
        "coverage",
        "Sign-ins are missing",
        "Days of the last 30 whose sign-ins are not wholly known. Nothing is claimed that rests on them.",
        "medium",
        "days",
        is_alert=True,
    ),
)
CARDS: Final[dict[str, Card]] = {card.name: card for card in _OURS} | {
    card.name: Card(card.name, card.title, card.help, card.severity, card.n_means, card.name in _ALERTS)
    for card in declared.CARDS.values()
}
ALERTS: Final = frozenset(card.name for card in CARDS.values() if card.is_alert)
OURS: Final = frozenset(card.name for card in _OURS)
