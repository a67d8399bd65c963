"""Groups that give seats, and how well the seats they give are used."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.products import CURRENCY, IGNORED, SOURCE
from seatwise.metrics.shapes import Column, Metric

SEAT_GROUPS: Final = Metric(
    name="seat-groups",
    help="Every group that gives seats in a product.",
    columns=(
        Column("product_id", "guid", "Id of the product."),
        Column("product", "text", "Its name."),
        Column("group_id", "guid", "Id of the group."),
        Column("name", "text", "Name of the group."),
        Column("n_seats", "int", "People who hold a seat through it, whether otherwise too or not.", "seats"),
        *columns.seats(),
        Column("n_only", "int", "Of those, people who hold the seat through this group alone.", "seats"),
        *columns.money(),
    ),
    sql=f"""
        WITH granted AS (
            SELECT product_id, user_id, group_id, name,
                   count(*) OVER (PARTITION BY product_id, user_id) = 1 AS is_only
            FROM grant
        )
        SELECT g.product_id, q.name, g.group_id, min(g.name), count(*), {columns.counted()},
               count(*) FILTER (g.is_only AND NOT p.is_by_hand),
               min(p.currency), {columns.summed("cost_x", "save_x", "idle_x", "unknown_x")}
        FROM granted g JOIN pair p USING (product_id, user_id) JOIN product q USING (product_id)
        WHERE q.is_shown AND g.group_id IS NOT NULL
        GROUP BY g.product_id, q.name, g.group_id
    """,
    order="product_id, group_id",
    source=SOURCE,
    caveats=(
        "A person in several groups stands in the row of each: rows do not add up to the seats of the product.",
        CURRENCY,
        IGNORED,
    ),
    searched=("name", "product"),
)
