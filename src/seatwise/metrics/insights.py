"""What wants attention: each card with the subjects it is about, what is claimed of them, and what that is worth."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog import cards
from seatwise.metrics.discovery import IN_USE, NEW_PRODUCTS, SHARED_CATEGORIES
from seatwise.metrics.frame_use import LAST_DAY
from seatwise.metrics.movement import COMPARED
from seatwise.metrics.shapes import Column, Metric

RENEWAL_DAYS: Final = 60
FALLING_BELOW: Final = 60  # of 100 people before
FALLING_FROM: Final = 10
GROUP_SEATS: Final = 5

_SEATS: Final = """
    SELECT x.product_id, count(*) AS n_seats,
           count(*) FILTER (status = 'active') AS n_active, count(*) FILTER (status = 'unknown') AS n_unknown,
           count(*) FILTER (status IN ('never', 'unused') AND NOT is_protected) AS n_free,
           sum(save_x) AS free_x,
           count(*) FILTER (is_leaver AND NOT is_protected) AS n_leavers,
           sum(cost_x) FILTER (is_leaver AND NOT is_protected) AS leavers_x,
           count(*) FILTER (x.kind = 'guest' AND NOT is_protected) AS n_guests,
           sum(cost_x) FILTER (x.kind = 'guest' AND NOT is_protected) AS guests_x,
           any_value(currency) AS currency
    FROM pair x JOIN product p USING (product_id) WHERE x.holds_seat AND p.is_shown GROUP BY x.product_id
"""


def _seats_card(n: str, worth: str) -> str:
    return f"""
        SELECT product_id AS subject_id, {n} AS n, {worth} AS worth_month, currency,
               {n} || ' of ' || n_seats || ' seats' AS detail
        FROM seat_sums WHERE {n} > 0
    """


# Of disabled accounts nothing else is asked: a licence nobody can use is one too many.
_LICENCES: Final = """
    SELECT sku_id, any_value(l.name) AS name, any_value(l.n_bought) AS n_bought, any_value(l.basis) AS basis,
           any_value(l.currency) AS currency, any_value(l.seat_x) AS seat_x, any_value(l.annual_x) AS annual_x,
           any_value(l.seats_bought) AS seats_bought, any_value(l.renewal_on) AS renewal_on, count(h.user_id) AS n_held,
           count(*) FILTER (NOT h.is_enabled) AS n_disabled,
           count(*) FILTER (h.is_enabled AND h.status IN ('idle', 'unused', 'never')) AS n_idle
    FROM licence l LEFT JOIN licence_pair h USING (sku_id) GROUP BY sku_id
"""


def _licence_card(n: str) -> str:
    return f"""
        SELECT sku_id AS subject_id, name, {n} AS n, {n} * seat_x AS worth_month, currency,
               {n} || ' of ' || n_held || ' licences assigned' AS detail
        FROM licence_sums WHERE {n} > 0
    """


# More than half of the seats a group grants in one product are unused: those products make the group's row.
_GROUPS: Final = f"""
    WITH granted AS (
        SELECT g.group_id, g.product_id, any_value(g.name) AS name, count(*) AS n_seats,
               count(*) FILTER (x.status IN ('never', 'unused')) AS n_bad,
               sum(x.save_x) FILTER (x.status IN ('never', 'unused')) AS worth_x, any_value(x.currency) AS currency
        FROM grant g JOIN pair x USING (product_id, user_id) JOIN product p USING (product_id)
        WHERE g.group_id IS NOT NULL AND p.is_shown GROUP BY g.group_id, g.product_id
        HAVING n_seats >= {GROUP_SEATS} AND 2 * n_bad > n_seats
    )
    SELECT group_id AS subject_id, any_value(g.name) AS name, CAST(sum(n_bad) AS BIGINT) AS n,
           sum(worth_x) FILTER (g.currency = getvariable('currency')) AS worth_month,
           CASE WHEN bool_or(g.currency = getvariable('currency')) THEN getvariable('currency') END AS currency,
           sum(n_bad) || ' of ' || sum(n_seats) || ' seats in ' || string_agg(p.name, ', ' ORDER BY p.name) AS detail
    FROM granted g JOIN product p USING (product_id) GROUP BY group_id
"""

_SOON: Final = f"BETWEEN {LAST_DAY} AND {LAST_DAY} + {RENEWAL_DAYS}"
_RENEWALS: Final = f"""
    SELECT product_id AS subject_id, CAST(r.renewal_on - {LAST_DAY} AS BIGINT) AS n, c.cost_x AS worth_month,
           c.currency, r.renewal_on AS "on",
           CASE WHEN p.knows_seats THEN coalesce(s.n_active, 0) || ' of ' || coalesce(s.n_seats, 0) || ' seats active'
                || CASE WHEN s.n_unknown > 0 THEN ', ' || s.n_unknown || ' not known' ELSE '' END END AS detail
    FROM product_cost c JOIN product p USING (product_id)
    JOIN price r ON r.subject_kind = 'product' AND r.subject_id = c.product_id
    LEFT JOIN seat_sums s USING (product_id)
    WHERE p.is_counted AND r.renewal_on {_SOON}
    UNION ALL BY NAME
    SELECT sku_id AS subject_id, 'licence' AS subject_kind, name, CAST(renewal_on - {LAST_DAY} AS BIGINT) AS n,
           CASE WHEN basis = 'contract' THEN annual_x ELSE seat_x * greatest(n_bought, coalesce(seats_bought, 0)) END
               AS worth_month,
           currency, renewal_on AS "on", n_held || ' of ' || n_bought || ' licences assigned' AS detail
    FROM licence_sums WHERE renewal_on {_SOON}
"""

# People who need a seat: those who are active or of whom absence is not proven, and those who use it without a seat.
_TOO_LARGE: Final = """
    WITH without AS (
        SELECT product_id, count(*) AS n FROM pair_fact WHERE path IS NULL AND n_sign_ins > 0 GROUP BY product_id
    ),
    needed AS (
        SELECT s.*, coalesce(w.n, 0) AS n_without, s.n_active + s.n_unknown + coalesce(w.n, 0) AS n_needed
        FROM seat_sums s LEFT JOIN without w USING (product_id)
    )
    SELECT product_id AS subject_id, x.seats_bought - s.n_needed AS n,
           x.seat_x * (x.seats_bought - s.n_needed) AS worth_month, x.currency, x.renewal_on AS "on",
           x.seats_bought || ' bought, ' || s.n_seats || ' held, ' || s.n_active || ' active'
               || CASE WHEN s.n_unknown > 0 THEN ', ' || s.n_unknown || ' not known' ELSE '' END
               || CASE WHEN n_without > 0 THEN ', ' || n_without || ' without a seat' ELSE '' END AS detail
    FROM product_price x JOIN needed s USING (product_id) JOIN product p USING (product_id)
    WHERE x.seats_bought > s.n_needed AND NOT p.is_by_hand
"""

_FALLING: Final = f"""
    SELECT product_id AS subject_id, n_now AS n, n_now || ' people, ' || n_before || ' in the 30 days before' AS detail
    FROM ({COMPARED})
    WHERE knows_all AND n_before >= {FALLING_FROM} AND 100 * n_now < {FALLING_BELOW} * n_before
"""

_NEW: Final = f"""
    SELECT f.product_id AS subject_id, coalesce(u.n_used, 0) AS n, f.first_on AS "on"
    FROM ({NEW_PRODUCTS}) f JOIN product p USING (product_id) LEFT JOIN in_use u USING (product_id) WHERE p.is_shown
"""

_CLOSED: Final = """
    SELECT product_id AS subject_id, u.n_used AS n
    FROM in_use u JOIN product p USING (product_id) WHERE p.is_shown AND p.state = 'closed'
"""

_OVERLAP: Final = f"""
    SELECT category AS subject_id, category AS name, n_products AS n, array_to_string(names, ', ') AS detail
    FROM ({SHARED_CATEGORIES})
"""

# The SQL of each card: subject_id, n, and what else it tells of name, worth_month, currency, on and detail.
CARDS: Final[dict[str, str]] = {
    "unused_seats": _seats_card("n_free", "free_x"),
    "leaver_seats": _seats_card("n_leavers", "leavers_x"),
    "guest_seats": _seats_card("n_guests", "guests_x"),
    "idle_licences": _licence_card("n_idle"),
    "disabled_licences": _licence_card("n_disabled"),
    "wasteful_group": _GROUPS,
    "overlap": _OVERLAP,
    "renewal": _RENEWALS,
    "contract_too_large": _TOO_LARGE,
    "falling_use": _FALLING,
    "new_app": _NEW,
    "closed_in_use": _CLOSED,
}

_FOUND: Final = "\nUNION ALL BY NAME\n".join(
    f"SELECT '{name}' AS card, '{cards.CARDS[name].subject_kind}' AS told_kind, * FROM ({sql})"
    for name, sql in CARDS.items()
)

INSIGHTS: Final = Metric(
    name="insights",
    help="What wants attention: a row per card and subject, each claimed only as far as it is proven.",
    columns=(
        Column("card", "text", f"What was found: {', '.join(CARDS)}."),
        Column("subject_kind", "text", "product, licence, group or category."),
        Column("subject_id", "text", "Its id; of a category its name."),
        Column("name", "text", "Its name."),
        Column("n", "int", "What the card counts: seats, licences, people, products or days left."),
        Column("worth_month", "money", "What that costs a month; empty without a price, or where nothing is claimed."),
        Column("currency", "text", "Of worth_month."),
        Column("on", "day", "Day of the renewal, or of a new app's first use."),
        Column("detail", "text", "The numbers behind it, in words."),
    ),
    sql=f"""
        WITH seat_sums AS MATERIALIZED ({_SEATS}), in_use AS MATERIALIZED ({IN_USE}),
        licence_sums AS MATERIALIZED ({_LICENCES}),
        found AS (SELECT * REPLACE (coalesce(subject_kind, told_kind) AS subject_kind) FROM ({_FOUND}))
        SELECT card, f.subject_kind, subject_id, coalesce(f.name, p.name, subject_id) AS name, n, worth_month,
               CASE WHEN worth_month IS NOT NULL THEN f.currency END AS currency, CAST("on" AS VARCHAR) AS "on", detail
        FROM found f LEFT JOIN product p ON f.subject_kind = 'product' AND p.product_id = f.subject_id
    """,
    order=f"list_position({list(CARDS)}, card), worth_month DESC NULLS LAST, n DESC, name, subject_id",
    source="Everything the other answers rest on, and the prices that people entered.",
    caveats=(
        "Cards look at the same seats from different sides: their worth must not be added up. savings adds each once.",
    ),
    searched=("name",),
)
