"""What stands behind a number: the event that proves a use, the assignments that give a seat."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog.activity import FEEDS
from seatwise.lake import derive_sql
from seatwise.metrics.frame_use import shown_as
from seatwise.metrics.shapes import Column, Metric

_EVENT: Final = "lower(trim(getvariable('of_event')))"

# The events that pages show as evidence are those of the derived tables, which tell the day: then only the files of
# that day are read. Any other event is looked for in all of them.
_DAY_OF: Final = f"""
    SELECT CAST(last_at AS DATE) AS day FROM last_used WHERE event_id = {_EVENT}
    UNION ALL
    SELECT day FROM usage_daily
    WHERE event_id = {_EVENT} AND NOT EXISTS (FROM last_used WHERE event_id = {_EVENT})
"""


def _told(column: str) -> str:
    return f"CASE WHEN coalesce({column}, '') <> '' THEN {shown_as('user_id', column)} END"


EVIDENCE: Final = Metric(
    name="evidence",
    help="One sign-in by its id: who, what, when, and how it reached us.",
    columns=(
        Column("event_id", "text", "Id of the event, the same in Microsoft's log and in every feed."),
        Column("feed", "text", f"The feed whose record is shown: {', '.join(FEEDS)}."),
        Column("created_at", "time", "When the sign-in happened."),
        Column("kind", "text", "Kind of sign-in."),
        Column("app_id", "guid", "appId of the app that was signed in to."),
        Column("app", "text", "Name of the app, as the event tells it."),
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Name of the person, as the event tells it.", is_personal=True),
        Column("upn", "text", "Sign-in name, as the event tells it.", is_personal=True),
        Column("correlation_id", "text", "Ties together the events of one action."),
        Column("error_code", "int", "0 for success, else Microsoft's number of what failed."),
        Column("package", "int", "Number of the sealed package that brought the record; empty when not known."),
        Column("feeds", "list", "All feeds that told of it, sorted."),
    ),
    sql=f"""
        WITH day_of AS ({_DAY_OF}),
        asked AS (
            SELECT * FROM sign_ins
            WHERE event_id = {_EVENT} AND created_at < getvariable('as_of')
              AND day >= (SELECT coalesce(min(day), DATE '0001-01-01') FROM day_of)
              AND day <= (SELECT coalesce(max(day), DATE '9999-12-31') FROM day_of)
        ),
        best AS (
            SELECT * FROM asked ORDER BY list_position({list(FEEDS)}, feed), created_at LIMIT 1
        )
        SELECT event_id, feed,
               strftime(make_timestamp(epoch_us(created_at) // 1000000 * 1000000), '%Y-%m-%dT%H:%M:%SZ') AS created_at,
               kind, app_id, app_name AS app, user_id, {_told("user_name")} AS name, {_told("upn")} AS upn,
               correlation_id,
               CAST(error_code AS BIGINT) AS error_code, package,
               (SELECT list_sort(list(DISTINCT feed)) FROM asked) AS feeds
        FROM best
    """,
    order="event_id",
    source="Sign-ins of every feed, as received.",
    caveats=("Packages are kept for 30 days; the number still says which walk brought the record.",),
    parameters=(("event", ""),),
)

_AS_OF: Final = "getvariable('as_of')"
_USER: Final = "lower(trim(getvariable('of_user')))"
_PRODUCT: Final = "getvariable('of_product')"

SEAT_EVIDENCE: Final = Metric(
    name="seat-evidence",
    help="What gives one person the seat in one product: assignments, memberships of assigned groups, what was added.",
    columns=(
        Column("kind", "text", "assignment (to the person), membership (of an assigned group), hand (added by hand)."),
        Column("assignment_id", "text", "Microsoft's id of the assignment, of the group's with a membership."),
        Column("group_id", "guid", "Id of the group."),
        Column("group", "text", "Name of the group."),
        Column("app_role_id", "guid", "Role in the app; all zeros is plain access."),
        Column("created_at", "time", "When it was assigned."),
    ),
    sql=f"""
        WITH assigned AS (
            SELECT a.* FROM app_role_assignments a
            JOIN app p ON p.principal_id = a.resource_id
            JOIN product_of o ON o.app_id = p.app_id
            WHERE o.product_id = {_PRODUCT} AND p.knows_seats AND {derive_sql.valid("a", _AS_OF)}
              AND {_USER} IN (SELECT user_id FROM person)
        ),
        found AS (
            SELECT 'assignment' AS kind, assignment_id, NULL AS group_id, NULL AS "group", app_role_id, created_at
            FROM assigned WHERE lower(principal_type) = 'user' AND principal_id = {_USER}
            UNION ALL
            SELECT 'membership', a.assignment_id, a.principal_id,
                   coalesce(nullif(g.name, ''), nullif(a.principal_name, ''), a.principal_id), a.app_role_id,
                   a.created_at
            FROM assigned a
            JOIN group_members m ON m.group_id = a.principal_id AND m.member_type = 'user'
                AND m.member_id = {_USER} AND {derive_sql.valid("m", _AS_OF)}
            LEFT JOIN groups g ON g.group_id = a.principal_id
            WHERE lower(a.principal_type) = 'group'
            UNION ALL
            SELECT DISTINCT 'hand', NULL, NULL, NULL, NULL, NULL FROM hand_seat
            WHERE product_id = {_PRODUCT} AND {_USER} IN (holder, lower(trim(address)))
        )
        SELECT kind, assignment_id, group_id, "group", app_role_id,
               strftime(make_timestamp(epoch_us(created_at) // 1000000 * 1000000), '%Y-%m-%dT%H:%M:%SZ') AS created_at
        FROM found
    """,
    order='kind, "group", assignment_id, app_role_id',
    source="appRoleAssignedTo, group members, users; seats added by hand.",
    caveats=("Members of members hold no seat and are not here.",),
    parameters=(("product", ""), ("user", "")),
)
