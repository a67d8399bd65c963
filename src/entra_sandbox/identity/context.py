"""What the login half needs from the rest of the sandbox, and what it hands out: the Caller."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from entra_sandbox.identity.memory import Identity
from entra_sandbox.registrations import Registrations

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"


class TenantLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def initial_domain(self) -> str: ...


class UserLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def user_principal_name(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def job_title(self) -> str | None: ...
    @property
    def user_type(self) -> str | None: ...
    @property
    def account_enabled(self) -> bool: ...


class DirectoryLike(Protocol):
    @property
    def users(self) -> Sequence[UserLike]: ...


class WorldLike(Protocol):
    @property
    def tenant(self) -> TenantLike: ...
    def directory(self, as_of: dt.datetime) -> DirectoryLike: ...


class Sandbox(Protocol):
    """The server's state as the login sees it.

    pages_base: address of the plain http site for people, without a closing slash; "" when there is none.
    """

    @property
    def world(self) -> WorldLike: ...
    @property
    def registrations(self) -> Registrations: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def pages_base(self) -> str: ...
    def directory_time(self) -> dt.datetime: ...


@dataclass(frozen=True)
class Caller:
    """Who a bearer token speaks for.

    permissions: application roles when app_only, else the scopes.
    oid:         the service principal's id when app_only, else the user's.
    """

    app_only: bool
    permissions: frozenset[str]
    tenant_id: str
    app_id: str
    oid: str
    wids: frozenset[str]

    @property
    def roles(self) -> frozenset[str]:
        return self.permissions if self.app_only else frozenset()

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset() if self.app_only else self.permissions


def own_tenant(sandbox: Sandbox, name: str) -> bool:
    tenant = sandbox.world.tenant
    return name.lower() in (tenant.id.lower(), tenant.domain.lower(), tenant.initial_domain.lower())
