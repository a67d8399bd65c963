"""Every metric by name."""

from __future__ import annotations

from typing import Final

from seatwise.metrics.adoption import APPS, USERS
from seatwise.metrics.consents import CONSENTS
from seatwise.metrics.coverage import COVERAGE
from seatwise.metrics.discovery import DISCOVERY
from seatwise.metrics.evidence import EVIDENCE, SEAT_EVIDENCE
from seatwise.metrics.insights import INSIGHTS
from seatwise.metrics.licences import LICENCE_USERS, LICENCES
from seatwise.metrics.movement import MOVEMENT, MOVEMENT_PRODUCTS
from seatwise.metrics.people import PEOPLE
from seatwise.metrics.product_users import PRODUCT_USERS
from seatwise.metrics.products import PRODUCTS
from seatwise.metrics.savings import SAVINGS
from seatwise.metrics.seat_groups import SEAT_GROUPS
from seatwise.metrics.seats import APP_USERS
from seatwise.metrics.shapes import Metric
from seatwise.metrics.teams import TEAM_PRODUCTS, TEAMS
from seatwise.metrics.totals import TOTALS
from seatwise.metrics.usage import USAGE_DAYS, USAGE_MONTHS

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
        USAGE_DAYS,
        USAGE_MONTHS,
        MOVEMENT,
        MOVEMENT_PRODUCTS,
        DISCOVERY,
        CONSENTS,
        EVIDENCE,
        SEAT_EVIDENCE,
        INSIGHTS,
    )
}
