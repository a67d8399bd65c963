"""The world's sign-ins as diagnostic settings write them into a storage account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from entra_sandbox.world import KINDS, Block, World

_CONTAINERS = {
    "interactiveUser": ("insights-logs-signinlogs", "SignInLogs"),
    "nonInteractiveUser": ("insights-logs-noninteractiveusersigninlogs", "NonInteractiveUserSignInLogs"),
    "servicePrincipal": ("insights-logs-serviceprincipalsigninlogs", "ServicePrincipalSignInLogs"),
    "managedIdentity": ("insights-logs-managedidentitysigninlogs", "ManagedIdentitySignInLogs"),
}
_HOUR_US = 3_600_000_000
_TWICE, _SHARES = 3, 100
_FIELDS = (
    "id", "user_id", "user_display_name", "user_principal_name", "user_type", "app_id", "app_display_name",
    "app_owner_tenant_id", "resource_id", "resource_display_name", "resource_tenant_id", "home_tenant_id", "error_code",
    "failure_reason", "correlation_id", "ip_address", "client_app_used", "user_agent", "browser", "operating_system",
    "city", "state", "country", "service_principal_id", "service_principal_name", "authentication_protocol",
    "incoming_token_type", "session_id", "unique_token_identifier", "is_interactive", "original_request_id",
)  # fmt: skip
_encode = msgspec.json.Encoder().encode


def write(world: World, folder: Path, as_of: datetime, days: int) -> dict[str, Any]:
    """Writes one file per category and hour of the last days, today up to as_of included; empty hours too.

    Returns {"from", "to", "files", "records" (per category), "twice" (records written a second time)}.
    """
    today = (as_of - timedelta(microseconds=1)).astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    n_files, n_twice, n_records = 0, 0, dict.fromkeys((category for _, category in _CONTAINERS.values()), 0)
    for n in range(days):
        for kind, by_hour in _hours(world, first + timedelta(days=n), as_of).items():
            container, category = _CONTAINERS[kind]
            day = (first + timedelta(days=n)).strftime("y=%Y/m=%m/d=%d")
            root = folder / container / f"tenantId={world.tenant.id}" / day
            root.mkdir(parents=True, exist_ok=True)
            for hour, lines in by_hour.items():
                _folder_of(root, hour).joinpath("PT1H.json").write_bytes(b"".join(line for line, _ in lines))
                n_files += 1
                n_records[category] += len(lines)
                n_twice += sum(is_again for _, is_again in lines)
    begin = datetime.combine(first, time(), UTC)
    return {"from": _seconds(begin), "to": _seconds(as_of), "files": n_files, "records": n_records, "twice": n_twice}


def _folder_of(root: Path, hour: datetime) -> Path:
    # One step at a time: asking for parents costs a failed attempt per folder, and there are 20,000 of them.
    folder = root / f"h={hour:%H}"
    folder.mkdir(exist_ok=True)
    folder = folder / "m=00"
    folder.mkdir(exist_ok=True)
    return folder


def _seconds(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _hours(world: World, day: date, as_of: datetime) -> dict[str, dict[datetime, list[tuple[bytes, bool]]]]:
    """The lines of a day by kind and hour; second copies of a record stand at the end of their hour."""
    start = datetime.combine(day, time(), UTC)
    hours = [start + timedelta(hours=h) for h in range(24) if start + timedelta(hours=h) < as_of]
    found: dict[str, dict[datetime, list[tuple[bytes, bool]]]] = {k: {h: [] for h in hours} for k in KINDS}
    again: list[tuple[str, datetime, bytes]] = []
    block = world.sign_in_day(day)
    chosen = np.flatnonzero(block.visible(as_of))
    begin_us = int(start.timestamp()) * 1_000_000
    of_hour = ((block.created_us[chosen] - begin_us) // _HOUR_US).tolist()
    kinds = block.kind[chosen].tolist()
    is_twice = (block.id_lo[chosen] % np.uint64(_SHARES) < _TWICE).tolist()
    for at, (record, later) in enumerate(_records(world, block, chosen)):
        kind, hour = KINDS[kinds[at]], hours[of_hour[at]]
        found[kind][hour].append((_encode(record) + b"\n", False))
        if is_twice[at]:
            again.append((kind, hour, _encode(record | {"time": later}) + b"\n"))
    for kind, hour, line in again:
        found[kind][hour].append((line, True))
    return found


def _times(us: Any, ending: str) -> list[str]:
    """Texts with seven fractional digits."""
    texts: list[str] = np.datetime_as_string(us.astype("datetime64[us]"), unit="us").tolist()
    return [text + ending for text in texts]


def _records(world: World, block: Block, chosen: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Each with the `time` of its second copy."""
    columns = block.columns(_FIELDS, chosen)
    created, arrived = _times(block.created_us[chosen], "0+00:00"), _times(block.arrived_us[chosen], "7Z")
    later = _times(block.arrived_us[chosen] + 61_000_000, "1Z")
    home = f"/tenants/{world.tenant.id}/providers/Microsoft.aadiam"
    kinds = [KINDS[k] for k in block.kind[chosen].tolist()]
    rows = zip(*(columns[name] for name in _FIELDS), created, arrived, kinds, strict=True)
    return ((_record(home, world.tenant.id, *row), second) for row, second in zip(rows, later, strict=True))


def _record(
    home: str, tenant: str, event_id: str, user_id: str, name: str, upn: str, user_type: str, app_id: str,
    app_name: str,
    owner: str, resource_id: str, resource_name: str, resource_tenant: str, home_tenant: str, error: int, reason: str,
    correlation: str, address: str, client: str, agent: str, browser: str, system: str, city: str, state: str,
    country: str, principal_id: str, principal_name: str, protocol: str, token_type: str, session: str, token_id: str,
    is_interactive: bool, request: str, created: str, arrived: str, kind: str,
) -> dict[str, Any]:  # fmt: skip
    """One line in the shape of Microsoft's export: members without a value are left out."""
    is_user = kind in ("interactiveUser", "nonInteractiveUser")
    status: dict[str, Any] = {"errorCode": error}
    if error:
        status["failureReason"] = reason
    properties: dict[str, Any] = {
        "id": event_id, "createdDateTime": created, "appId": app_id, "appDisplayName": app_name,
        "appOwnerTenantId": owner,
        "ipAddress": address, "status": status, "correlationId": correlation, "isInteractive": is_interactive,
        "resourceDisplayName": resource_name, "resourceId": resource_id, "resourceTenantId": resource_tenant,
        "homeTenantId": home_tenant, "servicePrincipalId": principal_id, "incomingTokenType": token_type,
        "uniqueTokenIdentifier": token_id, "authenticationProtocol": protocol, "originalRequestId": request,
        "location": {"city": city, "state": state, "countryOrRegion": country, "geoCoordinates": {}},
    }  # fmt: skip
    if is_user:
        properties |= {
            "userId": user_id, "userDisplayName": name, "userPrincipalName": upn, "userType": user_type.capitalize(),
            "clientAppUsed": client, "userAgent": agent, "sessionId": session, "tokenIssuerType": "AzureAD",
            "deviceDetail": {"deviceId": "", "operatingSystem": system, "browser": browser},
            "conditionalAccessStatus": "notApplied" if error else "success", "crossTenantAccessType": "none",
        }  # fmt: skip
    else:
        properties |= {"servicePrincipalName": principal_name}
    return {
        "time": arrived, "resourceId": home, "operationName": "Sign-in activity", "operationVersion": "1.0",
        "category": _CONTAINERS[kind][1], "tenantId": tenant, "resultType": str(error), "resultSignature": "None",
        "resultDescription": reason if error else None, "durationMs": 0, "callerIpAddress": address,
        "correlationId": correlation, "identity": name if is_user else principal_name,
        "Level": 4 if len(app_name) % 2 else "4", "location": country, "properties": properties,
    }  # fmt: skip
