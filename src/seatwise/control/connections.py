"""A connection's life: made, replaced, and turned into a way to ask Microsoft."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import vault
from seatwise.control.models import Connection
from seatwise.lake.places import Places
from seatwise.microsoft import auth, clouds
from seatwise.microsoft.graph import Graph

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True)
class Details:
    """What a person enters to connect.

    tenant:  the tenant id, or one of its verified domains.
    secret:  the client secret's value, or the certificate and its private key as PEM; never shown.
    """

    tenant: str
    client_id: str
    method: Connection.Method
    secret: str = field(repr=False)
    cloud: str = "global"
    authority: str = ""
    graph: str = ""
    ca_pem: str = ""


@dataclass(frozen=True)
class Trial:
    """What Microsoft answered to a connection's first token."""

    tenant_id: str
    roles: frozenset[str]


def checked(details: Details) -> Details:
    """The details with blanks trimmed and ids in lower case. Errors: AskAdmin naming the field that cannot be right."""
    tenant, client_id = details.tenant.strip().lower(), details.client_id.strip().lower()
    secret = details.secret.strip()
    if not _GUID.fullmatch(tenant) and not _DOMAIN.fullmatch(tenant):
        raise _wrong(
            "tenant",
            f"The tenant {details.tenant!r} is neither a tenant id nor a domain. "
            "Use the Directory (tenant) ID of the app registration's overview, like 1f0c2a34-….",
        )
    if not _GUID.fullmatch(client_id):
        raise _wrong(
            "client_id",
            f"The client id {details.client_id!r} is not an application id. "
            "Use the Application (client) ID of the app registration's overview, like 0c1d2e3f-….",
        )
    if not secret:
        raise _wrong("secret", "The client secret is empty. Put the secret's value into the file, or pipe it in.")
    if details.method == Connection.Method.SECRET and _GUID.fullmatch(secret.lower()):
        raise _wrong(
            "secret_id",
            "This looks like the secret's ID, not its value. "
            "Copy the column “Value” right after creating the secret; if it is hidden by now, create a new one.",
        )
    return Details(
        tenant, client_id, details.method, secret, details.cloud, details.authority, details.graph, details.ca_pem
    )


async def tried(details: Details) -> Trial:
    """What the first token proves. Errors: those of `microsoft.auth`; nothing is stored."""
    with _cloud(details.cloud, details.authority, details.graph, details.ca_pem) as cloud:
        token = await auth.TokenSource(cloud, _credential(details.tenant, details)).token()
    return Trial(token.tenant_id, token.roles)


def stored(details: Details, tenant_id: str, tenant_name: str) -> Connection:
    """The connection of this tenant, made or replaced; its identity and its data stay when it is replaced."""
    now = clock.now()
    with transaction.atomic():
        old = Connection.objects.filter(tenant_id=tenant_id).first()
        connection = old or Connection(tenant_id=tenant_id, created_at=now)
        sealed = vault.seal(_place(tenant_id, str(connection.id)), details.secret)
        connection.tenant_name = tenant_name or connection.tenant_name
        connection.cloud, connection.ca_pem = details.cloud, details.ca_pem
        connection.authority, connection.graph = details.authority, details.graph
        connection.client_id, connection.method = details.client_id, details.method
        connection.sealed_key, connection.sealed_secret = sealed.key, sealed.secret
        connection.state, connection.reason, connection.state_since = Connection.State.ACTIVE, "", now
        connection.save()
    return connection


def of_tenant(tenant: str | None) -> Connection:
    """The connection named by tenant id, domain-free; without a name the only one there is.

    Errors: AskAdmin when there is none, or several and none was named.
    """
    known = Connection.objects.exclude(state=Connection.State.DISCONNECTED).order_by("created_at")
    if tenant is not None:
        connection = known.filter(tenant_id=tenant.strip().lower()).first()
        if connection is None:
            raise _wrong("tenant_unknown", f"No connection to the tenant {tenant}. {_known(list(known))}")
        return connection
    found = list(known[:2])
    if not found:
        raise AskAdmin(
            code="not_connected",
            sentence="No tenant is connected yet. Connect one with: "
            "seatwise connect --tenant ID --client-id ID --secret-file FILE, "
            "or read exported sign-in logs with: seatwise import FILES",
        )
    if len(found) > 1:
        raise _wrong("tenant_unnamed", f"Several tenants are connected; name one with --tenant. {_known(list(known))}")
    return found[0]


def places(tenant_id: str) -> Places:
    return Places(Path(settings.DATA), tenant_id)


def reached(connection: Connection) -> AbstractAsyncContextManager[Graph]:
    """Microsoft Graph as this connection may see it, until the block ends.

    Call it outside of async code: the credential is unsealed here. Errors: those of `vault.unseal`.
    """
    place = _place(connection.tenant_id, str(connection.id))
    secret = vault.unseal(place, vault.Sealed(bytes(connection.sealed_key), bytes(connection.sealed_secret)))
    details = Details(connection.tenant_id, connection.client_id, Connection.Method(connection.method), secret)
    return _reached(connection, _credential(connection.tenant_id, details))


@asynccontextmanager
async def _reached(connection: Connection, credential: auth.Credential) -> AsyncIterator[Graph]:
    with _cloud(connection.cloud, connection.authority, connection.graph, connection.ca_pem) as cloud:
        async with Graph(cloud, auth.TokenSource(cloud, credential)) as graph:
            yield graph


def _credential(tenant: str, details: Details) -> auth.Credential:
    if details.method == Connection.Method.CERTIFICATE:
        return auth.Credential(tenant_id=tenant, client_id=details.client_id, certificate=details.secret)
    return auth.Credential(tenant_id=tenant, client_id=details.client_id, secret=details.secret)


@contextmanager
def _cloud(name: str, authority: str, graph: str, ca_pem: str) -> Iterator[clouds.Cloud]:
    """The cloud by its name, or the custom one, whose trusted certificates lie in a file while it is used."""
    if not graph:
        yield clouds.named(name)
    elif not ca_pem:
        yield clouds.custom(graph, authority, None)
    else:
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(ca_pem)
            file.flush()
            yield clouds.custom(graph, authority, Path(file.name))


def _place(tenant_id: str, connection_id: str) -> str:
    return f"{tenant_id}|{connection_id}|credential"


def _known(connections: list[Connection]) -> str:
    names = ", ".join(f"{connection.tenant_id} ({connection.tenant_name})" for connection in connections)
    return f"Connected: {names}." if names else "None is connected."


def _wrong(code: str, sentence: str) -> AskAdmin:
    return AskAdmin(code=code, sentence=sentence)
