"""A company made by hand, small enough to count on the fingers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from entra_sandbox.world import (
    ZERO,
    Activity,
    AppRoleAssignment,
    Directory,
    Group,
    Member,
    OAuth2PermissionGrant,
    ServicePrincipal,
    SignIn,
    Sku,
    Tenant,
    User,
)

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)
HOME = Tenant("home", "Hand-made", "made.example", "made.onmicrosoft.com", "DE", OLD)
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def user(name: str, created: datetime = OLD, user_type: str | None = "Member") -> User:
    return User(
        name, f"{name}@made.example", name.title(), None, None, None, None, None, None, None, None, None,
        user_type, True, created, None, (), None,  # type: ignore[arg-type]  # a text from a test
    )  # fmt: skip


def app(name: str, owner: str | None = "home", kind: str = "Application") -> ServicePrincipal:
    return ServicePrincipal(
        f"sp-{name}", name, name.title(), name.title(), owner, kind, True, False, None, None, None, None, (), (),
        None, None,
        (), OLD, (),
    )  # fmt: skip


def group(name: str) -> Group:
    return Group(name, name.title(), None, False, True, (), None, OLD, (), None)


def seat(of: str, app_name: str, kind: str = "User") -> AppRoleAssignment:
    return AppRoleAssignment(f"{of}-{app_name}-{kind}", ZERO, of, kind, of, f"sp-{app_name}", app_name, OLD)  # type: ignore[arg-type]  # a text from a test


def sign_in(event_id: str, person: str, app_name: str, at: datetime, **more: object) -> SignIn:
    plain = SignIn(
        id=event_id, created_at=at, arrived_at=at, kind="interactiveUser", user_id=person,
        user_display_name=person.title(),
        user_principal_name=f"{person}@made.example", user_type="member", app_id=app_name,
        app_display_name=app_name.title(),
        app_owner_tenant_id="home", resource_id=app_name, resource_display_name="", resource_tenant_id="home",
        home_tenant_id="home", error_code=0, failure_reason="", correlation_id=f"c-{event_id}", ip_address="",
        client_app_used="", user_agent="", browser="", operating_system="", city="", state="", country="",
        service_principal_id="", service_principal_name="", authentication_protocol="", incoming_token_type="",
        session_id="", unique_token_identifier="", is_interactive=True, original_request_id=event_id,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # fields named by the test


@dataclass
class Made:
    users: list[User] = field(default_factory=list)
    apps: list[ServicePrincipal] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    members: dict[str, list[Member]] = field(default_factory=dict)
    seats: list[AppRoleAssignment] = field(default_factory=list)
    grants: list[OAuth2PermissionGrant] = field(default_factory=list)
    events: list[SignIn] = field(default_factory=list)
    skus: list[Sku] = field(default_factory=list)
    activity: Activity = field(default_factory=lambda: Activity({}, {}))
    tenant: Tenant = HOME

    def directory(self, as_of: datetime, premium: bool | None = None) -> Directory:
        return Directory(
            as_of, self.users, self.groups, self.apps, app_role_assignments=self.seats,
            oauth2_permission_grants=self.grants, subscribed_skus=self.skus, members=self.members,
        )  # fmt: skip

    def sign_ins(self, start: datetime, end: datetime) -> Iterator[SignIn]:
        return (e for e in sorted(self.events, key=lambda e: (e.created_at, e.id)) if start <= e.created_at < end)

    def last_activity(self, as_of: datetime) -> Activity:
        return self.activity


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)
