"""The five permissions of Microsoft Graph we ask for, and what each is good for.

Source: Microsoft Graph permissions reference; which call each opens is checked against Microsoft's published data.
"""

from __future__ import annotations

from dataclasses import dataclass

DIRECTORY = "Directory.Read.All"
AUDIT_LOG = "AuditLog.Read.All"
GROUP = "Group.Read.All"
GROUP_MEMBER = "GroupMember.Read.All"
USER = "User.Read.All"


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission.

    role_id, scope_id:  its ids as application permission and as delegated permission of Microsoft Graph.
    covered_by:         a permission that opens all our calls this one opens, so that this one is not needed beside it.
    """

    name: str
    role_id: str
    scope_id: str
    opens: str
    without: str
    covered_by: str | None = None


FIVE: dict[str, Permission] = {
    permission.name: permission
    for permission in (
        Permission(
            DIRECTORY,
            "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
            "06da0dbc-49e2-44d2-8312-53f166ab848a",
            "Apps, who is assigned to them, people, groups, consents and licences.",
            "Apps, seats, consents and licences are unknown, and sign-ins may be refused as if unlicensed.",
        ),
        Permission(
            AUDIT_LOG,
            "b0afded3-3588-46d8-8b3d-9842eff778da",
            "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20",
            "Sign-ins and the dates of last activity.",
            "Usage is unknown unless exported sign-in logs are imported.",
        ),
        Permission(
            GROUP,
            "5b567255-7703-4780-807c-7be8301ae99b",
            "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
            "Groups and their members.",
            "Nothing is lost while Directory.Read.All is granted; without both, seats through groups are unknown.",
            covered_by=DIRECTORY,
        ),
        Permission(
            GROUP_MEMBER,
            "98830695-27a2-44f7-8c18-0c3ebc9698f6",
            "bc024368-1153-4739-b217-4326f2e966d0",
            "Who is a member of a group.",
            "Nothing is lost while Directory.Read.All is granted; without both, seats through groups are unknown.",
            covered_by=DIRECTORY,
        ),
        Permission(
            USER,
            "df021288-bdef-4463-88db-98f22de89214",
            "a154be20-db9c-4678-8ab7-66f6cc099a59",
            "People and their licences.",
            "Nothing is lost while Directory.Read.All is granted; without both, people are unknown.",
            covered_by=DIRECTORY,
        ),
    )
}
