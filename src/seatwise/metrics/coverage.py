"""How completely sign-ins are known, day by day and kind by kind.

Views made here: span (unbroken stretches read to the end), covered (a row per day and kind), run (a row per kind).
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog.activity import SIGN_IN_KINDS
from seatwise.metrics.shapes import Column, Metric

# Stretches of complete windows of any feed that touch or overlap are one. Where a later reading of the same feed gave
# less and could not be confirmed, the earlier one is no proof any more: it counts up to there and from there on.
SPAN: Final = """
    WITH differing AS (
        SELECT w.feed, w.kind, w.from_at, w.to_at, w.read_at,
               min(d.from_at) AS first_at, max(d.to_at) AS last_at
        FROM windows w JOIN windows d ON d.feed = w.feed AND d.kind = w.kind AND d.read_at > w.read_at
             AND d.reason = 'differing' AND d.from_at < w.to_at AND d.to_at > w.from_at
        WHERE w.state = 'complete' GROUP BY ALL
    ),
    proved AS (
        SELECT kind, from_at, to_at FROM windows w WHERE state = 'complete' AND NOT EXISTS (
            FROM differing d WHERE d.feed = w.feed AND d.kind = w.kind
                AND d.from_at = w.from_at AND d.to_at = w.to_at AND d.read_at = w.read_at)
        UNION ALL SELECT kind, from_at, first_at FROM differing
        UNION ALL SELECT kind, last_at, to_at FROM differing
    )
    SELECT kind, min(from_at) AS from_at, max(to_at) AS to_at
    FROM (
        SELECT *, sum(CASE WHEN reached IS NULL OR from_at > reached THEN 1 ELSE 0 END)
                      OVER (PARTITION BY kind ORDER BY from_at, to_at ROWS UNBOUNDED PRECEDING) AS stretch
        FROM (
            SELECT kind, from_at, to_at,
                   max(to_at) OVER (PARTITION BY kind ORDER BY from_at, to_at
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
            FROM proved WHERE from_at < to_at
        )
    )
    GROUP BY kind, stretch
"""

COVERED: Final = f"""
    WITH listed AS (
        SELECT CAST(unnest(generate_series(
                   getvariable('first_day'), getvariable('last_day'), INTERVAL 1 DAY)) AS DATE) AS day
        UNION
        SELECT day FROM derived_days WHERE is_imported AND day <= getvariable('last_day')
        UNION
        SELECT day FROM (
            SELECT CAST(unnest(generate_series(
                       CAST(make_timestamp(epoch_us(from_at)) AS DATE),
                       CAST(make_timestamp(epoch_us(to_at) - 1) AS DATE), INTERVAL 1 DAY)) AS DATE) AS day
            FROM windows WHERE feed <> 'graph' AND state <> 'missing' AND from_at < to_at
        ) WHERE day <= getvariable('last_day')
    ),
    cell AS (
        SELECT day, kind, CAST(day AS TIMESTAMP WITH TIME ZONE) AS start_at,
               least(CAST(day + 1 AS TIMESTAMP WITH TIME ZONE), getvariable('as_of')) AS end_at
        FROM listed, (VALUES {", ".join(f"('{kind}')" for kind in SIGN_IN_KINDS)}) AS kinds(kind)
    ),
    whole AS (
        SELECT c.day, c.kind FROM cell c JOIN span s ON s.kind = c.kind
        WHERE s.from_at <= c.start_at AND s.to_at >= c.end_at GROUP BY ALL
    ),
    touched AS (
        SELECT c.day, c.kind,
               bool_or(w.state <> 'missing') AS is_read,
               arg_max(w.reason, w.read_at) FILTER (w.state <> 'complete' AND w.reason IS NOT NULL) AS reason
        FROM cell c JOIN windows w ON w.kind = c.kind AND w.from_at < c.end_at AND w.to_at > c.start_at
        GROUP BY ALL
    )
    SELECT c.day, c.kind, c.start_at, c.end_at,
           CASE WHEN whole.day IS NOT NULL THEN 'complete'
                WHEN touched.is_read OR e.n_events > 0 THEN 'partial' ELSE 'missing' END AS state,
           CASE WHEN whole.day IS NOT NULL THEN coalesce(e.n_events, 0)
                WHEN touched.is_read OR e.n_events > 0 THEN coalesce(e.n_events, 0) END AS n_events,
           CASE WHEN whole.day IS NOT NULL THEN NULL
                ELSE coalesce(touched.reason, CASE WHEN d.is_imported AND e.n_events > 0 THEN 'not_vouched' END,
                              'not_read')
           END AS reason
    FROM cell c
    LEFT JOIN whole USING (day, kind)
    LEFT JOIN touched USING (day, kind)
    LEFT JOIN known_day_events e USING (day, kind)
    LEFT JOIN derived_days d USING (day)
"""

# How far back each kind is whole: the number of days ending at the last one in which no event of it can be missing;
# and whether any of the last 30 days is wholly known, and any of the 30 before those.
RUN: Final = f"""
    SELECT k.kind,
           coalesce(max(1 + getvariable('last_day')
                        - CAST(make_timestamp(epoch_us(s.from_at) + 86399999999) AS DATE)), 0) AS n,
           coalesce((SELECT bool_or(c.state = 'complete') FROM covered c
                     WHERE c.kind = k.kind AND c.day >= getvariable('first_day')), false) AS has_complete,
           EXISTS (FROM span b WHERE b.kind = k.kind
               AND greatest(CAST(make_timestamp(epoch_us(b.from_at) + 86399999999) AS DATE),
                            getvariable('first_day') - 30)
                   < least(CAST(make_timestamp(epoch_us(b.to_at)) AS DATE), getvariable('first_day')))
               AS has_complete_before
    FROM (VALUES {", ".join(f"('{kind}')" for kind in SIGN_IN_KINDS)}) AS k(kind)
    LEFT JOIN span s ON s.kind = k.kind AND s.to_at >= getvariable('as_of')
        AND s.from_at <= CAST(getvariable('last_day') AS TIMESTAMP WITH TIME ZONE)
    GROUP BY k.kind
"""

# What an answer says of itself: the last 30 days and the counted kinds only. The run is the number of days ending at
# the last one in which no event of any counted kind can be missing, however far back it reaches.
SUMMARY: Final = """
    WITH cell AS (
        SELECT * FROM covered
        WHERE day >= getvariable('first_day') AND list_contains(getvariable('kinds'), kind)
    ),
    days AS (
        SELECT day, min(start_at) AS start_at, max(end_at) AS end_at FROM cell
        GROUP BY day HAVING bool_and(state <> 'missing')
    )
    SELECT CASE WHEN bool_and(state = 'complete') THEN 'complete'
                WHEN bool_and(state = 'missing') THEN 'missing' ELSE 'partial' END,
           (SELECT epoch_us(min(start_at)) FROM days), (SELECT epoch_us(max(end_at)) FROM days),
           (SELECT reason FROM cell WHERE state <> 'complete' GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 1),
           bool_or(state = 'complete'),
           (SELECT coalesce(min(n), 0) FROM run WHERE list_contains(getvariable('kinds'), kind))
    FROM cell
"""

COVERAGE: Final = Metric(
    name="coverage",
    help="How completely sign-ins are known: one row per day and kind, the last 30 days and every imported day.",
    columns=(
        Column("day", "day", "UTC day."),
        Column("kind", "text", f"Kind of sign-in: {', '.join(SIGN_IN_KINDS)}."),
        Column("state", "text", "complete: everything up to the end of the day or the answer's now; partial; missing."),
        Column("n_events", "int", "Distinct events known, failures included; empty when missing.", "events"),
        Column("reason", "text", "Why it is not complete; empty when it is."),
    ),
    sql="""
        SELECT CAST(day AS VARCHAR), kind, state, n_events, reason FROM covered
    """,
    order="day, kind",
    source="Our own ledger of windows read to their last page, and of exports with all 24 hours.",
    caveats=(
        "Events that arrive late are added when their window is read again, up to 72 hours later.",
        "Complete means everything Microsoft gave; it cannot show what Microsoft itself has lost.",
    ),
    needs_use=False,
)
