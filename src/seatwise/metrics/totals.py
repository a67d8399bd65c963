"""The whole stack in one row."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.frame_use import KNOWS_SEATS, LAST_DAY, lower_bound
from seatwise.metrics.licences import HELD, SAVED
from seatwise.metrics.products import BOUND, SOURCE
from seatwise.metrics.shapes import Column, Metric

_SEATS: Final = f"CASE WHEN {KNOWS_SEATS} THEN {{count}} END"

TOTALS: Final = Metric(
    name="totals",
    help="The whole stack in one row, Microsoft's and ignored products left out.",
    columns=(
        Column("n_products", "int", "Products.", "products"),
        Column("n_products_used_30d", "int", "Products somebody used in the last 30 days.", "products"),
        Column("n_products_seated", "int", "Products in which somebody holds a seat.", "products"),
        Column("n_products_priced", "int", "Products with a price.", "products"),
        Column("n_products_unpriced", "int", "Products with seats and without a price.", "products"),
        Column("n_other_currency", "int", "Products priced in another currency: in no sum.", "products"),
        Column("n_people", "int", "People of the directory, disabled people and guests included.", "people"),
        Column("n_enabled", "int", "Of those, people who may sign in.", "people"),
        Column("n_using_30d", "int", "People who used a product in the last 30 days.", "people"),
        Column("n_seats", "int", "Seats.", "seats"),
        *columns.seats(),
        Column("n_seats_used_30d", "int", "Seats used in the last 30 days.", "seats"),
        Column("n_leaver_seats", "int", "Seats held by disabled or deleted people.", "seats"),
        Column("n_guest_seats", "int", "Seats held by guests.", "seats"),
        Column("currency", "text", "Currency of the amounts."),
        Column("cost_month", "money", "What products cost a month.", "a month"),
        Column("could_save_month", "money", "Seats never used or unused, protected people left out.", "a month"),
        Column("licences_could_save_month", "money", "The same of Microsoft's licences.", "a month"),
        Column("all_could_save_month", "money", "Both together.", "a month"),
        Column("idle_month", "money", "Seats that are idle; shown, not claimed.", "a month"),
        Column("unknown_month", "money", "Seats of which nothing is proven; not claimed.", "a month"),
        Column("known_on", "day", "When the last unknown seat can be decided, if nothing goes missing."),
        Column("n_days_complete", "int", "Of the last 30 days, those wholly known.", "days"),
        Column("n_days_partial", "int", "Of the last 30 days, those known in part.", "days"),
    ),
    sql=f"""
        WITH held AS (
            SELECT p.*, q.is_by_hand AS is_unseen FROM pair p JOIN product q USING (product_id) WHERE q.is_counted
        ),
        seats AS (
            SELECT count(*) FILTER (holds_seat) AS n_seats, {columns.counted()},
                   count(*) FILTER (holds_seat AND n_sign_ins > 0) AS n_seats_used,
                   count(*) FILTER (holds_seat AND is_leaver) AS n_leavers,
                   count(*) FILTER (holds_seat AND kind = 'guest') AS n_guests,
                   count(DISTINCT product_id) FILTER (n_sign_ins > 0) AS n_products_used,
                   count(DISTINCT user_id) FILTER (n_sign_ins > 0) AS n_using,
                   max(inactive_days - proven)
                       FILTER (holds_seat AND status = 'unknown' AND NOT is_nobody AND NOT is_unseen) AS n_days_left
            FROM held
        ),
        worth AS (
            SELECT {columns.summed("save_x", "idle_x", "unknown_x")} FROM held WHERE currency = getvariable('currency')
        ),
        told AS (
            SELECT count(*) AS n_products, count(*) FILTER (n.n_seats > 0) AS n_seated,
                   count(c.basis) AS n_priced, count(*) FILTER (n.n_seats > 0 AND c.basis IS NULL) AS n_unpriced,
                   count(*) FILTER (c.currency <> getvariable('currency')) AS n_other,
                   CAST(sum(c.cost_x) FILTER (c.currency = getvariable('currency')) AS HUGEINT) AS cost_x
            FROM product q LEFT JOIN seat_count n USING (product_id) LEFT JOIN product_cost c USING (product_id)
            WHERE q.is_counted
        ),
        spare AS (
            SELECT CAST(sum({SAVED}) AS HUGEINT) AS save_x FROM licence l LEFT JOIN ({HELD}) h USING (sku_id)
            WHERE currency = getvariable('currency')
        ),
        people AS (SELECT count(*) AS n_people, count(*) FILTER (is_enabled) AS n_enabled FROM person),
        days AS (
            SELECT count(*) FILTER (is_complete) AS n_complete,
                   count(*) FILTER (NOT is_complete AND is_known) AS n_partial
            FROM (
                SELECT bool_and(state = 'complete') AS is_complete, bool_or(state <> 'missing') AS is_known FROM covered
                WHERE day >= getvariable('first_day') AND list_contains(getvariable('kinds'), kind) GROUP BY day
            )
        )
        SELECT n_products, {lower_bound("n_products_used")}, {_SEATS.format(count="n_seated")}, n_priced,
               {_SEATS.format(count="n_unpriced")}, n_other,
               CASE WHEN getvariable('knows_people') THEN n_people END,
               CASE WHEN getvariable('knows_people') THEN n_enabled END, {lower_bound("n_using")},
               {_SEATS.format(count="n_seats")}, {columns.shown("seats", KNOWS_SEATS)},
               CASE WHEN {KNOWS_SEATS} THEN {lower_bound("n_seats_used")} END,
               {_SEATS.format(count="n_leavers")}, {_SEATS.format(count="n_guests")},
               getvariable('currency'), told.cost_x, worth.save_x, spare.save_x,
               CASE WHEN worth.save_x IS NOT NULL OR spare.save_x IS NOT NULL
                    THEN coalesce(worth.save_x, 0) + coalesce(spare.save_x, 0) END,
               worth.idle_x, worth.unknown_x,
               CAST({LAST_DAY} + CAST(n_days_left AS INTEGER) AS VARCHAR), n_complete, n_partial
        FROM told, seats, worth, spare, people, days
    """,
    order="n_products",
    source=SOURCE,
    caveats=(
        BOUND,
        "Sums are of products and licences priced in the workspace's currency.",
        "A missing price is counted in n_products_unpriced and never taken for zero.",
    ),
)
