"""The one table of roles and rights, and the questions asked of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args
from uuid import UUID

from seatwise.base.errors import AskAdmin, Skip
from seatwise.control.models import Membership, Person, Workspace

Role = Membership.Role
Right = Literal[
    "view", "names", "export", "decide", "sync", "connect", "credentials", "members", "audit", "workspace", "install"
]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

# Deny by default: what is not written here may not be done. "members" of an admin ends before owners.
# "names": to see who people are; without it they stand under pseudonyms, unless the workspace decided otherwise.
RIGHTS_OF: Final[dict[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(RIGHTS),
    Role.ADMIN: frozenset(RIGHTS) - {"install"},
    Role.ANALYST: frozenset({"view", "names", "export", "decide", "sync"}),
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


def may_reset_password(by: Person, person: Person) -> bool:
    return person.pk in may_reset_passwords(by, [person.pk])


def may_reset_passwords(by: Person, people: Collection[UUID]) -> set[UUID]:
    """Those to whom `by` may hand a link that sets a new password.

    Nobody to themselves: an open screen would be enough to lock its owner out.
    """
    roles: dict[UUID, dict[UUID, Role]] = defaultdict(dict)
    found = Membership.objects.filter(person_id__in={by.pk, *people})
    for person_id, workspace_id, role in found.values_list("person_id", "workspace_id", "role"):
        roles[person_id][workspace_id] = Role(role)
    own = roles[by.pk] if by.is_active else {}
    return {each for each in people if each != by.pk and _has_all_of(own, roles[each])}


def _has_all_of(own: Mapping[UUID, Role], theirs: Mapping[UUID, Role]) -> bool:
    """Whether a password link gives its maker nothing new. Both: roles by workspace.

    Whoever holds the link can become the other, in every company of theirs. So who belongs to one company is helped
    by its owners, and by its admins unless they own it; who belongs to several, by somebody who owns them all.
    """
    if len(theirs) != 1:
        return bool(theirs) and all(own.get(workspace) == Role.OWNER for workspace in theirs)
    ((workspace, role),) = theirs.items()
    helper = own.get(workspace)
    return helper == Role.OWNER or (helper is not None and "members" in RIGHTS_OF[helper] and role != Role.OWNER)


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
