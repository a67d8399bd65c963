"""What is known of apps beyond the tenant: product, vendor and category."""

from __future__ import annotations

from seatwise.lake.reading import Lake


def know(lake: Lake) -> None:
    """Make the table known_product: a row per app of which anything is known, where it is known from in `source`."""
    lake.connection.execute(
        "CREATE OR REPLACE TEMP TABLE known_product"
        " (app_id VARCHAR, product VARCHAR, vendor VARCHAR, category VARCHAR, source VARCHAR)"
    )
