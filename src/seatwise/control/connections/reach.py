"""Turns a connection into a way to ask Microsoft: its place on disk, its credential, its Graph."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from seatwise.base.errors import AskAdmin
from seatwise.control import vault
from seatwise.control.connections import registering, whereabouts
from seatwise.control.connections.details import Details
from seatwise.control.connections.renewing import Leased
from seatwise.control.connections.whereabouts import Whereabouts
from seatwise.control.models import Connection
from seatwise.lake.places import Places
from seatwise.microsoft import auth
from seatwise.microsoft.graph import Graph

CREDENTIAL = "credential"
"""The field under which a secret, or a certificate with its key, is sealed."""


@dataclass(frozen=True)
class Trial:
    """What Microsoft answered to a connection's first token, and who it says the tenant is.

    tenant_name, domains:  empty when the app may not read the tenant's own data.
    is_proved:             Graph itself named the same tenant.
    """

    tenant_id: str
    roles: frozenset[str]
    tenant_name: str = ""
    domains: tuple[str, ...] = ()
    is_proved: bool = False


async def tried(details: Details) -> Trial:
    """What the first token proves. Errors: those of `microsoft.auth`; nothing is stored."""
    return await tried_with(whereabouts_of(details), credential_of_details(details.tenant, details))


async def tried_with(where: Whereabouts, credential: auth.Credential) -> Trial:
    """A first token, and the tenant as Graph names it. Errors: AskAdmin tenant_other when the two differ."""
    with whereabouts.opened(where) as cloud:
        async with Graph(cloud, auth.TokenSource(cloud, credential)) as graph:
            token = await graph.tokens.token()
            return await _proved(graph, token)


async def proved_with(where: Whereabouts, credential: auth.Credential, token: auth.Token) -> Trial:
    """The tenant as Graph names it to the holder of a token got in another way. Errors: as `tried_with`."""
    return await tried_with(where, replace(credential, tenant_id=token.tenant_id, renewals=_Once(token)))


async def _proved(graph: Graph, token: auth.Token) -> Trial:
    try:
        answer = await graph.get_json("/organization", {"$select": "id,displayName,verifiedDomains"})
    except AskAdmin as error:
        if error.code != "permission_missing":
            raise
        return Trial(token.tenant_id, token.roles)
    rows = answer.get("value")
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    if str(row.get("id", "")).lower() != token.tenant_id:
        raise AskAdmin(
            code="tenant_other",
            sentence="Microsoft Graph answered for another tenant than the one that signed in, so nothing was stored. "
            "Check the tenant id and the cloud.",
        )
    domains = [str(one.get("name")) for one in row.get("verifiedDomains") or [] if isinstance(one, dict)]
    return Trial(token.tenant_id, token.roles, str(row.get("displayName") or ""), tuple(domains), is_proved=True)


def of_tenant(tenant: str | None) -> Connection:
    """The connection named by tenant id, domain-free; without a name the only one there is.

    Errors: AskAdmin when there is none, or several and none was named.
    """
    known = Connection.objects.exclude(state=Connection.State.DISCONNECTED).order_by("created_at")
    if tenant is not None:
        connection = known.filter(tenant_id=tenant.strip().lower()).first()
        if connection is None:
            raise AskAdmin(
                code="tenant_unknown", sentence=f"No connection to the tenant {tenant}. {_known(list(known))}"
            )
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
        raise AskAdmin(
            code="tenant_unnamed",
            sentence=f"Several tenants are connected; name one with --tenant. {_known(list(known))}",
        )
    return found[0]


def places(tenant_id: str) -> Places:
    return Places(Path(settings.DATA), tenant_id)


def reached(connection: Connection) -> AbstractAsyncContextManager[Graph]:
    """Microsoft Graph as this connection may see it, until the block ends.

    Call it outside of async code: the credential is unsealed here. Errors: those of `vault.fetch`.
    """
    return _reached(whereabouts.of(connection), credential_of(connection))


def credential_of(connection: Connection) -> auth.Credential:
    """Errors: those of `vault.fetch`; AskAdmin when the install's registration is gone."""
    method = Connection.Method(connection.method)
    if method in (Connection.Method.SECRET, Connection.Method.CERTIFICATE):
        secret = vault.fetch(connection.id, CREDENTIAL)
        return credential_of_details(
            connection.tenant_id, Details(connection.tenant_id, connection.client_id, method, secret)
        )
    if connection.state == Connection.State.DISCONNECTED:
        raise AskAdmin(
            code="secret_none", sentence="No credential is stored for this connection any more. Connect it again."
        )
    renewals = Leased(connection.id, connection.tenant_id) if method == Connection.Method.DELEGATED else None
    return registering.credential(connection.cloud, connection.client_id, connection.tenant_id, renewals)


def credential_of_details(tenant: str, details: Details) -> auth.Credential:
    if details.method == Connection.Method.CERTIFICATE:
        return auth.Credential(tenant_id=tenant, client_id=details.client_id, certificate=details.secret)
    return auth.Credential(tenant_id=tenant, client_id=details.client_id, secret=details.secret)


def whereabouts_of(details: Details) -> Whereabouts:
    if details.graph:
        return Whereabouts(details.cloud, details.authority, details.graph, "", details.ca_pem)
    return whereabouts.named(details.cloud)


@asynccontextmanager
async def _reached(where: Whereabouts, credential: auth.Credential) -> AsyncIterator[Graph]:
    with whereabouts.opened(where) as cloud:
        async with Graph(cloud, auth.TokenSource(cloud, credential)) as graph:
            yield graph


class _Once:
    """Gives one token, which was got in another way, and no other."""

    def __init__(self, token: auth.Token) -> None:
        self._token = token

    def renewed(self, ask: Callable[[str], auth.Granted], refused: str) -> auth.Token:
        if refused:
            raise AskAdmin(
                code="token_refused",
                sentence="Microsoft Graph does not accept the token of this sign-in. Check the cloud, then try again.",
            )
        return self._token


def _known(connections: list[Connection]) -> str:
    names = ", ".join(f"{connection.tenant_id} ({connection.tenant_name})" for connection in connections)
    return f"Connected: {names}." if names else "None is connected."
