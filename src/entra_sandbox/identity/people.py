"""Who can sign in: the world's people and a handful of fixed ones that tests and newcomers need."""

import uuid
from dataclasses import dataclass
from typing import Literal

from entra_sandbox.identity.context import Sandbox, UserLike

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
CLOUD_APPLICATION_ADMINISTRATOR = "158c047a-c907-4556-b7ef-446551a6b5f7"
_PLAIN_USER = "b79fbf4d-3ef9-4689-8143-76b194e85509"
_GUEST = "10dae51f-b6af-4016-8d66-8c2a99b929b3"

Kind = Literal["work", "guest", "personal"]


@dataclass(frozen=True)
class Person:
    """oid is stable; wids are the role template ids that go into tokens."""

    oid: str
    upn: str
    name: str
    title: str
    kind: Kind
    wids: frozenset[str]
    is_enabled: bool = True

    @property
    def can_consent(self) -> bool:
        """Whether this person may grant delegated permissions for everybody."""
        return bool(self.wids & {GLOBAL_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR})

    @property
    def can_grant_roles(self) -> bool:
        """Whether this person may grant application permissions of Microsoft Graph."""
        return GLOBAL_ADMINISTRATOR in self.wids


def fixed_people(sandbox: Sandbox) -> list[Person]:
    tenant = sandbox.world.tenant

    def person(user: str, name: str, title: str, kind: Kind, *wids: str, upn: str | None = None) -> Person:
        oid = str(uuid.uuid5(uuid.UUID(tenant.id), user))
        return Person(oid, upn or f"{user}@{tenant.domain}", name, title, kind, frozenset(wids))

    return [
        person("admin", "Sandbox Administrator", "Global Administrator", "work", GLOBAL_ADMINISTRATOR),
        person(
            "app.admin",
            "Sandbox Application Administrator",
            "Cloud Application Administrator, no reporting role",
            "work",
            CLOUD_APPLICATION_ADMINISTRATOR,
        ),
        person("user", "Sandbox User", "Not an administrator", "work", _PLAIN_USER),
        person(
            "guest",
            "Sandbox Guest",
            "Guest of the organization",
            "guest",
            _GUEST,
            upn=f"guest_partner.example#EXT#@{tenant.initial_domain}",
        ),
        person("personal", "Sandbox Personal", "Personal account", "personal", upn="someone@personal.example"),
    ]


def everybody(sandbox: Sandbox) -> list[Person]:
    """The fixed people first, then the world's, in its order."""
    users = sandbox.world.directory(sandbox.directory_time()).users
    return fixed_people(sandbox) + [_of(user) for user in users]


def find(sandbox: Sandbox, name: str) -> Person | None:
    """By object id or UPN, whatever their letter case."""
    wanted = name.lower()
    for person in everybody(sandbox):
        if wanted in (person.oid.lower(), person.upn.lower()):
            return person
    return None


def search(sandbox: Sandbox, text: str, limit: int = 12) -> list[Person]:
    """People of the world whose name or UPN holds the text; any, when it is empty."""
    wanted = text.casefold().strip()
    fixed = {person.oid for person in fixed_people(sandbox)}
    found = []
    for person in everybody(sandbox):
        if person.oid not in fixed and (wanted in person.name.casefold() or wanted in person.upn.casefold()):
            found.append(person)
        if len(found) == limit:
            break
    return found


def _of(user: UserLike) -> Person:
    is_guest = user.user_type == "Guest"
    wids = frozenset({_GUEST if is_guest else _PLAIN_USER})
    kind: Kind = "guest" if is_guest else "work"
    return Person(
        user.id, user.user_principal_name, user.display_name, user.job_title or "", kind, wids, user.account_enabled
    )
