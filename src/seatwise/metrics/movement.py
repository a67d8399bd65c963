"""Who began to use a product, who stopped, and how use compares with the 30 days before."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics.frame_use import LAST_DAY, lower_bound
from seatwise.metrics.products import STARTED, STOPPED
from seatwise.metrics.shapes import Column, Metric
from seatwise.metrics.usage import known_cells, rounded_half_up

# What begins and what stops is said in one place: `products` counts the same people.
MOVES: Final = f"""
    SELECT p.product_id, p.user_id, CASE WHEN {STARTED} THEN 'started' ELSE 'stopped' END AS change,
           CASE WHEN {STARTED} THEN p.first_on ELSE CAST(make_timestamp(p.last_s * 1000000) AS DATE) END AS changed_on
    FROM pair_fact p JOIN product q USING (product_id) WHERE q.is_shown AND (({STARTED}) OR ({STOPPED}))
"""

MOVEMENT: Final = Metric(
    name="movement",
    help="Who began to use a product in the last 30 days, and who stopped in the 30 days before.",
    columns=(
        Column("product_id", "guid", "The product."),
        Column("product", "text", "Its name."),
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Name of the person.", is_personal=True),
        Column("department", "text", "Department of the person."),
        Column("change", "text", "started: first use on record, with the 30 days before it known; stopped: last use."),
        Column("on", "day", "Day of that first or last use."),
    ),
    sql=f"""
        SELECT m.product_id, p.name AS product, m.user_id,
               CASE WHEN e.user_id IS NOT NULL THEN e.name ELSE seen.name END AS name, e.department,
               m.change, CAST(m.changed_on AS VARCHAR) AS "on"
        FROM ({MOVES}) m
        JOIN product p USING (product_id)
        LEFT JOIN person e USING (user_id)
        LEFT JOIN known_user_seen seen USING (user_id)
    """,
    order='"on" DESC, product, product_id, name, user_id',
    source="Sign-ins of every feed, by usage policy; users; our own ledger of what was read.",
    caveats=(
        "Nobody is said to have started while any of the 30 days before is not wholly known.",
        "Nobody is said to have stopped unless absence since is proven (status idle or unused).",
    ),
    searched=("product", "name"),
)

_BEFORE: Final = f"{LAST_DAY} - 59"

# People of the last 30 days and of the 30 before, and whether all of those days are known.
COMPARED: Final = f"""
    WITH known AS (
        SELECT k.kinds, bool_and(c.is_whole) AS knows_all
        FROM (SELECT DISTINCT kinds FROM policy_of) k
        JOIN ({known_cells(_BEFORE)}) c ON list_contains(k.kinds, c.kind) GROUP BY k.kinds
    ),
    provable AS (
        SELECT o.product_id, any_value(k.knows_all) AS knows_all
        FROM product_of o JOIN policy_of y USING (app_id) JOIN known k USING (kinds) GROUP BY o.product_id
    )
    SELECT product_id, count(*) FILTER (x.n_sign_ins > 0) AS n_now, count(*) FILTER (x.is_before) AS n_before,
           any_value(v.knows_all) AS knows_all
    FROM pair_fact x JOIN product p USING (product_id) LEFT JOIN provable v USING (product_id)
    WHERE p.is_shown AND (x.n_sign_ins > 0 OR x.is_before) GROUP BY product_id
"""

MOVEMENT_PRODUCTS: Final = Metric(
    name="movement-products",
    help="Product by product: who began, who stopped, and people of the last 30 days against the 30 days before.",
    columns=(
        Column("product_id", "guid", "The product."),
        Column("product", "text", "Its name."),
        Column("n_started", "int", "People who began to use it in the last 30 days.", "people", is_summed=True),
        Column("n_stopped", "int", "People who stopped in the 30 days before those.", "people", is_summed=True),
        Column("n_used_30d", "int", "People who used it in the last 30 days.", "people"),
        Column("n_used_before_30d", "int", "People who used it in the 30 days before.", "people"),
        Column(
            "change_share",
            "number",
            "From those to these, in percent of those; empty unless all 60 days are known.",
            "%",
        ),
    ),
    sql=f"""
        WITH moved AS (
            SELECT product_id, count(*) FILTER (change = 'started') AS n_started,
                   count(*) FILTER (change = 'stopped') AS n_stopped
            FROM ({MOVES}) GROUP BY product_id
        )
        SELECT c.product_id, p.name AS product,
               CASE WHEN p.run_days > 30 THEN coalesce(m.n_started, 0) END AS n_started,
               {lower_bound("m.n_stopped", "p.has_complete_before")} AS n_stopped,
               {lower_bound("c.n_now", "p.has_complete")} AS n_used_30d,
               {lower_bound("c.n_before", "p.has_complete_before")} AS n_used_before_30d,
               CASE WHEN c.knows_all THEN {rounded_half_up("100 * (c.n_now - c.n_before)", "c.n_before")} END
                   AS change_share
        FROM ({COMPARED}) c
        JOIN product p USING (product_id)
        LEFT JOIN moved m USING (product_id)
    """,
    order="n_used_30d DESC NULLS LAST, product, product_id",
    source="Sign-ins of every feed, by usage policy; our own ledger of what was read.",
    caveats=(
        "A product without use in these 60 days has no row.",
        "A change is told only where every one of the 60 days is wholly known, for the kinds that count.",
        "n_started is empty while fewer than 31 days in a row are known: nobody can be said to have started.",
    ),
    searched=("product",),
)
