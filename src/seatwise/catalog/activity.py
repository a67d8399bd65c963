"""The data sets that tell use: sign-ins and dates of last activity."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from seatwise.catalog.permissions import AUDIT_LOG, DIRECTORY, USER
from seatwise.catalog.shapes import Dataset, Field

SignInKind = Literal["interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"]
SIGN_IN_KINDS: Final[tuple[SignInKind, ...]] = (
    "interactiveUser",
    "nonInteractiveUser",
    "servicePrincipal",
    "managedIdentity",
)
USER_KINDS: Final[tuple[SignInKind, ...]] = ("interactiveUser", "nonInteractiveUser")
"""Kinds in which a person acts."""

Feed = Literal["graph", "diagnostic", "log_analytics", "portal"]
FEEDS: Final[tuple[Feed, ...]] = ("graph", "diagnostic", "log_analytics", "portal")
"""Ways an event reaches us, the preferred one first."""

ZERO_GUID: Final = "00000000-0000-0000-0000-000000000000"
RETENTION_DAYS: Final = 30
RETENTION_DAYS_FREE: Final = 7
"""Days Microsoft keeps sign-ins, with and without a premium licence."""

SETTLE_AFTER: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))
"""Ages at which a window is read again, since events arrive late."""
SETTLED_AFTER: Final = SETTLE_AFTER[-1]
OVERLAP: Final = timedelta(hours=2)
LAG: Final = timedelta(minutes=15)
"""Youngest stretch of the log, read at once but always read again."""

USER_ACTIVITY = Dataset(
    name="user_activity",
    help="When each person last signed in to anything, as Microsoft keeps it.",
    version="v1.0",
    path="/users",
    page_size=500,
    key=("user_id",),
    permissions=(USER, DIRECTORY),
    permissions_too=(AUDIT_LOG,),
    why="To prove that a person has been inactive for longer than sign-in logs reach back.",
    workload="reports",
    units=1,
    premium=True,
    entity="microsoft.graph.user",
    fields=(
        Field("user_id", "id", "guid", "The person.", personal=True),
        Field(
            "last_sign_in_at",
            "signInActivity/lastSignInDateTime",
            "time",
            "Last interactive attempt, successful or not.",
            personal=True,
        ),
        Field(
            "last_non_interactive_at",
            "signInActivity/lastNonInteractiveSignInDateTime",
            "time",
            "Last attempt made by an app for the person.",
            personal=True,
        ),
        Field(
            "last_successful_at",
            "signInActivity/lastSuccessfulSignInDateTime",
            "time",
            "Last success of either kind, recorded since December 2023.",
            personal=True,
        ),
    ),
)

APP_ACTIVITY = Dataset(
    name="app_activity",
    help="When each app was last active, in four roles, as Microsoft keeps it.",
    version="beta",
    path="/reports/servicePrincipalSignInActivities",
    page_size=999,
    key=("app_id",),
    permissions=(AUDIT_LOG, DIRECTORY),
    why="To prove that an app has been inactive for longer than sign-in logs reach back.",
    workload="reports",
    units=1,
    premium=True,
    entity="microsoft.graph.servicePrincipalSignInActivity",
    fields=(
        Field("app_id", "appId", "guid", "The app."),
        Field("last_sign_in_at", "lastSignInActivity/lastSignInDateTime", "time", "Last activity in any role."),
        Field(
            "delegated_client_at",
            "delegatedClientSignInActivity/lastSignInDateTime",
            "time",
            "Last time a person signed in to the app.",
        ),
        Field(
            "delegated_resource_at",
            "delegatedResourceSignInActivity/lastSignInDateTime",
            "time",
            "Last time another app used this one for a person.",
        ),
        Field(
            "app_client_at",
            "applicationAuthenticationClientSignInActivity/lastSignInDateTime",
            "time",
            "Last time the app signed in by itself.",
        ),
        Field(
            "app_resource_at",
            "applicationAuthenticationResourceSignInActivity/lastSignInDateTime",
            "time",
            "Last time another app used this one without a person.",
        ),
    ),
)

SIGN_INS = Dataset(
    name="sign_ins",
    help="Sign-in events of people and apps; one row per event and feed.",
    version="beta",
    path="/auditLogs/signIns",
    page_size=1000,
    key=("event_id", "feed"),
    permissions=(AUDIT_LOG,),
    why="To see who used which app, and when. Keep Directory.Read.All too, or Microsoft may refuse as if unlicensed.",
    workload="reports",
    units=1,
    premium=True,
    partition=("day",),
    entity="microsoft.graph.signIn",
    fields=(
        Field("event_id", "id", "guid", "Id of the event, the same in every feed."),
        Field("feed", "_feed", "text", "How the event reached us: graph, diagnostic, log_analytics or portal."),
        Field("kind", "signInEventTypes", "sign_in_kind", f"Kind of sign-in: {', '.join(SIGN_IN_KINDS)}.", beta=True),
        Field("day", "", "day", "UTC day of the event."),
        Field("created_at", "createdDateTime", "time", "When the sign-in happened."),
        Field("user_id", "userId", "guid", "The person; zero or empty when unknown.", personal=True),
        Field("user_name", "userDisplayName", "text", "Name of the person at that time.", personal=True),
        Field("upn", "userPrincipalName", "text", "Sign-in name at that time.", personal=True),
        Field("user_type", "userType", "word", "member or guest.", beta=True),
        Field("app_id", "appId", "guid", "The app that was signed in to."),
        Field("app_name", "appDisplayName", "text", "Name of the app at that time."),
        Field("app_owner_tenant_id", "appOwnerTenantId", "guid", "Tenant that owns the app.", beta=True),
        Field("resource_id", "resourceId", "guid", "What the app asked access to; never counted as use of that."),
        Field("resource_tenant_id", "resourceTenantId", "guid", "Tenant that was signed in to."),
        Field("error_code", "status/errorCode", "int", "0 for success, else the AADSTS number."),
        Field("correlation_id", "correlationId", "guid", "Ties together the events of one action."),
        Field("ip_address", "ipAddress", "text", "Address the sign-in came from.", personal=True),
        Field("client_app", "clientAppUsed", "text", "Kind of client: Browser, Mobile Apps and Desktop clients, …"),
        Field("principal_id", "servicePrincipalId", "guid", "The identity, when an app signed in by itself."),
        Field("principal_name", "servicePrincipalName", "text", "Name of that identity."),
        Field("package", "", "int", "Number of the package that brought the row."),
    ),
)

ACTIVITY_DATASETS = (USER_ACTIVITY, APP_ACTIVITY, SIGN_INS)
