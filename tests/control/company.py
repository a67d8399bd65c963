"""A company with one person of each role, and the owner of another one; and how a refusal is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from seatwise.base.errors import SeatwiseError

if TYPE_CHECKING:
    from seatwise.control.models import Person, Workspace

PASSWORD = "correct-Horse-7-battery"


@dataclass(frozen=True)
class Company:
    """A workspace with one person of each role; and an owner of another workspace."""

    workspace: Workspace
    owner: Person
    admin: Person
    analyst: Person
    viewer: Person
    foreign: Person


def peopled() -> Company:
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


def refused(code: str, attempt: Callable[[], Any]) -> None:
    with pytest.raises(SeatwiseError) as told:
        attempt()
    assert told.value.code == code, told.value
