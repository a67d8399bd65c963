"""Forgotten passwords: who may help whom, and that helping gives nobody more than they have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.control.company import PASSWORD, Company, refused

if TYPE_CHECKING:
    from seatwise.control.models import Person, Workspace

NEW = "another-Horse-8-staple"
# Roles in two companies, "-" for none. The link is asked for in the first; "x": it may be made.
WHO_HELPS_WHOM = """
by             person         may
owner  -       viewer  -      x
owner  -       analyst -      x
owner  -       admin   -      x
owner  -       owner   -      x
admin  -       viewer  -      x
admin  -       analyst -      x
admin  -       admin   -      x
admin  -       owner   -      .
analyst -      viewer  -      .
analyst -      analyst -      .
viewer -       viewer  -      .
viewer -       owner   -      .
-      -       viewer  -      .
-      owner   viewer  -      .
-      owner   owner   -      .
owner  -       viewer  viewer .
owner  -       viewer  admin  .
owner  -       viewer  owner  .
owner  viewer  viewer  viewer .
owner  admin   viewer  viewer .
owner  admin   viewer  admin  .
owner  admin   viewer  owner  .
admin  owner   viewer  viewer .
admin  owner   admin   viewer .
admin  owner   owner   viewer .
admin  admin   viewer  viewer .
admin  admin   viewer  owner  .
owner  owner   viewer  viewer x
owner  owner   admin   analyst x
owner  owner   viewer  owner  x
owner  owner   owner   viewer x
owner  owner   owner   owner  x
owner  owner   viewer  -      x
owner  owner   owner   -      x
admin  owner   viewer  -      x
admin  owner   owner   -      .
viewer owner   viewer  -      .
owner  owner   -       viewer .
owner  owner   -       -      .
"""


def _everybody(companies: list[Workspace], email: str, roles: list[str]) -> Person:
    from seatwise.control.models import Membership, Person

    person = Person(email=email, name=email, password="!")
    person.save()
    for workspace, role in zip(companies, roles, strict=True):
        if role != "-":
            Membership.objects.create(person=person, workspace=workspace, role=role)
    return person


def test_who_may_help_whom_is_this_table(data: Path) -> None:
    from seatwise.base.errors import SeatwiseError
    from seatwise.control import access
    from seatwise.control.models import Workspace

    companies = [Workspace.objects.create(name=name) for name in ("Northwind", "Contoso")]
    wrong = []
    for n, line in enumerate(WHO_HELPS_WHOM.strip().splitlines()[1:]):
        *roles, may = line.split()
        by = _everybody(companies, f"by{n}@a.example", roles[:2])
        person = _everybody(companies, f"for{n}@a.example", roles[2:])
        try:
            access.password_link(by, companies[0], person.pk)
            done = "x"
        except SeatwiseError as error:
            assert error.code in ("not_yours", "not_allowed", "not_this_person"), line
            done = "."
        listed = person in access.helped(by, access.members(companies[0]))
        # Who may not manage members never sees the list, and a stranger's own company is not this one.
        if done != may or (roles[0] in ("owner", "admin") and listed is not (may == "x")):
            wrong.append((line, done, listed))
    assert wrong == []


def test_nobody_helps_themselves_nor_may_who_cannot_sign_in(company: Company) -> None:
    from seatwise.control import access

    refused("not_this_person", lambda: access.password_link(company.owner, company.workspace, company.owner.pk))
    assert company.owner not in access.helped(company.owner, access.members(company.workspace))
    company.owner.is_active = False
    company.owner.save()
    refused("not_yours", lambda: access.password_link(company.owner, company.workspace, company.viewer.pk))
    assert not access.may_reset_password(company.owner, company.viewer)


def test_a_password_link_sets_a_password_once(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import AuditEntry, Link, Person

    token = access.password_link(company.admin, company.workspace, company.viewer.pk)
    before = company.viewer.get_session_auth_hash()
    refused("link_unknown", lambda: access.peek(token, Link.Kind.INVITE))
    for weak in ("short", "password1234", company.viewer.email):
        refused("password_weak", lambda weak=weak: access.reset_password(token, weak))
    assert access.reset_password(token, NEW) == company.viewer
    now = Person.objects.get(pk=company.viewer.pk)
    assert now.check_password(NEW) and now.get_session_auth_hash() != before
    refused("link_used", lambda: access.reset_password(token, PASSWORD))
    made, reset = AuditEntry.objects.order_by("pk")
    assert (made.action, made.person_id, made.workspace_id) == ("link.made", company.admin.pk, company.workspace.pk)
    assert (made.subject, made.detail) == ("password", {"for": "viewer@a.example"})
    assert (reset.action, reset.person_id, reset.subject) == ("password.reset", company.viewer.pk, now.email)
    assert reset.detail == {"link": "password", "made_by": "admin@a.example"}


def test_a_password_link_lasts_a_day_and_a_newer_one_ends_it(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    lost = access.password_link(company.admin, company.workspace, company.viewer.pk)
    of_another = access.password_link(company.admin, company.workspace, company.analyst.pk)
    token = access.password_link(company.owner, company.workspace, company.viewer.pk)
    refused("link_revoked", lambda: access.reset_password(lost, NEW))
    assert access.peek(of_another, Link.Kind.PASSWORD).person == company.analyst
    assert len(access.links(company.workspace, Link.Kind.PASSWORD)) == 2
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(24 * 3600))
    refused("link_expired", lambda: access.reset_password(token, NEW))


def test_a_password_link_is_revoked_by_whoever_manages_its_person(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    access.change_role(company.owner, company.workspace, company.analyst.pk, "owner")
    token = access.password_link(company.analyst, company.workspace, company.owner.pk)
    link = access.peek(token, Link.Kind.PASSWORD)
    refused("owners_only", lambda: access.revoke(company.admin, link.pk))
    refused("not_allowed", lambda: access.revoke(company.viewer, link.pk))
    refused("not_yours", lambda: access.revoke(company.foreign, link.pk))
    access.revoke(company.owner, link.pk)
    refused("link_revoked", lambda: access.reset_password(token, NEW))


@pytest.mark.parametrize("change", ["promoted", "joined elsewhere", "left", "maker demoted", "maker left", "maker off"])
def test_a_link_does_not_outlive_the_right_to_make_it(company: Company, change: str) -> None:
    """Else an admin could make one for a viewer and wait until the viewer is more."""
    from seatwise.control import access
    from seatwise.control.models import Link, Person

    here, owner, admin, viewer = company.workspace, company.owner, company.admin, company.viewer
    token = access.password_link(admin, here, viewer.pk)
    if change == "promoted":
        access.change_role(owner, here, viewer.pk, "owner")
    elif change == "joined elsewhere":
        there = access.workspaces_of(company.foreign)[0]
        access.accept_as(access.invite(company.foreign, there, "viewer", ""), viewer)
    elif change == "left":
        access.remove(owner, here, viewer.pk)
    elif change == "maker demoted":
        access.change_role(owner, here, admin.pk, "analyst")
    elif change == "maker left":
        access.remove(owner, here, admin.pk)
    else:
        Person.objects.filter(pk=admin.pk).update(is_active=False)
    refused("link_void", lambda: access.peek(token, Link.Kind.PASSWORD))
    refused("link_void", lambda: access.reset_password(token, NEW))
    assert access.links(here, Link.Kind.PASSWORD) == []
    assert Person.objects.get(pk=viewer.pk).password == "!"


def test_an_owner_link_sets_the_password_of_an_account_that_exists(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import AuditEntry, Person

    handed = access.password_link(company.admin, company.workspace, company.viewer.pk)
    token = access.owner_link()
    refused("password_weak", lambda: access.become_owner(token, company.viewer.email, "V", company.viewer.email))
    done = access.become_owner(token, company.viewer.email.upper(), "V", NEW)
    now = Person.objects.get(pk=company.viewer.pk)
    assert (done.person, done.is_new, now.name, now.check_password(NEW)) == (now, False, "Viewer", True)
    reset = AuditEntry.objects.get(action="password.reset")
    assert (reset.person_id, reset.detail) == (now.pk, {"link": "owner"})
    refused("link_revoked", lambda: access.reset_password(handed, PASSWORD))
    refused("link_used", lambda: access.become_owner(token, company.viewer.email, "V", PASSWORD))


def test_a_spent_owner_link_sets_no_password(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import AuditEntry, Person

    token = access.owner_link()
    access.become_owner(token, company.viewer.email, "V", NEW)
    refused("link_used", lambda: access.become_owner(token, company.admin.email, "A", PASSWORD))
    assert Person.objects.get(pk=company.admin.pk).password == "!"
    assert AuditEntry.objects.filter(action="password.reset").count() == 1
