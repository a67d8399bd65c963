"""The roles in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seatwise.control.models import Membership


@dataclass(frozen=True)
class Told:
    name: str
    sentence: str


ROLES: Final[dict[str, Told]] = {
    Membership.Role.OWNER: Told(
        "Owner", "Everything, including other owners, the app registration of this install and removing the company."
    ),
    Membership.Role.ADMIN: Told(
        "Admin", "Connects Microsoft Entra ID, changes its credentials, invites people, reads the audit log."
    ),
    Membership.Role.ANALYST: Told(
        "Analyst", "Reads every page, exports files, decides prices, owners and policies, and starts a sync."
    ),
    Membership.Role.VIEWER: Told(
        "Viewer",
        "Reads every page, with pseudonyms in place of people’s names and without job titles. "
        "Changes and exports nothing.",
    ),
}
