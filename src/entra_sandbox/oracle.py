"""The truth about the made-up company, counted without the wire: one plain loop over events and memberships."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from entra_sandbox.world import KINDS, ZERO, Activity, Company, Known, ServicePrincipal, SignIn, known

Row = dict[str, Any]
_MICROSOFT = (
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "ea8a4392-515e-481f-879e-6571ff2a8a36",
)  # fmt: skip
_CUSTOM_TEMPLATES = (
    "8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
    "5a532e38-1581-4918-9658-008dc27c1d68",
)  # fmt: skip
_USER_KINDS = ("interactiveUser", "nonInteractiveUser")
_PERIOD, _LONG = 30, 90


@dataclass(slots=True)
class _Newest:
    """A value of the newest event that has one; on equal seconds the smallest event id wins."""

    at: datetime | None = None
    event_id: str = ""
    value: Any = None

    def see(self, at: datetime, event_id: str, value: Any) -> None:
        if value and (self.at is None or at > self.at or (at == self.at and event_id < self.event_id)):
            self.at, self.event_id, self.value = at, event_id, value


@dataclass(slots=True)
class _Use:
    """The successful sign-ins of one person in one application."""

    last: _Newest = field(default_factory=_Newest)
    n_in_window: int = 0
    actions: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Seat:
    is_direct: bool = False
    groups: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return ("both" if self.groups else "direct") if self.is_direct else "group"


class Truth:
    """Everything counted once; the answers below only read it."""

    def __init__(self, world: Company, what: Known) -> None:
        self.known, self.tenant = what, world.tenant
        self.directory = world.directory(what.as_of)
        self.users = {u.id: u for u in self.directory.users}
        self.principals = {p.app_id: p for p in self.directory.service_principals}
        activity = world.last_activity(what.as_of) if what.served_from is not None else Activity({}, {})
        self.user_last = {i: a.successful.at for i, a in activity.users.items() if a.successful}
        self.app_last = {i: a.last.at for i, a in activity.apps.items() if a.last}
        self.n_unbroken = what.n_unbroken()
        self.is_window_known = any(what.state(d)[0] == "complete" for d in what.days() if d >= what.window_start)
        self.n_events: dict[tuple[date, str], int] = {}
        self.uses: dict[tuple[str, str], _Use] = {}
        self.app_names: dict[str, _Newest] = {}
        self.app_owners: dict[str, _Newest] = {}
        self.people: dict[str, _Newest] = {}
        for event in world.sign_ins(what.start, what.as_of):
            if event.arrived_at <= what.as_of and event.resource_tenant_id in ("", self.tenant.id):
                self._count(event)
        self.seats = self._seats()

    def _count(self, event: SignIn) -> None:
        at = event.created_at.replace(microsecond=0)
        self.n_events[at.date(), event.kind] = self.n_events.get((at.date(), event.kind), 0) + 1
        if event.kind not in _USER_KINDS:
            return
        self.app_names.setdefault(event.app_id, _Newest()).see(at, event.id, event.app_display_name)
        self.app_owners.setdefault(event.app_id, _Newest()).see(at, event.id, event.app_owner_tenant_id)
        if event.user_id in ("", ZERO):
            return
        named = (event.user_display_name, event.user_principal_name)
        self.people.setdefault(event.user_id, _Newest()).see(at, event.id, named)
        if event.error_code != 0:
            return
        use = self.uses.setdefault((event.app_id, event.user_id), _Use())
        use.last.see(at, event.id, True)
        if at.date() >= self.known.window_start:
            use.n_in_window += 1
            use.actions.add(event.correlation_id or event.id)

    def _seats(self) -> dict[tuple[str, str], _Seat]:
        sold = {
            p.id: p.app_id
            for p in self.directory.service_principals
            if p.service_principal_type == "Application" and not self.is_microsoft(p.app_id)
        }
        seats: dict[tuple[str, str], _Seat] = {}
        for a in self.directory.app_role_assignments:
            if a.resource_id not in sold:
                continue
            app_id = sold[a.resource_id]
            if a.principal_type == "User" and a.principal_id in self.users:
                seats.setdefault((app_id, a.principal_id), _Seat()).is_direct = True
            if a.principal_type == "Group":
                for member in self.directory.members_of(a.principal_id):
                    if member.type == "user" and member.id in self.users:
                        seats.setdefault((app_id, member.id), _Seat()).groups.add(a.principal_id)
        return seats

    def is_microsoft(self, app_id: str) -> bool:
        principal = self.principals.get(app_id)
        if principal:
            return principal.app_owner_organization_id in _MICROSOFT
        return app_id in self.app_owners and self.app_owners[app_id].value in _MICROSOFT

    def app_name(self, app_id: str) -> str:
        principal = self.principals.get(app_id)
        newest = self.app_names.get(app_id, _Newest()).value
        return (principal.display_name if principal else "") or newest or app_id

    def counted(self, n: int) -> int | None:
        """A count of the last 30 days, null when no day of them is known and nothing was seen either."""
        return n if self.is_window_known else n or None

    def status(self, app_id: str, user_id: str) -> str:
        """The mildest claim that is proven."""
        today, last = self.known.today, None
        if (app_id, user_id) in self.uses:
            last_at = self.uses[app_id, user_id].last.at
            last = last_at.date() if last_at else None
        proven = run = self.n_unbroken
        for seen in (self.user_last.get(user_id), self.app_last.get(app_id)):
            if seen and seen.date() <= today - timedelta(days=run):
                proven = max(proven, (today - seen.date()).days)
        if last and last >= today - timedelta(days=_PERIOD - 1):
            return "active"
        if proven < _PERIOD:
            return "unknown"
        if proven < _LONG or (last and last >= today - timedelta(days=_LONG - 1)):
            return "idle"
        user = self.users.get(user_id)
        if last is None and user and today - timedelta(days=proven - 1) <= user.created_at.date():
            return "never"
        return "unused"


def _origin(truth: Truth, principal: ServicePrincipal | None, app_id: str) -> str:
    if truth.is_microsoft(app_id):
        return "microsoft"
    if principal is None:
        return "unknown"
    if principal.application_template_id:
        return "custom" if principal.application_template_id in _CUSTOM_TEMPLATES else "gallery"
    if principal.app_owner_organization_id == truth.tenant.id:
        return "own"
    return "foreign" if principal.app_owner_organization_id else "unknown"


def _consent(truth: Truth, principal: ServicePrincipal | None) -> str:
    types = {
        g.consent_type for g in truth.directory.oauth2_permission_grants if principal and g.client_id == principal.id
    }
    return "admin" if "AllPrincipals" in types else "user" if "Principal" in types else "none"


def _apps(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
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
            "app_id": app_id, "name": truth.app_name(app_id), "origin": _origin(truth, principal, app_id),
            "consent": _consent(truth, principal), "is_microsoft": is_microsoft,
            "assignment_required": principal.app_role_assignment_required if principal else None,
            "n_seats": None if is_microsoft else len(holders),
            "n_seats_used_30d": None if is_microsoft else truth.counted(len(holders & users)),
            "n_used_30d": truth.counted(len(users)),
            "n_sign_ins_30d": truth.counted(sum(u.n_in_window for u in uses.values())),
            "n_uses_30d": truth.counted(sum(len(u.actions) for u in uses.values())),
            "last_used_at": _shown(max((u.last.at for u in uses.values() if u.last.at), default=None)),
        })  # fmt: skip
    return sorted(rows, key=lambda r: (_down(r["n_used_30d"]), _down(r["n_seats"]), r["name"], r["app_id"]))


def _users(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
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
            "last_used_at": _shown(last.get(u.id)),
        }
        for u in truth.directory.users
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (r["name"], r["user_id"]))


def _app_users(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    group_names = {g.id: g.display_name for g in truth.directory.groups}
    rows = []
    for app_id, user_id in sorted({*truth.seats, *truth.uses}):
        if (truth.is_microsoft(app_id) and not microsoft) or app not in (None, app_id):
            continue
        pair = app_id, user_id
        seat, use, user = truth.seats.get(pair), truth.uses.get(pair, _Use()), truth.users.get(user_id)
        name, upn = (user.display_name, user.user_principal_name) if user else truth.people[user_id].value
        rows.append({
            "app_id": app_id, "user_id": user_id, "name": name, "upn": upn, "path": seat.path if seat else "none",
            "groups": sorted(group_names[g] for g in seat.groups) if seat else [], "status": truth.status(app_id,
            user_id),
            "n_sign_ins_30d": truth.counted(use.n_in_window), "last_used_at": _shown(use.last.at),
            "evidence_id": use.last.event_id or None,
        })  # fmt: skip
    return rows


def _coverage(truth: Truth, microsoft: bool, app: str | None) -> list[Row]:
    rows = []
    for day in truth.known.days():
        state, reason = truth.known.state(day)
        for kind in sorted(KINDS):
            n = None if state == "missing" else truth.n_events.get((day, kind), 0)
            rows.append({"day": day.isoformat(), "kind": kind, "state": state, "n_events": n, "reason": reason})
    return rows


def _down(n: int | None) -> tuple[bool, int]:
    return n is None, -(n or 0)


def _shown(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


_COLUMNS = {
    "apps": "app_id:guid name:text origin:text consent:text is_microsoft:bool assignment_required:bool "
    "n_seats:int:seats n_seats_used_30d:int:seats n_used_30d:int:people n_sign_ins_30d:int:sign-ins "
    "n_uses_30d:int:uses last_used_at:time",
    "users": "user_id:guid name:text upn:text department:text kind:text is_enabled:bool n_seats:int:seats "
    "n_apps_used_30d:int:apps last_used_at:time",
    "app-users": "app_id:guid user_id:guid name:text upn:text path:text groups:list status:text "
    "n_sign_ins_30d:int:sign-ins last_used_at:time evidence_id:guid",
    "coverage": "day:day kind:text state:text n_events:int:events reason:text",
    "counts": "kind:text n:int:objects",
}
_ROWS = {"apps": _apps, "users": _users, "app-users": _app_users, "coverage": _coverage}
NAMES = tuple(_COLUMNS)


def counts(world: Company, as_of: datetime, *, premium: bool = True) -> list[Row]:
    """Objects per list of Graph at as_of, by Graph's names, all parents together; sign-ins as it serves them then."""
    d = world.directory(as_of, premium)
    n: dict[str, int] = {
        "users": len(d.users), "groups": len(d.groups), "members": sum(len(d.members_of(g.id)) for g in d.groups),
        "servicePrincipals": len(d.service_principals), "applications": len(d.applications),
        "appRoleAssignedTo": len(d.app_role_assignments), "oauth2PermissionGrants": len(d.oauth2_permission_grants),
        "subscribedSkus": len(d.subscribed_skus), **dict.fromkeys(KINDS, 0),
    }  # fmt: skip
    if premium:
        for event in world.sign_ins(as_of - timedelta(days=30), as_of):
            if event.arrived_at <= as_of:
                n[event.kind] += 1
    return [{"kind": kind, "n": count} for kind, count in n.items()]


def answer(
    name: str, world: Company, as_of: datetime, days: int | None = None, first_sync: datetime | None = None,
    microsoft: bool = False, premium: bool = True, app: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One of NAMES as `seatwise ask` gives it.

    days: as if an export of that many days, today included, had been imported. first_sync: as if an earlier sync had
    been complete at that moment and its history kept. Without premium Graph serves no sign-ins.
    """
    what, only = known(as_of, days=days, first_sync=first_sync, premium=premium), app.lower() if app else None
    is_counts = name == "counts"
    rows = counts(world, as_of, premium=premium) if is_counts else _ROWS[name](Truth(world, what), microsoft, only)
    parts = [[*column.split(":"), None][:3] for column in _COLUMNS[name].split()]
    columns = [{"name": column, "type": kind, "unit": unit, "help": ""} for column, kind, unit in parts]
    return {"columns": columns, "rows": rows, "as_of": _shown(as_of), "coverage": what.summary()}
