"""The directory as it stands at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import number, opaque
from entra_sandbox.world.circles import DYNAMIC, DYNAMIC_UNIFIED, MAIL_LIST, MAIL_SECURITY, OFFICE_SKU, UNIFIED, Circle
from entra_sandbox.world.crowd import Crowd, Span, microseconds, moment
from entra_sandbox.world.people import Person
from entra_sandbox.world.principals import principal, registration, roles_of
from entra_sandbox.world.rhythm import HOME, PLACES
from entra_sandbox.world.seats import Seats
from entra_sandbox.world.shapes import (
    PREMIUM_PLAN,
    PREMIUM_SKU,
    ZERO,
    AppRoleAssignment,
    Directory,
    Group,
    Member,
    OAuth2PermissionGrant,
    Sku,
    Tenant,
    User,
)
from entra_sandbox.world.words import DEPARTMENTS

_Thing = TypeVar("_Thing")
# What apps ask single people for besides their profile; most ask for nothing.
_ASKED = ("", "", "", " Calendars.ReadWrite", " Mail.Read Mail.Send", " Files.Read.All", " Contacts.Read")
_FREE_SKU = "f30db892-07e9-47e9-837c-80727f46fd3d"


class Builder:
    def __init__(
        self, tenant: Tenant, crowd: Crowd, apps: list[App], circles: list[Circle], seats: Seats, seed: int
    ) -> None:
        self.tenant, self.crowd, self.apps, self.circles, self.seats, self.seed = (
            tenant,
            crowd,
            apps,
            circles,
            seats,
            seed,
        )

    def at(self, as_of: datetime, *, premium: bool) -> Directory:
        us = microseconds(as_of)
        crowd = self.crowd
        licensed = self._licences(us, premium=premium)
        here = np.flatnonzero((crowd.created <= us) & (crowd.deleted > us)).tolist()
        gone = np.flatnonzero((crowd.deleted <= us) & (crowd.deleted > us - 30 * 86_400_000_000)).tolist()
        users = [self._user(crowd.people[i], as_of, licensed.get(i, ())) for i in here]
        deleted = [self._user(crowd.people[i], as_of, (), is_deleted=True) for i in gone]
        present = [a for a in self.apps if a.exists(as_of)]
        circles = [c for c in self.circles if self._exists(c, as_of)]
        return Directory(
            as_of=as_of, users=_by_id(users), deleted_users=_by_id(deleted),
            groups=_by_id([self._group(c) for c in circles]),
            service_principals=_by_id([principal(a, as_of) for a in present]),
            applications=_by_id([registration(a, self.tenant) for a in present if a.owner == self.tenant.id]),
            app_role_assignments=_by_id([*self._group_assignments(as_of), *self._direct(as_of, us),
            *self._machine_roles(present)]),
            oauth2_permission_grants=_by_id(list(self._consents(present, as_of, us))),
            subscribed_skus=self._skus(licensed, premium=premium),
            members={c.id: self._members(c, us, as_of) for c in circles},
        )  # fmt: skip

    def _exists(self, circle: Circle, at: datetime) -> bool:
        return circle.created_at <= at and (circle.app < 0 or self.apps[circle.app].exists(at))

    def _user(
        self, p: Person, at: datetime, skus: tuple[tuple[str, str | None], ...], *, is_deleted: bool = False
    ) -> User:
        country = PLACES[HOME[p.place]][2]
        is_accepted = not p.never_signs_in
        return User(
            p.id, p.upn, p.name_at(at), None if p.is_guest else p.given, None if p.is_guest else p.surname, p.mail,
            None if p.department is None else DEPARTMENTS[p.department], p.job_title,
            None if p.is_guest else self.tenant.name, None if p.is_guest else country, country if skus else None,
            p.employee_id,
            p.user_type, p.is_enabled(at), p.created_at, p.synced, skus,  # type: ignore[arg-type]  # Member, Guest or None
            ("Accepted" if is_accepted else "PendingAcceptance") if p.is_guest else None,
            p.deleted_at if is_deleted else None,
        )  # fmt: skip

    def _group(self, c: Circle) -> Group:
        has_mail = c.kind in (MAIL_SECURITY, UNIFIED, DYNAMIC_UNIFIED, MAIL_LIST)
        types = [
            *(["Unified"] if c.kind in (UNIFIED, DYNAMIC_UNIFIED) else []),
            *(["DynamicMembership"] if c.kind in (DYNAMIC, DYNAMIC_UNIFIED) else []),
        ]
        return Group(
            c.id, c.name, f"g{number(c.id) % 10**8:08d}@{self.tenant.domain}" if has_mail else None, has_mail,
            c.kind not in (UNIFIED, DYNAMIC_UNIFIED, MAIL_LIST), tuple(types), c.rule, c.created_at, c.skus,
            ("Private", "Public")[number(c.id) % 2] if "Unified" in types else None,
        )  # fmt: skip

    def _members(self, c: Circle, us: int, at: datetime) -> tuple[Member, ...]:
        people = [Member(self.crowd.people[i].id, "user") for i in c.people.at(us).tolist()]
        groups = [Member(g, "group") for g in c.groups]
        return tuple(
            sorted([*people, *groups, *(Member(p, "servicePrincipal") for p in c.principals)], key=lambda m: m.id)
        )

    def _group_assignments(self, at: datetime) -> Iterator[AppRoleAssignment]:
        for grant in self.seats.grants:
            app, circle = self.apps[grant.app], self.circles[grant.circle]
            if app.exists(at) and app.created_at + timedelta(days=3) <= at:
                roles = roles_of(app)
                # A group may hold several roles, each in a row of its own.
                for role in roles if number(circle.id, app.app_id) % 4 == 0 else roles[:1] or (None,):
                    yield self._assignment(
                        app,
                        role.id if role else ZERO,
                        circle.id,
                        "Group",
                        circle.name,
                        app.created_at + timedelta(days=3),
                    )

    def _direct(self, at: datetime, us: int) -> Iterator[AppRoleAssignment]:
        for code, span in self.seats.direct.items():
            app = self.apps[code]
            if not app.exists(at):
                continue
            roles = roles_of(app)
            for i, since in _held(span, us):
                person = self.crowd.people[i]
                several = roles if number(person.id, app.app_id) % 12 == 0 else roles[:1]
                for role_id in [r.id for r in several] or [ZERO]:
                    yield self._assignment(app, role_id, person.id, "User", person.name_at(at), moment(since))

    def _machine_roles(self, present: list[App]) -> Iterator[AppRoleAssignment]:
        graph = next(a for a in self.apps if a.name == "Microsoft Graph")
        for app in present:
            if app.n_runs_a_day and app.principal_id:
                role = roles_of(graph)[number(app.app_id, "machine") % 5]
                yield self._assignment(
                    graph, role.id, app.principal_id, "ServicePrincipal", app.name, app.created_at + timedelta(hours=2)
                )

    def _assignment(
        self, app: App, role: str, principal_id: str, kind: str, name: str, created: datetime
    ) -> AppRoleAssignment:
        key = opaque(app.principal_id, role, principal_id)
        return AppRoleAssignment(key, role, principal_id, kind, name, app.principal_id or "", app.name, created)  # type: ignore[arg-type]  # one of three

    def _consents(self, present: list[App], at: datetime, us: int) -> Iterator[OAuth2PermissionGrant]:
        graph = next(a.principal_id for a in self.apps if a.name == "Microsoft Graph") or ""
        codes = {a.app_id: i for i, a in enumerate(self.apps)}
        for app in present:
            n, client = number(app.app_id, "scope"), app.principal_id or ""
            if app.origin == "a" or (app.origin in "go" and n % 3 == 0):
                scope = " openid profile email User.Read" if n % 2 else "User.Read.All Group.Read.All"
                yield OAuth2PermissionGrant(opaque(client, "all"), client, "AllPrincipals", None, graph, scope)
            span = self.seats.consents.get(codes[app.app_id])
            for i, _ in _held(span, us) if span else ():
                person = self.crowd.people[i].id
                yield OAuth2PermissionGrant(
                    opaque(client, person),
                    client,
                    "Principal",
                    person,
                    graph,
                    f"openid profile User.Read offline_access{_ASKED[n % len(_ASKED)]}",
                )

    def _licences(self, us: int, *, premium: bool) -> dict[int, tuple[tuple[str, str | None], ...]]:
        office = next(c for c in self.circles if c.skus)
        held: dict[int, list[tuple[str, str | None]]] = {}
        for i in office.people.at(us).tolist():
            if not self.crowd.is_guest[i]:
                held.setdefault(i, []).append((OFFICE_SKU, office.id))
        crowd = self.crowd
        for i in np.flatnonzero((crowd.created <= us) & (crowd.deleted > us) & ~crowd.is_guest).tolist():
            n = number(crowd.people[i].id, "licences")
            mine = [(OFFICE_SKU, n % 11 == 0), (PREMIUM_SKU, premium and n % 3 == 0), (_FREE_SKU, n % 7 == 0)]
            held.setdefault(i, []).extend((sku, None) for sku, has in mine if has)
        return {i: tuple(skus) for i, skus in held.items()}

    def _skus(self, licensed: dict[int, tuple[tuple[str, str | None], ...]], *, premium: bool) -> list[Sku]:
        def consumed(sku: str) -> int:
            return sum(any(s == sku for s, _ in skus) for skus in licensed.values())

        plans = (
            ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"),
            ("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD"),
        )
        office = Sku(
            OFFICE_SKU, "ENTERPRISEPACK", consumed(OFFICE_SKU) + 12, consumed(OFFICE_SKU), "Enabled", "User", plans
        )
        free = Sku(
            _FREE_SKU,
            "FLOW_FREE",
            10000,
            consumed(_FREE_SKU),
            "Enabled",
            "User",
            (("50e68c76-46c6-4674-81f9-75456511b170", "FLOW_P2_VIRAL"),),
        )
        p1 = Sku(
            PREMIUM_SKU,
            "AAD_PREMIUM",
            consumed(PREMIUM_SKU) + 5,
            consumed(PREMIUM_SKU),
            "Enabled",
            "User",
            ((PREMIUM_PLAN, "AAD_PREMIUM"),),
        )
        return [office, free, *([p1] if premium else [])]


def _held(span: Span, us: int) -> Iterator[tuple[int, int]]:
    chosen = (span.since <= us) & (span.until > us)
    yield from zip(span.who[chosen].tolist(), span.since[chosen].tolist(), strict=True)


def _by_id(things: list[_Thing]) -> list[_Thing]:
    return sorted(things, key=lambda t: t.id)  # type: ignore[attr-defined]  # every shape has one
