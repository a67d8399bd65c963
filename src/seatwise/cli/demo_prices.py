"""Made-up prices, contracts and owners for the demo's made-up company, so that money is to be seen at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any, Final

from seatwise.control import answers, decisions
from seatwise.control.decisions import Change, Terms
from seatwise.control.models import Workspace

# Per seat and month; handed round, the most seated app first. Some apps stay without, as in any real company.
_AMOUNTS: Final = ("12", "7.50", "21", None, "15", "9", "33", "4.90", "18", "6", None, "25")
_LICENCES: Final = ("21", "5.60", "34", "9.40")
_OWNERS: Final = ("IT operations", "Sales operations", "Finance", None, "People team", None)
_STATES: Final = ("approved", "approved", "approved", None, "tolerated", None)
_NOTE: Final = "Made up for the demo."
_CURRENCY: Final = "EUR"


def decide(tenant_id: str, as_of: datetime) -> int:
    """Enters them once; what anybody decided since stays. Gives how many apps and licences got a price."""
    workspace = Workspace.objects.get(tenant_id=tenant_id)
    if decisions.decided(workspace).revision:
        return 0
    seated = answers.ask("products", tenant_id, as_of, sort=(answers.Sort("n_seats", "down"),)).result.rows
    licences = answers.ask("licences", tenant_id, as_of).result.rows
    changes = _of_products([row for row in seated if row["n_seats"]], as_of) + _of_licences(licences)
    if changes:
        decisions.decide(None, workspace, changes)
    return sum(1 for change in changes if change.field == "price")


def _of_products(rows: list[dict[str, Any]], as_of: datetime) -> list[Change]:
    changes = []
    for n, (row, amount, owner, state) in enumerate(
        zip(rows, cycle(_AMOUNTS), cycle(_OWNERS), cycle(_STATES), strict=False)
    ):
        told: dict[str, Any] = {"owner": owner, "state": state}
        if amount is not None:
            told |= {"price": _terms(n, Decimal(amount), row["n_seats"], as_of), "note": _NOTE}
        changes += [
            Change("product", row["product_id"], field, value, row["name"])
            for field, value in told.items()
            if value is not None
        ]
    return changes


def _terms(n: int, amount: Decimal, n_seats: int, as_of: datetime) -> Terms:
    """Every fifth one is a yearly contract of more seats than are held, two of them to be renewed soon."""
    if n % 5 != 2:
        return Terms(amount, _CURRENCY)
    bought = n_seats + n_seats // 4 + 5
    return Terms(
        amount * 12 * bought,
        _CURRENCY,
        basis="contract",
        period="year",
        seats_bought=bought,
        renewal_on=(as_of + timedelta(days=40 + 9 * n)).date(),
        notice_days=30,
    )


def _of_licences(rows: list[dict[str, Any]]) -> list[Change]:
    return [
        Change("licence", row["sku_id"], "price", Terms(_of_licence(row["name"], amount), _CURRENCY), row["name"])
        for row, amount in zip(rows, cycle(_LICENCES), strict=False)
    ]


def _of_licence(name: str, amount: str) -> Decimal:
    """Microsoft hands out its free ones by the ten thousand: a price would make them all of the savings."""
    return Decimal(0) if "free" in name.lower() else Decimal(amount)
