"""Microsoft's licences: bought, held by whom and how, at what price; and the teams that people belong to."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from seatwise.catalog.sku_names import sku_name
from seatwise.lake.reading import Lake
from seatwise.metrics.views import View

_LICENCE: Final = """
    SELECT s.sku_id, n.name, s.part_number, s.capability_status AS capability, coalesce(s.enabled_units, 0) AS n_bought,
           r.basis, r.currency, r.seat_x, r.annual_x, r.seats_bought, r.renewal_on, r.notice_on
    FROM subscribed_skus s
    LEFT JOIN licence_name n USING (part_number)
    LEFT JOIN price r ON r.subject_kind = 'licence' AND r.subject_id = s.sku_id
    WHERE lower(s.applies_to) = 'user'
"""
# One that is assigned without saying how is taken for direct.
_LICENCE_HELD: Final = """
    WITH held AS (
        SELECT DISTINCT user_id, lower(unnest(json_extract_string(assigned_licenses, '$[*].skuId'))) AS sku_id
        FROM person
    ),
    way AS (
        SELECT DISTINCT user_id, lower(way.skuId) AS sku_id, lower(nullif(way.assignedByGroup, '')) AS group_id
        FROM (SELECT user_id, unnest(from_json(license_states, '[{"skuId":"VARCHAR","assignedByGroup":"VARCHAR"}]'))
                     AS way FROM person)
    )
    SELECT h.user_id, h.sku_id, bool_or(w.group_id IS NULL) AS is_direct,
           coalesce(list(coalesce(nullif(g.name, ''), w.group_id) ORDER BY coalesce(nullif(g.name, ''), w.group_id))
                    FILTER (w.group_id IS NOT NULL), []) AS groups
    FROM held h LEFT JOIN way w USING (user_id, sku_id) LEFT JOIN groups g ON g.group_id = w.group_id
    GROUP BY h.user_id, h.sku_id
"""
_LICENCE_PAIR: Final = """
    SELECT h.*, s.status, s.last_s, s.proven, coalesce(p.is_enabled, true) AS is_enabled,
           t.user_id IS NOT NULL AS is_protected,
           t.user_id IS NULL AND (NOT coalesce(p.is_enabled, true) OR s.status IN ('never', 'unused')) AS is_offered
    FROM licence_held h
    JOIN person p USING (user_id)
    JOIN person_status s USING (user_id)
    LEFT JOIN protected_person t USING (user_id)
"""
# Groups are those that give seats; who is in none of them, or has no such word, is in the team without a key.
_MEMBER: Final = """
    WITH granting AS (
        SELECT group_id AS team, min(name) AS name, user_id FROM grant WHERE group_id IS NOT NULL GROUP BY ALL
    ),
    told AS (
        SELECT coalesce(CASE getvariable('of_by') WHEN 'department' THEN department WHEN 'job_title' THEN job_title END,
                        '') AS team,
               user_id
        FROM person
    )
    SELECT team, team AS name, user_id FROM told WHERE getvariable('of_by') <> 'group'
    UNION ALL
    SELECT g.team, n.name, g.user_id FROM granting g
    JOIN (SELECT team, min(name) AS name FROM granting GROUP BY team) n USING (team)
    WHERE getvariable('of_by') = 'group'
    UNION ALL
    SELECT '', '', user_id FROM person
    WHERE getvariable('of_by') = 'group' AND user_id NOT IN (SELECT user_id FROM granting)
"""


def _name(lake: Lake) -> None:
    parts = [part for (part,) in lake.rows("SELECT DISTINCT part_number FROM subscribed_skus") if part]
    names = pa.table(
        {
            "part_number": pa.array(parts, pa.string()),
            "name": pa.array([sku_name(part) for part in parts], pa.string()),
        }
    )
    lake.connection.register("incoming", names)
    lake.connection.execute("CREATE OR REPLACE TEMP TABLE licence_name AS FROM incoming")
    lake.connection.unregister("incoming")


def views() -> tuple[View, ...]:
    return (
        View("licence_name", "subscribed_skus", is_kept=True, made=_name),
        View("licence", _LICENCE),
        View("licence_held", _LICENCE_HELD, is_kept=True),
        View("licence_pair", _LICENCE_PAIR),
        View("member", _MEMBER),
    )
