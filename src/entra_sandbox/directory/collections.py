"""The lists of the directory: what each path answers from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_sandbox.directory.index import Index
from entra_sandbox.directory.kinds import CASTS, DIRECTORY_OBJECT, ENTITIES, entity_of
from entra_sandbox.directory.listing import Listing, Related, Relation
from entra_sandbox.directory.people import GROUP, USER
from entra_sandbox.directory.principals import APPLICATION, ASSIGNMENT, GRANT, SERVICE_PRINCIPAL, SKU

USER_RELATIONS: dict[str, Relation] = {
    "memberOf": lambda row, index: Related(index.member_of(row.id), None),
    "transitiveMemberOf": lambda row, index: Related(index.transitive_member_of(row.id), None),
    "appRoleAssignments": lambda row, index: Related(index.assignments_of_user(row.id), ASSIGNMENT),
    "oauth2PermissionGrants": lambda row, index: Related(index.grants_by_person.get(row.id, []), GRANT),
    "ownedObjects": lambda row, index: Related([], None),
    "directReports": lambda row, index: Related([], None),
}
GROUP_RELATIONS: dict[str, Relation] = {
    "members": lambda row, index: Related(index.members(row.id), None),
    "transitiveMembers": lambda row, index: Related(index.transitive_members(row.id), None),
    "owners": lambda row, index: Related([], None),
    "memberOf": lambda row, index: Related(index.member_of(row.id), None),
    "appRoleAssignments": lambda row, index: Related(index.held_by.get(row.id, []), ASSIGNMENT),
}
PRINCIPAL_RELATIONS: dict[str, Relation] = {
    "appRoleAssignedTo": lambda row, index: Related(index.assignments_to(row.id), ASSIGNMENT),
    "appRoleAssignments": lambda row, index: Related(index.held_by.get(row.id, []), ASSIGNMENT),
    "oauth2PermissionGrants": lambda row, index: Related(index.grants_by_client.get(row.id, []), GRANT),
    "memberOf": lambda row, index: Related(index.member_of(row.id), None),
    "owners": lambda row, index: Related([], None),
}
APPLICATION_RELATIONS: dict[str, Relation] = {"owners": lambda row, index: Related([], None)}


def users(index: Index, *, with_activity: bool = False) -> Listing:
    # signInActivity is gathered elsewhere, so its pages are smaller.
    return Listing(
        index.directory.users, USER, "users", most=500 if with_activity else 999, refuse=True, relations=USER_RELATIONS
    )


def groups(index: Index) -> Listing:
    return Listing(index.directory.groups, GROUP, "groups", relations=GROUP_RELATIONS)


def service_principals(index: Index) -> Listing:
    return Listing(
        index.directory.service_principals, SERVICE_PRINCIPAL, "servicePrincipals", relations=PRINCIPAL_RELATIONS
    )


def applications(index: Index) -> Listing:
    return Listing(index.directory.applications, APPLICATION, "applications", relations=APPLICATION_RELATIONS)


def grants(index: Index) -> Listing:
    return Listing(index.directory.oauth2_permission_grants, GRANT, "oauth2PermissionGrants")


def subscribed_skus(index: Index) -> Listing:
    return Listing(index.directory.subscribed_skus, SKU, "subscribedSkus", paged=False)


def deleted_users(index: Index) -> Listing:
    return Listing(index.directory.deleted_users, USER, "directoryObjects/microsoft.graph.user")


TOP: dict[str, Callable[[Index], Listing]] = {
    "users": users,
    "groups": groups,
    "serviceprincipals": service_principals,
    "applications": applications,
    "oauth2permissiongrants": grants,
    "subscribedskus": subscribed_skus,
}


def related(found: Related, context: str, cast: str | None = None) -> Listing:
    """A relation as a list of its own, narrowed to one type when the path casts it."""
    if found.entity is not None:
        return Listing(found.rows, found.entity, context)
    if cast is not None:
        wanted = CASTS[cast]
        rows: list[Any] = [row for row in found.rows if isinstance(row, wanted)]
        return Listing(rows, ENTITIES[wanted], f"directoryObjects/{cast}")
    return Listing(found.rows, DIRECTORY_OBJECT, "directoryObjects", entity_of=entity_of)
