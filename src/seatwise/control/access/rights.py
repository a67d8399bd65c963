"""The one table of roles and rights, and the questions asked of it."""

from __future__ import annotations

from typing import Final, Literal, get_args
from uuid import UUID

from seatwise.base.errors import AskAdmin, Skip
from seatwise.control.models import Membership, Person, Workspace

Role = Membership.Role
Right = Literal["view", "export", "sync", "connect", "credentials", "members", "audit", "workspace", "install"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

# Deny by default: what is not written here may not be done. "members" of an admin ends before owners.
RIGHTS_OF: Final[dict[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(RIGHTS),
    Role.ADMIN: frozenset({"view", "export", "sync", "connect", "credentials", "members", "audit", "workspace"}),
    Role.ANALYST: frozenset({"view", "export", "sync"}),
    Role.VIEWER: frozenset({"view"}),
}


class NotYours(Skip):
    """It does not exist, or it is not this person's to see; which of the two is not told."""


def role_of(person: Person, workspace: Workspace) -> Role | None:
    """None for who is not a member, and for who may not sign in any more."""
    found = Membership.objects.filter(person_id=person.pk, person__is_active=True, workspace_id=workspace.pk)
    role = found.values_list("role", flat=True).first()
    return None if role is None else Role(role)


def rights_of(person: Person, workspace: Workspace) -> frozenset[Right]:
    role = role_of(person, workspace)
    return frozenset() if role is None else RIGHTS_OF[role]


def may(person: Person, workspace: Workspace, right: Right) -> bool:
    return right in rights_of(person, workspace)


def demand(person: Person, workspace: Workspace, right: Right) -> Role:
    """Their role, which has the right. Errors: NotYours for who is no member; AskAdmin not_allowed."""
    role = role_of(person, workspace)
    if role is None:
        raise not_yours()
    if right not in RIGHTS_OF[role]:
        raise AskAdmin(
            code="not_allowed",
            sentence="Your role does not allow this. Ask an owner of this company to do it, or to change your role.",
            detail=f"{role} {right}",
        )
    return role


def may_add_workspace(person: Person) -> bool:
    """Who owns a company here may add another one."""
    return Membership.objects.filter(person_id=person.pk, person__is_active=True, role=Role.OWNER).exists()


def workspaces_of(person: Person) -> list[Workspace]:
    """By name, the sample last."""
    found = Workspace.objects.filter(memberships__person_id=person.pk, memberships__person__is_active=True)
    return list(found.order_by("is_sample", "name", "pk"))


def workspace_for(person: Person, workspace_id: UUID) -> Workspace:
    """Errors: NotYours, alike for a workspace of others and for one that does not exist."""
    found = Workspace.objects.filter(
        pk=workspace_id, memberships__person_id=person.pk, memberships__person__is_active=True
    ).first()
    if found is None:
        raise not_yours()
    return found


def not_yours() -> NotYours:
    return NotYours(code="not_yours", sentence="There is no such thing here.")
