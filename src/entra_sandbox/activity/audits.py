"""Answers questions about the directory audit log."""

from __future__ import annotations

from typing import Any

from entra_sandbox.activity.reports import page_of
from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import not_found
from entra_sandbox.behaviour.permissions import check_logs
from entra_sandbox.state import State
from entra_sandbox.world.shapes import DirectoryAudit, Target

_ENTITY = "microsoft.graph.directoryAudit"
_FIELDS = (
    "id",
    "category",
    "correlationId",
    "result",
    "resultReason",
    "activityDisplayName",
    "activityDateTime",
    "loggedByService",
    "operationType",
    "initiatedBy",
    "targetResources",
    "additionalDetails",
)


def listed(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    """Newest first unless ordered. Needs no premium licence."""
    check_logs(ask.caller, premium=state.premium, needs_premium=False)
    return page_of(state, ask, _rows(state), _FIELDS, _ENTITY, "auditLogs/directoryAudits")


def one(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    check_logs(ask.caller, premium=state.premium, needs_premium=False)
    found = next((row for row in _rows(state) if row["id"] == arguments[0]), None)
    if found is None:
        raise not_found(arguments[0])
    return Answer({"@odata.context": f"{ask.root}/$metadata#auditLogs/directoryAudits/$entity", **found})


def _rows(state: State) -> list[dict[str, Any]]:
    now = state.as_of()
    found = state.world.directory_audits(now - state.retention, now)
    return [_shown(row) for row in sorted(found, key=lambda row: (row.at, row.id), reverse=True)]


def _shown(row: DirectoryAudit) -> dict[str, Any]:
    return {
        "id": row.id,
        "category": row.category,
        "correlationId": row.correlation_id,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": row.activity,
        "activityDateTime": row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "loggedByService": "Core Directory",
        "operationType": row.operation_type,
        "initiatedBy": {
            "app": None,
            "user": {
                "id": row.initiated_by_user_id,
                "displayName": None,
                "userPrincipalName": row.initiated_by_upn,
                "ipAddress": row.ip_address,
            },
        },
        "targetResources": [_target(target) for target in row.targets],
        "additionalDetails": [{"key": "User-Agent", "value": "EvoSTS"}],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "displayName": target.display_name,
        "type": target.type,
        "userPrincipalName": target.user_principal_name,
        "groupType": None,
        "modifiedProperties": [
            {"displayName": name, "oldValue": old, "newValue": new} for name, old, new in target.properties
        ],
    }
