"""Teams: what the people of a department, a job or a group hold, use and cost."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.frame_use import KNOWS_SEATS, lower_bound
from seatwise.metrics.products import BOUND, CURRENCY, SOURCE
from seatwise.metrics.shapes import Column, Metric

_BY: Final = (("by", "department"),)
_CHOICES: Final = (("by", ("department", "job_title", "group")),)
_CAVEATS: Final = (
    BOUND,
    "By group: the groups that give seats; a person in several stands in each, so rows do not add up.",
    "Deleted people are in no team. Microsoft's and ignored products are left out.",
)

TEAMS: Final = Metric(
    name="teams",
    help="Teams by department, job title or group: people, products, seats and cost.",
    columns=(
        Column("team", "text", "Department, job title, or id of the group; empty text for people without."),
        Column("name", "text", "Its name."),
        Column("n_people", "int", "People of the directory in it.", "people"),
        Column("n_using_30d", "int", "Of those, people who used a product in the last 30 days.", "people"),
        Column("n_products_used_30d", "int", "Products they used.", "products"),
        Column("n_seats", "int", "Seats they hold.", "seats", is_summed=True),
        *columns.seats(),
        Column("n_sign_ins_30d", "int", "Their successful sign-ins in the last 30 days.", "events", is_summed=True),
        *columns.money(),
    ),
    sql=f"""
        WITH people AS (SELECT team, name, count(*) AS n_people FROM member GROUP BY team, name),
        held AS (
            SELECT m.team, p.* FROM member m JOIN pair p USING (user_id) JOIN product q USING (product_id)
            WHERE q.is_counted
        ),
        counted AS (
            SELECT team, count(DISTINCT user_id) FILTER (n_sign_ins > 0) AS n_using,
                   count(DISTINCT product_id) FILTER (n_sign_ins > 0) AS n_products,
                   count(*) FILTER (holds_seat) AS n_seats, {columns.counted()},
                   CAST(sum(n_sign_ins) AS BIGINT) AS n_sign_ins
            FROM held GROUP BY team
        ),
        cost AS (
            SELECT team, {columns.summed("cost_x", "save_x", "idle_x", "unknown_x")} FROM held
            WHERE currency = getvariable('currency') GROUP BY team
        )
        SELECT team, t.name, t.n_people, {lower_bound("c.n_using")}, {lower_bound("c.n_products")},
               CASE WHEN {KNOWS_SEATS} THEN coalesce(c.n_seats, 0) END, {columns.shown("c", KNOWS_SEATS)},
               {lower_bound("c.n_sign_ins")},
               CASE WHEN m.cost_x IS NOT NULL THEN getvariable('currency') END,
               m.cost_x, m.save_x, m.idle_x, m.unknown_x
        FROM people t LEFT JOIN counted c USING (team) LEFT JOIN cost m USING (team)
    """,
    order="team",
    source=SOURCE,
    caveats=(*_CAVEATS, "Amounts are of products priced in the workspace's currency."),
    searched=("name",),
    parameters=_BY,
    choices=_CHOICES,
)

TEAM_PRODUCTS: Final = Metric(
    name="team-products",
    help="What each team holds and uses of each product.",
    columns=(
        Column("team", "text", "Department, job title, or id of the group; empty text for people without."),
        Column("product_id", "guid", "Id of the product."),
        Column("product", "text", "Its name."),
        Column("category", "text", "What it is for."),
        Column("n_seats", "int", "Seats the team holds.", "seats", is_summed=True),
        *columns.seats(),
        Column("n_used_30d", "int", "People of the team who used it in the last 30 days.", "people", is_summed=True),
        Column("n_sign_ins_30d", "int", "Their successful sign-ins.", "events", is_summed=True),
        *columns.money(),
    ),
    sql=f"""
        SELECT m.team, p.product_id, any_value(q.name), any_value(q.category),
               CASE WHEN any_value(q.knows_seats) THEN count(*) FILTER (p.holds_seat) END,
               {columns.counted_where("any_value(q.knows_seats)")},
               {lower_bound("count(*) FILTER (p.n_sign_ins > 0)", "any_value(q.has_complete)")},
               {lower_bound("CAST(sum(p.n_sign_ins) AS BIGINT)", "any_value(q.has_complete)")},
               min(p.currency), {columns.summed("cost_x", "save_x", "idle_x", "unknown_x")}
        FROM member m JOIN pair p USING (user_id) JOIN product q USING (product_id)
        WHERE q.is_counted
        GROUP BY m.team, p.product_id
    """,
    order="team, product_id",
    source=SOURCE,
    caveats=(*_CAVEATS, CURRENCY),
    searched=("product", "category"),
    parameters=_BY,
    choices=_CHOICES,
)
