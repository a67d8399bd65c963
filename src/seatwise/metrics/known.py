"""What is known of apps beyond the tenant: product, vendor and category."""

from __future__ import annotations

import json
from typing import Any, Final

import pyarrow as pa

from seatwise.catalog.microsoft import OWNER_TENANTS
from seatwise.catalog.products import Template
from seatwise.catalog.products import know as know_app
from seatwise.lake.reading import Lake

_COLUMNS: Final = ("app_id", "product", "vendor", "category", "source")
_SCHEMA: Final = pa.schema([(name, pa.string()) for name in _COLUMNS])
# An app without a principal has no tags; whose it is, is settled before.
_FACTS: Final = """
    SELECT a.app_id, a.name, a.publisher, a.homepage, a.reply_urls, a.is_microsoft, s.tags,
           t.template_id, t.name, t.publisher, t.homepage, t.categories
    FROM app a
    LEFT JOIN service_principals s ON s.app_id = a.app_id
    LEFT JOIN application_templates t ON t.template_id = a.template_id
"""
_ANY_OF_MICROSOFT: Final = min(OWNER_TENANTS)


def know(lake: Lake) -> None:
    """Make the table known_product: a row per app of which anything is known, where it is known from in `source`."""
    lake.open("application_templates")
    found = {row["app_id"]: row for row in map(_known, lake.rows(_FACTS)) if row["source"] is not None}
    lake.connection.register("incoming", pa.Table.from_pylist(list(found.values()), _SCHEMA))
    lake.connection.execute("CREATE OR REPLACE TEMP TABLE known_product AS FROM incoming")
    lake.connection.unregister("incoming")


def _known(row: tuple[Any, ...]) -> dict[str, str | None]:
    app_id, name, publisher, homepage, reply_urls, is_microsoft, tags, *listed = row
    template_id, template_name, vendor, page, categories = listed
    told = know_app(
        app_id,
        name or "",
        publisher,
        homepage,
        _texts(reply_urls),
        Template(template_name, vendor, page, _texts(categories)) if template_id else None,
        owner_tenant_id=_ANY_OF_MICROSOFT if is_microsoft else None,
        tags=_texts(tags),
    )
    return dict(zip(_COLUMNS, (app_id, told.product, told.vendor, told.category, told.source), strict=True))


def _texts(stored: str | None) -> tuple[str, ...]:
    """The texts of a stored JSON list; whatever else stands there is none."""
    found = json.loads(stored) if stored else None
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
