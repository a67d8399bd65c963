"""Names of licences: the short names exist, and each edition is called what Microsoft calls it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from seatwise.catalog.sku_names import FREE, SKU_NAMES, sku_name

# Words of ours that shorten or update Microsoft's; all others have to stand in its own name.
_OURS = {"online", "enterprise", "plan", "sales", "defender", "free", "users", "user", "no", "teams", "eea"}


def _published(shared: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (shared / "catalog" / "sku-names.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["skuPartNumber"].strip().upper(), []).append(row["productName"])
    return found


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.casefold()))


def test_every_licence_is_microsofts_and_keeps_its_edition(shared: Path) -> None:
    published = _published(shared)
    assert sorted(set(SKU_NAMES) - set(published)) == []
    odd = {
        part: (name, published[part])
        for part, name in SKU_NAMES.items()
        if not any(_words(name) - _OURS <= _words(theirs) for theirs in published[part])
    }
    assert odd == {}
    assert set(SKU_NAMES) >= FREE


def test_a_licence_without_a_better_name_is_called_what_microsoft_calls_it() -> None:
    assert sku_name("spe_e3 ") == "Microsoft 365 E3"
    assert sku_name("NEW_THING_2027") == "NEW THING 2027"
