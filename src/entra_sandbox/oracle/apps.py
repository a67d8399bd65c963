"""Apps, people, who uses what, and what of it is known: the answers in which nothing but a policy is decided."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from entra_sandbox.oracle.truth import Truth, Use, down, shown
from entra_sandbox.world import KINDS, ServicePrincipal

Row = dict[str, Any]
_CUSTOM_TEMPLATES = (
    "8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
    "5a532e38-1581-4918-9658-008dc27c1d68",
)  # fmt: skip

COLUMNS = {
    "apps": "app_id:guid name:text origin:text consent:text is_microsoft:bool assignment_required:bool "
    "n_seats:int:seats n_seats_used_30d:int:seats n_used_30d:int:people n_sign_ins_30d:int:sign-ins "
    "n_uses_30d:int:uses last_used_at:time",
    "users": "user_id:guid name:text upn:text department:text kind:text is_enabled:bool n_seats:int:seats "
    "n_apps_used_30d:int:apps last_used_at:time",
    "app-users": "app_id:guid user_id:guid name:text upn:text path:text groups:list status:text "
    "n_sign_ins_30d:int:sign-ins last_used_at:time evidence_id:guid",
    "coverage": "day:day kind:text state:text n_events:int:events reason:text",
}


def origin_of(truth: Truth, principal: ServicePrincipal | None, app_id: str) -> str:
    if truth.is_microsoft(app_id):
        return "microsoft"
    if principal is None:
        return "unknown"
    if principal.application_template_id:
        return "custom" if principal.application_template_id in _CUSTOM_TEMPLATES else "gallery"
    if principal.app_owner_organization_id == truth.tenant.id:
        return "own"
    return "foreign" if principal.app_owner_organization_id else "unknown"


def consent_of(truth: Truth, principal: ServicePrincipal | None) -> str:
    types = {
        g.consent_type for g in truth.directory.oauth2_permission_grants if principal and g.client_id == principal.id
    }
    return "admin" if "AllPrincipals" in types else "user" if "Principal" in types else "none"


def apps(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    ids = {p.app_id for p in truth.directory.service_principals if p.service_principal_type == "Application"}
    ids |= {app_id for app_id, _ in truth.uses}
    rows = []
    for app_id in ids:
        is_microsoft, principal = truth.is_microsoft(app_id), truth.principals.get(app_id)
        if (is_microsoft and not microsoft) or app not in (None, app_id):
            continue
        uses = {user: use for (of, user), use in truth.uses.items() if of == app_id}
        users = {user for user, use in uses.items() if use.n_in_window}
        holders = {user for of, user in truth.seats if of == app_id}
        rows.append({
            "app_id": app_id, "name": truth.app_name(app_id), "origin": origin_of(truth, principal, app_id),
            "consent": consent_of(truth, principal), "is_microsoft": is_microsoft,
            "assignment_required": principal.app_role_assignment_required if principal else None,
            "n_seats": None if is_microsoft else len(holders),
            "n_seats_used_30d": None if is_microsoft else truth.counted(len(holders & users)),
            "n_used_30d": truth.counted(len(users)),
            "n_sign_ins_30d": truth.counted(sum(u.n_in_window for u in uses.values())),
            "n_uses_30d": truth.counted(sum(len(u.actions) for u in uses.values())),
            "last_used_at": shown(max((u.last.at for u in uses.values() if u.last.at), default=None)),
        })  # fmt: skip
    return sorted(rows, key=lambda r: (down(r["n_used_30d"]), down(r["n_seats"]), r["name"], r["app_id"]))


def users(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    n_seats = Counter(user_id for _, user_id in truth.seats)
    n_apps = Counter(user for (of, user), use in truth.uses.items() if use.n_in_window and not truth.is_microsoft(of))
    last: dict[str, datetime] = {}
    for (_, user_id), use in truth.uses.items():
        if use.last.at:
            last[user_id] = max(use.last.at, last.get(user_id, use.last.at))
    rows = [
        {
            "user_id": u.id, "name": u.display_name, "upn": u.user_principal_name, "department": u.department,
            "kind": "guest" if u.user_type == "Guest" else "member", "is_enabled": u.account_enabled,
            "n_seats": n_seats[u.id], "n_apps_used_30d": truth.counted(n_apps[u.id]),
            "last_used_at": shown(last.get(u.id)),
        }
        for u in truth.directory.users
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (r["name"], r["user_id"]))


def app_users(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    group_names = {g.id: g.display_name for g in truth.directory.groups}
    rows = []
    for app_id, user_id in sorted({*truth.seats, *truth.uses}):
        if (truth.is_microsoft(app_id) and not microsoft) or app not in (None, app_id):
            continue
        pair = app_id, user_id
        seat, use, user = truth.seats.get(pair), truth.uses.get(pair, Use()), truth.users.get(user_id)
        name, upn = (user.display_name, user.user_principal_name) if user else truth.people[user_id].value
        rows.append({
            "app_id": app_id, "user_id": user_id, "name": name, "upn": upn, "path": seat.path if seat else "none",
            "groups": sorted(group_names[g] for g in seat.groups) if seat else [], "status": truth.app_status(app_id,
            user_id),
            "n_sign_ins_30d": truth.counted(use.n_in_window), "last_used_at": shown(use.last.at),
            "evidence_id": use.last.event_id or None,
        })  # fmt: skip
    return rows


def coverage(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    rows = []
    for day in truth.known.days():
        state, reason = truth.known.state(day)
        for kind in sorted(KINDS):
            n = None if state == "missing" else truth.n_events.get((day, kind), 0)
            rows.append({"day": day.isoformat(), "kind": kind, "state": state, "n_events": n, "reason": reason})
    return rows
