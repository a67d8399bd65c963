"""What could be saved, subject by subject, by proven state."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns, money
from seatwise.metrics.frame_use import LAST_DAY
from seatwise.metrics.licences import HELD, SAVED
from seatwise.metrics.products import CURRENCY, SOURCE
from seatwise.metrics.shapes import Column, Metric

_CLAIMABLE: Final = "holds_seat AND NOT is_protected"

SAVINGS: Final = Metric(
    name="savings",
    help="Products and licences with a price, or with seats that nobody uses.",
    columns=(
        Column("subject_kind", "text", "product or licence."),
        Column("subject_id", "guid", "Id of the product or of the licence."),
        Column("name", "text", "Its name."),
        Column("category", "text", "What a product is for."),
        Column("owner", "text", "Decided: who answers for it."),
        Column("currency", "text", "Currency of the amounts in this row; empty without a price."),
        Column("price_month", "money", "Price of a seat; of a contract, its share.", "a month"),
        Column("n_never", "int", "Seats never used since the account was made.", "seats", is_summed=True),
        Column("n_unused", "int", "Seats not used for 90 proven days.", "seats", is_summed=True),
        Column("n_idle", "int", "Seats not used within the inactivity period.", "seats", is_summed=True),
        Column("n_unknown", "int", "Seats of which absence of use is not proven.", "seats", is_summed=True),
        Column(
            "never_month", "money", "Worth of those never used; protected people left out.", "a month", is_summed=True
        ),
        Column("unused_month", "money", "Worth of those unused; protected people left out.", "a month", is_summed=True),
        Column("idle_month", "money", "Worth of those idle; shown, not claimed.", "a month", is_summed=True),
        Column("unknown_month", "money", "Worth of those unknown; not claimed.", "a month", is_summed=True),
        Column(
            "could_save_month",
            "money",
            "Never used and unused; of licences also those that nobody or somebody disabled holds.",
            "a month",
            is_summed=True,
        ),
        Column("could_save_year", "money", "Twelve times could_save_month.", "a year", is_summed=True),
        Column("known_on", "day", "When the last unknown seat can be decided, if nothing goes missing."),
    ),
    sql=f"""
        WITH counted AS (
            SELECT product_id, {columns.counted()},
                   count(*) FILTER ({_CLAIMABLE} AND status = 'never') AS n_never_offered,
                   count(*) FILTER ({_CLAIMABLE} AND status = 'unused') AS n_unused_offered,
                   max(inactive_days - proven) FILTER (holds_seat AND status = 'unknown' AND NOT is_nobody)
                       AS n_days_left
            FROM pair GROUP BY product_id
        ),
        subject AS (
            SELECT 'product' AS subject_kind, q.product_id AS subject_id, q.name, q.category, q.owner, r.currency,
                   r.seat_x, q.knows_seats AS is_known, c.n_never, c.n_unused, c.n_idle, c.n_unknown,
                   c.n_never_offered, c.n_unused_offered,
                   r.seat_x * (coalesce(c.n_never_offered, 0) + coalesce(c.n_unused_offered, 0)) AS save_x,
                   CASE WHEN NOT q.is_by_hand THEN c.n_days_left END AS n_days_left
            FROM product q
            LEFT JOIN counted c USING (product_id)
            LEFT JOIN price r ON r.subject_kind = 'product' AND r.subject_id = q.product_id
            WHERE q.is_counted
            UNION ALL
            SELECT 'licence', l.sku_id, l.name, NULL, NULL, l.currency, l.seat_x, getvariable('knows_licences'),
                   h.n_never, h.n_unused, h.n_idle, h.n_unknown, h.n_never_offered, h.n_unused_offered, {SAVED},
                   getvariable('inactive_days') - h.least_proven
            FROM licence l LEFT JOIN ({HELD}) h USING (sku_id)
        )
        SELECT subject_kind, subject_id, name, category, owner, currency, seat_x,
               CASE WHEN is_known THEN coalesce(n_never, 0) END, CASE WHEN is_known THEN coalesce(n_unused, 0) END,
               CASE WHEN is_known THEN coalesce(n_idle, 0) END, CASE WHEN is_known THEN coalesce(n_unknown, 0) END,
               CASE WHEN is_known THEN seat_x * coalesce(n_never_offered, 0) END,
               CASE WHEN is_known THEN seat_x * coalesce(n_unused_offered, 0) END,
               CASE WHEN is_known THEN seat_x * coalesce(n_idle, 0) END,
               CASE WHEN is_known THEN seat_x * coalesce(n_unknown, 0) END,
               CASE WHEN is_known THEN save_x END, CASE WHEN is_known THEN {money.year("save_x")} END,
               CAST({LAST_DAY} + CAST(n_days_left AS INTEGER) AS VARCHAR)
        FROM subject
        WHERE currency IS NOT NULL OR n_never > 0 OR n_unused > 0
    """,
    order="subject_kind, subject_id",
    source=SOURCE,
    caveats=(
        "Money is claimed of proven states only; idle and unknown seats stand apart.",
        "A price of a seat says what a seat costs, not that the contract can be cut today: see renewal_on.",
        CURRENCY,
        "Microsoft's and ignored products are left out.",
    ),
    searched=("name", "category", "owner"),
)
