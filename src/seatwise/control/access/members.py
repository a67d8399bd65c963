"""Members of a workspace: listed, given another role, removed. Every workspace keeps an owner."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.links import owners_only
from seatwise.control.access.rights import Role, demand, not_yours
from seatwise.control.models import Membership, Person, Workspace

_ORDER = {Role.OWNER: 0, Role.ADMIN: 1, Role.ANALYST: 2, Role.VIEWER: 3}


def members(workspace: Workspace) -> list[Membership]:
    """Owners first, then by name; each with its person."""
    found = Membership.objects.filter(workspace=workspace).select_related("person")
    return sorted(found, key=lambda one: (_ORDER[Role(one.role)], one.person.name.casefold(), one.person.email))


def change_role(by: Person, workspace: Workspace, person_id: UUID, role: str) -> Membership:
    """Errors: NotYours, AskAdmin not_allowed, owners_only or last_owner; nothing has changed then."""
    with transaction.atomic():
        own, found = _theirs(by, workspace, person_id)
        if Role(role) == Role.OWNER and own != Role.OWNER:
            raise owners_only()
        before, found.role = found.role, Role(role)
        if before != found.role:
            if before == Role.OWNER:
                _keep_an_owner(workspace, person_id)
            found.save(update_fields=["role"])
            told = {"from": before, "to": str(found.role)}
            audit.note("member.role", person=by, workspace=workspace, subject=found.person.email, detail=told)
    return found


def remove(by: Person, workspace: Workspace, person_id: UUID) -> None:
    """The person keeps their account and other workspaces. Errors: as of `change_role`."""
    with transaction.atomic():
        _, found = _theirs(by, workspace, person_id)
        if found.role == Role.OWNER:
            _keep_an_owner(workspace, person_id)
        found.delete()
        told = {"role": found.role}
        audit.note("member.removed", person=by, workspace=workspace, subject=found.person.email, detail=told)


def _theirs(by: Person, workspace: Workspace, person_id: UUID) -> tuple[Role, Membership]:
    """The role of who asks, and the membership they may touch. The workspace stays locked until the end."""
    # One change at a time, or two owners could demote each other at once.
    Workspace.objects.select_for_update().filter(pk=workspace.pk).first()
    own = demand(by, workspace, "members")
    found = Membership.objects.filter(workspace=workspace, person_id=person_id).select_related("person").first()
    if found is None:
        raise not_yours()
    if found.role == Role.OWNER and own != Role.OWNER:
        raise owners_only()
    return own, found


def _keep_an_owner(workspace: Workspace, person_id: UUID) -> None:
    owners = Membership.objects.filter(workspace=workspace, role=Role.OWNER, person__is_active=True)
    if not owners.exclude(person_id=person_id).exists():
        raise AskAdmin(
            code="last_owner",
            sentence="This is the last owner, and every company keeps one. Make somebody else an owner first.",
        )
