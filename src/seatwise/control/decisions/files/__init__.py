"""Decisions as CSV files: handed out, read back row by row, applied when somebody says so."""

from seatwise.control.decisions.files.apps import apps_template, read_apps
from seatwise.control.decisions.files.prices import export_prices, read_prices
from seatwise.control.decisions.files.reading import Line, Reading, apply
from seatwise.control.decisions.files.seats import export_seats, read_seats

__all__ = [
    "Line",
    "Reading",
    "apply",
    "apps_template",
    "export_prices",
    "export_seats",
    "read_apps",
    "read_prices",
    "read_seats",
]
