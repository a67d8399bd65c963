"""Every data set declared once: what we ask for, why, what it costs, how it is stored."""

from seatwise.catalog.permissions import FIVE
from seatwise.catalog.registry import DATASETS, TABLES
from seatwise.catalog.shapes import Dataset, Field, Parent, Table

__all__ = ["DATASETS", "FIVE", "TABLES", "Dataset", "Field", "Parent", "Table"]
