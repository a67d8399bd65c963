"""Who holds a seat in an app or uses it without one, and what can be claimed about each."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics.adoption import LAST_USED_AT, lower_bound
from seatwise.metrics.shapes import Column, Metric

# The number of days, ending at the last one, in which use cannot have gone unseen: the unbroken run of complete days,
# and beyond it the days since the person's last success anywhere or the app's last activity at all. Without a run
# there is nothing to reach back from: those two are up to a day old themselves.
_PROVEN: Final = """
    CASE WHEN getvariable('proven_days') < 1 THEN 0
         ELSE greatest(getvariable('proven_days'),
                       getvariable('last_day') - CAST(make_timestamp(epoch_us(ua.last_successful_at)) AS DATE),
                       getvariable('last_day') - CAST(make_timestamp(epoch_us(aa.last_sign_in_at)) AS DATE)) END
"""

_STATUS: Final = """
    CASE WHEN idle_days < getvariable('inactive_days') THEN 'active'
         WHEN proven < getvariable('inactive_days') THEN 'unknown'
         WHEN idle_days < 90 OR proven < 90 THEN 'idle'
         WHEN idle_days IS NULL AND getvariable('last_day') - created_day < proven THEN 'never'
         ELSE 'unused' END
"""

APP_USERS: Final = Metric(
    name="app-users",
    help="Everybody who holds a seat in an app or ever used it, with the mildest claim that is proven.",
    columns=(
        Column("app_id", "guid", "appId of the app."),
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Display name; of deleted people, as their newest sign-in tells it."),
        Column("upn", "text", "Sign-in name; of deleted people, as their newest sign-in tells it."),
        Column("path", "text", "How the seat is held: direct, group, both; none is use without a seat."),
        Column("groups", "list", "Names of the groups that give the seat, sorted."),
        Column("status", "text", "active, idle, unused, never; unknown when absence of use is not proven."),
        Column("n_sign_ins_30d", "int", "Successful sign-ins in the last 30 days.", "events"),
        Column("last_used_at", "time", "Last successful sign-in on record."),
        Column("evidence_id", "text", "Id of that sign-in, the same in Microsoft's log."),
    ),
    sql=f"""
        WITH pair AS (
            SELECT app_id, user_id, s.path, s.groups, l.last_s, l.event_id
            FROM seat s FULL JOIN last_use l USING (app_id, user_id)
        ),
        told AS (
            SELECT app_id, user_id,
                   CASE WHEN p.user_id IS NOT NULL THEN p.name ELSE e.name END AS name,
                   CASE WHEN p.user_id IS NOT NULL THEN p.upn ELSE e.upn END AS upn,
                   coalesce(pair.path,
                            CASE WHEN getvariable('knows_seats') OR a.is_microsoft THEN 'none' END) AS path,
                   CASE WHEN pair.path IS NOT NULL THEN from_json(pair.groups, '["VARCHAR"]')
                        WHEN getvariable('knows_seats') OR a.is_microsoft THEN CAST([] AS VARCHAR[]) END AS groups,
                   u.n_sign_ins, pair.last_s, pair.event_id,
                   getvariable('last_day') - CAST(make_timestamp(pair.last_s * 1000000) AS DATE) AS idle_days,
                   CAST(make_timestamp(epoch_us(p.created_at)) AS DATE) AS created_day,
                   {_PROVEN} AS proven
            FROM pair
            JOIN app a USING (app_id)
            LEFT JOIN person p USING (user_id)
            LEFT JOIN known_user_seen e USING (user_id)
            LEFT JOIN used u USING (app_id, user_id)
            LEFT JOIN user_activity ua USING (user_id)
            LEFT JOIN app_activity aa USING (app_id)
            WHERE (getvariable('shows_microsoft') OR NOT a.is_microsoft)
              AND (getvariable('app_id') IS NULL OR app_id = getvariable('app_id'))
        )
        SELECT app_id, user_id, name, upn, path, groups, {_STATUS} AS status,
               {lower_bound("n_sign_ins")} AS n_sign_ins_30d,
               {LAST_USED_AT.format(seconds="last_s")} AS last_used_at, event_id AS evidence_id
        FROM told
        ORDER BY app_id, user_id
    """,
    source="appRoleAssignedTo, group members, users with signInActivity, servicePrincipalSignInActivities; sign-ins.",
    caveats=(
        "An empty signInActivity proves nothing: Microsoft records successes since December 2023 only.",
        "unused: no use for 90 proven days; never: none since the account was made.",
        "Failed sign-ins alone make no row.",
    ),
)
