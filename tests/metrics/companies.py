"""Made-up companies, known to different degrees and much decided about, whose answers are held against each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from entra_sandbox.world import World
from seatwise.metrics.decided import Decided, HandSeat, Policy, Price, Product, ProductPolicy
from seatwise.metrics.shapes import Question, Result
from seatwise.metrics.stand import Stand
from tests.support.tiny_lake import AS_OF

Row = dict[str, Any]


class Company:
    """One company's answers, each worked out once."""

    def __init__(self, stand: Stand, decided: Decided) -> None:
        self._stand, self.decided = stand, decided
        self._found: dict[Any, Result] = {}

    def ask(self, name: str, **more: Any) -> Result:
        key = (name, *sorted(more.items()))
        if key not in self._found:
            self._found[key] = self._stand.ask(Question(name, AS_OF, decided=self.decided, **more))
        return self._found[key]

    def rows(self, name: str, **of: str) -> list[Row]:
        return self.ask(name, of=tuple(of.items())).rows

    def by(self, name: str, key: str) -> dict[str, Row]:
        return {row[key]: row for row in self.rows(name)}

    @property
    def totals(self) -> Row:
        (row,) = self.rows("totals")
        return row


def much_decided(world: World) -> Decided:
    """Prices of both kinds and two currencies, a merged, an ignored, a closed and a hand-made product, and policies."""
    found = world.directory(AS_OF)
    held = Counter(assignment.resource_id for assignment in found.app_role_assignments)
    apps = sorted((p for p in found.service_principals if held[p.id]), key=lambda p: (-held[p.id], p.app_id))
    ids = [app.app_id for app in apps]
    people = sorted(user.id for user in found.users)
    skus = sorted(sku.sku_id for sku in found.subscribed_skus)
    soon = AS_OF.date() + timedelta(days=20)
    return Decided(
        revision=1,
        policy=Policy(inactive_days=20),
        policies=(ProductPolicy(ids[3], kinds=("interactiveUser",), inactive_days=45),),
        products=(
            Product(ids[0], (ids[0], ids[1]), name="Suite", category="Collaboration", owner="Eve"),
            Product(ids[2], (ids[2],), state="ignored", category="Collaboration"),
            Product(ids[3], (ids[3],), state="closed", category="Collaboration"),
            Product("paper", (), name="Paper"),
        ),
        prices=(
            Price("product", ids[0], "contract", Decimal(10_000), "EUR", "year", 77, soon),
            Price("product", ids[2], "seat", Decimal(9), "EUR", "month"),
            Price("product", ids[3], "seat", Decimal("9.99"), "EUR", "month", 500),
            Price("product", ids[4], "seat", Decimal("3.333"), "EUR", "month"),
            Price("product", ids[5], "contract", Decimal(100), "EUR", "month", None, soon),
            Price("product", ids[6], "seat", Decimal(7), "USD", "month"),
            Price("product", "paper", "seat", Decimal(5), "EUR", "month"),
            *(Price("licence", sku, "seat", Decimal("20.5"), "EUR", "month") for sku in skus[:3]),
        ),
        hand_seats=(
            HandSeat("paper", "one@elsewhere.example"),
            HandSeat("paper", "two@elsewhere.example", people[0]),
            HandSeat(ids[4], "three@elsewhere.example", people[1]),
        ),
        protected=frozenset(people[::5]),
    )


def total(rows: Iterable[Row], column: str) -> Any:
    values = [row[column] for row in rows if row[column] is not None]
    return sum(values) if values else None


def grouped(rows: Iterable[Row], *keys: str) -> dict[Any, list[Row]]:
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]].append(row)
    return found


def same_money(one: float | None, other: float | None, n_rounded: int) -> bool:
    """Amounts that were each rounded to cents may be half a cent off."""
    if one is None or other is None:
        return (one or 0) == (other or 0)
    return abs(one - other) <= 0.005 * (n_rounded + 1) + 1e-9


def seats(company: Company) -> list[Row]:
    return [row for row in company.rows("product-users") if row["path"] not in ("none", None)]
