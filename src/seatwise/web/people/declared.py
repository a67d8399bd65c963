"""The lists of people, teams and licences: which columns, which filters."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString

from seatwise.web.lists.cells import STATUS_CHIPS, Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row
from seatwise.web.people import cells

SEATS: Final = ("n_seats", "n_active", "n_idle", "n_unused", "n_never", "n_unknown")
_USE: Final = {key: words for key, (_, words) in STATUS_CHIPS.items()}
_WORTH: Final = (
    ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-sm", summed=True),
    ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
    ListColumn("idle_month", "Idle worth", "money", "a month, not claimed", first="down", css="r", is_shown=False),
    ListColumn("unknown_month", "Not known", "money", "a month, not claimed", first="down", css="r", is_shown=False),
)
# A licence's holder is named without what would be claimed of idle and unknown seats.
_HOLDER_WORTH: Final = _WORTH[:2]

PEOPLE: Final = ListPage(
    metric="people",
    key="user_id",
    noun=("person", "people"),
    icon="people",
    search="Search people or departments",
    sort="could_save_month",
    legend=True,
    empty="The directory has nobody yet.",
    columns=(
        ListColumn("name", "Person", "person", sub="upn", is_fixed=True, files=("name", "upn")),
        ListColumn("department", "Department", css="hide-sm"),
        ListColumn("kind", "Account", cells.standing, css="hide-md", files=("kind", "is_enabled", "is_protected")),
        ListColumn("n_seats", "Seats in use", "seats", "active of all seats", first="down", files=SEATS),
        ListColumn("n_products_used_30d", "Apps used", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn(
            "last_used_at",
            "Last sign-in",
            cells.seen,
            first="down",
            css="num muted hide-sm",
            files=("last_used_at", "last_product"),
        ),
        *_WORTH,
        ListColumn("job_title", "Job title", is_shown=False),
        ListColumn("licences", "Licences", "count", "Microsoft", first="down", css="r", is_shown=False),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("n_unused", "Unused", "count", "seats", first="down", css="r", is_shown=False),
        ListColumn("n_never", "Never used", "count", "seats", first="down", css="r", is_shown=False),
    ),
    filters=(
        ListFilter("kind", "Kind", "segments", values=cells.KINDS),
        ListFilter("is_leaver", "Disabled", "check"),
        ListFilter("n_seats", "With seats", "check", op="from", value=1),
        ListFilter("n_unused", "With unused seats", "check", op="from", value=1),
        ListFilter("is_protected", "Protected", "check"),
        ListFilter("department", "Department", none_words="No department"),
        ListFilter("job_title", "Job title", none_words="No job title shown"),
    ),
)

# The people of a team: what the whole team shares is left out.
TEAM_PEOPLE: Final = replace(
    PEOPLE,
    legend=False,
    columns=tuple(
        column
        for column in PEOPLE.columns
        if column.is_fixed or column.name in ("n_seats", "n_products_used_30d", "cost_month", "could_save_month")
    ),
)

# One person's apps.
THEIRS: Final = ListPage(
    metric="product-users",
    key="product_id",
    noun=("app", "apps"),
    search="",
    sort="could_save_month",
    microsoft=True,
    keys=("user_id", "name"),
    empty="No seat, and no sign-in on record.",
    columns=(
        ListColumn("product", "App", "app", is_fixed=True),
        ListColumn("path", "Seat", cells.path, css="hide-sm", files=("path", "groups")),
        ListColumn("status", "Use", "status", files=("status", "known_on")),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn(
            "last_used_at",
            "Last sign-in",
            cells.last_use,
            first="down",
            css="num muted hide-xs",
            files=("last_used_at", "evidence_id", "evidence_app_id"),
        ),
        *_WORTH,
        ListColumn("n_uses_30d", "Uses", "count", "30 days", first="down", css="r", is_shown=False),
        ListColumn("first_used_on", "First seen", "day", first="down", css="r", is_shown=False),
        ListColumn("proven_days", "Days proven", "count", "without a gap", first="down", css="r", is_shown=False),
    ),
    filters=(
        ListFilter("status", "Use", "segments", values=_USE),
        ListFilter("path", "Seat", values=cells.PATHS),
        ListFilter("could_save_month", "Cost money, not used", "check", op="from", value=1),
    ),
)

# One person's licences.
HELD: Final = ListPage(
    metric="licence-users",
    key="sku_id",
    noun=("licence", "licences"),
    sort="licence",
    way="up",
    icon="key",
    empty="No Microsoft licence.",
    address=lambda row, around: around.url("licence", sku=row["sku_id"]),
    columns=(
        ListColumn("licence", "Licence", is_fixed=True),
        ListColumn("path", "Given", cells.path),
        ListColumn("cost_month", "Cost", "money", "a month", css="r"),
        ListColumn("could_save_month", "Could save", "money", "a month", css="r"),
    ),
)

LICENCES: Final = ListPage(
    metric="licences",
    key="sku_id",
    noun=("licence", "licences"),
    icon="key",
    search="Search licences",
    sort="could_save_month",
    legend=True,
    empty="The tenant has no Microsoft licence that people can hold.",
    address=lambda row, around: around.url("licence", sku=row["sku_id"]),
    columns=(
        ListColumn("name", "Licence", is_fixed=True, files=("name", "part_number")),
        ListColumn(
            "n_assigned",
            "Assigned",
            cells.assigned,
            "of those bought",
            first="down",
            files=("n_bought", "n_assigned", "n_active", "n_idle", "n_unused", "n_never", "n_unknown"),
        ),
        ListColumn("n_unassigned", "Unassigned", "count", "licences", first="down", css="r"),
        ListColumn("n_disabled", "Disabled", "count", "held by disabled people", first="down", css="r hide-sm"),
        ListColumn("n_idle", "Idle", "count", "licences", first="down", css="r hide-sm"),
        ListColumn("n_direct", "Direct", "count", "licences", first="down", css="r hide-md"),
        ListColumn("n_group", "By group", "count", "only by a group", first="down", css="r hide-md"),
        ListColumn("price_month", "Price", cells.price, "of one, a month", first="down", css="num r hide-sm"),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-sm", summed=True),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
        ListColumn("unassigned_month", "Unassigned worth", "money", "a month", first="down", css="r", is_shown=False),
        ListColumn("disabled_month", "Disabled worth", "money", "a month", first="down", css="r", is_shown=False),
        ListColumn("idle_month", "Idle worth", "money", "a month, not claimed", first="down", css="r", is_shown=False),
        ListColumn("renewal_on", "Renews", "day", css="r", is_shown=False, empty="—"),
        ListColumn("capability", "State at Microsoft", is_shown=False),
    ),
    filters=(
        ListFilter("n_unassigned", "Unassigned", "check", op="from", value=1),
        ListFilter("n_disabled", "Held by disabled people", "check", op="from", value=1),
        ListFilter("price_month", "Without a price", "check", value=None),
        ListFilter("capability", "State at Microsoft"),
    ),
)

HOLDERS: Final = ListPage(
    metric="licence-users",
    key="user_id",
    noun=("person", "people"),
    icon="people",
    search="Search people or departments",
    sort="could_save_month",
    keys=("sku_id", "licence"),
    empty="Nobody holds this licence.",
    columns=(
        ListColumn("name", "Person", "person", sub="upn", is_fixed=True, files=("name", "upn")),
        ListColumn("department", "Department", css="hide-md"),
        ListColumn("is_enabled", "Account", cells.standing, css="hide-sm", files=("is_enabled", "kind")),
        ListColumn("status", "Use", "status"),
        ListColumn("path", "Given", cells.path, css="hide-sm", files=("path", "groups")),
        ListColumn("last_used_at", "Last sign-in", cells.last_use, first="down", css="num muted hide-xs"),
        *_HOLDER_WORTH,
    ),
    filters=(
        ListFilter("status", "Use", "segments", values=_USE),
        ListFilter("is_enabled", "Disabled people", "check", value=False),
        ListFilter("path", "Given", values={key: cells.PATHS[key] for key in ("direct", "group", "both")}),
        ListFilter("kind", "Kind", values=cells.KINDS),
        ListFilter("department", "Department", none_words="No department"),
    ),
)

# What teams are made of: in the address, and in words.
BY: Final = {"department": "Departments", "job_title": "Job titles", "group": "Groups"}


def team_address(row: Row, around: Around, by: str) -> str:
    address = around.url("team")
    return f"{address}?{urlencode({'by': by, 'team': row['team'] or ''})}" if address else ""


def teams(by: str) -> ListPage:
    """The list of teams that are made so."""

    def named(row: Row, column: ListColumn, around: Around) -> SafeString:
        return format_html('<a class="rowlink" href="{}">{}</a>', team_address(row, around, by), cells.team(row, by))

    first = ListColumn("name", BY[by][:-1], named, is_fixed=True, files=("team", "name"))
    return replace(TEAMS, columns=(first, *TEAMS.columns[1:]))


TEAMS: Final = ListPage(
    metric="teams",
    key="team",
    noun=("team", "teams"),
    icon="building",
    search="Search teams",
    sort="could_save_month",
    legend=True,
    empty="No team is told: the directory gives nobody a department, and no group gives seats.",
    columns=(
        ListColumn("name", "Team", is_fixed=True),
        ListColumn("n_people", "People", "count", first="down", css="r"),
        ListColumn("n_using_30d", "Using", "count", "people, 30 days", first="down", css="r hide-sm"),
        ListColumn("n_seats", "Seats in use", "seats", "active of all seats", first="down", files=SEATS),
        ListColumn("n_products_used_30d", "Apps used", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r", is_shown=False),
        *(replace(column, summed=False) for column in _WORTH),
    ),
)

TEAM_APPS: Final = ListPage(
    metric="team-products",
    key="product_id",
    noun=("app", "apps"),
    search="Search apps",
    sort="cost_month",
    legend=True,
    keys=("team",),
    empty="This team holds no seat and used no app.",
    columns=(
        ListColumn("product", "App", "app", sub="category", empty="No category", is_fixed=True),
        ListColumn("n_seats", "Seats in use", "seats", "active of all seats", first="down", files=SEATS),
        ListColumn("n_used_30d", "People", "count", "30 days", first="down", css="r hide-sm"),
        ListColumn("n_sign_ins_30d", "Sign-ins", "count", "30 days", first="down", css="r hide-sm"),
        *_WORTH,
    ),
    filters=(ListFilter("category", "Category", none_words="No category"),),
)
