"""What a decision would change before it is made: seats by status and money, in all and product by product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from seatwise.base.errors import AskAdmin
from seatwise.control import answers
from seatwise.control.decisions.book import Change, would_be
from seatwise.control.models import Person, Workspace
from seatwise.metrics.decided import Decided

STATUSES: Final = ("n_active", "n_idle", "n_unused", "n_never", "n_unknown")
MONEY: Final = ("could_save_month", "idle_month", "unknown_month")
_UNREAD: Final = ("nothing_read", "tenant_unknown")


@dataclass(frozen=True, slots=True)
class Moved:
    """A product whose numbers would be others. before, after: its rows of the metric `products`."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def n_seats_moved(self) -> int:
        """Seats that would stand under another status: what the statuses lose, which others gain."""
        pairs = [(self.before[name], self.after[name]) for name in STATUSES]
        return sum(max(0, old - new) for old, new in pairs if old is not None and new is not None)


@dataclass(frozen=True, slots=True)
class Preview:
    """before, after: sums over all products. moved: those that would change, most seats first."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    moved: tuple[Moved, ...]
    currency: str
    as_of: str

    @property
    def n_seats_moved(self) -> int:
        return sum(each.n_seats_moved for each in self.moved)


def preview(
    workspace: Workspace, changes: Sequence[Change], by: Person | None = None, *, product_id: str = ""
) -> Preview | None:
    """None when nothing was read yet, so that nothing would change. Errors: Wrong.

    product_id: only of this one.
    """
    then = would_be(workspace, changes)
    try:
        first, second = (_asked(workspace, by, decided, product_id) for decided in (None, then))
    except AskAdmin as error:
        if workspace.tenant_id is None or error.code in _UNREAD:
            return None
        raise
    old = {row["product_id"]: row for row in first.result.rows}
    pairs = [Moved(old[row["product_id"]], row) for row in second.result.rows if row["product_id"] in old]
    moved = [each for each in pairs if any(each.before[name] != each.after[name] for name in (*STATUSES, *MONEY))]
    moved.sort(key=lambda each: (-each.n_seats_moved, str(each.after["name"]).casefold()))
    return Preview(
        first.result.sums, second.result.sums, tuple(moved), then.currency, f"{second.result.as_of:%Y-%m-%dT%H:%M:%SZ}"
    )


def _asked(workspace: Workspace, by: Person | None, decided: Decided | None, product_id: str) -> answers.Answer:
    if workspace.tenant_id is None:
        raise AskAdmin(code="nothing_read", sentence="Nothing has been read yet.")
    where = (answers.Filter("product_id", "is", (product_id,)),) if product_id else ()
    return answers.ask("products", workspace.tenant_id, decided=decided, by=by, where=where)
