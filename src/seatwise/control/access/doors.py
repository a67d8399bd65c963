"""How somebody becomes a person here: by the owner link or by an invitation; sign-up is closed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.links import peek, use
from seatwise.control.access.passwords import demand_strength, set_anew
from seatwise.control.access.rights import Role
from seatwise.control.access.workspaces import FIRST_NAME
from seatwise.control.models import Link, Membership, Person, Workspace


@dataclass(frozen=True)
class NewOwner:
    """is_new: the account was made just now. One that was there may have a second factor, still to be asked for."""

    person: Person
    is_new: bool


def become_owner(token: str, email: str, name: str, password: str) -> NewOwner:
    """Owner of every workspace, the first of which is made here when there is none.

    An account with this address keeps its name and gets the password: whoever can make an owner link owns the machine.
    Errors: AskAdmin of `peek`, password_weak, email_invalid, name_missing; the link is still good then.
    """
    with transaction.atomic():
        link = peek(token, Link.Kind.OWNER)
        person = _known(email)
        is_new = person is None
        if person is None:
            person = _new(email, name, password)
        else:
            demand_strength(password, person)
            set_anew(person, password, {"link": "owner"})
        use(link)
        if not Workspace.objects.exists():
            Workspace.objects.create(name=FIRST_NAME)
        for workspace in Workspace.objects.all():
            Membership.objects.update_or_create(person=person, workspace=workspace, defaults={"role": Role.OWNER})
            _joined(person, workspace, Role.OWNER)
    return NewOwner(person, is_new)


def accept_invitation(token: str, email: str, name: str, password: str) -> Person:
    """A new person, member of the workspace of the invitation.

    Errors: AskAdmin of `peek`, email_taken, password_weak, email_invalid, name_missing; the link is still good then.
    """
    with transaction.atomic():
        link = peek(token, Link.Kind.INVITE)
        if _known(email) is not None:
            # Asking for the password here would be a way past the limits and the second factor of the sign-in page.
            raise AskAdmin(
                code="email_taken",
                sentence="There is an account with this address. Sign in with it first, then open this link again.",
            )
        person = _new(email, name, password)
        _join(person, link)
    return person


def accept_as(token: str, person: Person) -> Person:
    """Somebody who is signed in joins. Errors: AskAdmin of `peek`; already_member, and the link is still good then."""
    with transaction.atomic():
        link = peek(token, Link.Kind.INVITE)
        if Membership.objects.filter(person_id=person.pk, workspace=link.workspace).exists():
            raise AskAdmin(
                code="already_member",
                sentence="You are a member already. The link is not used up: pass it on to whom it was meant for.",
            )
        _join(person, link)
    return person


def _join(person: Person, link: Link) -> None:
    use(link)
    assert link.workspace is not None  # noqa: S101 - an invitation is made for a workspace
    Membership.objects.create(person_id=person.pk, workspace=link.workspace, role=link.role)
    _joined(person, link.workspace, link.role)


def _joined(person: Person, workspace: Workspace, role: str) -> None:
    audit.note("member.joined", person=person, workspace=workspace, subject=person.email, detail={"role": str(role)})


def _known(email: str) -> Person | None:
    return Person.objects.filter(email=email.strip().lower()).first()


def _new(email: str, name: str, password: str) -> Person:
    email, name = email.strip().lower(), name.strip()
    if not name or len(name) > 128:
        raise AskAdmin(code="name_missing", sentence="Type your name, in up to 128 characters.")
    try:
        validate_email(email)
    except ValidationError as error:
        raise AskAdmin(code="email_invalid", sentence="This is not a whole email address. Check it.") from error
    demand_strength(password, Person(email=email, name=name))
    return Person.objects.create(email, name, password)
