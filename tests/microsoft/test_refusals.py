"""What an answer other than a page means is decided by status and code."""

from __future__ import annotations

import json

import pytest

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, Skip, TryLater
from seatwise.microsoft import refusals

PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
MISSING = "Authentication_MSGraphPermissionMissing"


def body(code: str, message: str = "") -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "innerError": {"request-id": "5d0f"}}}).encode()


@pytest.mark.parametrize(
    ("status", "code", "message", "family", "expected"),
    [
        (400, "Request_BadRequest", "Could not find a property named 'x'", Broken, "request_refused"),
        (400, "Directory_ExpiredPageToken", "", TryLater, "page_token_expired"),
        (400, "DirectoryPageTokenNotFoundException", "", TryLater, "page_token_expired"),
        (400, "UnknownError", "Token not found: token is either invalid or expired", TryLater, "page_token_expired"),
        (400, "UnknownError", "Invalid Skip Token", TryLater, "page_token_expired"),
        (401, "InvalidAuthenticationToken", "", AskAdmin, "token_refused"),
        (403, "Authorization_RequestDenied", "Insufficient privileges", AskAdmin, "permission_missing"),
        (403, MISSING, "required permission(s): AuditLog.Read.All to call", AskAdmin, "permission_missing"),
        (403, PREMIUM, "", AskAdmin, "premium_missing"),
        (403, "Authentication_RequestFromUnsupportedUserRole", "", AskAdmin, "role_missing"),
        (404, "Request_ResourceNotFound", "", Skip, "not_found"),
        (410, "resyncRequired", "", TryLater, "page_token_expired"),
        (429, "TooManyRequests", "", TryLater, "throttled"),
        (500, "InternalServerError", "", TryLater, "service_error"),
        (501, "NotImplemented", "", Broken, "request_refused"),
        (503, "serviceNotAvailable", "", TryLater, "service_error"),
        (504, "GatewayTimeout", "", TryLater, "too_slow"),
        (509, "", "", TryLater, "service_error"),
        (415, "", "", Broken, "request_refused"),
    ],
)
def test_each_refusal_has_its_family(
    status: int, code: str, message: str, family: type[SeatwiseError], expected: str
) -> None:
    error = refusals.refusal(status, {"request-id": "5d0f"}, body(code, message), "/v1.0/users")
    assert type(error) is family
    assert error.code == expected
    assert "5d0f" in error.detail and "/v1.0/users" in error.detail


def test_the_permission_is_named_when_microsoft_names_it() -> None:
    message = "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API."
    assert refusals.refusal(403, {}, body(MISSING, message), "/x").permission == "AuditLog.Read.All"


def test_a_claims_challenge_is_not_a_worn_token() -> None:
    headers = {"www-authenticate": 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3M"'}
    assert refusals.refusal(401, headers, None, "/x").code == "claims_challenge"


@pytest.mark.parametrize("odd", [None, b"", b"<html>", b"[]", b'{"error": "text"}', b"\xff", b'{"error":{"code":7}}'])
def test_any_body_will_do(odd: bytes | None) -> None:
    assert refusals.refusal(503, {"retry-after": "9"}, odd, "/x").code == "service_error"


def test_retry_after_is_kept() -> None:
    error = refusals.refusal(429, {"retry-after": "9"}, None, "/x")
    assert isinstance(error, TryLater) and error.wait_s == 9.0
