"""Roles, members, links: who may, who may not, and that nobody is locked out or let in by mistake."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from seatwise.base.errors import AskAdmin, SeatwiseError

if TYPE_CHECKING:
    from seatwise.control.models import Person, Workspace

PASSWORD = "correct-Horse-7-battery"
MATRIX = """
            owner admin analyst viewer
view          x     x      x      x
export        x     x      x      .
sync          x     x      x      .
connect       x     x      .      .
credentials   x     x      .      .
members       x     x      .      .
audit         x     x      .      .
workspace     x     x      .      .
install       x     .      .      .
"""


@dataclass(frozen=True)
class Company:
    """A workspace with one person of each role; and an owner of another workspace."""

    workspace: Workspace
    owner: Person
    admin: Person
    analyst: Person
    viewer: Person
    foreign: Person


@pytest.fixture
def company(data: Path) -> Company:
    from seatwise.control.models import Membership, Person, Workspace

    here, there = (Workspace.objects.create(name=name) for name in ("Northwind", "Contoso"))
    people: dict[str, Person] = {}
    for role in ("owner", "admin", "analyst", "viewer", "foreign"):
        # argon2 is slow on purpose; only the tests that sign in need a real password.
        people[role] = Person(email=f"{role}@a.example", name=role.title(), password="!")
        people[role].save()
        home, as_role = (there, "owner") if role == "foreign" else (here, role)
        Membership.objects.create(person=people[role], workspace=home, role=as_role)
    return Company(here, **people)


def _refused(code: str, attempt: Callable[[], Any]) -> None:
    with pytest.raises(SeatwiseError) as told:
        attempt()
    assert told.value.code == code, told.value


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
    _refused("not_yours", lambda: access.workspace_for(company.owner, company.workspace.pk))


def test_the_first_owner_gets_a_company_and_the_next_gets_them_all(data: Path) -> None:
    from seatwise.control import access
    from seatwise.control.models import Workspace

    one = access.become_owner(access.owner_link(), " Dana@A.example ", "Dana", PASSWORD)
    assert (one.email, [str(w) for w in access.workspaces_of(one)]) == ("dana@a.example", ["My company"])
    assert one.password.startswith("argon2$argon2id$")
    Workspace.objects.create(name="Connected from the command line")
    other = access.become_owner(access.owner_link(), "kim@a.example", "Kim", PASSWORD)
    assert len(access.workspaces_of(other)) == 2
    _refused("password_wrong", lambda: access.become_owner(access.owner_link(), one.email, "Dana", "not it at all"))
    assert access.become_owner(access.owner_link(), one.email.upper(), "Dana", PASSWORD) == one
    assert all(access.role_of(one, workspace) == "owner" for workspace in Workspace.objects.all())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "short"}, "password_weak"),
        ({"password": "password1234"}, "password_weak"),
        ({"password": "dana.kowalski@a.example"}, "password_weak"),
        ({"email": "not an address"}, "email_invalid"),
        ({"email": ""}, "email_invalid"),
        ({"name": "  "}, "name_missing"),
    ],
)
def test_what_is_typed_wrongly_does_not_use_up_the_link(data: Path, changed: dict[str, str], code: str) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link, Person

    token = access.owner_link()
    typed = {"email": "dana.kowalski@a.example", "name": "Dana", "password": PASSWORD}
    _refused(code, lambda: access.become_owner(token, **(typed | changed)))
    assert not Person.objects.exists()
    assert access.peek(token, Link.Kind.OWNER).used_at is None
    access.become_owner(token, **typed)
    _refused("link_used", lambda: access.become_owner(token, "kim@a.example", "Kim", PASSWORD))


def test_a_new_owner_link_ends_the_older_one_and_lasts_a_day(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    lost, token = access.owner_link(), access.owner_link()
    _refused("link_revoked", lambda: access.peek(lost, Link.Kind.OWNER))
    _refused("link_unknown", lambda: access.peek(token, Link.Kind.INVITE))
    _refused("link_unknown", lambda: access.peek(token[:-1], Link.Kind.OWNER))
    _refused("link_unknown", lambda: access.peek("", Link.Kind.OWNER))
    assert hashlib.sha256(token.encode()).hexdigest() in {link.token_hash for link in Link.objects.all()}
    assert all(token not in str(values) for values in Link.objects.values())
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(24 * 3600))
    _refused("link_expired", lambda: access.become_owner(token, "d@a.example", "Dana", PASSWORD))


def test_an_invitation_lets_one_person_in_with_its_role(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import AuditEntry, Link

    token = access.invite(company.admin, company.workspace, "analyst", "Kim")
    assert [link.note for link in access.links(company.workspace, Link.Kind.INVITE)] == ["Kim"]
    _refused("email_taken", lambda: access.accept_invitation(token, "Foreign@a.example", "F", PASSWORD))
    kim = access.accept_invitation(token, "kim@a.example", "Kim", PASSWORD)
    assert access.role_of(kim, company.workspace) == "analyst"
    _refused("link_used", lambda: access.accept_as(token, company.foreign))
    assert access.links(company.workspace, Link.Kind.INVITE) == []
    assert [e.action for e in AuditEntry.objects.order_by("pk")] == ["member.invited", "member.joined"]
    again = access.invite(company.owner, company.workspace, "viewer", "")
    _refused("already_member", lambda: access.accept_as(again, company.owner))
    access.accept_as(again, company.foreign)
    assert access.role_of(company.foreign, company.workspace) == "viewer"


def test_of_two_who_use_a_link_at_once_one_gets_in(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    token = access.invite(company.owner, company.workspace, "viewer", "")
    one, other = (access.peek(token, Link.Kind.INVITE) for _ in range(2))
    access.use(one)
    assert one.used_at is not None
    _refused("link_used", lambda: access.use(other))


def test_a_revoked_link_and_one_that_is_too_old_do_not_work(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    token = access.invite(company.owner, company.workspace, "owner", "")
    link = access.peek(token, Link.Kind.INVITE)
    _refused("owners_only", lambda: access.revoke(company.admin, link.pk))
    _refused("not_allowed", lambda: access.revoke(company.viewer, link.pk))
    _refused("not_yours", lambda: access.revoke(company.foreign, link.pk))
    _refused("not_yours", lambda: access.revoke(company.owner, uuid4()))
    access.revoke(company.owner, link.pk)
    _refused("link_revoked", lambda: access.accept_as(token, company.foreign))
    late = access.invite(company.owner, company.workspace, "viewer", "")
    link = access.peek(late, Link.Kind.INVITE)
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(7 * 86_400))
    _refused("link_expired", lambda: access.accept_as(late, company.foreign))
    _refused("link_expired", lambda: access.use(link))
    assert access.links(company.workspace, Link.Kind.INVITE) == []


def test_a_consent_link_is_good_for_a_day_and_at_most_a_week(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    for hours in (0, 169):
        _refused(
            "link_hours", lambda hours=hours: access.consent_link(company.admin, company.workspace, "global", hours)
        )
    _refused("not_allowed", lambda: access.consent_link(company.analyst, company.workspace, "global"))
    link = access.peek(access.consent_link(company.admin, company.workspace, "global"), Link.Kind.CONSENT)
    assert (link.cloud, link.created_by, link.workspace) == ("global", company.admin, company.workspace)
    assert (link.expires_at - link.created_at).total_seconds() == pytest.approx(86_400, abs=60)


def test_only_owners_touch_owners_and_only_members_with_the_right_touch_anybody(company: Company) -> None:
    from seatwise.control import access

    here, owner, viewer = company.workspace, company.owner.pk, company.viewer.pk
    _refused("owners_only", lambda: access.change_role(company.admin, here, owner, "viewer"))
    _refused("owners_only", lambda: access.change_role(company.admin, here, viewer, "owner"))
    _refused("owners_only", lambda: access.change_role(company.admin, here, company.admin.pk, "owner"))
    _refused("owners_only", lambda: access.remove(company.admin, here, owner))
    _refused("owners_only", lambda: access.invite(company.admin, here, "owner", ""))
    for by in (company.analyst, company.viewer):
        _refused("not_allowed", lambda by=by: access.change_role(by, here, by.pk, "owner"))
        _refused("not_allowed", lambda by=by: access.remove(by, here, viewer))
        _refused("not_allowed", lambda by=by: access.invite(by, here, "viewer", ""))
        _refused("not_allowed", lambda by=by: access.rename_workspace(by, here, "Mine"))
        _refused("not_allowed", lambda by=by: access.new_workspace(by, "Mine"))
    _refused("not_yours", lambda: access.change_role(company.foreign, here, viewer, "owner"))
    _refused("not_yours", lambda: access.remove(company.owner, here, company.foreign.pk))
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
    _refused("last_owner", lambda: access.change_role(owner, here, owner.pk, "admin"))
    _refused("last_owner", lambda: access.remove(owner, here, owner.pk))
    access.change_role(owner, here, company.admin.pk, "owner")
    company.admin.is_active = False
    company.admin.save()
    _refused("last_owner", lambda: access.remove(owner, here, owner.pk))
    company.admin.is_active = True
    company.admin.save()
    access.remove(owner, here, owner.pk)
    _refused("last_owner", lambda: access.remove(company.admin, here, company.admin.pk))


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
        _refused("name_missing", lambda name=name: access.rename_workspace(company.owner, made, name))
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
