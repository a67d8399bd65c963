"""A list of fruit, declared once for these tests, and an answer to it from a hand-written table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seatwise.metrics.shapes import Column, Coverage, Result
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage

if TYPE_CHECKING:
    from seatwise.control.answers import Answer

FRUIT = ListPage(
    metric="fruit",
    key="fruit_id",
    noun=("fruit", "fruits"),
    search="Search fruits",
    sort="could_save_month",
    columns=(
        ListColumn("name", "Fruit", is_fixed=True, files=("name", "colour")),
        ListColumn("n_seats", "Seats", "seats", first="down"),
        ListColumn("could_save_month", "Could save", "money", first="down", css="r", summed=True),
        ListColumn("last_used_at", "Last eaten", "ago", first="down", is_shown=False),
    ),
    filters=(
        ListFilter("band", "How well", "segments", values={"well": "Well eaten", "under": "Hardly eaten"}),
        ListFilter("colour", "Colour"),
        ListFilter("is_ripe", "Ripe", "check"),
        ListFilter("n_seats", "With seats", "check", op="from", value=1),
    ),
)
COLUMNS = (
    Column("fruit_id", "text", "Which"),
    Column("name", "text", "Name"),
    Column("colour", "text", "Colour"),
    Column("currency", "text", "Currency"),
    Column("n_seats", "int", "Seats"),
    Column("could_save_month", "money", "Money", is_summed=True),
    Column("last_used_at", "time", "Last"),
)


def fruit(number: int, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"fruit_id": f"f{number}", "name": f"Fruit {number}", "colour": "red", "currency": "EUR"}
    told |= {"n_seats": 10, "could_save_month": 12.5, "last_used_at": None}
    told |= {"n_active": 4, "n_idle": 3, "n_unused": 2, "n_never": 1, "n_unknown": 0}
    return told | more


@dataclass
class Orchard:
    """Stands where `control.answers.ask` stands; keeps what it was asked. rows: all there are, in their order."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    facets: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)
    sums: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, name: str, tenant: str | None = None, **pieces: Any) -> Answer:
        from seatwise.control.answers import Answer

        self.asked.append({"name": name, **pieces})
        start, limit = pieces.get("offset", 0), pieces.get("limit")
        shown = self.rows[start : None if limit is None else start + limit]
        covered = Coverage("complete", None, None, None)
        moment = datetime(2026, 6, 30, 12, tzinfo=UTC)
        return Answer(Result(COLUMNS, shown, moment, covered, len(self.rows), self.sums, self.facets))
