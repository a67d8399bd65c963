"""Derived tables that only the derivation itself and the reader know."""

from __future__ import annotations

from typing import Final

from seatwise.catalog.derived import APP, DAY, PERSON
from seatwise.catalog.shapes import Field, Table

_KEY = "Of the newest event that says so; sorts by newest second, then smallest event id."

APP_SEEN_DAILY = Table(
    "app_seen_daily",
    "What each day's events of people say about each app: a row for every different thing said.",
    (
        DAY,
        APP,
        Field("name", "", "text", "Name."),
        Field("owner_tenant_id", "", "guid", "Tenant that owns the app."),
        Field("key", "", "text", _KEY),
    ),
    key=("day", "app_id", "name", "owner_tenant_id"),
    partition=("day",),
)

USER_SEEN_DAILY = Table(
    "user_seen_daily",
    "What each day's events say about each person: a row for every different thing said.",
    (
        DAY,
        PERSON,
        Field("name", "", "text", "Name.", personal=True),
        Field("upn", "", "text", "Sign-in name.", personal=True),
        Field("user_type", "", "word", "member or guest."),
        Field("key", "", "text", _KEY),
    ),
    key=("day", "user_id", "name", "upn", "user_type"),
    partition=("day",),
)

DERIVED_DAYS = Table(
    "derived_days",
    "Which events each day was derived from.",
    (
        DAY,
        Field("fingerprint", "", "text", "Of the files that held the day's events."),
        Field("last_event_at", "", "time", "Newest event of the day."),
        Field("is_imported", "", "bool", "Whether a feed other than Graph brought an event."),
    ),
    key=("day",),
)

PUBLISHED = Table(
    "published",
    "Versions of the tables that belong together; one commit makes a derivation visible.",
    (
        Field("table_name", "", "text", "Name of the table."),
        Field("version", "", "int", "Its version."),
    ),
    key=("table_name",),
)

INNER_TABLES: Final[dict[str, Table]] = {
    table.name: table for table in (APP_SEEN_DAILY, USER_SEEN_DAILY, DERIVED_DAYS, PUBLISHED)
}
