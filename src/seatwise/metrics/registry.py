"""Every metric by name."""

from __future__ import annotations

from typing import Final

from seatwise.metrics.adoption import APPS, USERS
from seatwise.metrics.coverage import COVERAGE
from seatwise.metrics.licences import LICENCE_USERS, LICENCES
from seatwise.metrics.people import PEOPLE
from seatwise.metrics.product_users import PRODUCT_USERS
from seatwise.metrics.products import PRODUCTS
from seatwise.metrics.savings import SAVINGS
from seatwise.metrics.seat_groups import SEAT_GROUPS
from seatwise.metrics.seats import APP_USERS
from seatwise.metrics.shapes import Metric
from seatwise.metrics.teams import TEAM_PRODUCTS, TEAMS
from seatwise.metrics.totals import TOTALS

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
        TEAMS,
        TEAM_PRODUCTS,
        SEAT_GROUPS,
        LICENCES,
        LICENCE_USERS,
        TOTALS,
        SAVINGS,
    )
}
