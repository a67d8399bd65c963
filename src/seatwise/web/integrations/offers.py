"""The systems that can be connected, or will be, and how a search finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Offer:
    """One card under Available apps. words: what people also call it, in lower case."""

    key: str
    name: str
    kind: str
    text: str
    tile: str
    tint: str
    words: tuple[str, ...]
    is_planned: bool = False

    def matches(self, asked: str) -> bool:
        """Every word asked for stands somewhere in the name, the kind or the other names."""
        hay = " ".join((self.name, self.kind, *self.words)).lower()
        return all(word in hay for word in asked.lower().split())


ENTRA: Final = Offer(
    "entra",
    "Microsoft Entra ID",
    "Identity provider",
    "Apps, assignments, sign-ins and licences from your Microsoft directory.",
    "",
    "t0",
    ("azure ad", "azure active directory", "aad", "microsoft 365", "m365", "office 365", "o365", "sso", "sign-in"),
)
OFFERS: Final[tuple[Offer, ...]] = (
    ENTRA,
    Offer(
        "okta",
        "Okta",
        "Identity provider",
        "Apps, assignments and sign-ins from Okta Workforce Identity.",
        "Ok",
        "t3",
        ("sso", "workforce identity"),
        is_planned=True,
    ),
    Offer(
        "google",
        "Google Workspace",
        "Identity provider",
        "People, third-party app grants and licences from Google Workspace.",
        "GW",
        "t2",
        ("gsuite", "g suite", "gmail", "sso"),
        is_planned=True,
    ),
    Offer(
        "spend",
        "Spend file (CSV)",
        "Finance",
        "Prices and renewal dates from a spreadsheet, matched to apps by name.",
        "Sf",
        "t1",
        ("excel", "contracts", "prices", "renewals", "import"),
        is_planned=True,
    ),
)


def found(asked: str) -> list[Offer]:
    return [offer for offer in OFFERS if offer.matches(asked)]
