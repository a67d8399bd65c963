"""A company whose lake knows two people of one name and one mail address; one of them is to be forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.lake import derive
from tests.control.company import Company, peopled
from tests.lake.support import TENANT, Lake, event, guid

ADA, TWIN = guid(900), guid(901)
ADDRESS, SHARED, NAME = "ada.o'neil@x.example", "Office@x.example", "Ada O'Neil-Ørsted"


def user(user_id: str, upn: str, **more: object) -> dict[str, object]:
    told = {"mail": SHARED, "displayName": NAME, "accountEnabled": True}
    return {"id": user_id, "userPrincipalName": upn, **told, **more}


@pytest.fixture
def lake(data: Path) -> Lake:
    made = Lake.at(data)
    made.list_all("users", user(ADA, ADDRESS, department="Research", jobTitle="Countess"), user(TWIN, "twin@x.example"))
    rule = f'user.userPrincipalName -eq "{ADDRESS}" or user.mail -eq "{SHARED}"'
    made.list_all("groups", {"id": guid(1), "displayName": "Research", "membershipRule": rule})
    seat = {"principalType": "User", "principalDisplayName": NAME, "resourceId": guid(800)}
    made.list_all(
        "app_role_assignments",
        {"id": "AAk-Ada", "principalId": ADA, **seat},
        {"id": "AAk-Twin", "principalId": TWIN, **seat},
    )
    told = {"userDisplayName": NAME, "userPrincipalName": ADDRESS.upper(), "ipAddress": "192.0.2.7"}
    failed = {**told, "userId": "00000000-0000-0000-0000-000000000000", "status": {"errorCode": 50034}}
    twin = {**told, "userId": TWIN, "userPrincipalName": "twin@x.example", "ipAddress": "192.0.2.8"}
    made.read_window(event(1, **told), event(2, **failed), event(3, **twin))
    derive.rebuild(made.places)
    return made


@pytest.fixture
def company(data: Path, lake: Lake) -> Company:
    made = peopled()
    made.workspace.tenant_id = TENANT
    made.workspace.save()
    return made
