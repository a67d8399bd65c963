"""What happened and who holds what in the made-up company: one plain loop over events and memberships."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from entra_sandbox.oracle.decided import USER_KINDS, Decided, Policy
from entra_sandbox.world import ZERO, Activity, Company, Known, SignIn

_MICROSOFT = (
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "ea8a4392-515e-481f-879e-6571ff2a8a36",
)  # fmt: skip
_LONG = 90


@dataclass(slots=True)
class Newest:
    """A value of the newest event that has one; on equal seconds the smallest event id wins."""

    at: datetime | None = None
    event_id: str = ""
    value: Any = None

    def see(self, at: datetime, event_id: str, value: Any) -> None:
        if value and (self.at is None or at > self.at or (at == self.at and event_id < self.event_id)):
            self.at, self.event_id, self.value = at, event_id, value


@dataclass(slots=True)
class Use:
    """The counted sign-ins of one person in one application; days: how many on each day."""

    last: Newest = field(default_factory=Newest)
    n_in_window: int = 0
    actions: set[str] = field(default_factory=set)
    days: dict[date, int] = field(default_factory=dict)


@dataclass(slots=True)
class Seat:
    is_direct: bool = False
    groups: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return ("both" if self.groups else "direct") if self.is_direct else "group"


class Truth:
    """Everything counted once; the answers below only read it."""

    def __init__(self, world: Company, what: Known, decided: Decided) -> None:
        self.known, self.tenant, self.decided = what, world.tenant, decided
        # An app belongs to the product that somebody put it into, else to one of its own id.
        self.product_of = {app_id: p.product_id for p in decided.products for app_id in p.app_ids}
        self.policies: dict[str, Policy] = {}
        self.directory = world.directory(what.as_of)
        self.users = {u.id: u for u in self.directory.users}
        self.principals = {p.app_id: p for p in self.directory.service_principals}
        activity = world.last_activity(what.as_of) if what.served_from is not None else Activity({}, {})
        self.user_last = {i: a.successful.at for i, a in activity.users.items() if a.successful}
        self.app_last = {i: a.last.at for i, a in activity.apps.items() if a.last}
        self.n_unbroken = what.n_unbroken()
        self.is_window_known = any(what.state(d)[0] == "complete" for d in what.days() if d >= what.window_start)
        self.n_events: dict[tuple[date, str], int] = {}
        self.uses: dict[tuple[str, str], Use] = {}
        self.app_names: dict[str, Newest] = {}
        self.app_owners: dict[str, Newest] = {}
        self.people: dict[str, Newest] = {}
        self.event_kinds: dict[str, Newest] = {}
        for event in world.sign_ins(what.start, what.as_of):
            if event.arrived_at <= what.as_of and event.resource_tenant_id in ("", self.tenant.id):
                self._count(event)
        self.seats = self._seats()

    def _count(self, event: SignIn) -> None:
        at = event.created_at.replace(microsecond=0)
        self.n_events[at.date(), event.kind] = self.n_events.get((at.date(), event.kind), 0) + 1
        if event.kind not in USER_KINDS:
            return
        self.app_names.setdefault(event.app_id, Newest()).see(at, event.id, event.app_display_name)
        self.app_owners.setdefault(event.app_id, Newest()).see(at, event.id, event.app_owner_tenant_id)
        if event.user_id in ("", ZERO):
            return
        named = (event.user_display_name, event.user_principal_name)
        self.people.setdefault(event.user_id, Newest()).see(at, event.id, named)
        self.event_kinds.setdefault(event.user_id, Newest()).see(at, event.id, event.user_type)
        if event.error_code != 0 or event.kind not in self.policy_of(event.app_id).kinds:
            return
        use = self.uses.setdefault((event.app_id, event.user_id), Use())
        use.last.see(at, event.id, True)
        use.days[at.date()] = use.days.get(at.date(), 0) + 1
        if at.date() >= self.known.window_start:
            use.n_in_window += 1
            use.actions.add(event.correlation_id or event.id)

    def policy_of(self, app_id: str) -> Policy:
        if app_id not in self.policies:
            self.policies[app_id] = self.decided.policy_of(self.product_of.get(app_id, app_id))
        return self.policies[app_id]

    def _seats(self) -> dict[tuple[str, str], Seat]:
        sold = {
            p.id: p.app_id
            for p in self.directory.service_principals
            if p.service_principal_type == "Application" and not self.is_microsoft(p.app_id)
        }
        seats: dict[tuple[str, str], Seat] = {}
        for a in self.directory.app_role_assignments:
            if a.resource_id not in sold:
                continue
            app_id = sold[a.resource_id]
            if a.principal_type == "User" and a.principal_id in self.users:
                seats.setdefault((app_id, a.principal_id), Seat()).is_direct = True
            if a.principal_type == "Group":
                for member in self.directory.members_of(a.principal_id):
                    if member.type == "user" and member.id in self.users:
                        seats.setdefault((app_id, member.id), Seat()).groups.add(a.principal_id)
        return seats

    def is_microsoft(self, app_id: str) -> bool:
        principal = self.principals.get(app_id)
        if principal:
            return principal.app_owner_organization_id in _MICROSOFT
        return app_id in self.app_owners and self.app_owners[app_id].value in _MICROSOFT

    def app_name(self, app_id: str) -> str:
        principal = self.principals.get(app_id)
        newest = self.app_names.get(app_id, Newest()).value
        return (principal.display_name if principal else "") or newest or app_id

    def counted(self, n: int) -> int | None:
        """A count of the last 30 days, null when no day of them is known and nothing was seen either."""
        return n if self.is_window_known else n or None

    def proven(self, *seen: datetime | None) -> int:
        """Days ending today without use for sure: those read without a gap, or since one of these moments."""
        proven = run = self.n_unbroken
        for at in seen:
            if at and at.date() <= self.known.today - timedelta(days=run):
                proven = max(proven, (self.known.today - at.date()).days)
        return proven

    def status(self, last: date | None, proven: int, period: int, user_id: str | None) -> str:
        """The mildest claim that is proven, of somebody whose last counted use was on a day."""
        today = self.known.today
        if last and last >= today - timedelta(days=period - 1):
            return "active"
        if proven < period:
            return "unknown"
        if proven < _LONG or (last and last >= today - timedelta(days=_LONG - 1)):
            return "idle"
        user = self.users.get(user_id or "")
        if last is None and user and today - timedelta(days=proven - 1) <= user.created_at.date():
            return "never"
        return "unused"

    def app_status(self, app_id: str, user_id: str) -> str:
        use = self.uses.get((app_id, user_id))
        last = use.last.at.date() if use and use.last.at else None
        proven = self.proven(self.user_last.get(user_id), self.app_last.get(app_id))
        return self.status(last, proven, self.policy_of(app_id).inactive_days, user_id)


def down(n: float | None) -> tuple[bool, float]:
    """Sorts the most first and what is unknown last."""
    return n is None, -(n or 0)


def shown(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
