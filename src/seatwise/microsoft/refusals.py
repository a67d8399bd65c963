"""What an answer of Graph other than a page means: whose turn it is next.

Decided by the status and the error code, never by the wording, which changes.
Source: Microsoft Graph, "error responses and resource types" and the pages of the resources we read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, Skip, TryLater
from seatwise.base.logs import masked
from seatwise.microsoft import limits

RETRIED = frozenset({408, 429, 500, 502, 503, 504, 509})
_EXPIRED_TOKENS = frozenset({"Directory_ExpiredPageToken", "DirectoryPageTokenNotFoundException"})
_EXPIRED_WORDS = re.compile(r"page token|skip ?token|token not found", re.IGNORECASE)
_CLAIMS = re.compile(r"""\bclaims=(?:"([^"]{0,16384})"|([^\s,"]{1,16384}))""", re.IGNORECASE)
_PERMISSION = re.compile(r"\b[A-Z][A-Za-z]+(?:\.[A-Za-z]+)+\.All\b")


@dataclass(frozen=True, slots=True)
class Said:
    """The error of an answer. code: the innermost one known, empty when the body holds none."""

    code: str
    message: str


def said(body: bytes | Mapping[str, Any] | None) -> Said:
    """The error inside a body, whatever it is."""
    try:
        document = msgspec.json.decode(body) if isinstance(body, bytes) else body
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Said("", "")
    error = document.get("error", document) if isinstance(document, Mapping) else None
    if not isinstance(error, Mapping):
        return Said("", "")
    return Said(str(error.get("code") or ""), str(error.get("message") or ""))


def refusal(status: int, headers: Mapping[str, str], body: bytes | None, where: str) -> SeatwiseError:
    """The error that a status other than 2xx means.

    headers:  names in lower case.
    where:    what was asked for, for the log: path without options.
    """
    error = said(body)
    request = headers.get("request-id", "")
    detail = masked(f"{where}: {status} {error.code} {error.message[:300]} request-id {request}").strip()
    if status in RETRIED or status >= 500:
        return _later(status, headers, error, detail)
    if status == 401:
        return _unauthorized(headers, detail)
    if status == 403:
        return _forbidden(error, detail)
    if status == 404:
        return Skip(code="not_found", sentence="Microsoft no longer knows what was asked for.", detail=detail)
    if status == 410 or error.code in ("resyncRequired", "syncStateNotFound"):
        return _expired(detail)
    if status == 400 and (error.code in _EXPIRED_TOKENS or _EXPIRED_WORDS.search(error.message)):
        return _expired(detail)
    return Broken(
        code="request_refused",
        sentence="Microsoft did not accept a request of ours. Nothing was changed; update Seatwise or report this.",
        detail=detail,
    )


def challenge(headers: Mapping[str, str]) -> str | None:
    """The claims a new token must meet, as JSON text for the token endpoint; None when a 401 names none.

    Source: Microsoft identity platform, "claims challenges": `claims` in WWW-Authenticate holds JSON in base64.
    """
    found = _CLAIMS.search(headers.get("www-authenticate", ""))
    told = (found.group(1) or found.group(2) or "") if found else ""
    for text in (told.encode(), _from_base64(told)):
        try:
            if isinstance(msgspec.json.decode(text), dict):
                return text.decode()
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
    return None


def challenged(detail: str) -> AskAdmin:
    return AskAdmin(
        code="claims_challenge",
        sentence="A policy of the tenant asks for a new sign-in of the app, and a new token did not satisfy it. "
        "Check Conditional Access for workload identities, or connect the tenant again, then run sync again.",
        detail=detail,
    )


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _later(status: int, headers: Mapping[str, str], error: Said, detail: str) -> SeatwiseError:
    wait_s = limits.retry_after(headers)
    if status == 429:
        return TryLater(
            code="throttled",
            sentence="Microsoft asks us to slow down. No data is lost; run sync again later to read the rest.",
            detail=detail,
            wait_s=wait_s,
        )
    if status == 501:
        return Broken(
            code="request_refused",
            sentence="Microsoft does not offer what we asked for. Nothing was changed; update Seatwise or report this.",
            detail=detail,
        )
    return TryLater(
        code="too_slow" if status == 504 else "service_error",
        sentence="Microsoft's service had an error. What was read is kept; run sync again later to read the rest.",
        detail=detail,
        wait_s=wait_s,
    )


def _unauthorized(headers: Mapping[str, str], detail: str) -> AskAdmin:
    if _CLAIMS.search(headers.get("www-authenticate", "")):
        return challenged(detail)
    return AskAdmin(
        code="token_refused",
        sentence="Microsoft Graph does not accept the app's token. "
        "Check that the cloud is right and that the app is enabled, then connect again.",
        detail=detail,
    )


def _forbidden(error: Said, detail: str) -> AskAdmin:
    if error.code == "Authentication_RequestFromNonPremiumTenantOrB2CTenant":
        return AskAdmin(
            code="premium_missing",
            sentence="Microsoft says that the tenant has no Entra ID P1 licence, which sign-in logs need. "
            "Import exported sign-in logs, or buy one P1 licence.",
            detail=detail,
        )
    if error.code == "Authentication_RequestFromUnsupportedUserRole":
        return AskAdmin(
            code="role_missing",
            sentence="The account needs a role that may read logs. Give it Reports Reader, then run sync again.",
            detail=detail,
        )
    named = _PERMISSION.search(error.message) if error.code == "Authentication_MSGraphPermissionMissing" else None
    return AskAdmin(
        code="permission_missing",
        sentence="The app may not read this. Grant the missing permission with admin consent, then run sync again.",
        detail=detail,
        permission=named.group() if named else None,
    )


def _expired(detail: str) -> TryLater:
    return TryLater(
        code="page_token_expired",
        sentence="Microsoft forgot where a list was at; it is read again from its start.",
        detail=detail,
    )
