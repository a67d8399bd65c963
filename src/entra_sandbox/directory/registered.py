"""The app registrations made here as `/applications(appId='…')` shows them, with the ends of their secrets.

The world's lists stay the world's: a registration of a test is not one more app of the company.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from entra_sandbox.directory.index import Index
from entra_sandbox.registrations import Registration


@dataclass(frozen=True)
class Registered:
    """What an Application of the world has, and its credentials."""

    id: str
    app_id: str
    display_name: str
    sign_in_audience: str
    publisher_domain: str | None
    tags: tuple[str, ...]
    created_at: datetime
    redirect_uris: tuple[str, ...]
    home_page_url: str | None
    identifier_uris: tuple[str, ...]
    password_credentials: tuple[dict[str, Any], ...]
    key_credentials: tuple[dict[str, Any], ...]


def registered(index: Index, app_id: str) -> Registered | None:
    registration = index.state.registrations.get(app_id)
    if registration is None:
        return None
    return Registered(
        registration.object_id,
        registration.client_id,
        registration.name,
        "AzureADMultipleOrgs" if registration.multi_tenant else "AzureADMyOrg",
        index.tenant.domain,
        (),
        datetime.fromtimestamp(registration.created_at, UTC),
        tuple(registration.redirect_uris),
        None,
        (),
        tuple(_passwords(registration)),
        tuple(_keys(registration)),
    )


def _passwords(registration: Registration) -> list[dict[str, Any]]:
    """hint: the first three characters, which is all that Microsoft tells again."""
    return [
        {
            "customKeyIdentifier": None,
            "displayName": "Secret",
            "endDateTime": _time(secret.expires_at),
            "hint": secret.value[:3],
            "keyId": secret.id,
            "secretText": None,
            "startDateTime": _time(registration.created_at),
        }
        for secret in registration.secrets
    ]


def _keys(registration: Registration) -> list[dict[str, Any]]:
    found = []
    for pem in registration.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        ends_at = certificate.not_valid_after_utc
        found.append({"type": "AsymmetricX509Cert", "usage": "Verify", "endDateTime": _time(ends_at.timestamp())})
    return found


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
