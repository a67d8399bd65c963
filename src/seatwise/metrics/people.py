"""People: what each one holds and uses over all products, and what that costs."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns
from seatwise.metrics.frame_use import KNOWS_SEATS, LAST_KEY, LAST_USED_AT, lower_bound
from seatwise.metrics.products import BOUND, SOURCE
from seatwise.metrics.shapes import Column, Metric

NO_GROUP: Final = "-"
"""Instead of a group's id: the people in none of those that give seats."""

PEOPLE: Final = Metric(
    name="people",
    help="Every person of the directory, disabled people and guests included: seats, use and money over all products.",
    columns=(
        Column("user_id", "guid", "Id of the person."),
        Column("name", "text", "Display name.", is_personal=True),
        Column("upn", "text", "Sign-in name.", is_personal=True),
        Column("department", "text", "Department."),
        Column("job_title", "text", "Job title; empty where names are hidden.", is_personal=True),
        Column("kind", "text", "member or guest."),
        Column("is_enabled", "bool", "Whether the account may sign in."),
        Column("is_leaver", "bool", "Disabled."),
        Column("is_protected", "bool", "Decided: seats of this person are never offered for taking."),
        Column("n_seats", "int", "Products in which the person holds a seat.", "seats", is_summed=True),
        *columns.seats(),
        Column("n_products_used_30d", "int", "Products used in the last 30 days, with or without a seat.", "products"),
        Column("n_sign_ins_30d", "int", "Successful sign-ins to those.", "events", is_summed=True),
        Column("last_used_at", "time", "Last successful sign-in on record, to any app, Microsoft's included."),
        Column("last_product", "text", "Product of that sign-in."),
        *columns.money(),
        Column("licences", "int", "Microsoft licences assigned; empty when not read.", "licences", is_summed=True),
    ),
    sql=f"""
        WITH counted AS (
            SELECT p.user_id, count(*) FILTER (holds_seat) AS n_seats, {columns.counted()},
                   count(*) FILTER (n_sign_ins > 0) AS n_used, CAST(sum(n_sign_ins) AS BIGINT) AS n_sign_ins
            FROM pair p JOIN product q USING (product_id) WHERE q.is_counted GROUP BY p.user_id
        ),
        cost AS (
            SELECT user_id, {columns.summed("cost_x", "save_x", "idle_x", "unknown_x")}
            FROM pair WHERE currency = getvariable('currency') GROUP BY user_id
        ),
        ever AS (
            SELECT user_id, max(last_s) AS last_s, arg_min(app_id, {LAST_KEY}) AS app_id FROM last GROUP BY user_id
        )
        SELECT user_id, d.name, d.upn, d.department, d.job_title,
               CASE WHEN lower(d.user_type) = 'guest' THEN 'guest' ELSE 'member' END, d.is_enabled,
               NOT coalesce(d.is_enabled, true), t.user_id IS NOT NULL,
               CASE WHEN {KNOWS_SEATS} THEN coalesce(c.n_seats, 0) END, {columns.shown("c", KNOWS_SEATS)},
               {lower_bound("c.n_used")}, {lower_bound("c.n_sign_ins")},
               {LAST_USED_AT.format(seconds="l.last_s")}, q.name,
               CASE WHEN m.cost_x IS NOT NULL THEN getvariable('currency') END,
               m.cost_x, m.save_x, m.idle_x, m.unknown_x,
               CASE WHEN getvariable('knows_licences')
                    THEN coalesce(len(list_distinct(json_extract_string(d.assigned_licenses, '$[*].skuId'))), 0) END
        FROM person d
        LEFT JOIN counted c USING (user_id)
        LEFT JOIN cost m USING (user_id)
        LEFT JOIN ever l USING (user_id)
        LEFT JOIN product_of o ON o.app_id = l.app_id
        LEFT JOIN product q ON q.product_id = o.product_id
        LEFT JOIN protected_person t USING (user_id)
        WHERE CASE getvariable('of_group') WHEN '' THEN true
                  WHEN '{NO_GROUP}' THEN user_id NOT IN (SELECT user_id FROM grant WHERE group_id IS NOT NULL)
                  ELSE user_id IN (SELECT user_id FROM grant WHERE group_id = getvariable('of_group')) END
    """,
    order="name, user_id",
    source=SOURCE,
    caveats=(
        BOUND,
        "Seats and use leave Microsoft's and ignored products out; the last use does not.",
        "Amounts are of products priced in the workspace's currency.",
        "Deleted people are not listed; product-users shows what they used.",
        f"Of group={NO_GROUP}: people in no group that gives seats.",
    ),
    searched=("name", "upn", "department", "job_title"),
    parameters=(("group", ""),),
)
