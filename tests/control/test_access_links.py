"""Links that let somebody in: each works once, for its time, for what it was made for."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest

from tests.control.company import PASSWORD, Company, refused


def test_the_first_owner_gets_a_company_and_the_next_gets_them_all(data: Path) -> None:
    from seatwise.control import access
    from seatwise.control.models import Workspace

    first = access.become_owner(access.owner_link(), " Dana@A.example ", "Dana", PASSWORD)
    one = first.person
    assert (one.email, first.is_new) == ("dana@a.example", True)
    assert [str(w) for w in access.workspaces_of(one)] == ["My company"]
    assert one.password.startswith("argon2$argon2id$")
    Workspace.objects.create(name="Connected from the command line")
    other = access.become_owner(access.owner_link(), "kim@a.example", "Kim", PASSWORD).person
    assert len(access.workspaces_of(other)) == 2
    again = access.become_owner(access.owner_link(), one.email.upper(), "Somebody else", PASSWORD)
    assert (again.person.pk, again.person.name, again.is_new) == (one.pk, "Dana", False)
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
    refused(code, lambda: access.become_owner(token, **(typed | changed)))
    assert not Person.objects.exists()
    assert access.peek(token, Link.Kind.OWNER).used_at is None
    access.become_owner(token, **typed)
    refused("link_used", lambda: access.become_owner(token, "kim@a.example", "Kim", PASSWORD))


def test_a_new_owner_link_ends_the_older_one_and_lasts_a_day(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    lost, token = access.owner_link(), access.owner_link()
    refused("link_revoked", lambda: access.peek(lost, Link.Kind.OWNER))
    refused("link_unknown", lambda: access.peek(token, Link.Kind.INVITE))
    refused("link_unknown", lambda: access.peek(token[:-1], Link.Kind.OWNER))
    refused("link_unknown", lambda: access.peek("", Link.Kind.OWNER))
    assert hashlib.sha256(token.encode()).hexdigest() in {link.token_hash for link in Link.objects.all()}
    assert all(token not in str(values) for values in Link.objects.values())
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(24 * 3600))
    refused("link_expired", lambda: access.become_owner(token, "d@a.example", "Dana", PASSWORD))


def test_an_invitation_lets_one_person_in_with_its_role(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import AuditEntry, Link

    token = access.invite(company.admin, company.workspace, "analyst", "Kim")
    assert [link.note for link in access.links(company.workspace, Link.Kind.INVITE)] == ["Kim"]
    refused("email_taken", lambda: access.accept_invitation(token, "Foreign@a.example", "F", PASSWORD))
    kim = access.accept_invitation(token, "kim@a.example", "Kim", PASSWORD)
    assert access.role_of(kim, company.workspace) == "analyst"
    refused("link_used", lambda: access.accept_as(token, company.foreign))
    assert access.links(company.workspace, Link.Kind.INVITE) == []
    assert [e.action for e in AuditEntry.objects.order_by("pk")] == ["member.invited", "member.joined"]
    again = access.invite(company.owner, company.workspace, "viewer", "")
    refused("already_member", lambda: access.accept_as(again, company.owner))
    access.accept_as(again, company.foreign)
    assert access.role_of(company.foreign, company.workspace) == "viewer"


def test_of_two_who_use_a_link_at_once_one_gets_in(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    token = access.invite(company.owner, company.workspace, "viewer", "")
    one, other = (access.peek(token, Link.Kind.INVITE) for _ in range(2))
    access.use(one)
    assert one.used_at is not None
    refused("link_used", lambda: access.use(other))


def test_a_revoked_link_and_one_that_is_too_old_do_not_work(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    token = access.invite(company.owner, company.workspace, "owner", "")
    link = access.peek(token, Link.Kind.INVITE)
    refused("owners_only", lambda: access.revoke(company.admin, link.pk))
    refused("not_allowed", lambda: access.revoke(company.viewer, link.pk))
    refused("not_yours", lambda: access.revoke(company.foreign, link.pk))
    refused("not_yours", lambda: access.revoke(company.owner, uuid4()))
    access.revoke(company.owner, link.pk)
    refused("link_revoked", lambda: access.accept_as(token, company.foreign))
    late = access.invite(company.owner, company.workspace, "viewer", "")
    link = access.peek(late, Link.Kind.INVITE)
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(7 * 86_400))
    refused("link_expired", lambda: access.accept_as(late, company.foreign))
    refused("link_expired", lambda: access.use(link))
    assert access.links(company.workspace, Link.Kind.INVITE) == []


def test_a_consent_link_is_good_for_a_day_and_at_most_a_week(company: Company) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    for hours in (0, 169):
        refused(
            "link_hours", lambda hours=hours: access.consent_link(company.admin, company.workspace, "global", hours)
        )
    refused("not_allowed", lambda: access.consent_link(company.analyst, company.workspace, "global"))
    link = access.peek(access.consent_link(company.admin, company.workspace, "global"), Link.Kind.CONSENT)
    assert (link.cloud, link.created_by, link.workspace) == ("global", company.admin, company.workspace)
    assert (link.expires_at - link.created_at).total_seconds() == pytest.approx(86_400, abs=60)
