"""What apps were allowed to do on behalf of people: by whom, on whose data, and how far that reaches."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.catalog.scopes import REACHES
from seatwise.metrics.frame_evidence import WORDS
from seatwise.metrics.shapes import Column, Metric

CONSENTS: Final = Metric(
    name="consents",
    help="What each app may do on behalf of people: a row per app and kind of consent.",
    columns=(
        Column("product_id", "guid", "The product the app belongs to."),
        Column("product", "text", "Its name."),
        Column("app_id", "guid", "appId of the app."),
        Column("name", "text", "Name of the app."),
        Column("consent", "text", "admin: by an administrator, for everybody; user: by single people, for themselves."),
        Column("n_people", "int", "People who consented for themselves; empty with admin.", "people"),
        Column("people", "list", "Their names, sorted; none with admin.", is_personal=True),
        Column("scopes", "list", "The permissions, in Microsoft's words, sorted."),
        Column("resource", "text", "Whose data may be used: names of the apps that hold it, joined by commas."),
        Column("may", "list", "What these permissions allow, in plain words, in the order of scopes."),
        Column("reach", "text", f"How far the widest of them reaches: {', '.join(REACHES)}."),
    ),
    sql=f"""
        WITH granted AS (
            SELECT a.app_id, CASE lower(g.consent_type) WHEN 'allprincipals' THEN 'admin' ELSE 'user' END AS consent,
                   g.principal_id, {WORDS.format(scope="g.scope")} AS words, g.resource_id
            FROM oauth2_permission_grants g JOIN app a ON a.principal_id = g.client_id
            WHERE lower(g.consent_type) IN ('allprincipals', 'principal')
        ),
        by_people AS (
            SELECT app_id, consent, count(*) AS n_people, list_sort(list(name)) AS people
            FROM (
                SELECT DISTINCT g.app_id, g.consent, g.principal_id,
                       coalesce(nullif(p.name, ''), nullif(s.name, ''), g.principal_id) AS name
                FROM granted g
                LEFT JOIN person p ON p.user_id = g.principal_id
                LEFT JOIN known_user_seen s ON s.user_id = g.principal_id
                WHERE g.consent = 'user' AND coalesce(g.principal_id, '') <> ''
            ) GROUP BY ALL
        ),
        allowed AS (
            SELECT app_id, consent, list(scope ORDER BY scope) AS scopes, list(t.may ORDER BY scope) AS may,
                   max(t.reach) AS reach
            FROM (SELECT DISTINCT app_id, consent, unnest(words) AS scope FROM granted)
            JOIN scope_told t USING (scope) GROUP BY ALL
        ),
        held AS (
            SELECT app_id, consent, string_agg(name, ', ' ORDER BY name) AS resource
            FROM (
                SELECT DISTINCT g.app_id, g.consent, coalesce(nullif(s.name, ''), g.resource_id) AS name
                FROM granted g LEFT JOIN service_principals s ON s.principal_id = g.resource_id
                WHERE g.resource_id IS NOT NULL
            ) GROUP BY ALL
        )
        SELECT o.product_id, p.name AS product, app_id, a.name, c.consent, b.n_people, coalesce(b.people, []) AS people,
               coalesce(w.scopes, []) AS scopes, h.resource, coalesce(w.may, []) AS may,
               coalesce({list(REACHES)}[w.reach + 1], 'other') AS reach
        FROM (SELECT DISTINCT app_id, consent FROM granted) c
        LEFT JOIN by_people b USING (app_id, consent)
        LEFT JOIN allowed w USING (app_id, consent)
        LEFT JOIN held h USING (app_id, consent)
        JOIN app a USING (app_id)
        JOIN product_of o USING (app_id)
        JOIN product p USING (product_id)
        WHERE p.is_shown
    """,
    order=f"list_position({list(REACHES)}, reach) DESC, product, product_id, name, app_id, consent",
    source="oauth2PermissionGrants, servicePrincipals, users.",
    caveats=(
        "Delegated permissions only: what an app may do on its own, without a person, is not read.",
        "A permission allows no more than the person may do; with admin it holds for everybody.",
    ),
    searched=("product", "name", "people", "scopes"),
)
