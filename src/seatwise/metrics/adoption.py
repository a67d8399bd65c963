"""Which apps and which people there are, and how much of it is in use."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics.frame_use import LAST_USED_AT, lower_bound
from seatwise.metrics.shapes import Column, Metric

_SOURCE = "servicePrincipals, appRoleAssignedTo, group members, oauth2PermissionGrants; sign-ins of every feed."
_BOUND = "With incomplete coverage a usage count is a lower bound; with none it is empty, never 0."

APPS: Final = Metric(
    name="apps",
    help="Every app of the tenant: where it comes from, who may use it, who did in the last 30 days.",
    columns=(
        Column("app_id", "guid", "appId of the app, the same in every tenant."),
        Column("name", "text", "Display name, else the newest name in a sign-in, else the id."),
        Column("origin", "text", "microsoft, gallery, custom, own, foreign or unknown."),
        Column("consent", "text", "Delegated consent: admin (for everybody), user (some people), none."),
        Column("is_microsoft", "bool", "Microsoft's own app; left out unless asked for."),
        Column("assignment_required", "bool", "Only people with a seat can sign in; empty without a principal."),
        Column("n_seats", "int", "People with a seat, directly or by a group; empty when not read.", "people"),
        Column("n_seats_used_30d", "int", "Of those, people who used the app in the last 30 days.", "people"),
        Column("n_used_30d", "int", "People who used it in the last 30 days, with or without a seat.", "people"),
        Column("n_sign_ins_30d", "int", "Successful sign-ins of people in the last 30 days.", "events"),
        Column("n_uses_30d", "int", "Distinct actions (person and correlation id) behind those.", "actions"),
        Column("last_used_at", "time", "Last successful sign-in of a person on record."),
    ),
    sql=f"""
        WITH seats AS (
            SELECT s.app_id, count(*) AS n_seats, count(u.user_id) AS n_used
            FROM seat s LEFT JOIN used u USING (app_id, user_id) GROUP BY s.app_id
        ),
        usage AS (SELECT app_id, count(*) AS n_used, sum(n_sign_ins) AS n_sign_ins FROM used GROUP BY app_id),
        actions AS (
            SELECT app_id, count(*) AS n_uses
            FROM (SELECT DISTINCT app_id, user_id, correlation_id FROM action WHERE day >= getvariable('first_day'))
            GROUP BY app_id
        ),
        ever AS (SELECT app_id, max(last_s) AS last_s FROM last GROUP BY app_id)
        SELECT app_id, a.name, a.origin, c.consent,
               a.is_microsoft, a.assignment_required,
               CASE WHEN a.knows_seats THEN coalesce(s.n_seats, 0) END AS n_seats,
               CASE WHEN a.knows_seats THEN {lower_bound("s.n_used", "p.has_complete")} END AS n_seats_used_30d,
               {lower_bound("u.n_used", "p.has_complete")} AS n_used_30d,
               CAST({lower_bound("u.n_sign_ins", "p.has_complete")} AS BIGINT) AS n_sign_ins_30d,
               {lower_bound("n.n_uses", "p.has_complete")} AS n_uses_30d,
               {LAST_USED_AT.format(seconds="l.last_s")} AS last_used_at
        FROM app a
        JOIN policy_of p USING (app_id)
        LEFT JOIN seats s USING (app_id)
        LEFT JOIN usage u USING (app_id)
        LEFT JOIN actions n USING (app_id)
        LEFT JOIN ever l USING (app_id)
        LEFT JOIN consent_of c USING (app_id)
        WHERE getvariable('shows_microsoft') OR NOT a.is_microsoft
    """,
    order="n_used_30d DESC NULLS LAST, n_seats DESC NULLS LAST, name, app_id",
    searched=("name",),
    source=_SOURCE,
    caveats=(
        _BOUND,
        "Use belongs to the app that was signed in to, never to the resource behind it.",
        "Sign-ins of service principals and managed identities are not use.",
    ),
)

USERS: Final = Metric(
    name="users",
    help="Every person of the directory, disabled people and guests included, with seats and use.",
    columns=(
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Display name.", is_personal=True),
        Column("upn", "text", "Sign-in name.", is_personal=True),
        Column("department", "text", "Department."),
        Column("kind", "text", "member or guest."),
        Column("is_enabled", "bool", "Whether the account may sign in."),
        Column("n_seats", "int", "Apps in which the person holds a seat, Microsoft's left out.", "apps"),
        Column("n_apps_used_30d", "int", "Apps used in the last 30 days, Microsoft's left out.", "apps"),
        Column("last_used_at", "time", "Last successful sign-in on record, to any app."),
    ),
    sql=f"""
        WITH seats AS (SELECT user_id, count(*) AS n_seats FROM seat GROUP BY user_id),
        usage AS (
            SELECT u.user_id, count(*) AS n_apps FROM used u
            WHERE u.app_id NOT IN (SELECT app_id FROM app WHERE is_microsoft) GROUP BY u.user_id
        ),
        ever AS (SELECT user_id, max(last_s) AS last_s FROM last GROUP BY user_id)
        SELECT user_id, p.name, p.upn, p.department,
               CASE WHEN lower(p.user_type) = 'guest' THEN 'guest' ELSE 'member' END AS kind, p.is_enabled,
               CASE WHEN getvariable('knows_seats') THEN coalesce(s.n_seats, 0) END AS n_seats,
               {lower_bound("u.n_apps")} AS n_apps_used_30d,
               {LAST_USED_AT.format(seconds="l.last_s")} AS last_used_at
        FROM person p
        LEFT JOIN seats s USING (user_id)
        LEFT JOIN usage u USING (user_id)
        LEFT JOIN ever l USING (user_id)
    """,
    order="name, user_id",
    searched=("name", "upn", "department"),
    source="users, appRoleAssignedTo, group members; sign-ins of every feed.",
    caveats=(_BOUND, "Deleted people are not listed; app-users shows what they used."),
)
