"""Decisions as CSV files: handed out, read back row by row, applied when somebody says so."""

from seatwise.control.decisions.files.apps import apps_template, read_apps
from seatwise.control.decisions.files.drafts import confirm, draft, hand_in, read
from seatwise.control.decisions.files.prices import export_prices, read_prices
from seatwise.control.decisions.files.reading import Line, Reading, apply
from seatwise.control.decisions.files.seats import export_seats, read_seats

__all__ = [
    "Line",
    "Reading",
    "apply",
    "apps_template",
    "confirm",
    "draft",
    "export_prices",
    "export_seats",
    "hand_in",
    "read",
    "read_apps",
    "read_prices",
    "read_seats",
]
