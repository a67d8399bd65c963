"""The data dictionary, written from the declarations: `python -m seatwise.catalog.dictionary`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from seatwise.catalog.permissions import FIVE
from seatwise.catalog.registry import DATASETS, TABLES
from seatwise.catalog.shapes import Dataset, Table


def text() -> str:
    """The whole dictionary as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "Generated from `src/seatwise/catalog`; do not edit. Times are UTC. Ids are in lower case, those of"
    yield "assignments and consents as received. Columns marked *personal* tell something about a person."
    yield ""
    yield "## Permissions"
    yield ""
    yield "| permission | opens | without it | covered by |"
    yield "|---|---|---|---|"
    for permission in FIVE.values():
        yield f"| {permission.name} | {permission.opens} | {permission.without} | {permission.covered_by or ''} |"
    for table in TABLES.values():
        yield from _table(table, DATASETS.get(table.name))


def _table(table: Table, dataset: Dataset | None) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield table.help
    if dataset is not None:
        too = "".join(f" and {permission}" for permission in dataset.permissions_too)
        yield ""
        yield f"- Asked for: {dataset.why}"
        yield f"- Call: `GET /{dataset.version}{dataset.path}`"
        yield f"- Permission: {' or '.join(dataset.permissions)}{too}"
        if dataset.premium:
            yield "- Needs a premium licence (Entra ID P1 or P2) in the tenant."
    yield f"- Key: {', '.join(table.key)}"
    if table.history:
        yield "- Keeps history: `valid_from` (empty: since ever) and `valid_to` (empty: still so)."
    yield ""
    yield "| column | type | unit | personal | source | meaning |"
    yield "|---|---|---|---|---|---|"
    for field in table.fields:
        source = f"`{field.source}`" if field.source and dataset is not None else ""
        personal = "personal" if field.personal else ""
        yield f"| {field.name} | {field.arrow} | {field.unit or ''} | {personal} | {source} | {field.help} |"


if __name__ == "__main__":
    sys.stdout.write(text())
