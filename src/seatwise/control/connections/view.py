"""Everything a page shows of a connection, and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from seatwise.base import clock
from seatwise.control.connections import examining, expiry, life, states, whereabouts
from seatwise.control.connections.expiry import ExpiryWarning
from seatwise.control.connections.life import Step
from seatwise.control.models import Connection, Run, Workspace
from seatwise.sync.probe import Check

STATE_LABELS: Final[Mapping[str, str]] = {
    "connecting": "Connecting",
    "active": "Active",
    "degraded": "Partly working",
    "needs_reauth": "Needs reconnecting",
    "validation_error": "Not working",
    "disconnected": "Disconnected",
}
_MENDED_BY: Final[Mapping[str, str]] = {
    "oauth2": "Needs a new sign-in",
    "client_secret": "Needs a new secret",
    "certificate": "Needs a new certificate",
    "admin_consent": "Needs a new approval",
}
STEP_LABELS: Final[Mapping[str, str]] = {
    "": "",
    "reconnect": "Reconnect",
    "swap_secret": "Replace the secret",
    "grant": "See how to grant it",
    "test": "Test connection",
    "sync": "Sync now",
    "wait": "",
    "connect": "Connect",
}
METHOD_LABELS: Final[Mapping[str, str]] = {
    "oauth2": "OAuth 2.0, signed in",
    "client_secret": "OAuth 2.0 client credentials, secret",
    "certificate": "OAuth 2.0 client credentials, certificate",
    "admin_consent": "OAuth 2.0, approved by an administrator",
}


@dataclass(frozen=True)
class ConnectionView:
    """What a page shows. age_s: seconds since the last good sync, None when there was none.

    is_broken:  nothing new can be read, so what is shown is the last good data.
    is_ended:   Microsoft said that the secret or certificate has expired, whatever day was entered for it.
    days_left:  None when nobody knows, or when it has ended before its day.
    """

    id: UUID
    workspace_id: UUID
    tenant_id: str
    tenant_name: str
    domains: tuple[str, ...]
    cloud: str
    cloud_label: str
    portal: str
    client_id: str
    method: str
    method_label: str
    account: str
    secret_hint: str
    state: str
    state_label: str
    code: str
    shown_code: str
    reason: str
    since: datetime
    failing_since: datetime | None
    next_step: str
    next_step_label: str
    is_broken: bool
    is_disconnected: bool
    can_swap: bool
    credential_ends_at: datetime | None
    days_left: int | None
    is_ended: bool
    warnings: tuple[ExpiryWarning, ...]
    checks: tuple[Check, ...]
    checked_at: datetime | None
    sync_every_min: int
    next_sync_at: datetime | None
    last_sync_at: datetime | None
    age_s: float | None
    connected_by: str
    connected_at: datetime
    clean_up: tuple[Step, ...] = field(default=())


def of_workspace(workspace: Workspace) -> Connection | None:
    """The workspace's connection, whatever its state; None when there never was one, or its data was erased."""
    return Connection.objects.select_related("workspace", "connected_by").filter(workspace=workspace).first()


def view(connection: Connection) -> ConnectionView:
    last = (
        Run.objects.filter(
            tenant_id=connection.tenant_id, kind=Run.Kind.SYNC, state__in=(Run.State.DONE, Run.State.PARTIAL)
        )
        .order_by("-created_at")
        .first()
    )
    last_sync_at = (last.ended_at or last.as_of) if last else None
    state = Connection.State(connection.state)
    return ConnectionView(
        id=connection.id,
        workspace_id=connection.workspace_id,
        tenant_id=connection.tenant_id,
        tenant_name=connection.tenant_name,
        domains=tuple(connection.domains or ()),
        cloud=connection.cloud,
        cloud_label=whereabouts.label(connection.cloud),
        portal=whereabouts.portal(connection.cloud),
        client_id=connection.client_id,
        method=connection.method,
        method_label=METHOD_LABELS[connection.method],
        account=connection.account,
        secret_hint=connection.secret_hint,
        state=state.value,
        state_label=_label(connection),
        code=connection.code,
        shown_code=states.number_in(connection.reason) or connection.code,
        reason=connection.reason,
        since=connection.state_since,
        failing_since=connection.failing_since,
        next_step=connection.next_step,
        next_step_label=STEP_LABELS.get(connection.next_step, ""),
        is_broken=state in (Connection.State.NEEDS_REAUTH, Connection.State.VALIDATION_ERROR),
        is_disconnected=state == Connection.State.DISCONNECTED,
        can_swap=connection.method in (Connection.Method.SECRET, Connection.Method.CERTIFICATE),
        credential_ends_at=connection.credential_ends_at,
        days_left=None if expiry.is_ended(connection) else expiry.days_left(connection),
        is_ended=expiry.is_ended(connection),
        warnings=tuple(expiry.warnings(connection)),
        checks=tuple(examining.of_connection(connection)),
        checked_at=connection.checked_at,
        sync_every_min=connection.sync_every_min,
        next_sync_at=connection.next_sync_at,
        last_sync_at=last_sync_at,
        age_s=(clock.wall() - last_sync_at).total_seconds() if last_sync_at else None,
        connected_by=str(connection.connected_by) if connection.connected_by else "",
        connected_at=connection.created_at,
        clean_up=life.clean_up_steps(connection),
    )


def _label(connection: Connection) -> str:
    """The state in words: one that wants a new credential names which, by the way the tenant is connected."""
    state, step = Connection.State(connection.state), connection.next_step
    if state != Connection.State.NEEDS_REAUTH:
        return STATE_LABELS[state]
    if step == "grant":
        return _MENDED_BY["admin_consent"]
    has_own = connection.method in (Connection.Method.SECRET, Connection.Method.CERTIFICATE)
    if step == "swap_secret":
        # Of the other ways it is the secret of this install's registration that ended.
        return _MENDED_BY[connection.method if has_own else Connection.Method.SECRET]
    return STATE_LABELS[state] if has_own else _MENDED_BY[connection.method]
