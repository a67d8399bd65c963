"""The lists of savings, declared: by app and licence, by group, by team, and whose seats and licences to take."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from seatwise.control.answers import Filter
from seatwise.web import formats
from seatwise.web.lists.cells import Around
from seatwise.web.lists.declared import ListColumn, ListFilter, ListPage, Row

KINDS: Final = {"product": "Apps", "licence": "Microsoft licences"}
CLAIMED: Final = ("never", "unused")
TO_TAKE_LICENCES: Final = (Filter("status", "is", CLAIMED), Filter("is_enabled", "is", (True,)))
OF_DISABLED: Final = (Filter("is_enabled", "is", (False,)),)
BY_DEPARTMENT: Final = (("by", "department"),)
PATHS: Final = {
    "direct": "Assigned directly",
    "group": "A group",
    "both": "Directly and a group",
    "hand": "Added by hand",
}
_STATES: Final = ("n_seats", "n_active", "n_idle", "n_unused", "n_never", "n_unknown")
# What may be taken: a seat that is proven to be unused, of somebody who is not protected.
TO_TAKE_SEATS: Final = (
    Filter("status", "is", CLAIMED),
    Filter("is_protected", "is", (False,)),
    Filter("path", "not", ("none",)),
)


def _subject(row: Row, column: ListColumn, around: Around) -> SafeString:
    """An app or a licence, with its category or kind under its name."""
    is_app = row.get("subject_kind") == "product"
    address = around.url("app", app=row["subject_id"]) if is_app else around.url("licence", sku=row["subject_id"])
    name = str(row.get("name") or row["subject_id"])
    told = format_html('<a class="rowlink" href="{}">{}</a>' if address else "{1}", address, name)
    under = row.get("category") if is_app else "Microsoft licence"
    under = format_html("<span>{}</span>", under) if under else ""
    return format_html('<div class="appcell">{}<div>{}{}</div></div>', formats.tile(name), told, under)


def _price(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """A missing price is a link, never a zero."""
    if row.get("price_month") is not None:
        return formats.money(row["price_month"], row.get("currency"))
    address = around.url("prices")
    if address and around.may.get("decide"):
        return format_html(
            '<a href="{}">Add price<span class="visually-hidden"> of {}</span></a>', address, row["name"]
        )
    return formats.NONE


def _state(words: str, n: str, month: str, css: str = "r") -> ListColumn:
    def draw(row: Row, column: ListColumn, around: Around) -> str | SafeString:
        amount = row.get(month)
        under = (
            "" if not amount else format_html('<span class="under">{}</span>', formats.money(amount, row["currency"]))
        )
        return format_html("{}{}", formats.counted(row.get(n)), under)

    return ListColumn(n, words, draw, "seats", first="down", css=css, files=(n, month))


def _unknown(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    """Not claimed; with what it costs and when it will be known."""
    told = formats.counted(row.get("n_unknown"))
    if not row.get("n_unknown"):
        return told
    under = [formats.money(row["unknown_month"], row["currency"])] if row.get("unknown_month") else []
    under += [format_html("until {}", formats.day(row["known_on"]))] if row.get("known_on") else []
    return format_html(
        '{}<span class="under">{}</span>', told, format_html_join(", ", "{}", ((each,) for each in under))
    )


def _path(row: Row, column: ListColumn, around: Around) -> str | SafeString:
    return PATHS.get(str(row.get("path")), "") or formats.UNKNOWN


SUBJECTS: Final = ListPage(
    metric="savings",
    key="subject_id",
    keys=("subject_kind", "subject_id"),
    noun=("app or licence", "apps and licences"),
    icon="coins",
    search="Search apps, categories or owners",
    sort="could_save_month",
    columns=(
        ListColumn("name", "App or licence", _subject, is_fixed=True, files=("name", "category")),
        ListColumn("owner", "Owner", css="hide-md", empty="Nobody"),
        ListColumn("price_month", "Price of a seat", _price, "a month", first="down", css="r hide-sm"),
        _state("Never used", "n_never", "never_month", "r hide-xs"),
        _state("Unused 90 days", "n_unused", "unused_month", "r hide-xs"),
        _state("Idle", "n_idle", "idle_month", "r hide-md"),
        ListColumn(
            "n_unknown",
            "Not known",
            _unknown,
            "seats",
            first="down",
            css="r hide-md",
            files=("n_unknown", "unknown_month", "known_on"),
        ),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
        ListColumn("could_save_year", "In a year", "money", first="down", css="r hide-sm", summed=True),
    ),
    filters=(
        ListFilter("subject_kind", "What", "segments", values=KINDS),
        ListFilter("category", "Category"),
        ListFilter("owner", "Owner", none_words="Nobody"),
    ),
    empty="Nothing to save is known yet: add prices, and wait until 90 days are proven.",
)

GROUPS: Final = ListPage(
    metric="seat-groups",
    key="group_id",
    keys=("group_id", "product_id"),
    noun=("group and app", "groups and apps"),
    icon="people",
    search="Search groups or apps",
    sort="could_save_month",
    columns=(
        ListColumn("name", "Group", is_fixed=True),
        ListColumn("product", "App", "app", files=("product_id", "product")),
        ListColumn("n_seats", "Seats", "seats", first="down", files=_STATES),
        ListColumn(
            "n_only",
            "Through it alone",
            "count",
            "people",
            "down",
            css="r hide-sm",
        ),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-sm"),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong"),
    ),
    filters=(ListFilter("product", "App"),),
    legend=True,
    empty="No group grants seats.",
)

TEAMS: Final = ListPage(
    metric="teams",
    key="team",
    keys=("team",),
    noun=("department", "departments"),
    icon="building",
    search="Search departments",
    sort="could_save_month",
    columns=(
        ListColumn("name", "Department", is_fixed=True, empty="None told"),
        ListColumn("n_people", "People", "count", first="down", css="r hide-sm"),
        ListColumn("n_seats", "Seats", "seats", first="down", files=_STATES),
        ListColumn("cost_month", "Cost", "money", "a month", first="down", css="r hide-xs"),
        ListColumn("idle_month", "Idle", "money", "a month", first="down", css="r hide-md"),
        ListColumn("unknown_month", "Not known", "money", "a month", first="down", css="r hide-md"),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
    ),
    legend=True,
    empty="No departments are told by the directory.",
)

SEATS: Final = ListPage(
    metric="product-users",
    key="user_id",
    keys=("product_id", "product", "user_id"),
    noun=("seat", "seats"),
    icon="coins",
    search="Search people or departments",
    sort="could_save_month",
    columns=(
        ListColumn("name", "Person", "person", sub="department", is_fixed=True, files=("name", "department")),
        ListColumn("product", "App", "app"),
        ListColumn("upn", "Sign-in name", css="hide-md", is_shown=False),
        ListColumn("path", "Seat from", _path, css="hide-sm", files=("path", "groups")),
        ListColumn("groups", "Groups", "list", css="hide-md", is_shown=False),
        ListColumn("status", "Use", "status"),
        ListColumn("last_used_at", "Last sign-in", "ago", first="down", css="hide-sm", empty="None on record"),
        ListColumn("is_leaver", "Leaver", "bool", css="hide-md", is_shown=False),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
    ),
    filters=(
        # Not as segments: their "All" would count the seats in use, too.
        ListFilter("status", "Use", values={"never": "Never used", "unused": "Unused 90 days"}),
        ListFilter("product", "App"),
        ListFilter("department", "Department"),
        ListFilter("is_leaver", "Leavers only", "check"),
    ),
    empty="No seat is proven to be unused.",
)

LICENCES: Final = ListPage(
    metric="licence-users",
    key="user_id",
    keys=("sku_id", "licence", "user_id"),
    noun=("licence", "licences"),
    icon="key",
    search="Search people or departments",
    sort="could_save_month",
    columns=(
        ListColumn("name", "Person", "person", sub="department", is_fixed=True, files=("name", "department")),
        ListColumn("licence", "Licence"),
        ListColumn("upn", "Sign-in name", css="hide-md", is_shown=False),
        ListColumn("path", "From", _path, css="hide-sm", files=("path", "groups")),
        ListColumn("is_enabled", "May sign in", "bool", css="hide-sm"),
        ListColumn("status", "Use", "status"),
        ListColumn("last_used_at", "Last sign-in", "ago", "to any app", "down", css="hide-sm", empty="None on record"),
        ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r strong", summed=True),
    ),
    filters=(
        ListFilter("licence", "Licence"),
        ListFilter("department", "Department"),
    ),
    empty="No licence is proven to be unused.",
)
