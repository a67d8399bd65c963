"""One moment of the directory, arranged for look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from entra_sandbox.world.shapes import (
    Activity,
    AppRoleAssignment,
    Directory,
    Group,
    OAuth2PermissionGrant,
    ServicePrincipal,
    User,
)

if TYPE_CHECKING:
    from entra_sandbox.state import State

_KEPT = 4


class Index:
    """The directory at one moment, as the wire tells it (planted lies included)."""

    def __init__(self, state: State, at: datetime) -> None:
        self.state = state
        self.at = at
        self.directory: Directory = state.world.directory(at, premium=state.premium)
        self.tenant = state.world.tenant

    @cached_property
    def users(self) -> dict[str, User]:
        return {user.id: user for user in self.directory.users}

    @cached_property
    def users_by_name(self) -> dict[str, User]:
        return {user.user_principal_name.lower(): user for user in self.directory.users}

    @cached_property
    def groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.directory.groups}

    @cached_property
    def principals(self) -> dict[str, ServicePrincipal]:
        return {principal.id: principal for principal in self.directory.service_principals}

    @cached_property
    def principals_by_app(self) -> dict[str, ServicePrincipal]:
        return {principal.app_id.lower(): principal for principal in self.directory.service_principals}

    @cached_property
    def assigned_to(self) -> dict[str, list[AppRoleAssignment]]:
        found: dict[str, list[AppRoleAssignment]] = defaultdict(list)
        for row in self.directory.app_role_assignments:
            found[row.resource_id].append(row)
        return found

    @cached_property
    def held_by(self) -> dict[str, list[AppRoleAssignment]]:
        found: dict[str, list[AppRoleAssignment]] = defaultdict(list)
        for row in self.directory.app_role_assignments:
            found[row.principal_id].append(row)
        return found

    @cached_property
    def grants_by_client(self) -> dict[str, list[OAuth2PermissionGrant]]:
        found: dict[str, list[OAuth2PermissionGrant]] = defaultdict(list)
        for row in self.directory.oauth2_permission_grants:
            found[row.client_id].append(row)
        return found

    @cached_property
    def grants_by_person(self) -> dict[str, list[OAuth2PermissionGrant]]:
        found: dict[str, list[OAuth2PermissionGrant]] = defaultdict(list)
        for row in self.directory.oauth2_permission_grants:
            if row.principal_id is not None:
                found[row.principal_id].append(row)
        return found

    @cached_property
    def groups_holding(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for group in self.directory.groups:
            for member in self.directory.members_of(group.id):
                found[member.id].append(group.id)
        return found

    @cached_property
    def activity(self) -> Activity:
        return self.state.world.last_activity(self.at)

    def object(self, identifier: str) -> Any | None:
        """A user, group or principal by id; members may be of any of these."""
        return self.users.get(identifier) or self.groups.get(identifier) or self.principals.get(identifier)

    def members(self, group_id: str) -> list[Any]:
        """Direct members as objects, those that no longer exist left out."""
        ids = [member.id for member in self.directory.members_of(group_id)]
        if "nested_group_counted" in self.state.plants:
            ids = list(dict.fromkeys([*ids, *self._flat(group_id)]))
        return [found for found in map(self.object, ids) if found is not None]

    def transitive_members(self, group_id: str) -> list[Any]:
        return [found for found in map(self.object, self._flat(group_id)) if found is not None]

    def member_of(self, identifier: str) -> list[Group]:
        return [self.groups[found] for found in self.groups_holding.get(identifier, ())]

    def transitive_member_of(self, identifier: str) -> list[Group]:
        seen: dict[str, None] = {}
        left = list(self.groups_holding.get(identifier, ()))
        while left:
            found = left.pop(0)
            if found not in seen:
                seen[found] = None
                left += self.groups_holding.get(found, ())
        return [self.groups[found] for found in seen]

    def assignments_to(self, principal_id: str) -> list[AppRoleAssignment]:
        rows = list(self.assigned_to.get(principal_id, ()))
        if "seat_duplicated_as_other_user" in self.state.plants:
            rows += self._invented(rows)
        return rows

    def assignments_of_user(self, user_id: str) -> list[AppRoleAssignment]:
        """The user's own rows and those of the groups that hold the user directly."""
        rows = list(self.held_by.get(user_id, ()))
        for group_id in self.groups_holding.get(user_id, ()):
            rows += self.held_by.get(group_id, ())
        return rows

    def _flat(self, group_id: str) -> list[str]:
        seen: dict[str, None] = {}
        left = [group_id]
        while left:
            for member in self.directory.members_of(left.pop(0)):
                if member.id not in seen and member.id != group_id:
                    seen[member.id] = None
                    if member.type == "group":
                        left.append(member.id)
        return list(seen)

    def _invented(self, rows: Sequence[AppRoleAssignment]) -> list[AppRoleAssignment]:
        first = next((row for row in rows if row.principal_type == "User"), None)
        holders = {row.principal_id for row in rows}
        other = next((user for user in self.directory.users if user.id not in holders), None)
        if first is None or other is None:
            return []
        return [
            AppRoleAssignment(
                first.id[::-1],
                first.app_role_id,
                other.id,
                "User",
                other.display_name,
                first.resource_id,
                first.resource_display_name,
                first.created_at,
            )
        ]


def index_at(state: State, at: datetime | None = None) -> Index:
    """The index of that moment (default now); a few newest are kept."""
    at = at or state.directory_time()
    kept: dict[datetime, Index] = state.cache.setdefault("directory", {})
    if at not in kept:
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        kept[at] = Index(state, at)
    return kept[at]
