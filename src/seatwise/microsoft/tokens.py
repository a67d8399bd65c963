"""Who we are towards a tenant, and what Microsoft gave us for it: credentials and tokens, masked when shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from seatwise.base.errors import AskAdmin
from seatwise.microsoft import aadsts, certificates

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
ANY_ORGANIZATION = "organizations"
"""In the place of a tenant while it is unknown whose account will sign in. Not `common`: no personal accounts."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token for Graph.

    roles:    what was granted: application permissions, or the person's scopes when is_delegated.
    ends_at:  monotonic seconds.
    wids:     template ids of the directory roles in the token; for a person they tell whether they may read logs.
    """

    value: str = field(repr=False)
    roles: frozenset[str]
    tenant_id: str
    ends_at: float
    is_delegated: bool = False
    wids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person's sign-in, or its renewal, gave. refresh_token, id_token: empty when there came none."""

    token: Token
    refresh_token: str = field(repr=False)
    id_token: str = field(repr=False)


class Renewals(Protocol):
    """Keeps a person's refresh token, and lets one process at a time use it."""

    def renewed(self, ask: Callable[[str], Granted], refused: str) -> Token:
        """A good token: the one another process has just fetched, else a new one.

        ask:      asks Microsoft with a refresh token.
        refused:  value of a token that Graph does not take; empty when none was refused.
        """


@dataclass(frozen=True, slots=True)
class Credential:
    """Who we are towards one tenant.

    tenant_id:    id or verified domain, or `organizations` before it is known.
    secret:       the client secret's value; or
    certificate:  certificate and private key as PEM text.
    renewals:     given when we act for a person who signed in, None when the app acts for itself.
    Errors:       AskAdmin when one of them cannot be right; nothing was sent then.
    """

    tenant_id: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)
    renewals: Renewals | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        is_tenant = GUID.fullmatch(self.tenant_id) or _DOMAIN.fullmatch(self.tenant_id)
        if not is_tenant and self.tenant_id != ANY_ORGANIZATION:
            raise AskAdmin(
                code="tenant_wrong",
                sentence="The tenant is neither an id nor a domain. Copy the Directory (tenant) ID from the overview.",
            )
        if not GUID.fullmatch(self.client_id):
            raise AskAdmin(
                code="client_id_wrong",
                sentence="The client id is not a GUID. Copy the Application (client) ID from the overview.",
            )
        if self.secret is not None and GUID.fullmatch(self.secret.strip()):
            raise AskAdmin(code=aadsts.SECRET_IS_ID.code, sentence=aadsts.SECRET_IS_ID.sentence)
        if self.certificate:
            certificates.checked(self.certificate)
        elif not self.secret:
            raise AskAdmin(
                code="credential_missing",
                sentence="There is neither a secret nor a certificate. Give one of them.",
            )

    def for_msal(self) -> Any:
        if self.certificate:
            # Without a thumbprint MSAL computes the SHA-256 one and signs with PS256.
            return {"private_key": self.certificate, "public_certificate": self.certificate}
        return self.secret


def claims(token: str) -> dict[str, Any] | None:
    """The claims of a token, unverified: Graph judges it, we only look at what was granted and where."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
