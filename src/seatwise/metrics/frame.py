"""The views every metric is asked over, cut at one moment; each notion of the numbers has its one place here.

Views: known_<daily table> (up to the answer's now) · use (a row per day, app, person and kind with counted use) ·
used (per app and person in the last 30 days) · last (last use per app, person
and kind) · last_use (the same per app and person, with evidence) · app (facts of every app) ·
person (existing people) · seat (who holds what) · covered (see `coverage`).
Variables: as_of, first_day, last_day, kinds, inactive_days, tenant_id, app_id, shows_microsoft, knows_seats,
knows_grants, has_complete, proven_days.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from seatwise.catalog.activity import USER_KINDS
from seatwise.catalog.microsoft import CUSTOM_TEMPLATES
from seatwise.lake import derive_sql
from seatwise.lake.reading import Lake
from seatwise.metrics import coverage
from seatwise.metrics.shapes import Coverage, Question

DAYS = 30
_AS_OF = "getvariable('as_of')"
_KNOWS = "getvariable('knows_seats')"
_CASTS = {
    "as_of": "TIMESTAMP WITH TIME ZONE",
    "first_day": "DATE",
    "last_day": "DATE",
    "kinds": "VARCHAR[]",
    "inactive_days": "BIGINT",
    "shows_microsoft": "BOOLEAN",
    "knows_seats": "BOOLEAN",
    "knows_grants": "BOOLEAN",
    "has_complete": "BOOLEAN",
    "proven_days": "BIGINT",
}
_HISTORIES = ("users", "app_role_assignments", "group_members")
_TABLES = (
    *derive_sql.DAILY,
    *derive_sql.SEAT_SOURCES,
    *derive_sql.TOTALS,
    "seats",
    "oauth2_permission_grants",
    "user_activity",
    "app_activity",
)

USE = f"""
    SELECT * FROM known_usage_daily
    WHERE n_successes > 0 AND list_contains(getvariable('kinds'), kind)
      AND kind IN {derive_sql.PERSON_KINDS} AND user_id NOT IN {derive_sql.NOBODY}
      AND app_id NOT IN {derive_sql.NOBODY}
"""

USED = """
    SELECT app_id, user_id, CAST(sum(n_successes) AS BIGINT) AS n_sign_ins FROM use
    WHERE day >= getvariable('first_day') GROUP BY app_id, user_id
"""

_LAST_KEY = derive_sql.key_of("last_at", "event_id")
LAST = f"""
    SELECT app_id, user_id, epoch_us(last_at) // 1000000 AS last_s, last_at, event_id FROM known_last_used
    WHERE list_contains(getvariable('kinds'), kind) AND app_id NOT IN {derive_sql.NOBODY}
"""

LAST_USE = f"""
    SELECT app_id, user_id, max(last_s) AS last_s, {derive_sql.id_of(f"min({_LAST_KEY})")} AS event_id
    FROM last GROUP BY app_id, user_id
"""

APP = f"""
    WITH listed AS (
        SELECT app_id FROM service_principals WHERE lower(principal_type) = 'application'
        UNION
        SELECT DISTINCT app_id FROM last
    ),
    known AS (
        SELECT l.app_id, s.app_id IS NOT NULL AS has_principal, s.principal_id,
               s.assignment_required, s.template_id,
               coalesce(nullif(s.name, ''), nullif(e.name, ''), l.app_id) AS name,
               CASE WHEN s.app_id IS NOT NULL THEN s.owner_tenant_id ELSE e.owner_tenant_id END AS owner_tenant_id
        FROM listed l
        LEFT JOIN service_principals s USING (app_id)
        LEFT JOIN known_app_seen e USING (app_id)
    ),
    told AS (
        SELECT *, {derive_sql.IS_MICROSOFT.format(owner="owner_tenant_id", app="app_id")} AS is_microsoft FROM known
    )
    SELECT app_id, principal_id, name, is_microsoft, assignment_required,
           CASE WHEN is_microsoft THEN 'microsoft'
                WHEN NOT has_principal THEN 'unknown'
                WHEN template_id IN {derive_sql.listed(CUSTOM_TEMPLATES)} THEN 'custom'
                WHEN coalesce(template_id, '') <> '' THEN 'gallery'
                WHEN owner_tenant_id = getvariable('tenant_id') THEN 'own'
                WHEN coalesce(owner_tenant_id, '') <> '' THEN 'foreign'
                ELSE 'unknown' END AS origin,
           -- Assignments are read of everything that is not Microsoft's; what has no principal has none.
           getvariable('knows_seats') AND NOT is_microsoft AS knows_seats
    FROM told
"""

PERSON = f"SELECT * FROM users u WHERE {derive_sql.valid('u', _AS_OF)}"


_HELD = f"SELECT * FROM seats WHERE {_KNOWS}"


def set_up(question: Question, lake: Lake, needs_use: bool) -> Coverage:
    """Make variables and views for one question; one connection can be asked again and again.

    needs_use:  whether more is asked than how complete sign-ins are.
    """
    as_of = question.as_of.astimezone(UTC).replace(microsecond=0)
    lake.open("windows", "derived_days", *(_TABLES if needs_use else ("day_events",)))
    _set(lake, _variables(question, lake.tenant_id, as_of, day_before(as_of)))
    is_now = _cut(lake, day_before(as_of), derive_sql.DAILY if needs_use else {"day_events": derive_sql.DAY_EVENTS})
    _keep(lake, "span", coverage.SPAN)
    _keep(lake, "covered", coverage.COVERED)
    found = _coverage(lake)
    if not needs_use:
        return found
    _set(lake, _readable(lake))
    _view(lake, "use", USE)
    _keep(lake, "used", USED)
    for name, (daily, sql) in derive_sql.TOTALS.items():
        # Totals hold for now; for an earlier moment they are counted again from the days before it.
        _view(lake, f"known_{name}", f"FROM {name}" if is_now else sql.format(**{daily: f"known_{daily}"}))
    _view(lake, "last", LAST)
    _view(lake, "last_use", LAST_USE)
    _keep(lake, "app", APP)
    _view(lake, "person", PERSON)
    _view(lake, "seat", _HELD if _seats_hold(lake) else f"SELECT * FROM ({derive_sql.seats(_AS_OF)}) WHERE {_KNOWS}")
    return found


def day_before(as_of: datetime) -> date:
    """The last day an answer looks at: midnight belongs to the day that ends there."""
    return (as_of - timedelta(microseconds=1)).date()


def _variables(question: Question, tenant_id: str, as_of: datetime, last_day: date) -> dict[str, object]:
    return {
        "as_of": as_of,
        "first_day": last_day - timedelta(days=DAYS - 1),
        "last_day": last_day,
        "kinds": [kind for kind in USER_KINDS if kind in question.policy.kinds],
        "inactive_days": question.policy.inactive_days,
        "tenant_id": tenant_id,
        "app_id": None if question.app is None else question.app.strip().lower(),
        "shows_microsoft": question.microsoft,
    }


def _readable(lake: Lake) -> dict[str, object]:
    """What of the directory was ever read: the rest is unknown, not zero."""
    by_group = lake.rows("SELECT 1 FROM app_role_assignments WHERE lower(principal_type) = 'group' LIMIT 1")
    return {
        "knows_seats": all(map(lake.knows, ("service_principals", "app_role_assignments", "users")))
        and (lake.knows("group_members") or not by_group),
        "knows_grants": lake.knows("oauth2_permission_grants"),
    }


def _set(lake: Lake, values: dict[str, object]) -> None:
    for name, value in values.items():
        cast = _CASTS.get(name, "VARCHAR")
        lake.connection.execute(f"SET VARIABLE {name} = CAST($1 AS {cast})", [value])


def _cut(lake: Lake, last_day: date, daily: dict[str, str]) -> bool:
    """Make the known_* views of the daily tables. True when nothing on record is later than the answer's now."""
    later, cut = lake.rows(
        """SELECT bool_or(day > getvariable('last_day')),
                  bool_or(day = getvariable('last_day') AND last_event_at >= getvariable('as_of')) FROM derived_days"""
    )[0]
    if cut:
        lake.events_of("last_day_events", [last_day])
    for name, sql in daily.items():
        if cut:
            before = "(SELECT * FROM last_day_events WHERE created_at < getvariable('as_of'))"
            lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE cut_{name} AS {sql.format(events=before)}")
            rest = f"day < getvariable('last_day') UNION ALL BY NAME FROM cut_{name}"
        else:
            rest = "day <= getvariable('last_day')"
        _view(lake, f"known_{name}", f"SELECT * FROM {name} WHERE {rest}")
    return not later and not cut


def _seats_hold(lake: Lake) -> bool:
    """Whether the stored seats are those of the answer's now: no row of the directory begins or ends later."""
    later = " OR ".join(
        f"EXISTS (FROM {name} WHERE valid_from > {_AS_OF} OR valid_to > {_AS_OF})" for name in _HISTORIES
    )
    return lake.knows("seats") and not lake.rows(f"SELECT {later}")[0][0]


def _coverage(lake: Lake) -> Coverage:
    state, start, end, reason, has_complete, proven = lake.rows(coverage.SUMMARY)[0]
    _set(lake, {"has_complete": has_complete, "proven_days": proven})
    return Coverage(state, _text(start), _text(end), reason)


def _text(micros: int | None) -> str | None:
    if micros is None:
        return None
    return datetime.fromtimestamp(micros // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _keep(lake: Lake, name: str, sql: str) -> None:
    # Asked for more than once in a question; a view would be worked out each time.
    lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _view(lake: Lake, name: str, sql: str) -> None:
    lake.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")
