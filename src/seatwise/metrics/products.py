"""Products: what each one is, who uses it, what it costs and what could be saved."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics import columns, money
from seatwise.metrics.frame_use import LAST_DAY, LAST_USED_AT, lower_bound
from seatwise.metrics.shapes import Column, Metric

SOURCE: Final = "servicePrincipals, appRoleAssignedTo, group members, users with signInActivity; sign-ins; decisions."
BOUND: Final = "With incomplete coverage a usage count is a lower bound; with none it is empty, never 0."
CURRENCY: Final = "Sums are in the workspace's currency; what is priced in another stands in its own row only."
IGNORED: Final = "Ignored products are left out unless asked for by state or by id."

_KNOWN: Final = "p.knows_seats"
_DAYS_30: Final = "getvariable('first_day')"


def _bound(count: str) -> str:
    return lower_bound(count, "p.has_complete")


def _of_seats(count: str) -> str:
    return f"CASE WHEN {_KNOWN} THEN coalesce({count}, 0) END"


# A start is a first success after 30 days that were wholly known; a stop needs more than 30 days of known silence.
_STARTED: Final = f"p.first_on >= {_DAYS_30} AND p.run_days >= {LAST_DAY} - p.first_on + 31"
_IDLE_DAYS: Final = f"{LAST_DAY} - CAST(make_timestamp(p.last_s * 1000000) AS DATE)"
STARTED: Final = _STARTED
STOPPED: Final = f"{_IDLE_DAYS} BETWEEN 30 AND 59 AND p.status IN ('idle', 'unused')"
# Said only where the seats of which nothing is proven cannot change it.
_BAND: Final = """CASE WHEN 10 * {active} < 3 * n_seats THEN 'mostly_unused'
                         WHEN 10 * {active} < 7 * n_seats THEN 'under' ELSE 'well' END"""

PRODUCTS: Final = Metric(
    name="products",
    help="Every product: one app, several merged into one, or one added by hand.",
    columns=(
        Column("product_id", "guid", "Id of the product: the appId of its leading app."),
        Column("name", "text", "Name as decided, else of the leading app."),
        Column("app_ids", "list", "appIds folded into it, sorted; empty when added by hand."),
        Column("vendor", "text", "Who makes it, as decided, else as known."),
        Column("category", "text", "What it is for, as decided, else as known."),
        Column("category_source", "text", "decision, tenant, catalogue or guess."),
        Column("origin", "text", "microsoft, gallery, custom, own, foreign or unknown."),
        Column("sso", "text", "How it is signed in to: saml, oidc, password; none when that is not told."),
        Column("is_microsoft", "bool", "Microsoft's own; left out unless asked for."),
        Column("is_by_hand", "bool", "Added by hand: Entra does not see who uses it."),
        Column("is_enabled", "bool", "People may sign in; empty without a principal."),
        Column("assignment_required", "bool", "Only people with a seat can sign in; empty without a principal."),
        Column("consent", "text", "Delegated consent: admin (for everybody), user (some people), none."),
        Column("state", "text", "Decided: approved, tolerated, closed or ignored."),
        Column("owner", "text", "Decided: who answers for it."),
        Column("note", "text", "Decided: a note."),
        Column("n_seats", "int", "People with a seat; empty when not read.", "seats", is_summed=True),
        *columns.seats(),
        Column("n_seats_used_30d", "int", "Seats used in the last 30 days.", "seats", is_summed=True),
        Column("n_guests", "int", "Seats held by guests.", "seats", is_summed=True),
        Column("n_leavers", "int", "Seats held by disabled or deleted people.", "seats", is_summed=True),
        Column("n_used_30d", "int", "People who used it in the last 30 days, with or without a seat.", "people"),
        Column("n_without_seat_30d", "int", "Of those, people without a seat.", "people"),
        Column("n_sign_ins_30d", "int", "Successful sign-ins of people in the last 30 days.", "events", is_summed=True),
        Column("n_uses_30d", "int", "Distinct actions (person and correlation id) behind those.", "actions"),
        Column(
            "n_started_30d", "int", "People whose first use was in the last 30 days, after 30 known days.", "people"
        ),
        Column("n_stopped_30d", "int", "People whose last use was 30 to 59 days ago, where that is known.", "people"),
        Column("first_used_on", "day", "First day on record with a successful sign-in."),
        Column("last_used_at", "time", "Last successful sign-in of a person on record."),
        Column("price_basis", "text", "Decided: seat or contract."),
        Column("price_seat_month", "money", "Price of a seat; of a contract, its share.", "a month"),
        Column("seats_bought", "int", "Decided: seats bought.", "seats"),
        *columns.money(),
        Column("could_save_year", "money", "Twelve times could_save_month.", "a year", is_summed=True),
        Column("renewal_on", "day", "Decided: when the contract renews."),
        Column("notice_on", "day", "Last day to give notice."),
        Column(
            "use_band",
            "text",
            "well (70 % of seats active or more), under, mostly_unused (below 30 %), none; unknown when open.",
        ),
    ),
    sql=f"""
        WITH counted AS (
            SELECT p.product_id,
                   count(*) FILTER (holds_seat) AS n_seats, {columns.counted()},
                   count(*) FILTER (holds_seat AND n_sign_ins > 0) AS n_seats_used,
                   count(*) FILTER (holds_seat AND kind = 'guest') AS n_guests,
                   count(*) FILTER (holds_seat AND is_leaver) AS n_leavers,
                   count(*) FILTER (n_sign_ins > 0) AS n_used,
                   count(*) FILTER (n_sign_ins > 0 AND NOT holds_seat) AS n_without,
                   CAST(sum(n_sign_ins) AS BIGINT) AS n_sign_ins, CAST(sum(n_uses) AS BIGINT) AS n_uses,
                   count(*) FILTER ({_STARTED}) AS n_started, count(*) FILTER ({STOPPED}) AS n_stopped,
                   min(first_on) AS first_on, max(last_s) AS last_s,
                   {columns.summed("save_x", "idle_x", "unknown_x")}
            FROM pair p GROUP BY p.product_id
        ),
        told AS (
            SELECT p.*, c.* EXCLUDE (product_id, n_seats), {_of_seats("c.n_seats")} AS n_seats,
                   r.basis, r.seats_bought, r.renewal_on, r.notice_on, r.seat_x, r.currency, m.cost_x,
                   p.is_counted AND r.seat_x IS NOT NULL AND p.knows_seats AS is_claimed
            FROM product p
            LEFT JOIN counted c USING (product_id)
            LEFT JOIN price r ON r.subject_kind = 'product' AND r.subject_id = p.product_id
            LEFT JOIN product_cost m USING (product_id)
            WHERE p.is_shown
        )
        SELECT product_id, name, app_ids, vendor, category, category_source, origin, sso, is_microsoft, is_by_hand,
               is_enabled, assignment_required, consent, state, owner, note,
               n_seats, {columns.shown("p", _KNOWN)},
               CASE WHEN {_KNOWN} THEN {_bound("n_seats_used")} END,
               {_of_seats("n_guests")}, {_of_seats("n_leavers")},
               {_bound("n_used")}, CASE WHEN {_KNOWN} THEN {_bound("n_without")} END,
               {_bound("n_sign_ins")}, {_bound("n_uses")},
               CASE WHEN run_days > 30 THEN coalesce(n_started, 0) END,
               {lower_bound("n_stopped", "p.has_complete_before")},
               CAST(first_on AS VARCHAR), {LAST_USED_AT.format(seconds="last_s")},
               basis, seat_x, seats_bought,
               currency,
               cost_x,
               CASE WHEN is_claimed THEN coalesce(save_x, 0) END,
               CASE WHEN is_claimed THEN coalesce(idle_x, 0) END,
               CASE WHEN is_claimed THEN coalesce(unknown_x, 0) END,
               CASE WHEN is_claimed THEN {money.year("coalesce(save_x, 0)")} END,
               CAST(renewal_on AS VARCHAR), CAST(notice_on AS VARCHAR),
               CASE WHEN n_seats IS NULL THEN 'unknown' WHEN n_seats = 0 THEN 'none'
                    WHEN {_BAND.format(active="n_active")} = {_BAND.format(active="(n_active + n_unknown)")}
                    THEN {_BAND.format(active="n_active")} ELSE 'unknown' END
        FROM told p
    """,
    order="n_used_30d DESC NULLS LAST, n_seats DESC NULLS LAST, name, product_id",
    source=SOURCE,
    caveats=(
        BOUND,
        "People are counted once in a product, however many of its apps they hold or use.",
        "A product added by hand has no use that Entra could tell: its seats stay unknown.",
        CURRENCY,
        "Of Microsoft's and of ignored products no money is claimed.",
        IGNORED,
    ),
    searched=("name", "vendor", "category", "owner", "note"),
)
