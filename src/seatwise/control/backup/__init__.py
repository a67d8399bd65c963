"""Everything of an install in one file, taken while it works, and put back into an empty folder. Keys go apart."""

from seatwise.control.backup.making import Made, write
from seatwise.control.backup.restoring import restore

__all__ = ["Made", "restore", "write"]
