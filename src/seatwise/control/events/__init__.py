"""What people are told without asking: cards, digests and alerts by e-mail, and how letters are delivered."""

from seatwise.control.events.cards import ALERTS, CARDS, Card
from seatwise.control.events.choices import WEEKDAYS, Chosen, choose, chosen, next_slot
from seatwise.control.events.outbox import deliver, forget_texts, is_due
from seatwise.control.events.sent import Told, recent
from seatwise.control.events.server import PORTS, ServerFacts, Wish
from seatwise.control.events.server import choose as choose_server
from seatwise.control.events.server import facts as server_facts
from seatwise.control.events.server import forget as forget_server
from seatwise.control.events.server import state as server_state
from seatwise.control.events.trying import send_test
from seatwise.control.events.unsubscribing import Ended, peek, stop

__all__ = [
    "ALERTS",
    "CARDS",
    "PORTS",
    "WEEKDAYS",
    "Card",
    "Chosen",
    "Ended",
    "ServerFacts",
    "Told",
    "Wish",
    "choose",
    "choose_server",
    "chosen",
    "deliver",
    "forget_server",
    "forget_texts",
    "is_due",
    "next_slot",
    "peek",
    "recent",
    "send_test",
    "server_facts",
    "server_state",
    "stop",
]
