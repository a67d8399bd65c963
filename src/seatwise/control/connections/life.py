"""A connection's later life: another secret in the old one's place, and the end."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import audit, vault
from seatwise.control.connections import examining, expiry, making, whereabouts
from seatwise.control.connections.details import Details, checked
from seatwise.control.connections.reach import CREDENTIAL, credential_of_details, places, tried_with
from seatwise.control.models import Connection, Person, Run
from seatwise.microsoft import certificates
from seatwise.sync.lock import alone

_OWN = (Connection.Method.SECRET, Connection.Method.CERTIFICATE)
_WAIT_S = 20.0


@dataclass(frozen=True)
class Step:
    """One thing to do in the Entra admin centre. address: a link to the very page, empty where there is none."""

    sentence: str
    address: str = ""


@dataclass(frozen=True)
class Farewell:
    """What was done, and what only people at Microsoft's pages can do."""

    tenant_name: str
    is_erased: bool
    steps: tuple[Step, ...]


def swap_credential(
    by: Person | None,
    connection: Connection,
    *,
    secret: str = "",
    with_certificate: bool = False,
    ends_on: date | None = None,
) -> Connection:
    """A new secret, or the certificate that waits, in place of the old one, which stays until the new has worked.

    Errors: AskAdmin, TryLater with the reason; the old one serves on then.
    """
    if connection.method not in _OWN:
        raise AskAdmin(
            code="swap_not_ours",
            sentence="This connection uses this install's app registration and has no secret of its own. "
            "Sign in again to renew it, or change the registration's secret.",
        )
    clear = making.pending_pem(connection.workspace) if with_certificate else secret.strip()
    method = Connection.Method.CERTIFICATE if with_certificate else Connection.Method.SECRET
    details = checked(Details(connection.tenant_id, connection.client_id, method, clear, connection.cloud))
    trial = asyncio.run(tried_with(whereabouts.of(connection), credential_of_details(details.tenant, details)))
    if trial.tenant_id != connection.tenant_id:
        raise AskAdmin(code="tenant_other", sentence="The new secret belongs to another tenant. Nothing was changed.")
    with transaction.atomic():
        # The connection's row first, here and everywhere, so that two who change it wait and never lock each other.
        Connection.objects.select_for_update().get(pk=connection.pk)
        version = vault.store(connection.id, connection.tenant_id, CREDENTIAL, clear)
        if with_certificate:
            public = certificates.public(clear)
            hint, ends_at = public.thumbprint[:8], public.ends_at
        else:
            hint, ends_at = clear[-4:], None
        Connection.objects.filter(pk=connection.pk).update(method=method, secret_hint=hint, credential_ends_at=ends_at)
        vault.drop(connection.id, CREDENTIAL, below=version)
    connection.refresh_from_db()
    if with_certificate:
        vault.drop(connection.workspace_id, making.PENDING)
    if ends_on is not None:
        expiry.set_expiry(by, connection, ends_on)
    elif expiry.read_from_microsoft(connection) is None and not with_certificate:
        connection.refresh_from_db()
    audit.note(
        "credential.swapped",
        person=by,
        workspace=connection.workspace,
        tenant_id=connection.tenant_id,
        detail={"way": str(method)},
    )
    examining.test(connection)
    return connection


def disconnect(by: Person | None, connection: Connection, erase: bool) -> Farewell:
    """Wipes the credential and stops the schedule; erases what was read, if told to.

    Errors: those of the vault when it is locked; AskAdmin sync_running when a sync does not let go of the data.
    """
    workspace, tenant_id = connection.workspace, connection.tenant_id
    farewell = Farewell(connection.tenant_name, erase, clean_up_steps(connection))
    now = clock.wall()
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(
            state=Connection.State.DISCONNECTED,
            state_since=now,
            code="",
            reason="",
            next_step="connect",
            next_sync_at=None,
            failing_since=None,
            checks=[],
            secret_hint="",
            account="",
            credential_ends_at=None,
            lease_holder="",
            lease_until=None,
        )
        vault.shred(connection.id)
        vault.drop(workspace.id, making.PENDING)
        runs = Run.objects.filter(tenant_id=tenant_id)
        runs.filter(state=Run.State.WAITING).update(state=Run.State.CANCELLED, ended_at=now)
        runs.filter(state=Run.State.RUNNING, cancel_asked_at__isnull=True).update(cancel_asked_at=now)
    audit.note(
        "connection.disconnected",
        person=by,
        workspace=workspace,
        tenant_id=tenant_id,
        subject=connection.tenant_name,
        detail={"erased": erase},
    )
    connection.refresh_from_db()
    if erase:
        _erase(tenant_id)
        with transaction.atomic():
            Run.objects.filter(tenant_id=tenant_id).delete()
            Connection.objects.filter(pk=connection.pk).delete()
            workspace.tenant_id = None
            workspace.save(update_fields=["tenant_id"])
    return farewell


def clean_up_steps(connection: Connection) -> tuple[Step, ...]:
    """How the tenant takes back at Microsoft what it gave. The address leads into the right cloud's admin centre."""
    base, client_id = whereabouts.portal(connection.cloud), connection.client_id
    app = f"{base}/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Properties/appId/{client_id}" if base else ""
    keys = f"{base}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/{client_id}"
    steps = [
        Step(
            f"Open Enterprise applications, find the application {client_id}, and delete it under Properties: "
            "that ends every permission it was granted.",
            app,
        )
    ]
    if connection.method in _OWN:
        what = "certificate" if connection.method == Connection.Method.CERTIFICATE else "client secret"
        steps.append(
            Step(
                f"Open App registrations, and delete the {what} under Certificates & secrets, or the registration.",
                keys if base else "",
            )
        )
    elif connection.method == Connection.Method.DELEGATED and connection.account:
        steps.append(
            Step(
                f"To end the sign-in at once, open Users, choose {connection.account}, and press Revoke sessions. "
                "That signs the person out everywhere.",
                f"{base}/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers" if base else "",
            )
        )
    return tuple(steps)


def _erase(tenant_id: str) -> None:
    """Deletes the tenant's folder, once no sync writes into it. Errors: AskAdmin sync_running."""
    until = time.monotonic() + _WAIT_S
    where = places(tenant_id)
    while True:
        try:
            with alone(where):
                shutil.rmtree(where.home)
            return
        except AskAdmin as error:
            if error.code != "sync_running" or time.monotonic() > until:
                raise
            time.sleep(0.2)
