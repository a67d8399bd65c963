"""What people are told without asking: cards, digests and alerts by e-mail, and how letters are delivered.

The kinds of cards are loaded when somebody asks for them: they bring the catalogue along, and a worker that only looks
whether there is something to do stays small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from seatwise.control.events.addresses import of as address_of
from seatwise.control.events.choices import WEEKDAYS, Chosen, choose, chosen, next_slot
from seatwise.control.events.findings import Finding, Found, found
from seatwise.control.events.outbox import deliver, forget_texts, tidy
from seatwise.control.events.outbox import is_due as has_letters
from seatwise.control.events.putting_away import bring_back, put_away
from seatwise.control.events.sent import Told, recent
from seatwise.control.events.server import PORTS, ServerFacts, Wish
from seatwise.control.events.server import choose as choose_server
from seatwise.control.events.server import facts as server_facts
from seatwise.control.events.server import forget as forget_server
from seatwise.control.events.server import state as server_state
from seatwise.control.events.tending import is_due, tend
from seatwise.control.events.trying import send_test
from seatwise.control.events.unsubscribing import Ended, peek, stop

if TYPE_CHECKING:
    from seatwise.control.events.cards import ALERTS, CARDS, Card

__all__ = [
    "ALERTS",
    "CARDS",
    "PORTS",
    "WEEKDAYS",
    "Card",
    "Chosen",
    "Ended",
    "Finding",
    "Found",
    "ServerFacts",
    "Told",
    "Wish",
    "address_of",
    "bring_back",
    "choose",
    "choose_server",
    "chosen",
    "deliver",
    "forget_server",
    "forget_texts",
    "found",
    "has_letters",
    "is_due",
    "next_slot",
    "peek",
    "put_away",
    "recent",
    "send_test",
    "server_facts",
    "server_state",
    "stop",
    "tend",
    "tidy",
]


def __getattr__(name: str) -> Any:
    if name in ("ALERTS", "CARDS", "Card"):
        return getattr(import_module("seatwise.control.events.cards"), name)
    raise AttributeError(name)
