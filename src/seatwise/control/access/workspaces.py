"""Workspaces: opened, named, closed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.rights import Role, demand, may_add_workspace
from seatwise.control.models import Membership, Person, Workspace

FIRST_NAME = "My company"


def new_workspace(by: Person, name: str) -> Workspace:
    """A company beside the others, owned by who adds it. Errors: AskAdmin not_allowed or name_missing."""
    if not may_add_workspace(by):
        raise AskAdmin(code="not_allowed", sentence="Only an owner can add a company. Ask one of them.")
    with transaction.atomic():
        made = Workspace.objects.create(name=_named(name))
        Membership.objects.create(person_id=by.pk, workspace=made, role=Role.OWNER)
        audit.note("workspace.made", person=by, workspace=made, subject=made.name)
    return made


def open_workspace(tenant_id: str, name: str, *, is_sample: bool = False) -> Workspace:
    """The workspace of a tenant that was connected from the command line, made when there is none.

    A new one belongs to those who own every other workspace: what one owner may not see stays unseen.
    """
    with transaction.atomic():
        n_before = Workspace.objects.count()
        made, is_new = Workspace.objects.get_or_create(
            tenant_id=tenant_id, defaults={"name": (name.strip() or tenant_id)[:128], "is_sample": is_sample}
        )
        if is_new and n_before:
            owned = Count("memberships", filter=Q(memberships__role=Role.OWNER))
            for person in Person.objects.annotate(n=owned).filter(n=n_before, is_active=True):
                Membership.objects.create(person=person, workspace=made, role=Role.OWNER)
    return made


def rename_workspace(by: Person, workspace: Workspace, name: str) -> None:
    """Errors: NotYours, AskAdmin not_allowed or name_missing."""
    demand(by, workspace, "workspace")
    with transaction.atomic():
        before, workspace.name = workspace.name, _named(name)
        workspace.save(update_fields=["name"])
        told = {"from": before, "to": workspace.name}
        audit.note("workspace.renamed", person=by, workspace=workspace, subject=workspace.name, detail=told)


def close_workspace(workspace: Workspace) -> None:
    """Deletes it with its memberships, links and notices; its members keep a company to begin with if it was the last.

    Its connection has been disconnected before: what is sealed for it is not this module's to shred.
    """
    with transaction.atomic():
        roles = list(Membership.objects.filter(workspace=workspace).values_list("person_id", "role"))
        workspace.delete()
        if roles and not Workspace.objects.exists():
            first = Workspace.objects.create(name=FIRST_NAME)
            Membership.objects.bulk_create(
                Membership(person_id=person_id, workspace=first, role=role) for person_id, role in roles
            )


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 128:
        raise AskAdmin(code="name_missing", sentence="Type a name, in up to 128 characters.")
    return name
