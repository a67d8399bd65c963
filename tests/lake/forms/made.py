"""Records of every form, made here; names and ids are invented."""

from __future__ import annotations

import base64
import csv
import io
import json
import uuid
from typing import Any

from seatwise.lake.forms import Event, Member, Reading, SetAside

TENANT = "1f0c2b7e-0000-4000-8000-00000000000a"
OTHER = "2e0d3c8f-0000-4000-8000-00000000000b"
APP = "0c1d7a10-0000-4000-8000-000000000001"
USER = "7c2f0000-0000-4000-8000-000000000002"


def event_id(n: int) -> str:
    return f"81fb0000-0000-4000-8000-{n:012x}"


def token(n: int) -> str:
    """The id as the portal's unique token identifier: its bytes, little-endian fields, base64url without padding."""
    return base64.urlsafe_b64encode(uuid.UUID(event_id(n)).bytes_le).decode().rstrip("=")


def graph(n: int = 1, **changes: Any) -> dict[str, Any]:
    record = {
        "id": event_id(n),
        "createdDateTime": "2026-09-30T06:15:32Z",
        "userDisplayName": "Ada Example",
        "userPrincipalName": "ada@northwind.example",
        "userId": USER,
        "userType": "member",
        "appId": APP,
        "appDisplayName": "Acme CRM",
        "correlationId": event_id(900 + n),
        "ipAddress": "203.0.113.8",
        "isInteractive": True,
        "signInEventTypes": ["interactiveUser"],
        "status": {"errorCode": 0},
        "resourceTenantId": TENANT,
        "homeTenantId": OTHER,
    }
    return {**record, **changes}


def diagnostic(
    n: int = 1, category: str = "SignInLogs", outer: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    inner = graph(n, **{"createdDateTime": "2026-09-30T06:15:32.4071188+00:00", "userType": "Member", **changes})
    inner.pop("signInEventTypes")
    envelope = {
        "time": "2026-09-30T06:18:04.1120457Z",
        "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName": "Sign-in activity",
        "category": category,
        "tenantId": TENANT,
        "resultType": "0",
        "resultSignature": "None",
        "Level": 4,
        "properties": {name: value for name, value in inner.items() if value is not None},
    }
    return {**envelope, **(outer or {})}


def log_analytics(n: int = 1, **changes: Any) -> dict[str, Any]:
    row = {
        "TimeGenerated [UTC]": "9/30/2026, 6:20:00.000 AM",
        "CreatedDateTime [UTC]": "9/30/2026, 6:15:32.407 AM",
        "OperationName": "Sign-in activity",
        "Category": "SignInLogs",
        "Type": "SigninLogs",
        "ResultType": "0",
        "Id": event_id(n),
        "CorrelationId": event_id(900 + n),
        "AppId": APP,
        "AppDisplayName": "Acme CRM",
        "UserId": USER,
        "UserPrincipalName": "ada@northwind.example",
        "UserDisplayName": "Ada Example",
        "UserType": "Member",
        "Status_dynamic": '{"errorCode":0}',
        "Status_string": "",
        "ResourceIdentity": APP,
        "ResourceTenantId": TENANT,
        "AADTenantId": TENANT,
    }
    return {**row, **changes}


PORTAL_2025 = (
    "Date (UTC)", "Request ID", "User agent", "Correlation ID", "User ID", "User", "Username", "User type",
    "Cross tenant access type", "Incoming token type", "Unique token identifier", "Application", "Application ID ",
    "App owner tenant ID", "Resource", "Resource ID ", "Resource tenant ID", "Home tenant ID", "IP address", "Location",
    "Status", "Sign-in error code", "Client app", "Autonomous system  number", "Incoming token type",
)  # fmt: skip


def portal(n: int = 1, **changes: str) -> dict[str, str]:
    """A row of the portal's download by our words; `portal_csv` writes it under any header."""
    row = {
        "at": "2026-09-30T06:15:32Z",
        "id": event_id(n),
        "correlation_id": event_id(900 + n),
        "user_id": USER,
        "user_name": "Ada Example",
        "upn": "ada@northwind.example",
        "user_type": "member",
        "app_name": "Acme CRM",
        "app_id": APP,
        "resource_name": "Acme CRM",
        "resource_id": APP,
        "resource_tenant_id": TENANT,
        "ip_address": "203.0.113.8",
        "status": "Success",
        "error_code": "0",
        "client_app": "Browser",
        "token": token(n),
    }
    return {**row, **changes}


def table(header: list[str], rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def read(content: bytes, where: str = "/exports/file") -> list[Event | SetAside | None]:
    return list(reading(content, where).records())


def reading(content: bytes, where: str = "/exports/file") -> Reading:
    return Reading(Member(where, io.BufferedReader(io.BytesIO(content))), where)  # type: ignore[arg-type]


def events(content: bytes, where: str = "/exports/file") -> list[Event]:
    return [found for found in read(content, where) if isinstance(found, Event)]


def only(content: bytes, where: str = "/exports/file") -> Event:
    [found] = read(content, where)
    assert isinstance(found, Event), found
    return found
