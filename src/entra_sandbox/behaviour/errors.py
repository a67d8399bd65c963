"""Refusals of Graph with their exact bodies."""

from __future__ import annotations

from datetime import UTC, datetime


class GraphError(Exception):
    """One refusal: status, code and message as Graph words them."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: dict[str, str] | None = None,
        inner: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.inner = inner or {}

    def body(self, request_id: str, client_request_id: str) -> dict[str, object]:
        date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        inner = {**self.inner, "date": date, "request-id": request_id, "client-request-id": client_request_id}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def bad_request(message: str, code: str = "BadRequest") -> GraphError:
    return GraphError(400, code, message)


def unknown_property(name: str, entity: str, where: str) -> GraphError:
    return bad_request(f"{where}: Could not find a property named '{name}' on type '{entity}'.")


def unsupported(message: str) -> GraphError:
    return GraphError(400, "Request_UnsupportedQuery", message)


def not_found(identifier: str) -> GraphError:
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{identifier}' does not exist or one of its queried reference-property objects are not present.",
    )


def no_route(segment: str) -> GraphError:
    return bad_request(f"Resource not found for the segment '{segment}'.")


def denied() -> GraphError:
    return GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def log_permission_missing() -> GraphError:
    return GraphError(
        403,
        "Authentication_MSGraphPermissionMissing",
        "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All "
        "to call this API. For more information about Microsoft Graph permissions, please visit "
        "https://learn.microsoft.com/graph/permissions-overview.",
    )


def role_missing() -> GraphError:
    return GraphError(403, "Authentication_RequestFromUnsupportedUserRole", "User is not in the allowed roles")


def premium_missing() -> GraphError:
    return GraphError(
        403,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    )


def expired_page() -> GraphError:
    return GraphError(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )


def lost_log_token() -> GraphError:
    return bad_request("Token not found: token is either invalid or expired", "UnknownError")
