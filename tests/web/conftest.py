"""A site with everybody in it: the members of one company by role, the owner of another one, and a stranger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.tiny_lake import AS_OF, TENANT, TinyLake, tiny_lake

if TYPE_CHECKING:
    from django.test import Client

    from seatwise.control.models import Connection, Person, Workspace

PASSWORD = "a long and quiet sentence"
HOST = "localhost:8600"
MEMBERS = ("owner", "admin", "analyst", "viewer")
EVERYBODY = (*MEMBERS, "other", "stranger")


@dataclass
class Site:
    """people by role; "other" owns `elsewhere` and is not a member of `workspace`."""

    data: Path
    workspace: Workspace
    elsewhere: Workspace
    people: dict[str, Person] = field(default_factory=dict)

    def client(self, who: str = "owner", **more: Any) -> Client:
        """A browser in which that person is signed in; nobody for "stranger"."""
        from django.test import Client

        made = Client(HTTP_HOST=HOST, **more)
        if who != "stranger":
            made.force_login(self.people[who])
        return made

    def address(self, name: str, **named: Any) -> str:
        from django.urls import reverse

        return reverse(name, kwargs={"workspace": self.workspace.id, **named})

    def connected(self, **more: Any) -> Connection:
        """A connection to an address where nobody answers: no test of this floor needs Microsoft."""
        from seatwise.control.models import Connection

        self.workspace.tenant_id = TENANT
        self.workspace.save()
        told: dict[str, Any] = {
            "tenant_id": TENANT,
            "tenant_name": "Northwind",
            "client_id": "22222222-2222-2222-2222-222222222222",
            "method": Connection.Method.SECRET,
            "cloud": "custom",
            "authority": "https://127.0.0.1:9",
            "graph": "https://127.0.0.1:9",
            "state": Connection.State.ACTIVE,
            "state_since": datetime(2026, 6, 30, tzinfo=UTC),
            "created_at": datetime(2026, 6, 1, tzinfo=UTC),
        }
        return Connection.objects.create(workspace=self.workspace, **{**told, **more})

    def synced(self, lake: TinyLake) -> None:
        """The workspace shows what the lake holds, as of the lake's moment."""
        from seatwise.control.models import Run

        lake.derive()
        self.workspace.tenant_id = TENANT
        self.workspace.save()
        Run.objects.create(
            tenant_id=TENANT,
            kind=Run.Kind.SYNC,
            state=Run.State.DONE,
            as_of=AS_OF,
            created_at=AS_OF,
            started_at=AS_OF,
            ended_at=AS_OF,
        )


@cache
def hashed() -> str:
    """PASSWORD as it is kept. Once: hashing takes its time on purpose."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def site(data: Path) -> Site:
    from django.core.cache import cache

    from seatwise.control import access
    from seatwise.control.models import Membership, Person, Workspace
    from seatwise.control.vault import prepare

    prepare()
    cache.clear()
    made = Site(data, Workspace.objects.create(name="Northwind"), Workspace.objects.create(name="Fabrikam"))
    for who in (*MEMBERS, "other"):
        person = Person(email=f"{who}@northwind.example", name=f"{who.title()} Osei", password=hashed())
        person.save()
        made.people[who] = person
    for who in MEMBERS:
        Membership.objects.create(person=made.people[who], workspace=made.workspace, role=access.Role(who))
    Membership.objects.create(person=made.people["other"], workspace=made.elsewhere, role=access.Role.OWNER)
    return made


@pytest.fixture
def lake(site: Site, monkeypatch: pytest.MonkeyPatch) -> TinyLake:
    """The company's lake, written by hand; the clock of the data stands at its moment."""
    monkeypatch.setenv("SEATWISE_NOW", "2026-06-30T12:00:00Z")
    return tiny_lake(site.data)


@pytest.fixture
def settings_of() -> Iterator[Callable[..., None]]:
    """Sets Django's settings for one test: `settings_of(NAME=value)`."""
    from django.test import override_settings

    made: list[Any] = []

    def change(**values: Any) -> None:
        made.append(override_settings(**values))
        made[-1].enable()

    yield change
    for each in reversed(made):
        each.disable()
