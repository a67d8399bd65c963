"""How use goes over days and months: people, products and sign-ins of the whole stack or of one product.

Distinct people of the last 7 or 30 days are not counted again for every day: each day of use makes a person count for
the days up to the next one, at most so many, and the numbers are the running sum of who comes and who goes.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog.activity import USER_KINDS
from seatwise.metrics.shapes import Column, Metric

_PRODUCT: Final = "getvariable('of_product')"

# The kinds that count for what is asked about: the product's own, or the tenant's.
_KINDS: Final = f"""
    coalesce((SELECT any_value(p.kinds) FROM policy_of p JOIN product_of o USING (app_id)
              WHERE o.product_id = {_PRODUCT}), getvariable('kinds'))
"""

# Rows of use that are asked about: of one product whatever was decided about it, or of all that are shown.
_SCOPED: Final = f"""
    SELECT u.day, o.product_no, u.user_no, u.n
    FROM use_day u JOIN (
        SELECT o.app_no, o.product_no FROM product_no o JOIN product p USING (product_id)
        WHERE CASE WHEN {_PRODUCT} = '' THEN p.is_shown ELSE p.product_id = {_PRODUCT} END
    ) o USING (app_no)
"""


def known_cells(first_day: str) -> str:
    """SQL: every day from `first_day` to the last and kind in which a person acts: is_whole, and is_known for more
    than nothing.

    As rows of `covered`, but of any day: what Graph told is kept for longer than Graph keeps it.
    """
    return f"""
        WITH cell AS (
            SELECT day, kind, CAST(day AS TIMESTAMP WITH TIME ZONE) AS start_at,
                   least(CAST(day + 1 AS TIMESTAMP WITH TIME ZONE), getvariable('as_of')) AS end_at
            FROM (SELECT CAST(unnest(generate_series({first_day}, getvariable('last_day'), INTERVAL 1 DAY)) AS DATE)
                         AS day), (SELECT unnest({list(USER_KINDS)}) AS kind)
        ),
        whole AS (
            SELECT c.day, c.kind FROM cell c JOIN span s ON s.kind = c.kind
            WHERE s.from_at <= c.start_at AND s.to_at >= c.end_at GROUP BY ALL
        ),
        touched AS (
            SELECT c.day, c.kind FROM cell c
            JOIN windows w ON w.kind = c.kind AND w.from_at < c.end_at AND w.to_at > c.start_at
            WHERE w.state <> 'missing' GROUP BY ALL
        )
        SELECT c.day, c.kind, whole.day IS NOT NULL AS is_whole,
               whole.day IS NOT NULL OR touched.day IS NOT NULL OR coalesce(e.n_events, 0) > 0 AS is_known
        FROM cell c
        LEFT JOIN whole USING (day, kind)
        LEFT JOIN touched USING (day, kind)
        LEFT JOIN known_day_events e USING (day, kind)
    """


def _known_days(first_day: str) -> str:
    """SQL: day and state of every day from `first_day` to the last, the kinds that count taken together."""
    return f"""
        SELECT day, CASE WHEN bool_and(is_whole) THEN 'complete' WHEN bool_or(is_known) THEN 'partial'
                         ELSE 'missing' END AS state
        FROM ({known_cells(first_day)}) WHERE list_contains({_KINDS}, kind) GROUP BY day
    """


def rounded_half_up(over: str, under: str) -> str:
    """SQL: a quotient of integers with one decimal, halves away from zero; empty when `under` is."""
    top, bottom = f"CAST({over} AS BIGINT)", f"CAST(nullif({under}, 0) AS BIGINT)"
    return f"CAST(sign({top}) * ((abs({top}) * 20 + {bottom}) // (2 * {bottom})) / 10 AS DECIMAL(18, 1))"


def _rolling(name: str, days: int) -> str:
    """SQL: two steps that give, for each day, the distinct people of so many days ending there."""
    return f"""
        {name}_moves AS (
            SELECT day, 1 AS n FROM person_day WHERE before IS NULL OR day - before >= {days}
            UNION ALL
            SELECT day + {days}, -1 FROM person_day WHERE after IS NULL OR after - day >= {days}
        ),
        {name} AS (
            SELECT day, CAST(sum(n) OVER (ORDER BY day ROWS UNBOUNDED PRECEDING) AS BIGINT) AS n
            FROM (SELECT day, sum(n) AS n FROM {name}_moves GROUP BY day UNION ALL
                  SELECT day, 0 FROM listed WHERE day NOT IN (SELECT day FROM {name}_moves))
        )"""


_FIRST_SHOWN: Final = "getvariable('last_day') - CAST(getvariable('of_days') AS INTEGER) + 1"

USAGE_DAYS: Final = Metric(
    name="usage-days",
    help="Day by day: people, products and sign-ins, of the whole stack or of one product.",
    columns=(
        Column("day", "day", "UTC day."),
        Column("n_people", "int", "People who used it on that day.", "people"),
        Column("mean_7d", "number", "Mean of n_people over the known days among the 7 ending there.", "people"),
        Column("n_week", "int", "Different people of the 7 days ending there.", "people"),
        Column("n_month", "int", "Different people of the 30 days ending there.", "people"),
        Column("n_products", "int", "Products used on that day.", "products"),
        Column("n_sign_ins", "int", "Successful sign-ins on that day.", "events"),
        Column("state", "text", "Of the kinds that count: complete, partial or missing."),
    ),
    sql=f"""
        WITH listed AS ({_known_days(f"CAST({_FIRST_SHOWN} - 29 AS DATE)")}),
        scoped AS MATERIALIZED ({_SCOPED} WHERE u.day >= {_FIRST_SHOWN} - 29),
        counted AS (
            SELECT day, count(DISTINCT product_no) AS n_products, sum(n) AS n_sign_ins
            FROM scoped GROUP BY day
        ),
        person_day AS MATERIALIZED (
            SELECT day, lag(day) OVER person AS before, lead(day) OVER person AS after
            FROM (SELECT DISTINCT day, user_no FROM scoped) WINDOW person AS (PARTITION BY user_no ORDER BY day)
        ),
        people AS (SELECT day, count(*) AS n_people FROM person_day GROUP BY day),
        {_rolling("week", 7)},
        {_rolling("month", 30)},
        told AS (
            SELECT l.day, l.state, week.n AS n_week, month.n AS n_month,
                   CASE WHEN l.state <> 'missing' OR p.day IS NOT NULL THEN coalesce(p.n_people, 0) END AS n_people,
                   CASE WHEN l.state <> 'missing' OR p.day IS NOT NULL THEN coalesce(c.n_products, 0) END AS n_products,
                   CASE WHEN l.state <> 'missing' OR p.day IS NOT NULL THEN coalesce(c.n_sign_ins, 0) END AS n_sign_ins
            FROM listed l
            LEFT JOIN people p USING (day)
            LEFT JOIN counted c USING (day)
            LEFT JOIN week USING (day)
            LEFT JOIN month USING (day)
        ),
        averaged AS (
            SELECT *, sum(n_people) OVER week AS n_sum, count(n_people) OVER week AS n_known,
                   count(n_people) OVER month AS n_known_month
            FROM told
            WINDOW week AS (ORDER BY day ROWS 6 PRECEDING), month AS (ORDER BY day ROWS 29 PRECEDING)
        )
        SELECT CAST(day AS VARCHAR) AS day, n_people, {rounded_half_up("n_sum", "n_known")} AS mean_7d,
               CASE WHEN n_known > 0 THEN n_week END AS n_week,
               CASE WHEN n_known_month > 0 THEN n_month END AS n_month,
               n_products, CAST(n_sign_ins AS BIGINT) AS n_sign_ins, state
        FROM averaged WHERE day >= {_FIRST_SHOWN}
    """,
    order="day",
    source="Sign-ins of every feed, by usage policy; our own ledger of what was read.",
    caveats=(
        "On partial days, and where such days lie in the 7 or 30, counts are lower bounds.",
        "A missing day on which nothing was seen is empty, never 0.",
        "The whole stack leaves out Microsoft's and ignored products; a product asked for by name is always shown.",
    ),
    parameters=(("product", ""), ("days", "90")),
)

_FIRST_MONTH: Final = """
    CAST(date_trunc('month', getvariable('last_day')) - to_months(CAST(getvariable('of_months') AS INTEGER) - 1)
         AS DATE)
"""

USAGE_MONTHS: Final = Metric(
    name="usage-months",
    help="Month by month: people, products and sign-ins, of the whole stack or of one product.",
    columns=(
        Column("month", "text", "Calendar month, year and month."),
        Column("n_people", "int", "Different people who used it.", "people"),
        Column("n_products", "int", "Products used.", "products"),
        Column("n_sign_ins", "int", "Successful sign-ins.", "events"),
        Column("n_days_known", "int", "Days of which everything is known, for the kinds that count.", "days"),
        Column("n_days", "int", "Days of the month, of the current one up to now.", "days"),
    ),
    sql=f"""
        WITH listed AS ({_known_days(_FIRST_MONTH)}),
        months AS (
            SELECT date_trunc('month', day) AS month, count(*) AS n_days,
                   count(*) FILTER (state = 'complete') AS n_days_known, bool_or(state <> 'missing') AS is_known
            FROM listed GROUP BY ALL
        ),
        counted AS (
            SELECT date_trunc('month', u.day) AS month, count(DISTINCT user_no) AS n_people,
                   count(DISTINCT product_no) AS n_products, sum(n) AS n_sign_ins
            FROM ({_SCOPED} WHERE u.day >= {_FIRST_MONTH}) u GROUP BY ALL
        )
        SELECT strftime(month, '%Y-%m') AS month,
               CASE WHEN is_known THEN coalesce(n_people, 0) ELSE n_people END AS n_people,
               CASE WHEN is_known THEN coalesce(n_products, 0) ELSE n_products END AS n_products,
               CAST(CASE WHEN is_known THEN coalesce(n_sign_ins, 0) ELSE n_sign_ins END AS BIGINT) AS n_sign_ins,
               n_days_known, n_days
        FROM months LEFT JOIN counted USING (month)
    """,
    order="month",
    source="Sign-ins of every feed, by usage policy; our own ledger of what was read.",
    caveats=(
        "In a month with fewer days known than it has, counts are lower bounds.",
        "A month of which nothing is known is empty, never 0.",
    ),
    parameters=(("product", ""), ("months", "12")),
)
