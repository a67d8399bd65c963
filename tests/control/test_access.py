"""Roles, members, companies: who may, who may not, and that no company is left without an owner."""

from __future__ import annotations

import contextlib
import threading
from uuid import uuid4

import pytest

from seatwise.base.errors import AskAdmin
from tests.control.company import Company, refused

MATRIX = """
            owner admin analyst viewer
view          x     x      x      x
names         x     x      x      .
export        x     x      x      .
decide        x     x      x      .
sync          x     x      x      .
connect       x     x      .      .
credentials   x     x      .      .
members       x     x      .      .
audit         x     x      .      .
workspace     x     x      .      .
install       x     .      .      .
"""


def test_the_table_of_roles_and_rights_is_this_one(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Workspace

    head, *lines = MATRIX.strip().splitlines()
    expected = {
        (role, line.split()[0]): mark == "x"
        for line in lines
        for role, mark in zip(head.split(), line.split()[1:], strict=True)
    }
    assert {right for _, right in expected} == set(access.RIGHTS)
    assert {role for role, _ in expected} == {str(role) for role in access.Role}
    for (role, right), allowed in expected.items():
        person = getattr(company, role)
        assert access.may(person, company.workspace, right) is allowed, (role, right)  # type: ignore[arg-type]
    other = Workspace.objects.exclude(pk=company.workspace.pk).get()
    for right in access.RIGHTS:
        assert not access.may(company.foreign, company.workspace, right)
        assert not access.may(company.owner, other, right)


def test_a_workspace_of_others_and_one_that_is_not_there_look_alike(company: Company) -> None:
    from seatwise.control import access

    assert access.workspace_for(company.viewer, company.workspace.pk) == company.workspace
    told = []
    for person, workspace_id in ((company.foreign, company.workspace.pk), (company.owner, uuid4())):
        with pytest.raises(access.NotYours) as error:
            access.workspace_for(person, workspace_id)
        told.append(str(error.value))
    assert told[0] == told[1]
    assert access.workspaces_of(company.viewer) == [company.workspace]


def test_who_may_not_sign_in_may_nothing(company: Company) -> None:
    from seatwise.control import access

    company.owner.is_active = False
    company.owner.save()
    assert access.role_of(company.owner, company.workspace) is None
    assert access.workspaces_of(company.owner) == []
    assert not access.may_add_workspace(company.owner)
    refused("not_yours", lambda: access.workspace_for(company.owner, company.workspace.pk))


def test_only_owners_touch_owners_and_only_members_with_the_right_touch_anybody(company: Company) -> None:
    from seatwise.control import access

    here, owner, viewer = company.workspace, company.owner.pk, company.viewer.pk
    refused("owners_only", lambda: access.change_role(company.admin, here, owner, "viewer"))
    refused("owners_only", lambda: access.change_role(company.admin, here, viewer, "owner"))
    refused("owners_only", lambda: access.change_role(company.admin, here, company.admin.pk, "owner"))
    refused("owners_only", lambda: access.remove(company.admin, here, owner))
    refused("owners_only", lambda: access.invite(company.admin, here, "owner", ""))
    for by in (company.analyst, company.viewer):
        refused("not_allowed", lambda by=by: access.change_role(by, here, by.pk, "owner"))
        refused("not_allowed", lambda by=by: access.remove(by, here, viewer))
        refused("not_allowed", lambda by=by: access.invite(by, here, "viewer", ""))
        refused("not_allowed", lambda by=by: access.rename_workspace(by, here, "Mine"))
        refused("not_allowed", lambda by=by: access.new_workspace(by, "Mine"))
    refused("not_yours", lambda: access.change_role(company.foreign, here, viewer, "owner"))
    refused("not_yours", lambda: access.remove(company.owner, here, company.foreign.pk))
    access.change_role(company.admin, here, viewer, "analyst")
    access.remove(company.admin, here, company.analyst.pk)
    assert [(m.person.name, m.role) for m in access.members(here)] == [
        ("Owner", "owner"),
        ("Admin", "admin"),
        ("Viewer", "analyst"),
    ]


def test_a_company_keeps_an_owner_who_can_sign_in(company: Company) -> None:
    from seatwise.control import access

    here, owner = company.workspace, company.owner
    refused("last_owner", lambda: access.change_role(owner, here, owner.pk, "admin"))
    refused("last_owner", lambda: access.remove(owner, here, owner.pk))
    access.change_role(owner, here, company.admin.pk, "owner")
    company.admin.is_active = False
    company.admin.save()
    refused("last_owner", lambda: access.remove(owner, here, owner.pk))
    company.admin.is_active = True
    company.admin.save()
    access.remove(owner, here, owner.pk)
    refused("last_owner", lambda: access.remove(company.admin, here, company.admin.pk))


def test_two_owners_who_demote_each_other_at_once_leave_one(company: Company) -> None:
    from django.db import connection, transaction

    from seatwise.control import access
    from seatwise.control.models import Membership

    here, one, other = company.workspace, company.owner, company.admin
    access.change_role(one, here, other.pk, "owner")
    is_changed, may_end = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            access.change_role(one, here, other.pk, "viewer")
            is_changed.set()
            may_end.wait(20)
        connection.close()

    def second() -> None:
        with contextlib.suppress(AskAdmin):
            access.change_role(other, here, one.pk, "viewer")
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert is_changed.wait(20)
    threads[1].start()
    # The second has to wait for the first; left alone it would have gone by what it saw.
    threads[1].join(1)
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert Membership.objects.filter(workspace=here, role="owner").count() == 1


def test_a_workspace_is_added_named_and_closed(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Workspace

    made = access.new_workspace(company.owner, " Fabrikam ")
    assert (made.name, access.role_of(company.owner, made)) == ("Fabrikam", "owner")
    access.rename_workspace(company.owner, made, "Fabrikam AG")
    for name in ("", "x" * 129):
        refused("name_missing", lambda name=name: access.rename_workspace(company.owner, made, name))
    for workspace in Workspace.objects.all():
        access.close_workspace(workspace)
    assert [str(w) for w in access.workspaces_of(company.foreign)] in ([], ["My company"])
    assert Workspace.objects.count() == 1


def test_a_tenant_connected_from_the_command_line_belongs_to_who_owns_all_others(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Membership, Workspace

    made = access.open_workspace("t1", "Adatum")
    assert not Membership.objects.filter(workspace=made).exists()
    assert access.open_workspace("t1", "again") == made
    Workspace.objects.exclude(pk=company.workspace.pk).delete()
    more = access.open_workspace("t2", "", is_sample=True)
    assert (more.name, access.role_of(company.owner, more)) == ("t2", "owner")
    assert access.role_of(company.admin, more) is None
    assert access.workspaces_of(company.owner)[-1] == more
