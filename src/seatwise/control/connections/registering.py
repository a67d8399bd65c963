"""The app registration of this install, which people sign in to: from the environment, or asked for once a cloud."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.db import transaction

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import audit, vault
from seatwise.control.connections import whereabouts
from seatwise.control.models import Person, Registration
from seatwise.microsoft import auth, certificates
from seatwise.microsoft.clouds import SANDBOX, sandbox_facts
from seatwise.microsoft.login import Login
from seatwise.microsoft.tokens import ANY_ORGANIZATION

SECRET, CERTIFICATE = "secret", "certificate"
_RIGHT_SECRET = frozenset({"access_ended", "sign_in_again", "sign_in_request", "no_permission", "consent_missing"})
"""Refusals that come after the secret was found right: the made-up code is worth nothing, or nothing is granted."""


@dataclass(frozen=True)
class RegistrationFacts:
    """What a page may show. tenant: empty for a registration that every organisation may use."""

    cloud: str
    client_id: str
    tenant: str
    source: Literal["database", "environment", "sandbox"]
    is_certificate: bool = False

    @property
    def sign_in_tenant(self) -> str:
        return self.tenant or ANY_ORGANIZATION


def registration(cloud: str) -> RegistrationFacts | None:
    """The one to sign in with in this cloud, None while it has to be asked for. What people set wins."""
    row = Registration.objects.filter(cloud=cloud).first()
    if row is not None:
        is_certificate = bool(vault.versions(row.id, CERTIFICATE))
        return RegistrationFacts(cloud, row.client_id, row.tenant, "database", is_certificate)
    if cloud == "global" and (told := os.environ.get("SEATWISE_ENTRA_CLIENT_ID")):
        return RegistrationFacts(cloud, told.strip().lower(), "", "environment")
    file = whereabouts.sandbox_file() if cloud == SANDBOX else None
    if file is not None:
        facts = sandbox_facts(file)
        if facts.get("client_id") and facts.get("client_secret_file"):
            return RegistrationFacts(cloud, facts["client_id"].lower(), "", "sandbox")
    return None


def needed(cloud: str) -> RegistrationFacts:
    """As `registration`. Errors: AskAdmin registration_missing."""
    found = registration(cloud)
    if found is None:
        raise AskAdmin(
            code="registration_missing",
            sentence="This install has no app registration for this cloud yet. "
            "An owner enters its client ID and secret once; then everybody connects by signing in.",
        )
    return found


def credential(cloud: str, client_id: str, tenant_id: str, renewals: auth.Renewals | None = None) -> auth.Credential:
    """Errors: AskAdmin registration_missing, or registration_changed when it is another than the connection's."""
    found = needed(cloud)
    if found.client_id != client_id.lower():
        raise AskAdmin(
            code="registration_changed",
            sentence="This install's app registration is another one now than when this tenant was connected. "
            "Connect the tenant again; its data stays.",
        )
    if found.source == "environment":
        secret = os.environ.get("SEATWISE_ENTRA_CLIENT_SECRET", "").strip()
        return auth.Credential(tenant_id, found.client_id, secret=secret or None, renewals=renewals)
    if found.source == "sandbox":
        file = whereabouts.sandbox_file()
        path = Path(sandbox_facts(file)["client_secret_file"]) if file else Path()
        return auth.Credential(tenant_id, found.client_id, secret=path.read_text("utf-8").strip(), renewals=renewals)
    row = Registration.objects.get(cloud=cloud)
    if found.is_certificate:
        pem = vault.fetch(row.id, CERTIFICATE)
        return auth.Credential(tenant_id, found.client_id, certificate=pem, renewals=renewals)
    return auth.Credential(tenant_id, found.client_id, secret=vault.fetch(row.id, SECRET), renewals=renewals)


def set_registration(
    by: Person | None, cloud: str, client_id: str, *, secret: str = "", certificate: str = "", tenant: str = ""
) -> RegistrationFacts:
    """Tests the registration, then keeps it sealed in place of an earlier one of this cloud.

    tenant:  only for a registration of a single tenant.
    Errors:  AskAdmin with the reason; nothing is stored then.
    """
    client_id, tenant = client_id.strip().lower(), tenant.strip().lower()
    where = whereabouts.named(cloud)
    told = auth.Credential(
        tenant or ANY_ORGANIZATION,
        client_id,
        secret=None if certificate else secret.strip(),
        certificate=certificate or None,
    )
    asyncio.run(asyncio.to_thread(_test, where, told))
    with transaction.atomic():
        row = Registration.objects.select_for_update().filter(cloud=cloud).first() or Registration(cloud=cloud)
        whereabouts.write_down(where, row)
        row.client_id, row.tenant, row.created_by = client_id, tenant, by
        row.save()
        field, clear = (CERTIFICATE, certificate) if certificate else (SECRET, secret.strip())
        version = vault.store(row.id, "install", field, clear)
        vault.drop(row.id, field, below=version)
        vault.drop(row.id, SECRET if certificate else CERTIFICATE)
    audit.note("registration.set", person=by, subject=client_id, detail={"cloud": cloud, "tenant": tenant})
    return needed(cloud)


def _test(where: whereabouts.Whereabouts, told: auth.Credential) -> None:
    """Whether Microsoft takes the secret.

    A registration of a single tenant asks for a token there. One for every organisation has no tenant yet that could
    be asked, so a made-up code is handed in: who comes with a wrong secret is told so before the code is looked at.
    """
    with whereabouts.opened(where) as cloud:
        login = Login(cloud, told)
        try:
            if told.tenant_id == ANY_ORGANIZATION:
                login.by_code("none", "none", "https://localhost/none")
            else:
                login.app_token()
        except SeatwiseError as error:
            if error.code not in _RIGHT_SECRET:
                raise
        finally:
            login.close()
    if told.certificate:
        certificates.check_times(told.certificate)
