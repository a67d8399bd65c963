"""Every metric by name."""

from __future__ import annotations

from typing import Final

from seatwise.metrics.adoption import APPS, USERS
from seatwise.metrics.coverage import COVERAGE
from seatwise.metrics.people import PEOPLE
from seatwise.metrics.product_users import PRODUCT_USERS
from seatwise.metrics.products import PRODUCTS
from seatwise.metrics.seats import APP_USERS
from seatwise.metrics.shapes import Metric

METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        APPS,
        USERS,
        APP_USERS,
        COVERAGE,
        PRODUCTS,
        PRODUCT_USERS,
        PEOPLE,
    )
}
