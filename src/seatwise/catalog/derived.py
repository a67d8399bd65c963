"""Tables we compute ourselves or keep as a ledger; every row can be rebuilt or traced."""

from __future__ import annotations

from seatwise.catalog.shapes import Field, Table

DAY = Field("day", "", "day", "UTC day.")
APP = Field("app_id", "", "guid", "The app.")
PERSON = Field("user_id", "", "guid", "The person.", personal=True)
KIND = Field("kind", "", "text", "Kind of sign-in.")
EVIDENCE = Field("event_id", "", "text", "Event that proves it.")

WINDOWS = Table(
    "windows",
    "Ledger of what was read: one row per window of time, feed and kind, each time it was read.",
    (
        Field("feed", "", "text", "How the events reached us."),
        KIND,
        Field("from_at", "", "time", "Start of the window, included."),
        Field("to_at", "", "time", "End of the window, not included."),
        Field("read_at", "", "time", "When it was read."),
        Field("n_rows", "", "int", "Events received.", unit="events"),
        Field("n_set_aside", "", "int", "Events received that could not be placed.", unit="events"),
        Field("state", "", "text", "complete, partial or missing."),
        Field("reason", "", "text", "Why it is not complete."),
        Field("package", "", "int", "Number of the package; null when nothing was read."),
    ),
    key=("feed", "kind", "from_at", "to_at", "read_at"),
)

USAGE_DAILY = Table(
    "usage_daily",
    "Sign-ins of each person in each app on each day.",
    (
        DAY,
        APP,
        PERSON,
        KIND,
        Field("n_sign_ins", "", "int", "Distinct events.", unit="events"),
        Field("n_successes", "", "int", "Events that succeeded.", unit="events"),
        Field("n_failures", "", "int", "Events that failed.", unit="events"),
        Field("first_at", "", "time", "First event of the day."),
        Field("last_at", "", "time", "Last event of the day."),
        Field("event_id", "", "text", "The last success of the day, as evidence."),
    ),
    key=("day", "app_id", "user_id", "kind"),
    partition=("day",),
)

ACTIONS = Table(
    "actions",
    "Successful actions: the records of one action share a correlation id.",
    (DAY, APP, PERSON, KIND, Field("correlation_id", "", "text", "The action.")),
    key=("day", "app_id", "user_id", "kind", "correlation_id"),
    partition=("day",),
)

DAY_EVENTS = Table(
    "day_events",
    "Distinct events of each day and kind, failures included.",
    (DAY, KIND, Field("n_events", "", "int", "Distinct events.", unit="events")),
    key=("day", "kind"),
)

LAST_USED = Table(
    "last_used",
    "Last successful sign-in of each person in each app, over everything on record.",
    (APP, PERSON, KIND, Field("last_at", "", "time", "When."), EVIDENCE),
    key=("app_id", "user_id", "kind"),
)

APP_SEEN = Table(
    "app_seen",
    "Name and owner of each app as its newest event tells them.",
    (
        APP,
        Field("name", "", "text", "Name."),
        Field("owner_tenant_id", "", "guid", "Tenant that owns the app."),
        Field("at", "", "time", "When the event happened."),
    ),
    key=("app_id",),
)

USER_SEEN = Table(
    "user_seen",
    "Name of each person as the newest event tells it.",
    (
        PERSON,
        Field("name", "", "text", "Name.", personal=True),
        Field("upn", "", "text", "Sign-in name.", personal=True),
        Field("user_type", "", "word", "member or guest."),
        Field("at", "", "time", "When the event happened."),
    ),
    key=("user_id",),
)

SEATS = Table(
    "seats",
    "Who holds a seat in which app, and how.",
    (
        APP,
        PERSON,
        Field("path", "", "text", "direct, group or both."),
        Field("groups", "", "json", "Names of the groups that give the seat, sorted."),
    ),
    key=("app_id", "user_id"),
)

DERIVED_TABLES = (USAGE_DAILY, ACTIONS, DAY_EVENTS, LAST_USED, APP_SEEN, USER_SEEN, SEATS)
