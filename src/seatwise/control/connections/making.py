"""Makes a connection, or renews it in place: tested with Microsoft first, then sealed, then looked at whole."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit, vault
from seatwise.control.connections import examining, expiry, renewing, whereabouts
from seatwise.control.connections.details import Details, checked
from seatwise.control.connections.reach import (
    CREDENTIAL,
    Trial,
    credential_of_details,
    tried_with,
    whereabouts_of,
)
from seatwise.control.connections.whereabouts import Whereabouts
from seatwise.control.models import Connection, Person, Workspace
from seatwise.microsoft import certificates

PENDING = "pending_certificate"
_WORDS = re.compile(r"[^A-Za-z0-9 ._-]")


@dataclass(frozen=True)
class PendingCertificate:
    """The public part of a certificate that waits to be used. thumbprint: as Microsoft's pages show it."""

    pem: str
    der: bytes
    thumbprint: str
    ends_at: datetime


@dataclass(frozen=True)
class Making:
    """What is about to become a connection.

    seal:  seals the credential; called in the transaction that writes the connection.
    """

    where: Whereabouts
    trial: Trial
    client_id: str
    method: Connection.Method
    seal: Callable[[Connection], None]
    account: str = ""
    hint: str = ""
    ends_at: datetime | None = None


def connect_with_secret(by: Person | None, workspace: Workspace, details: Details) -> Connection:
    """Errors: AskAdmin or TryLater with the reason; nothing is stored then."""
    details = checked(replace(details, method=Connection.Method.SECRET))
    where = whereabouts_of(details)
    audit.note("connect.started", person=by, workspace=workspace, subject=details.client_id, detail={"way": "secret"})
    trial = asyncio.run(tried_with(where, credential_of_details(details.tenant, details)))
    return _connected(by, workspace, _making(details, where, trial))


def make_certificate(workspace: Workspace) -> tuple[str, str]:
    """A fresh key, sealed, waiting to be used; the public certificate as PEM and its thumbprint, to be uploaded."""
    pem = certificates.make(f"Seatwise {_WORDS.sub('', workspace.name)}".strip(), clock.wall())
    version = vault.store(workspace.id, "install", PENDING, pem)
    vault.drop(workspace.id, PENDING, below=version)
    found = certificates.public(pem)
    return found.pem, found.thumbprint


def pending_certificate(workspace: Workspace) -> PendingCertificate | None:
    """The certificate made for this workspace that no connection uses yet."""
    if not vault.versions(workspace.id, PENDING):
        return None
    found = certificates.public(vault.fetch(workspace.id, PENDING))
    return PendingCertificate(found.pem, found.der, found.thumbprint, found.ends_at)


def connect_with_certificate(
    by: Person | None, workspace: Workspace, tenant: str, client_id: str, cloud: str = "global"
) -> Connection:
    """Connects with the certificate made before. Errors: as `connect_with_secret`; the certificate keeps waiting."""
    pem = pending_pem(workspace)
    details = checked(Details(tenant, client_id, Connection.Method.CERTIFICATE, pem, cloud))
    where = whereabouts_of(details)
    audit.note(
        "connect.started", person=by, workspace=workspace, subject=details.client_id, detail={"way": "certificate"}
    )
    trial = asyncio.run(tried_with(where, credential_of_details(details.tenant, details)))
    connection = _connected(by, workspace, _making(details, where, trial))
    vault.drop(workspace.id, PENDING)
    return connection


def pending_pem(workspace: Workspace) -> str:
    """Errors: AskAdmin when none was made, it has expired, or this machine's clock is off."""
    if not vault.versions(workspace.id, PENDING):
        raise AskAdmin(
            code="certificate_none",
            sentence="No certificate has been made yet. Make one, upload its public part to the app registration, "
            "then connect.",
        )
    pem = vault.fetch(workspace.id, PENDING)
    certificates.check_times(pem)
    return pem


def reconnect(by: Person | None, connection: Connection, details: Details) -> Connection:
    """The same connection with other details: identity, data and schedule stay. Another tenant is refused."""
    if details.method == Connection.Method.CERTIFICATE:
        return connect_with_certificate(by, connection.workspace, details.tenant, details.client_id, details.cloud)
    return connect_with_secret(by, connection.workspace, details)


def stored(details: Details, trial: Trial) -> Connection:
    """The connection of this tenant, made or replaced, to be looked at next; a workspace is made when none has it."""
    with transaction.atomic():
        workspace = access.open_workspace(trial.tenant_id, trial.tenant_name)
        return kept(None, workspace, _making(details, whereabouts_of(details), trial))


def _making(details: Details, where: Whereabouts, trial: Trial) -> Making:
    def seal(connection: Connection) -> None:
        version = vault.store(connection.id, trial.tenant_id, CREDENTIAL, details.secret)
        vault.drop(connection.id, CREDENTIAL, below=version)
        vault.drop(connection.id, renewing.REFRESH)
        vault.drop(connection.id, renewing.ACCESS)

    if details.method == Connection.Method.CERTIFICATE:
        public = certificates.public(details.secret)
        return Making(
            where,
            trial,
            details.client_id,
            details.method,
            seal,
            hint=public.thumbprint[:8],
            ends_at=public.ends_at,
        )
    return Making(where, trial, details.client_id, details.method, seal, hint=details.secret[-4:])


def _connected(by: Person | None, workspace: Workspace, making: Making) -> Connection:
    return looked_at(by, kept(by, workspace, making))


def looked_at(by: Person | None, connection: Connection) -> Connection:
    """The new connection after its first test: active, degraded, or in error with the reason."""
    examining.test(connection)
    expiry.read_from_microsoft(connection)
    audit.note(
        "connection.connected",
        person=by,
        workspace=connection.workspace,
        tenant_id=connection.tenant_id,
        subject=connection.tenant_name,
        detail={"way": connection.method, "state": connection.state},
    )
    return connection


def kept(by: Person | None, workspace: Workspace, making: Making) -> Connection:
    """The connection written down with its sealed credential. Errors: AskAdmin tenant_other, tenant_taken."""
    now, tenant_id = clock.wall(), making.trial.tenant_id
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
        check_tenant(workspace, tenant_id)
        old = Connection.objects.select_for_update().filter(workspace=workspace).first()
        connection = old or Connection(workspace=workspace, tenant_id=tenant_id, created_at=now, state_since=now)
        if connection.state == Connection.State.DISCONNECTED or old is None:
            connection.state, connection.state_since = Connection.State.CONNECTING, now
            connection.code, connection.reason, connection.next_step = "", "", "wait"
        whereabouts.write_down(making.where, connection)
        connection.client_id, connection.method = making.client_id, making.method
        connection.tenant_name = making.trial.tenant_name or connection.tenant_name
        connection.domains = list(making.trial.domains) or connection.domains
        connection.account, connection.secret_hint = making.account[:254], making.hint
        connection.credential_ends_at = making.ends_at
        connection.connected_by = by or connection.connected_by
        # The schedule starts the first sync, also when the page was closed.
        connection.next_sync_at = now + timedelta(seconds=1)
        connection.failing_since = None
        # Whoever renews the sign-in that was there before keeps nothing of what it gets.
        connection.lease_fence += 1
        connection.lease_holder, connection.lease_until = "", None
        connection.save()
        making.seal(connection)
        if workspace.tenant_id is None:
            workspace.tenant_id = tenant_id
            workspace.save(update_fields=["tenant_id"])
    connection.workspace = workspace
    return connection


def check_tenant(workspace: Workspace, tenant_id: str) -> None:
    """Errors: AskAdmin when the workspace holds another tenant, or another workspace holds this one."""
    if workspace.tenant_id not in (None, tenant_id):
        raise AskAdmin(
            code="tenant_other",
            sentence=f"This company belongs to the tenant {workspace.tenant_id}, and another one signed in "
            f"({tenant_id}). Nothing was changed. Sign in with an account of the same company, or add another company "
            "for the other tenant.",
        )
    if Workspace.objects.exclude(pk=workspace.pk).filter(tenant_id=tenant_id).exists():
        raise AskAdmin(
            code="tenant_taken",
            sentence="This tenant is connected to another company of this install. "
            "Ask its owner to invite you there; nothing was changed here.",
        )
