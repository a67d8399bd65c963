"""What people decide: written as a book that only grows, read as the values that a question carries."""

from seatwise.control.decisions.book import Change, Undone, checked, decide, undo, would_be
from seatwise.control.decisions.by_hand import add_app, remove_app, seats
from seatwise.control.decisions.current import Held, Key, decided, decided_of_tenant, held
from seatwise.control.decisions.fields import words_of
from seatwise.control.decisions.history import Act, Entry, history
from seatwise.control.decisions.json_form import to_json
from seatwise.control.decisions.merging import merge, split
from seatwise.control.decisions.names import may_see_names
from seatwise.control.decisions.terms import Terms
from seatwise.control.decisions.wrong import Wrong

__all__ = [
    "Act",
    "Change",
    "Entry",
    "Held",
    "Key",
    "Terms",
    "Undone",
    "Wrong",
    "add_app",
    "checked",
    "decide",
    "decided",
    "decided_of_tenant",
    "held",
    "history",
    "may_see_names",
    "merge",
    "remove_app",
    "seats",
    "split",
    "to_json",
    "undo",
    "words_of",
    "would_be",
]
