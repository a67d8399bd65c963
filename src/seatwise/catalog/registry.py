"""Every data set and every stored table, by name."""

from __future__ import annotations

from typing import Final

from seatwise.catalog.activity import ACTIVITY_DATASETS
from seatwise.catalog.derived import DERIVED_TABLES, WINDOWS
from seatwise.catalog.directory import DIRECTORY_DATASETS
from seatwise.catalog.shapes import Dataset, Table

DATASETS: Final[dict[str, Dataset]] = {dataset.name: dataset for dataset in (*DIRECTORY_DATASETS, *ACTIVITY_DATASETS)}
"""In the order they are read."""

TABLES: Final[dict[str, Table]] = {
    table.name: table for table in (*(dataset.table for dataset in DATASETS.values()), WINDOWS, *DERIVED_TABLES)
}


def needed_permissions() -> dict[str, tuple[str, ...]]:
    """Permission → names of the data sets that it can open or that need it besides."""
    opens: dict[str, list[str]] = {}
    for dataset in DATASETS.values():
        for permission in (*dataset.permissions, *dataset.permissions_too):
            opens.setdefault(permission, []).append(dataset.name)
    return {permission: tuple(names) for permission, names in opens.items()}
