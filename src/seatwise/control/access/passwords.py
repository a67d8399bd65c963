"""Passwords: what is asked of one, and how it is set without the old one."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.links import end_password_links, peek, use
from seatwise.control.access.rights import may_reset_passwords
from seatwise.control.models import Link, Membership, Person


def demand_strength(password: str, person: Person) -> None:
    """Errors: AskAdmin password_weak with the reasons."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AskAdmin(code="password_weak", sentence=" ".join(error.messages)) from error


def reset_password(token: str, password: str) -> Person:
    """Sets the password of the person whom a password link is for. They are not signed in by it, and every session
    of theirs has ended; a second factor stays.

    Errors: AskAdmin of `peek`, password_weak; the link is still good then.
    """
    with transaction.atomic():
        link = peek(token, Link.Kind.PASSWORD)
        assert link.person_id is not None  # noqa: S101 - `peek` refuses a password link without its person
        # Locked before it is looked at again: whoever joins another company waits, or was seen here.
        person = Person.objects.select_for_update().get(pk=link.person_id)
        peek(token, Link.Kind.PASSWORD)
        demand_strength(password, person)
        use(link)
        by = "" if link.created_by is None else link.created_by.email
        set_anew(person, password, {"link": "password", "made_by": by})
    return person


def set_anew(person: Person, password: str, told: dict[str, str]) -> None:
    """In the transaction of the caller. told: what let the person do it; every company of theirs reads it."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_password_links(person)
    audit.note("password.reset", person=person, subject=person.email, detail=told)


def helped(by: Person, members: Sequence[Membership]) -> list[Person]:
    """Those of the members for whom somebody may make a password link, in the same order."""
    allowed = may_reset_passwords(by, [one.person_id for one in members])
    return [one.person for one in members if one.person_id in allowed]
