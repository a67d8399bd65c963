"""Whether an id token is Microsoft's, for us, for this sign-in and still fresh; and what it says about the person.

Source: Microsoft identity platform, "id-tokens" and "claims-validation"; OpenID Connect Core 1.0, 3.1.3.7.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatwise.base.errors import AskAdmin
from seatwise.microsoft.tokens import GUID

PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
SKEW_S = 300


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in. A person is known by (tenant_id, oid); account and name are text that changes."""

    tenant_id: str
    account: str
    oid: str
    nonce: str
    name: str = ""


def checked(token: str, keys: Iterable[Mapping[str, Any]], issuer: str, client_id: str, now: datetime) -> Claims:
    """The claims, once signature, issuer, audience and times were found good. The nonce is the caller's to compare.

    issuer:  as the cloud's discovery document has it, with `{tenantid}` where the tenant belongs.
    Errors:  AskAdmin `id_token_wrong`; `personal_account` when the person is of no organisation.
    """
    header, claims, signed, signature = _parts(token)
    if header.get("alg") != "RS256":
        raise _wrong("algorithm")
    key = _key(keys, str(header.get("kid", "")))
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise _wrong("signature") from None
    tenant_id = str(claims.get("tid", "")).lower()
    if not GUID.fullmatch(tenant_id):
        raise _wrong("tenant")
    if str(claims.get("iss", "")) != issuer.replace("{tenantid}", tenant_id):
        raise _wrong("issuer")
    if claims.get("aud") != client_id:
        raise _wrong("audience")
    _check_times(claims, now.timestamp())
    if tenant_id == PERSONAL_TENANT:
        raise AskAdmin(
            code="personal_account",
            sentence="This is a personal Microsoft account, which belongs to no organisation. "
            "Sign in with a work account of the company you want to connect.",
        )
    account = str(claims.get("preferred_username") or claims.get("upn") or "")
    return Claims(
        tenant_id, account, str(claims.get("oid", "")), str(claims.get("nonce", "")), str(claims.get("name", ""))
    )


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        parts = header, claims, f"{head}.{body}".encode("ascii"), _decoded(signature)
    except (ValueError, binascii.Error, UnicodeError, RecursionError) as error:
        raise _wrong(f"form: {type(error).__name__}") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _wrong("form")
    return parts


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key(keys: Iterable[Mapping[str, Any]], kid: str) -> rsa.RSAPublicKey:
    """The signing key of that name. Keys of another purpose or kind never count."""
    for key in keys:
        if kid and key.get("kid") == kid and key.get("kty") == "RSA" and key.get("use", "sig") == "sig":
            try:
                n, e = (int.from_bytes(_decoded(str(key[part]))) for part in ("n", "e"))
                return rsa.RSAPublicNumbers(e, n).public_key()
            except (KeyError, ValueError, binascii.Error):
                raise _wrong("published key") from None
    raise _wrong("key")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    ends, begins = claims.get("exp"), claims.get("nbf", claims.get("iat", 0))
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        raise _wrong("times")
    if now > ends + SKEW_S:
        raise _wrong("expired")
    if now < begins - SKEW_S:
        raise _wrong("not valid yet")


def _wrong(what: str) -> AskAdmin:
    return AskAdmin(
        code="id_token_wrong",
        sentence="The answer of the sign-in could not be proved to come from Microsoft for this sign-in, so it was "
        "thrown away and nothing was stored. Start the sign-in again; if it happens twice, check this machine's clock.",
        detail=f"id token: {what}",
    )
