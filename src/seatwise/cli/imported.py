"""How the account of an import is told."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from seatwise.sync.intake import Report

_REASONS = {
    "other_tenant": "belongs to another tenant",
}


def tell(found: Report, *, as_json: bool, dry_run: bool) -> int:
    """Shows the account. Gives the exit code: 0 done, 1 nothing could be read, 3 some files were refused."""
    account = found.to_json()
    if as_json:
        sys.stdout.write(json.dumps(account, ensure_ascii=False) + "\n")
    else:
        _table(found, dry_run)
    for note in found.notes:
        sys.stderr.write(f"{note}\n")
    for path, reason in found.refused:
        sys.stderr.write(f"{path}: {reason}\n")
    if not found.refused:
        return 0
    return 3 if found.received else 1


def _table(found: Report, dry_run: bool) -> None:
    console = Console(highlight=False)
    words = "would be kept" if dry_run else "kept"
    console.print(
        f"{found.received:,} records received: {found.kept:,} {words}, {found.unchanged:,} known already, "
        f"{sum(n for _, _, n in found.set_aside):,} set aside."
    )
    if found.set_aside:
        table = Table("kind", "why set aside", "records", box=SIMPLE_HEAD, pad_edge=False)
        table.columns[2].justify = "right"
        for kind, reason, n in found.set_aside:
            table.add_row(kind, _REASONS.get(reason, reason.replace("_", " ")), f"{n:,}")
        console.print(table)
    if dry_run:
        console.print("Nothing was written (--dry-run).")
    elif found.kept:
        console.print("Next: seatwise ask apps")
