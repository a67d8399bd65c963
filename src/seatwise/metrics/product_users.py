"""Who holds a seat in a product or uses it, what is proven about each, and what the seat costs."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.frame_use import LAST_DAY, LAST_USED_AT, lower_bound, shown_as
from seatwise.metrics.products import BOUND, CURRENCY, IGNORED, SOURCE
from seatwise.metrics.shapes import Column, Metric

_SEEN: Final = "(q.has_complete AND NOT p.is_nobody)"
_ADDRESS: Final = shown_as("p.user_id", "h.address")

PRODUCT_USERS: Final = Metric(
    name="product-users",
    help="Everybody who holds a seat in a product or ever used it, with the mildest claim that is proven.",
    columns=(
        Column("product_id", "guid", "Id of the product."),
        Column("product", "text", "Its name."),
        Column("user_id", "guid", "Id of the person; empty for an address by which the directory knows nobody."),
        Column("name", "text", "Display name; of deleted people, as their newest sign-in tells it.", is_personal=True),
        Column("upn", "text", "Sign-in name; of deleted people, as their newest sign-in tells it.", is_personal=True),
        Column("department", "text", "Department."),
        Column("kind", "text", "member or guest; empty when not told."),
        Column("is_enabled", "bool", "Whether the account may sign in; empty when there is none any more."),
        Column("is_leaver", "bool", "Disabled or deleted."),
        Column("is_protected", "bool", "Decided: the seat is never offered for taking."),
        Column("path", "text", "direct, group, both, hand (added by hand only); none is use without a seat."),
        Column("groups", "list", "Names of the groups that give the seat, sorted."),
        Column("status", "text", "active, idle, unused, never; unknown when absence of use is not proven."),
        Column("n_sign_ins_30d", "int", "Successful sign-ins in the last 30 days.", "events", is_summed=True),
        Column("n_uses_30d", "int", "Distinct actions behind those.", "actions", is_summed=True),
        Column("first_used_on", "day", "First day on record with a successful sign-in."),
        Column("last_used_at", "time", "Last successful sign-in on record."),
        Column("evidence_id", "text", "Id of that sign-in, the same in Microsoft's log."),
        Column("evidence_app_id", "guid", "appId it went to."),
        Column("proven_days", "int", "Days, ending at the last one, in which use cannot have gone unseen.", "days"),
        Column("known_on", "day", "When an unknown seat can be decided, if nothing is used and nothing goes missing."),
        *columns.money(),
    ),
    sql=f"""
        SELECT p.product_id, q.name, CASE WHEN NOT p.is_nobody THEN p.user_id END,
               CASE WHEN d.user_id IS NOT NULL THEN d.name ELSE coalesce(e.name, {_ADDRESS}) END,
               CASE WHEN d.user_id IS NOT NULL THEN d.upn ELSE coalesce(e.upn, {_ADDRESS}) END,
               d.department, p.kind, p.is_enabled, p.is_leaver, p.is_protected,
               coalesce(p.path, CASE WHEN q.knows_seats OR q.is_microsoft THEN 'none' END),
               coalesce(p.groups, CASE WHEN q.knows_seats OR q.is_microsoft THEN CAST([] AS VARCHAR[]) END),
               p.status,
               {lower_bound("p.n_sign_ins", _SEEN)}, {lower_bound("p.n_uses", _SEEN)},
               CAST(p.first_on AS VARCHAR), {LAST_USED_AT.format(seconds="p.last_s")}, p.event_id, p.app_id,
               p.proven,
               CASE WHEN p.status = 'unknown' AND NOT q.is_by_hand AND NOT p.is_nobody
                    THEN CAST({LAST_DAY} + CAST(p.inactive_days - p.proven AS INTEGER) AS VARCHAR) END,
               p.currency, p.cost_x, p.save_x, p.idle_x, p.unknown_x
        FROM pair p
        JOIN product q USING (product_id)
        LEFT JOIN person d USING (user_id)
        LEFT JOIN known_user_seen e USING (user_id)
        LEFT JOIN (SELECT holder, min(address) AS address FROM hand_seat GROUP BY holder) h ON h.holder = p.user_id
        WHERE q.is_shown
    """,
    order="product_id, coalesce(user_id, ''), upn",
    source=SOURCE,
    caveats=(
        BOUND,
        "An empty signInActivity proves nothing: Microsoft records successes since December 2023 only.",
        "unused: no use for 90 proven days; never: none since the account was made.",
        "Failed sign-ins alone make no row.",
        CURRENCY,
        IGNORED,
    ),
    searched=("name", "upn", "department"),
    is_wide=True,
)
