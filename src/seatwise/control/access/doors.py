"""How somebody becomes a person here: by the owner link or by an invitation; sign-up is closed."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.links import peek, use
from seatwise.control.access.rights import Role
from seatwise.control.access.workspaces import FIRST_NAME
from seatwise.control.models import Link, Membership, Person, Workspace


def become_owner(token: str, email: str, name: str, password: str) -> Person:
    """Owner of every workspace, the first of which is made here when there is none.

    Who has an account already gives its password. Errors: AskAdmin of `peek`, password_wrong, password_weak,
    email_invalid, name_missing; the link is still good then.
    """
    with transaction.atomic():
        link = peek(token, Link.Kind.OWNER)
        person = _known(email)
        if person is None:
            person = _new(email, name, password)
        elif not person.check_password(password):
            raise AskAdmin(
                code="password_wrong",
                sentence="There is an account with this address, and this is not its password. "
                "Type that password, or use another address.",
            )
        use(link)
        if not Workspace.objects.exists():
            Workspace.objects.create(name=FIRST_NAME)
        for workspace in Workspace.objects.all():
            Membership.objects.update_or_create(person=person, workspace=workspace, defaults={"role": Role.OWNER})
            _joined(person, workspace, Role.OWNER)
    return person


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
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise AskAdmin(code="password_weak", sentence=" ".join(error.messages)) from error
    return Person.objects.create(email, name, password)
