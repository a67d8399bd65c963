"""A person's data on request: handed out whole, or forgotten for good."""

from seatwise.control.persons.book import forgotten, places_to_write
from seatwise.control.persons.exporting import export
from seatwise.control.persons.forgetting import BACKUPS, Forgot, ask, ask_again, finish, open_of

__all__ = [
    "BACKUPS",
    "Forgot",
    "ask",
    "ask_again",
    "export",
    "finish",
    "forgotten",
    "open_of",
    "places_to_write",
]
