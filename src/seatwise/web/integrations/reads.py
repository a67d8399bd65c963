"""What will be read and why, told from the catalogue's declarations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seatwise.catalog.permissions import FIVE, Permission
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset

LABELS: Final[dict[str, str]] = {
    "organization": "Tenant",
    "subscribed_skus": "Licences",
    "service_principals": "Apps",
    "users": "People",
    "groups": "Groups",
    "app_role_assignments": "Seats: who is assigned to which app",
    "group_members": "Members of assigned groups",
    "oauth2_permission_grants": "Consents",
    "application_templates": "App gallery",
    "user_activity": "Last activity of people",
    "app_activity": "Last activity of apps",
    "sign_ins": "Sign-ins, last 30 days",
}
"""A data set's name for people, short enough for a line of progress."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A permission and the data sets that can be read with it."""

    permission: Permission
    datasets: tuple[Dataset, ...]


def label(dataset: str) -> str:
    return LABELS.get(dataset, dataset.replace("_", " ").capitalize())


def reasons() -> list[Reason]:
    """The five permissions in the catalogue's order."""
    return [
        Reason(
            permission,
            tuple(one for one in DATASETS.values() if permission.name in (*one.permissions, *one.permissions_too)),
        )
        for permission in FIVE.values()
    ]


@dataclass(frozen=True, slots=True)
class Read:
    """One data set as the dialog lists it. needs_premium: Microsoft gives it only to tenants with Entra ID P1 or P2."""

    label: str
    why: str
    needs_premium: bool


def datasets() -> list[Read]:
    return [Read(label(one.name), one.why, one.premium) for one in DATASETS.values()]
