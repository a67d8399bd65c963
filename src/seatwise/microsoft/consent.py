"""The trip of a browser to Microsoft and back: addresses to send it to, and what proves that the return is ours.

Source: Microsoft identity platform, "v2-oauth2-auth-code-flow" and "v2-admin-consent"; RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.id_tokens import PERSONAL_TENANT, Claims, checked

__all__ = [
    "PERSONAL_TENANT",
    "Claims",
    "Pkce",
    "admin_consent_address",
    "authorize_address",
    "checked",
    "digest",
    "is_digest_of",
    "pkce",
    "random_word",
]

_OIDC = ("openid", "profile", "offline_access")


@dataclass(frozen=True, slots=True)
class Pkce:
    """The verifier stays here, sealed; only its challenge travels through the browser."""

    verifier: str = field(repr=False)
    challenge: str


def pkce() -> Pkce:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return Pkce(verifier, challenge)


def random_word() -> str:
    """256 bits that nobody guesses: for `state` and `nonce`."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256, hexadecimal: what is kept of a word that only the browser may know."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_digest_of(known: str, text: str) -> bool:
    return hmac.compare_digest(known, digest(text))


def authorize_address(
    cloud: Cloud,
    tenant: str,
    client_id: str,
    redirect_uri: str,
    permissions: Iterable[str],
    *,
    state: str,
    nonce: str,
    challenge: str,
    prompt: str = "select_account",
) -> str:
    """Where a person signs in and consents. permissions: names of Graph's delegated permissions."""
    params = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "response_mode": "query",
        "scope": " ".join((*_OIDC, *(f"{cloud.graph}/{name}" for name in permissions))),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": prompt,
    }
    return f"{cloud.pages}/{quote(tenant, safe='')}/oauth2/v2.0/authorize?{urlencode(params)}"


def admin_consent_address(cloud: Cloud, tenant: str, client_id: str, redirect_uri: str, *, state: str) -> str:
    """Where an administrator lets the app in with all the application permissions its registration lists."""
    params = {"client_id": client_id, "scope": cloud.scope, "redirect_uri": redirect_uri, "state": state}
    return f"{cloud.pages}/{quote(tenant, safe='')}/v2.0/adminconsent?{urlencode(params)}"
