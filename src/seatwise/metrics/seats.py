"""Who holds a seat in an app or uses it without one, and what can be claimed about each."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics.frame_use import LAST_DAY, LAST_USED_AT, days_since, lower_bound, proven, status, told
from seatwise.metrics.shapes import Column, Metric

APP_USERS: Final = Metric(
    name="app-users",
    help="Everybody who holds a seat in an app or ever used it, with the mildest claim that is proven.",
    columns=(
        Column("app_id", "guid", "appId of the app."),
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Display name; of deleted people, as their newest sign-in tells it.", is_personal=True),
        Column("upn", "text", "Sign-in name; of deleted people, as their newest sign-in tells it.", is_personal=True),
        Column("path", "text", "How the seat is held: direct, group, both; none is use without a seat."),
        Column("groups", "list", "Names of the groups that give the seat, sorted."),
        Column("status", "text", "active, idle, unused, never; unknown when absence of use is not proven."),
        Column("n_sign_ins_30d", "int", "Successful sign-ins in the last 30 days.", "events"),
        Column("last_used_at", "time", "Last successful sign-in on record."),
        Column("evidence_id", "text", "Id of that sign-in, the same in Microsoft's log."),
    ),
    sql=f"""
        WITH held AS (
            SELECT app_id, user_id, s.path, s.groups, l.last_s, l.event_id
            FROM seat s FULL JOIN last_use l USING (app_id, user_id)
        ),
        told AS (
            SELECT app_id, user_id,
                   {told("name", "p", "e")} AS name, {told("upn", "p", "e")} AS upn,
                   coalesce(h.path,
                            CASE WHEN getvariable('knows_seats') OR a.is_microsoft THEN 'none' END) AS path,
                   CASE WHEN h.path IS NOT NULL THEN from_json(h.groups, '["VARCHAR"]')
                        WHEN getvariable('knows_seats') OR a.is_microsoft THEN CAST([] AS VARCHAR[]) END AS groups,
                   u.n_sign_ins, h.last_s, h.event_id,
                   {LAST_DAY} - CAST(make_timestamp(h.last_s * 1000000) AS DATE) AS idle_days,
                   CAST(make_timestamp(epoch_us(p.created_at)) AS DATE) AS created_day,
                   q.inactive_days, q.has_complete,
                   {proven("q.proven_days", days_since("ua.last_successful_at"), days_since("aa.last_sign_in_at"))}
                       AS proven
            FROM held h
            JOIN app a USING (app_id)
            JOIN policy_of q USING (app_id)
            LEFT JOIN person p USING (user_id)
            LEFT JOIN known_user_seen e USING (user_id)
            LEFT JOIN used u USING (app_id, user_id)
            LEFT JOIN user_activity ua USING (user_id)
            LEFT JOIN app_activity aa USING (app_id)
            WHERE getvariable('shows_microsoft') OR NOT a.is_microsoft
        )
        SELECT app_id, user_id, name, upn, path, groups,
               {status("idle_days", "proven", "inactive_days", "created_day")} AS status,
               {lower_bound("n_sign_ins", "has_complete")} AS n_sign_ins_30d,
               {LAST_USED_AT.format(seconds="last_s")} AS last_used_at, event_id AS evidence_id
        FROM told
    """,
    order="app_id, user_id",
    searched=("name", "upn"),
    is_wide=True,
    source="appRoleAssignedTo, group members, users with signInActivity, servicePrincipalSignInActivities; sign-ins.",
    caveats=(
        "An empty signInActivity proves nothing: Microsoft records successes since December 2023 only.",
        "unused: no use for 90 proven days; never: none since the account was made.",
        "Failed sign-ins alone make no row.",
    ),
)
