"""Microsoft's licences: what was bought, who holds it, and what of it could be given back."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.frame_use import LAST_USED_AT
from seatwise.metrics.products import CURRENCY
from seatwise.metrics.shapes import Column, Metric

_SOURCE: Final = "subscribedSkus, users with assignedLicenses, licenseAssignmentStates and signInActivity; sign-ins."
_STATUS: Final = "A person's state is that of any use of any app, Microsoft's included."
COUNTS: Final = ", ".join(
    f"count(*) FILTER (h.is_enabled AND h.status = '{name}') AS n_{name}" for name in columns.STATUSES
)
# Each licence once: what nobody holds, what disabled people hold, and what enabled people demonstrably do not use.
SPARE: Final = "greatest(n_bought - coalesce(n_assigned, 0), 0)"
SAVED: Final = f"seat_x * ({SPARE} + coalesce(n_offered, 0))"
HELD: Final = f"""
    SELECT h.sku_id, count(*) AS n_assigned, count(*) FILTER (NOT h.is_enabled) AS n_disabled, {COUNTS},
           count(*) FILTER (h.is_direct) AS n_direct, count(*) FILTER (NOT h.is_direct) AS n_group,
           count(*) FILTER (NOT h.is_enabled AND NOT h.is_protected) AS n_disabled_offered,
           count(*) FILTER (h.is_offered) AS n_offered,
           count(*) FILTER (h.is_enabled AND h.is_offered AND h.status = 'never') AS n_never_offered,
           count(*) FILTER (h.is_enabled AND h.is_offered AND h.status = 'unused') AS n_unused_offered,
           min(h.proven) FILTER (h.is_enabled AND h.status = 'unknown') AS least_proven
    FROM licence_pair h GROUP BY h.sku_id
"""


def _known(count: str) -> str:
    return f"CASE WHEN getvariable('knows_licences') THEN coalesce({count}, 0) END"


LICENCES: Final = Metric(
    name="licences",
    help="Every Microsoft licence that people can hold: bought, assigned, used.",
    columns=(
        Column("sku_id", "guid", "Id of the licence."),
        Column("name", "text", "What Microsoft calls it, else its short name."),
        Column("part_number", "text", "Microsoft's short name."),
        Column("capability", "text", "Enabled, Warning, Suspended, Deleted or LockedOut."),
        Column("n_bought", "int", "Licences bought that can be assigned.", "licences", is_summed=True),
        Column("n_assigned", "int", "People who hold one.", "licences", is_summed=True),
        Column("n_unassigned", "int", "Bought and held by nobody.", "licences", is_summed=True),
        Column("n_disabled", "int", "Held by disabled people.", "licences", is_summed=True),
        *columns.seats("licences", "Held by enabled people, "),
        Column("n_direct", "int", "Held directly, whether by a group too or not.", "licences", is_summed=True),
        Column("n_group", "int", "Held by a group only.", "licences", is_summed=True),
        Column("price_month", "money", "Price of one; of a contract, its share.", "a month"),
        Column("currency", "text", "Currency of the amounts in this row; empty without a price."),
        Column("cost_month", "money", "What it costs a month; empty without a price.", "a month", is_summed=True),
        Column("unassigned_month", "money", "Worth of those that nobody holds.", "a month", is_summed=True),
        Column("disabled_month", "money", "Worth of those that disabled people hold.", "a month", is_summed=True),
        Column(
            "could_save_month",
            "money",
            "Unassigned, held by disabled people, never used or unused: each once; protected people left out.",
            "a month",
            is_summed=True,
        ),
        Column("idle_month", "money", "Worth of those that are idle; shown, not claimed.", "a month", is_summed=True),
        Column("renewal_on", "day", "Decided: when the contract renews."),
        Column("notice_on", "day", "Last day to give notice."),
    ),
    sql=f"""
        SELECT sku_id, name, part_number, capability, n_bought,
               {_known("n_assigned")}, CASE WHEN getvariable('knows_licences') THEN {SPARE} END,
               {_known("n_disabled")}, {", ".join(_known(f"n_{status}") for status in columns.STATUSES)},
               {_known("n_direct")}, {_known("n_group")},
               seat_x, currency,
               CASE WHEN basis = 'contract' THEN annual_x
                    ELSE seat_x * greatest(n_bought, coalesce(seats_bought, 0)) END,
               seat_x * {SPARE}, seat_x * coalesce(n_disabled_offered, 0), {SAVED}, seat_x * coalesce(n_idle, 0),
               CAST(renewal_on AS VARCHAR), CAST(notice_on AS VARCHAR)
        FROM licence l LEFT JOIN ({HELD}) h USING (sku_id)
    """,
    order="sku_id",
    source=_SOURCE,
    caveats=(
        "n_assigned counts people who exist; Microsoft also counts deleted ones for 30 days.",
        _STATUS,
        CURRENCY,
    ),
    searched=("name", "part_number"),
)

LICENCE_USERS: Final = Metric(
    name="licence-users",
    help="Everybody who holds a Microsoft licence.",
    columns=(
        Column("sku_id", "guid", "Id of the licence."),
        Column("licence", "text", "What Microsoft calls it, else its short name."),
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Display name.", is_personal=True),
        Column("upn", "text", "Sign-in name.", is_personal=True),
        Column("department", "text", "Department."),
        Column("kind", "text", "member or guest."),
        Column("is_enabled", "bool", "Whether the account may sign in."),
        Column("path", "text", "direct, group or both."),
        Column("groups", "list", "Names of the groups that give it, sorted."),
        Column("status", "text", "active, idle, unused, never; unknown when absence of use is not proven."),
        Column("last_used_at", "time", "Last successful sign-in on record, to any app."),
        Column("currency", "text", "Currency of the amounts in this row; empty without a price."),
        Column("cost_month", "money", "What it costs a month.", "a month", is_summed=True),
        Column(
            "could_save_month",
            "money",
            "Held by somebody disabled, never used or unused; protected people left out.",
            "a month",
            is_summed=True,
        ),
    ),
    sql=f"""
        SELECT h.sku_id, l.name, h.user_id, p.name, p.upn, p.department,
               CASE WHEN lower(p.user_type) = 'guest' THEN 'guest' ELSE 'member' END, p.is_enabled,
               CASE WHEN NOT h.is_direct THEN 'group' WHEN len(h.groups) > 0 THEN 'both' ELSE 'direct' END, h.groups,
               h.status, {LAST_USED_AT.format(seconds="h.last_s")}, l.currency, l.seat_x,
               CASE WHEN h.is_offered THEN l.seat_x WHEN l.seat_x IS NOT NULL THEN 0 END
        FROM licence_pair h JOIN licence l USING (sku_id) JOIN person p USING (user_id)
    """,
    order="sku_id, user_id",
    source=_SOURCE,
    caveats=(_STATUS, CURRENCY),
    searched=("name", "upn", "department"),
    is_wide=True,
)
