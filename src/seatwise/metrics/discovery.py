"""What people should look at once: new products, consents of single people, products nobody owns, and the like."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

from seatwise.metrics.frame_evidence import WORDS
from seatwise.metrics.frame_use import LAST_DAY, lower_bound
from seatwise.metrics.shapes import Column, Metric

FINDINGS: Final = ("new", "consented_by_people", "closed_in_use", "ignored_in_use", "no_owner", "same_category")
NEW_DAYS: Final = 7

# People of the last 30 days, of every product with use.
IN_USE: Final = "SELECT product_id, count(*) AS n_used FROM pair_fact WHERE n_sign_ins > 0 GROUP BY product_id"

# A product is new when its first success on record is of the last seven days and nothing of the 30 days before that
# can be missing.
NEW_PRODUCTS: Final = f"""
    SELECT f.product_id, f.first_on
    FROM (SELECT product_id, min(first_on) AS first_on FROM use_of GROUP BY product_id) f
    JOIN product p USING (product_id)
    WHERE f.first_on BETWEEN {LAST_DAY} - {NEW_DAYS - 1} AND {LAST_DAY}
      AND p.run_days >= {LAST_DAY} - f.first_on + 31
"""

# Products that share a category with another one, both in use.
SHARED_CATEGORIES: Final = f"""
    SELECT p.category, list(p.product_id) AS product_ids, list(p.name ORDER BY p.name, p.product_id) AS names,
           count(*) AS n_products
    FROM product p JOIN ({IN_USE}) u USING (product_id)
    WHERE p.is_shown AND coalesce(p.category, '') <> '' GROUP BY p.category HAVING count(*) > 1
"""

_CONSENTED: Final = f"""
    SELECT o.product_id, count(DISTINCT g.principal_id) AS n_people,
           list_sort(list_distinct(flatten(list({WORDS.format(scope="g.scope")})))) AS scopes
    FROM oauth2_permission_grants g
    JOIN app a ON a.principal_id = g.client_id
    JOIN product_of o ON o.app_id = a.app_id
    WHERE lower(g.consent_type) = 'principal' GROUP BY o.product_id
"""

DISCOVERY: Final = Metric(
    name="discovery",
    help="What to look at once: products that are new, that single people consented to, that nobody owns, and more.",
    columns=(
        Column(
            "finding",
            "text",
            "new (first used in the last 7 days), consented_by_people, no_owner, ignored_in_use, closed_in_use,"
            " same_category (as another product in use).",
        ),
        Column("product_id", "guid", "The product."),
        Column("product", "text", "Its name."),
        Column("category", "text", "Its category."),
        Column("on", "day", "Day of the first use, of new products."),
        Column("n_used_30d", "int", "People who used it in the last 30 days.", "people"),
        Column("n_people", "int", "People who consented for themselves.", "people"),
        Column("scopes", "list", "What the product may do on their behalf, in Microsoft's words."),
        Column("n_in_category", "int", "Products in use in its category, itself included.", "products"),
    ),
    sql=f"""
        WITH in_use AS ({IN_USE}),
        found AS (
            SELECT 'new' AS finding, product_id, first_on, NULL AS n_people, NULL AS scopes, NULL AS n_in_category
            FROM ({NEW_PRODUCTS})
            UNION ALL BY NAME
            SELECT 'consented_by_people' AS finding, product_id, n_people, scopes
            FROM ({_CONSENTED}) JOIN product USING (product_id) WHERE consent = 'user'
            UNION ALL BY NAME
            SELECT 'no_owner' AS finding, product_id
            FROM product LEFT JOIN in_use USING (product_id) LEFT JOIN seat_count USING (product_id)
            WHERE coalesce(owner, '') = '' AND (n_used > 0 OR (knows_seats AND n_seats > 0))
            UNION ALL BY NAME
            SELECT 'closed_in_use' AS finding, product_id
            FROM product JOIN in_use USING (product_id) WHERE state = 'closed'
            UNION ALL BY NAME
            SELECT 'same_category' AS finding, unnest(product_ids) AS product_id, n_products AS n_in_category
            FROM ({SHARED_CATEGORIES})
        )
        SELECT finding, product_id, p.name AS product, p.category, CAST(f.first_on AS VARCHAR) AS "on",
               {lower_bound("u.n_used", "p.has_complete")} AS n_used_30d, f.n_people,
               coalesce(f.scopes, []) AS scopes, f.n_in_category
        FROM (
            FROM found f JOIN product p USING (product_id) SELECT f.* WHERE p.is_shown
            UNION ALL BY NAME
            SELECT 'ignored_in_use' AS finding, product_id FROM product p JOIN in_use USING (product_id)
            WHERE p.state = 'ignored' AND (getvariable('shows_microsoft') OR NOT p.is_microsoft)
        ) f
        JOIN product p USING (product_id)
        LEFT JOIN in_use u USING (product_id)
    """,
    order=f"list_position({list(FINDINGS)}, finding), n_used_30d DESC NULLS LAST, product, product_id",
    source="Sign-ins of every feed; oauth2PermissionGrants; owners, categories and states that people decided.",
    caveats=(
        "No product is said to be new while any of the 30 days before its first use is not wholly known.",
        "Consents are read of delegated permissions only: what an app may do on its own is not here.",
    ),
    searched=("product", "category"),
)
