"""Products: apps with what people decided about them, who holds seats in them, who uses them, and what that costs."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from seatwise.lake import derive_sql
from seatwise.lake.reading import Lake
from seatwise.metrics.frame_decided import PRICES
from seatwise.metrics.frame_use import (
    AS_OF,
    FIRST_DAY,
    KNOWS_SEATS,
    LAST_DAY,
    LAST_KEY,
    days_since,
    kind,
    proven,
    status,
)
from seatwise.metrics.views import View

# An app nobody decided about is a product of its own.
_PRODUCT_OF: Final = """
    SELECT app_id, coalesce(d.product_id, app_id) AS product_id FROM app LEFT JOIN decided_app d USING (app_id)
"""
# A product's number is that of one of its apps.
_PRODUCT_NO: Final = """
    SELECT n.app_no, o.product_id, min(n.app_no) OVER (PARTITION BY o.product_id) AS product_no
    FROM product_of o JOIN app_no n USING (app_id)
"""
_PRODUCT_PROOF: Final = f"""
    SELECT o.product_id, min(p.inactive_days) AS inactive_days, min(p.proven_days) AS run_days,
           bool_and(p.has_complete) AS has_complete, bool_and(p.has_complete_before) AS has_complete_before,
           min(coalesce({days_since("a.last_sign_in_at")}, 0)) AS idle_days
    FROM product_of o LEFT JOIN policy_of p USING (app_id) LEFT JOIN app_activity a USING (app_id)
    GROUP BY o.product_id
"""
_GRANT: Final = f"""
    SELECT o.product_id, g.user_id, g.group_id, min(g.group_name) AS name
    FROM ({derive_sql.grants(AS_OF)}) g JOIN product_of o USING (app_id)
    WHERE {KNOWS_SEATS} GROUP BY ALL
"""
_SEAT_OF: Final = """
    WITH held AS (
        SELECT product_id, user_id, group_id, name, group_id IS NULL AS is_direct, false AS is_by_hand,
               false AS is_nobody
        FROM grant
        UNION ALL
        SELECT product_id, holder, NULL, NULL, false, true, user_id IS NULL FROM hand_seat
    )
    SELECT product_id, user_id,
           CASE WHEN count(group_id) > 0 AND bool_or(is_direct) THEN 'both' WHEN count(group_id) > 0 THEN 'group'
                WHEN bool_or(is_direct) THEN 'direct' ELSE 'hand' END AS path,
           coalesce(list(name ORDER BY name) FILTER (group_id IS NOT NULL), []) AS groups,
           bool_or(is_by_hand) AS is_by_hand, bool_and(is_nobody) AS is_nobody
    FROM held GROUP BY product_id, user_id
"""
_USE_OF: Final = f"""
    WITH counted AS (
        SELECT o.product_id, p.user_id, u.first_on, u.n_sign_ins, u.is_before
        FROM (
            SELECT o.product_no, u.user_no, min(u.day) AS first_on,
                   CAST(sum(u.n) FILTER (u.day >= {FIRST_DAY}) AS BIGINT) AS n_sign_ins,
                   bool_or(u.day >= {FIRST_DAY} - 30 AND u.day < {FIRST_DAY}) AS is_before
            FROM use_day u JOIN product_no o USING (app_no) GROUP BY ALL
        ) u
        JOIN product_no o ON o.app_no = u.product_no
        JOIN user_no p USING (user_no)
    ),
    ever AS (
        SELECT o.product_id, l.user_id, max(l.last_s) AS last_s, min({LAST_KEY}) AS key,
               arg_min(l.app_id, {LAST_KEY}) AS app_id
        FROM last l JOIN product_of o USING (app_id) GROUP BY ALL
    ),
    acted AS (
        SELECT product_id, user_id, count(*) AS n_uses
        FROM (SELECT DISTINCT o.product_id, u.user_id, u.correlation_id FROM action u JOIN product_of o USING (app_id)
              WHERE u.day >= getvariable('first_day'))
        GROUP BY ALL
    )
    SELECT product_id, user_id, c.n_sign_ins, c.is_before, a.n_uses, c.first_on, e.last_s,
           {derive_sql.id_of("e.key")} AS event_id, e.app_id
    FROM ever e LEFT JOIN counted c USING (product_id, user_id) LEFT JOIN acted a USING (product_id, user_id)
"""
# A product without any app is one that Entra does not see: nothing is ever proven about its use.
_PAIR_FACT: Final = f"""
    WITH told AS (
        SELECT product_id, user_id, s.path, s.groups, u.n_sign_ins, u.is_before, u.n_uses, u.first_on, u.last_s,
               u.event_id, u.app_id,
               coalesce(s.is_by_hand, false) AS is_by_hand, coalesce(s.is_nobody, false) AS is_nobody,
               p.is_enabled, {kind("p", "e")} AS kind,
               p.user_id IS NULL OR NOT coalesce(p.is_enabled, true) AS is_leaver,
               coalesce(q.inactive_days, getvariable('inactive_days')) AS inactive_days,
               coalesce(q.run_days, 0) AS run_days,
               {LAST_DAY} - CAST(make_timestamp(u.last_s * 1000000) AS DATE) AS idle_days,
               CAST(make_timestamp(epoch_us(p.created_at)) AS DATE) AS created_day,
               CASE WHEN coalesce(s.is_nobody, false) THEN 0
                    ELSE {proven("q.run_days", days_since("ua.last_successful_at"), "q.idle_days")} END AS proven
        FROM seat_of s FULL JOIN use_of u USING (product_id, user_id)
        LEFT JOIN product_proof q USING (product_id)
        LEFT JOIN person p USING (user_id)
        LEFT JOIN known_user_seen e USING (user_id)
        LEFT JOIN user_activity ua USING (user_id)
    )
    SELECT * EXCLUDE (idle_days, created_day),
           {status("idle_days", "proven", "inactive_days", "created_day")} AS status
    FROM told
"""
_SEAT_COUNT: Final = f"""
    SELECT product_id, count(*) AS n_seats FROM seat_of
    WHERE {KNOWS_SEATS} OR product_id NOT IN (SELECT product_id FROM product_of) GROUP BY product_id
"""

_STRONGEST: Final = "CASE max(CASE c.consent WHEN 'admin' THEN 2 WHEN 'user' THEN 1 WHEN 'none' THEN 0 END)"
_PRODUCT_APPS: Final = f"""
    SELECT o.product_id, list(app_id ORDER BY app_id) AS app_ids,
           coalesce(min(app_id) FILTER (app_id = o.product_id), min(app_id)) AS lead_id,
           {_STRONGEST} WHEN 2 THEN 'admin' WHEN 1 THEN 'user' WHEN 0 THEN 'none' END AS consent
    FROM product_of o LEFT JOIN consent_of c USING (app_id) GROUP BY o.product_id
"""
_PRODUCT_FACT: Final = f"""
    WITH listed AS (
        SELECT product_id FROM product_apps
        UNION SELECT product_id FROM decided_product WHERE is_by_hand
    ),
    told AS (
        SELECT product_id, coalesce(d.name, a.name, product_id) AS name,
               coalesce(f.app_ids, []) AS app_ids, f.lead_id,
               coalesce(d.vendor, k.vendor) AS vendor, coalesce(d.category, k.category) AS category,
               CASE WHEN d.category IS NOT NULL THEN 'decision' WHEN k.category IS NOT NULL THEN k.source END
                   AS category_source,
               coalesce(a.origin, 'unknown') AS origin,
               CASE WHEN lower(a.sso_mode) IN ('saml', 'oidc', 'password') THEN lower(a.sso_mode) ELSE 'none' END
                   AS sso,
               coalesce(a.is_microsoft, false) AS is_microsoft, f.product_id IS NULL AS is_by_hand,
               a.is_enabled, a.assignment_required,
               CASE WHEN f.product_id IS NULL THEN 'none' ELSE f.consent END AS consent, d.state, d.owner, d.note,
               d.state IS NOT DISTINCT FROM 'ignored' AS is_ignored,
               coalesce(q.has_complete, false) AS has_complete,
               coalesce(q.has_complete_before, false) AS has_complete_before, coalesce(q.run_days, 0) AS run_days,
               coalesce(q.inactive_days, getvariable('inactive_days')) AS inactive_days
        FROM listed
        LEFT JOIN product_apps f USING (product_id)
        LEFT JOIN app a ON a.app_id = f.lead_id
        LEFT JOIN known_product k ON k.app_id = f.lead_id
        LEFT JOIN decided_product d USING (product_id)
        LEFT JOIN product_proof q USING (product_id)
    )
    SELECT *, is_by_hand OR ({KNOWS_SEATS} AND NOT is_microsoft) AS knows_seats,
           NOT is_microsoft AND NOT is_ignored AS is_counted
    FROM told
"""
_PRODUCT: Final = """
    SELECT *, (getvariable('shows_microsoft') OR NOT is_microsoft) AND (getvariable('shows_ignored') OR NOT is_ignored)
           AS is_shown
    FROM product_fact
"""
# Nothing is claimed of Microsoft's and of ignored products, nor where seats were not read.
_PRODUCT_PRICE: Final = """
    SELECT p.subject_id AS product_id, p.* EXCLUDE (subject_id, subject_kind)
    FROM price p JOIN product_fact q ON q.product_id = p.subject_id
    WHERE p.subject_kind = 'product' AND q.is_counted AND q.knows_seats
"""
_PRODUCT_COST: Final = """
    SELECT q.product_id, r.basis, r.currency,
           CASE WHEN r.basis = 'contract' THEN r.annual_x
                WHEN q.knows_seats THEN r.seat_x * greatest(coalesce(n.n_seats, 0), coalesce(r.seats_bought, 0)) END
               AS cost_x
    FROM product_fact q
    JOIN price r ON r.subject_kind = 'product' AND r.subject_id = q.product_id
    LEFT JOIN seat_count n USING (product_id)
"""
_PAIR: Final = """
    WITH priced AS (
        SELECT f.*, f.path IS NOT NULL AS holds_seat, t.user_id IS NOT NULL AS is_protected,
               CASE WHEN f.path IS NOT NULL THEN x.currency END AS currency,
               CASE WHEN f.path IS NOT NULL THEN x.seat_x END AS cost_x
        FROM pair_fact f
        LEFT JOIN protected_person t USING (user_id)
        LEFT JOIN product_price x USING (product_id)
    )
    SELECT *,
           CASE WHEN cost_x IS NULL THEN NULL WHEN status IN ('never', 'unused') AND NOT is_protected
                THEN cost_x ELSE 0 END AS save_x,
           CASE WHEN cost_x IS NULL THEN NULL WHEN status = 'idle' THEN cost_x ELSE 0 END AS idle_x,
           CASE WHEN cost_x IS NULL THEN NULL WHEN status = 'unknown' THEN cost_x ELSE 0 END AS unknown_x
    FROM priced
"""
_APP_FACTS: Final = "FROM app JOIN application_templates USING (template_id)"
_PRICE_NEEDS: Final = f"{PRICES} seat_count subscribed_skus"


def views(know: Callable[[Lake], None], price: Callable[[Lake], None]) -> tuple[View, ...]:
    """know, price: make the tables known_product and price, for which SQL alone is not enough."""
    return (
        View("product_of", _PRODUCT_OF, is_kept=True),
        View("product_no", _PRODUCT_NO, is_kept=True),
        View("product_proof", _PRODUCT_PROOF, is_kept=True),
        View("grant", _GRANT, is_kept=True),
        View("seat_of", _SEAT_OF, is_kept=True),
        View("use_of", _USE_OF, is_kept=True),
        View("pair_fact", _PAIR_FACT, is_kept=True),
        View("seat_count", _SEAT_COUNT, is_kept=True),
        View("known_product", _APP_FACTS, is_kept=True, made=know),
        View("price", _PRICE_NEEDS, is_kept=True, made=price),
        View("product_apps", _PRODUCT_APPS, is_kept=True),
        View("product_fact", _PRODUCT_FACT, is_kept=True),
        View("product", _PRODUCT),
        View("product_price", _PRODUCT_PRICE, is_kept=True),
        View("product_cost", _PRODUCT_COST, is_kept=True),
        View("pair", _PAIR),
    )
