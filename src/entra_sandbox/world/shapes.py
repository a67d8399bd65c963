"""The things a made-up company consists of, as everybody outside the world sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"]
MemberType = Literal["user", "group", "servicePrincipal"]

KINDS: tuple[Kind, ...] = ("interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity")
ZERO = "00000000-0000-0000-0000-000000000000"
MICROSOFT_SERVICES = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
MICROSOFT_CORPORATE = "72f988bf-86f1-41af-91ab-2d7cd011db47"
MICROSOFT_OTHER = "ea8a4392-515e-481f-879e-6571ff2a8a36"
CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
PREMIUM_PLAN = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
PREMIUM_SKU = "078d2b04-f1bd-4111-bbd9-b4b1b354cef4"


@dataclass(frozen=True, slots=True)
class Tenant:
    """The company; `domain` is its verified default domain, `initial_domain` the onmicrosoft.com one."""

    id: str
    name: str
    domain: str
    initial_domain: str
    country: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """One user object; `user_type` is null for a few old ones, who are members."""

    id: str
    user_principal_name: str
    display_name: str
    given_name: str | None
    surname: str | None
    mail: str | None
    department: str | None
    job_title: str | None
    company_name: str | None
    country: str | None
    usage_location: str | None
    employee_id: str | None
    user_type: Literal["Member", "Guest"] | None
    account_enabled: bool
    created_at: datetime
    on_premises_sync_enabled: bool | None
    assigned_skus: tuple[tuple[str, str | None], ...]
    """(sku id, id of the granting group or None when direct); one sku may come twice, it is still one seat."""
    external_user_state: str | None
    deleted_at: datetime | None = None
    """Set only in Directory.deleted_users."""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    display_name: str
    mail: str | None
    mail_enabled: bool
    security_enabled: bool
    group_types: tuple[str, ...]
    membership_rule: str | None
    created_at: datetime
    assigned_sku_ids: tuple[str, ...]
    visibility: str | None


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    type: MemberType


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role an application offers; `member_types` as Graph's allowedMemberTypes."""

    id: str
    display_name: str
    value: str | None
    member_types: tuple[str, ...] = ("User",)


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    id: str
    app_id: str
    display_name: str
    app_display_name: str | None
    app_owner_organization_id: str | None
    service_principal_type: str
    account_enabled: bool
    app_role_assignment_required: bool
    application_template_id: str | None
    preferred_single_sign_on_mode: str | None
    homepage: str | None
    login_url: str | None
    reply_urls: tuple[str, ...]
    tags: tuple[str, ...]
    sign_in_audience: str | None
    verified_publisher_name: str | None
    app_roles: tuple[AppRole, ...]
    created_at: datetime
    service_principal_names: tuple[str, ...]
    oauth2_permission_scopes: tuple[AppRole, ...] = ()
    """Delegated permissions the principal offers; only the Graph principal has some."""


@dataclass(frozen=True, slots=True)
class Application:
    """A registration owned by the tenant."""

    id: str
    app_id: str
    display_name: str
    sign_in_audience: str
    publisher_domain: str | None
    tags: tuple[str, ...]
    created_at: datetime
    redirect_uris: tuple[str, ...]
    home_page_url: str | None
    identifier_uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppRoleAssignment:
    """One role for one principal; several rows may join the same principal and resource. `id` is case-sensitive."""

    id: str
    app_role_id: str
    principal_id: str
    principal_type: Literal["User", "Group", "ServicePrincipal"]
    principal_display_name: str
    resource_id: str
    resource_display_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OAuth2PermissionGrant:
    """`client_id` and `resource_id` are object ids of principals; `principal_id` is null for AllPrincipals."""

    id: str
    client_id: str
    consent_type: Literal["AllPrincipals", "Principal"]
    principal_id: str | None
    resource_id: str
    scope: str


@dataclass(frozen=True, slots=True)
class Sku:
    sku_id: str
    part_number: str
    enabled: int
    consumed: int
    capability_status: str
    applies_to: str
    service_plans: tuple[tuple[str, str], ...]
    """(plan id, plan name)"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One record of the sign-in log; for principals and managed identities the user fields are empty."""

    id: str
    created_at: datetime
    arrived_at: datetime
    kind: Kind
    user_id: str
    user_display_name: str
    user_principal_name: str
    user_type: str
    """'member' or 'guest'; empty for principals and managed identities"""
    app_id: str
    app_display_name: str
    """may be empty"""
    app_owner_tenant_id: str
    resource_id: str
    """the appId of the resource"""
    resource_display_name: str
    resource_tenant_id: str
    """another tenant's id for the few events that are no business of ours"""
    home_tenant_id: str
    error_code: int
    """0 is success"""
    failure_reason: str
    correlation_id: str
    """empty for a few records"""
    ip_address: str
    client_app_used: str
    user_agent: str
    browser: str
    operating_system: str
    city: str
    state: str
    country: str
    service_principal_id: str
    service_principal_name: str
    authentication_protocol: str
    incoming_token_type: str
    session_id: str
    unique_token_identifier: str
    is_interactive: bool
    original_request_id: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The last time of something, and the sign-in that proves it."""

    at: datetime
    request_id: str


@dataclass(frozen=True, slots=True)
class UserActivity:
    """Graph's signInActivity: last interactive attempt, last non-interactive attempt, last success of either kind."""

    interactive: Stamp | None = None
    non_interactive: Stamp | None = None
    successful: Stamp | None = None


@dataclass(frozen=True, slots=True)
class AppActivity:
    """Graph's servicePrincipalSignInActivity; successes only; `last` is the newest of the four."""

    last: Stamp | None = None
    delegated_client: Stamp | None = None
    delegated_resource: Stamp | None = None
    application_client: Stamp | None = None
    application_resource: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Who and what was active last, from the events visible at one moment; nobody without an event is in it."""

    users: Mapping[str, UserActivity]
    """by user id; existing users only"""
    apps: Mapping[str, AppActivity]
    """by app id"""


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    display_name: str
    type: str
    user_principal_name: str | None = None
    properties: tuple[tuple[str, str | None, str | None], ...] = ()
    """(name, old value, new value), the values being JSON texts"""


@dataclass(frozen=True, slots=True)
class DirectoryAudit:
    id: str
    at: datetime
    category: str
    activity: str
    operation_type: str
    correlation_id: str
    initiated_by_user_id: str
    initiated_by_upn: str
    ip_address: str
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Directory:
    """The company's directory at one moment; lists are ordered by id."""

    as_of: datetime
    users: Sequence[User] = ()
    groups: Sequence[Group] = ()
    service_principals: Sequence[ServicePrincipal] = ()
    applications: Sequence[Application] = ()
    app_role_assignments: Sequence[AppRoleAssignment] = ()
    oauth2_permission_grants: Sequence[OAuth2PermissionGrant] = ()
    subscribed_skus: Sequence[Sku] = ()
    deleted_users: Sequence[User] = ()
    members: Mapping[str, Sequence[Member]] = field(default_factory=dict)
    """group id to its direct members; groups without members may be absent"""

    def members_of(self, group_id: str) -> Sequence[Member]:
        return self.members.get(group_id, ())
