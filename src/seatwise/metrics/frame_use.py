"""What counts as use, how far back its absence is proven, and what follows for a person: the questions behind it."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog.microsoft import CUSTOM_TEMPLATES
from seatwise.lake import derive_sql
from seatwise.metrics.views import View

AS_OF: Final = "getvariable('as_of')"
FIRST_DAY: Final = "getvariable('first_day')"
LAST_DAY: Final = "getvariable('last_day')"
KNOWS_SEATS: Final = "getvariable('knows_seats')"
_KEY: Final = "getvariable('pseudonym_secret')"
LAST_USED_AT: Final = "strftime(make_timestamp({seconds} * 1000000), '%Y-%m-%dT%H:%M:%SZ')"


def lower_bound(count: str, known: str = "getvariable('has_complete')") -> str:
    """SQL: a count of use; without one wholly known day, none counted is unknown and not zero."""
    return f"CASE WHEN {known} THEN coalesce({count}, 0) ELSE nullif({count}, 0) END"


def days_since(time: str) -> str:
    """SQL: days from the date of a time to the last day."""
    return f"({LAST_DAY} - CAST(make_timestamp(epoch_us({time})) AS DATE))"


def proven(run: str, *reaching: str) -> str:
    """SQL: days, ending at the last one, in which use cannot have gone unseen.

    That is the unbroken run of complete days, and what reaches beyond it: days since the person's last success anywhere
    or the app's last activity at all. Without a run there is nothing to reach back from: those are up to a day old.
    """
    return f"CASE WHEN coalesce({run}, 0) < 1 THEN 0 ELSE greatest({', '.join((run, *reaching))}) END"


def status(idle_days: str, proven: str, inactive_days: str, created_day: str) -> str:
    """SQL: the mildest claim that is proven. idle_days: since the last use, null when there is none on record."""
    return f"""
        CASE WHEN {idle_days} < {inactive_days} THEN 'active'
             WHEN {proven} < {inactive_days} THEN 'unknown'
             WHEN {idle_days} < 90 OR {proven} < 90 THEN 'idle'
             WHEN {idle_days} IS NULL AND {LAST_DAY} - {created_day} < {proven} THEN 'never'
             ELSE 'unused' END
    """


def kind(person: str, event: str) -> str:
    """SQL: member or guest, as the directory says; of deleted people as their newest sign-in does."""
    return f"""
        CASE WHEN {person}.user_id IS NULL THEN lower({event}.user_type)
             WHEN lower({person}.user_type) = 'guest' THEN 'guest' ELSE 'member' END
    """


def told(column: str, person: str, event: str) -> str:
    """SQL: a name as the directory tells it; of deleted people as their newest sign-in does."""
    return f"CASE WHEN {person}.user_id IS NOT NULL THEN {person}.{column} ELSE {event}.{column} END"


_COUNTED: Final = "list_contains(coalesce(o.kinds, getvariable('kinds')), u.kind)"
_USE: Final = f"""
    SELECT u.* FROM known_usage_daily u LEFT JOIN own_policy o USING (app_id)
    WHERE u.n_successes > 0 AND {_COUNTED}
      AND u.kind IN {derive_sql.PERSON_KINDS} AND u.user_id NOT IN {derive_sql.NOBODY}
      AND u.app_id NOT IN {derive_sql.NOBODY}
"""
_APP_NO: Final = "SELECT app_id, CAST(row_number() OVER (ORDER BY app_id) AS INTEGER) AS app_no FROM app"
_USER_NO: Final = """
    SELECT user_id, CAST(row_number() OVER (ORDER BY user_id) AS INTEGER) AS user_no
    FROM (SELECT DISTINCT user_id FROM known_usage_daily)
"""
# Every day of use with short numbers for apps and people: a quarter of the memory, and counted several times faster.
_USE_DAY: Final = """
    SELECT u.day, a.app_no, p.user_no, CAST(u.n_successes AS INTEGER) AS n
    FROM use u JOIN app_no a USING (app_id) JOIN user_no p USING (user_id)
"""
_USED: Final = """
    SELECT a.app_id, p.user_id, u.n_sign_ins
    FROM (
        SELECT app_no, user_no, CAST(sum(n) AS BIGINT) AS n_sign_ins FROM use_day
        WHERE day >= getvariable('first_day') GROUP BY ALL
    ) u
    JOIN app_no a USING (app_no) JOIN user_no p USING (user_no)
"""
_ACTION: Final = f"""
    SELECT u.day, u.app_id, u.user_id, u.correlation_id FROM known_actions u LEFT JOIN own_policy o USING (app_id)
    WHERE {_COUNTED}
"""
_LAST: Final = f"""
    SELECT u.app_id, u.user_id, epoch_us(u.last_at) // 1000000 AS last_s, u.last_at, u.event_id
    FROM known_last_used u LEFT JOIN own_policy o USING (app_id)
    WHERE {_COUNTED} AND u.app_id NOT IN {derive_sql.NOBODY}
"""
LAST_KEY: Final = derive_sql.key_of("last_at", "event_id")
_LAST_USE: Final = f"""
    SELECT app_id, user_id, max(last_s) AS last_s, {derive_sql.id_of(f"min({LAST_KEY})")} AS event_id
    FROM last GROUP BY app_id, user_id
"""
_APP: Final = f"""
    WITH listed AS (
        SELECT app_id FROM service_principals WHERE lower(principal_type) = 'application'
        UNION
        SELECT DISTINCT app_id FROM last
    ),
    known AS (
        SELECT l.app_id, s.app_id IS NOT NULL AS has_principal, s.principal_id,
               s.assignment_required, s.template_id, s.is_enabled, s.sso_mode, s.publisher, s.homepage, s.reply_urls,
               s.tags,
               coalesce(nullif(s.name, ''), nullif(e.name, ''), l.app_id) AS name,
               CASE WHEN s.app_id IS NOT NULL THEN s.owner_tenant_id ELSE e.owner_tenant_id END AS owner_tenant_id
        FROM listed l
        LEFT JOIN service_principals s USING (app_id)
        LEFT JOIN known_app_seen e USING (app_id)
    ),
    told AS (
        SELECT *, {derive_sql.IS_MICROSOFT.format(owner="owner_tenant_id", app="app_id")} AS is_microsoft FROM known
    )
    SELECT app_id, principal_id, name, is_microsoft, assignment_required, has_principal, template_id, is_enabled,
           sso_mode, publisher, homepage, reply_urls, tags, owner_tenant_id,
           CASE WHEN is_microsoft THEN 'microsoft'
                WHEN NOT has_principal THEN 'unknown'
                WHEN template_id IN {derive_sql.listed(CUSTOM_TEMPLATES)} THEN 'custom'
                WHEN coalesce(template_id, '') <> '' THEN 'gallery'
                WHEN owner_tenant_id = getvariable('tenant_id') THEN 'own'
                WHEN coalesce(owner_tenant_id, '') <> '' THEN 'foreign'
                ELSE 'unknown' END AS origin,
           -- Assignments are read of everything that is not Microsoft's; what has no principal has none.
           {KNOWS_SEATS} AND NOT is_microsoft AS knows_seats
    FROM told
"""
_CONSENT_OF: Final = """
    SELECT a.app_id,
           CASE WHEN NOT getvariable('knows_grants') THEN NULL
                WHEN bool_or(lower(g.consent_type) = 'allprincipals') THEN 'admin'
                WHEN bool_or(lower(g.consent_type) = 'principal') THEN 'user' ELSE 'none' END AS consent
    FROM app a LEFT JOIN oauth2_permission_grants g ON g.client_id = a.principal_id GROUP BY a.app_id
"""
_POLICY_OF: Final = """
    WITH wanted AS (
        SELECT a.app_id, coalesce(o.kinds, getvariable('kinds')) AS kinds,
               coalesce(o.inactive_days, getvariable('inactive_days')) AS inactive_days
        FROM app a LEFT JOIN own_policy o USING (app_id)
    ),
    proof AS (
        SELECT k.kinds, coalesce(min(r.n), 0) AS proven_days, coalesce(bool_or(r.has_complete), false) AS has_complete,
               coalesce(bool_or(r.has_complete_before), false) AS has_complete_before
        FROM (SELECT DISTINCT kinds FROM wanted) k LEFT JOIN run r ON list_contains(k.kinds, r.kind) GROUP BY k.kinds
    )
    SELECT app_id, kinds, inactive_days, proven_days, has_complete, has_complete_before
    FROM wanted JOIN proof USING (kinds)
"""


def shown_as(user_id: str, name: str) -> str:
    """SQL: a name, or what stands for it where names are hidden: the same for a person wherever they stand."""
    digits = f"upper(left(sha256({_KEY} || sha256({_KEY} || {user_id})), 8))"
    stand_in = f"'Person ' || left({digits}, 4) || '-' || right({digits}, 4)"
    return f"CASE WHEN getvariable('hides_names') THEN {stand_in} ELSE {name} END"


def hidden(*names: str) -> str:
    """SQL: after SELECT *, names of people replaced by what stands for them where names are hidden."""
    return "REPLACE (" + ", ".join(f"{shown_as('user_id', name)} AS {name}" for name in names) + ")"


_PERSON_FACT: Final = f"SELECT * FROM users u WHERE {derive_sql.valid('u', AS_OF)}"
# A job title such as "Chief Executive" names its holder; a department holds several, and teams rest on it.
_PERSON: Final = f"""
    SELECT * REPLACE (CASE WHEN NOT getvariable('hides_names') THEN job_title END AS job_title)
    FROM (SELECT * {hidden("name", "upn", "mail")} FROM person_fact)
"""
_PERSON_STATUS: Final = f"""
    WITH ever AS (SELECT user_id, max(last_s) AS last_s FROM last GROUP BY user_id),
    told AS (
        SELECT p.user_id, l.last_s,
               {LAST_DAY} - CAST(make_timestamp(l.last_s * 1000000) AS DATE) AS idle_days,
               {proven("getvariable('proven_days')", days_since("a.last_successful_at"))} AS proven,
               CAST(make_timestamp(epoch_us(p.created_at)) AS DATE) AS created_day
        FROM person p LEFT JOIN ever l USING (user_id) LEFT JOIN user_activity a USING (user_id)
    )
    SELECT user_id, last_s, proven, {status("idle_days", "proven", "getvariable('inactive_days')", "created_day")}
        AS status
    FROM told
"""


def views(seat: str) -> tuple[View, ...]:
    """seat: SQL of who holds a seat in which app."""
    return (
        View("use", _USE),
        View("action", _ACTION),
        View("last", _LAST),
        View("last_use", _LAST_USE),
        View("app", _APP, is_kept=True),
        View("app_no", _APP_NO, is_kept=True),
        View("user_no", _USER_NO, is_kept=True),
        View("use_day", _USE_DAY, is_kept=True),
        View("used", _USED, is_kept=True),
        View("consent_of", _CONSENT_OF),
        View("policy_of", _POLICY_OF, is_kept=True),
        View("person_fact", _PERSON_FACT, is_kept=True),
        View("person", _PERSON),
        View("person_status", _PERSON_STATUS, is_kept=True),
        View("seat", seat),
    )
