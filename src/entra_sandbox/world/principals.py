"""How an application of the world looks in the directory: principal, registration, roles."""

from __future__ import annotations

from datetime import datetime

from entra_sandbox.world import words
from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import guid, number
from entra_sandbox.world.shapes import GRAPH_APP_ID, Application, AppRole, ServicePrincipal, Tenant

_BOTH = ("Application",)
GRAPH_ROLES = tuple(
    AppRole(role, value, value, _BOTH)
    for value, role in (
        ("AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"),
        ("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
        ("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"),
        ("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
        ("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
        ("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
        ("Reports.Read.All", "230c1aed-a721-4c5d-9cb4-a90514e508ef"),
    )
)
GRAPH_SCOPES = tuple(
    AppRole(scope, value, value)
    for value, scope in (
        ("AuditLog.Read.All", "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20"),
        ("Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a"),
        ("Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d"),
        ("GroupMember.Read.All", "bc024368-1153-4739-b217-4326f2e966d0"),
        ("User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59"),
        ("Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb"),
        ("Reports.Read.All", "02e97553-ed7b-43d0-ab3c-f8bace0d040c"),
        ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
    )
)


def roles_of(app: App) -> tuple[AppRole, ...]:
    if app.app_id == GRAPH_APP_ID:
        return GRAPH_ROLES
    if app.origin in "gcoaf" and number(app.app_id, "roles") % 3 == 0:
        return tuple(AppRole(guid(app.app_id, r), r, r.lower()) for r in ("User", "Administrator"))
    return ()


def _site(app: App) -> str:
    if app.service is not None:
        return f"https://{app.service.domain}"
    vendor = words.vendor_name(app.app_id).lower()
    return f"https://{vendor}.{'apps.contoured.example' if app.origin == 'o' else 'example'}"


def _tags(app: App) -> tuple[str, ...]:
    shown = ("WindowsAzureActiveDirectoryIntegratedApp",)
    if app.origin == "g":
        primary = "PrimaryV1" if number(app.app_id, "tag") % 3 else "NonPrimaryV1"
        return (*shown, f"WindowsAzureActiveDirectoryGalleryApplication{primary}")
    if app.origin == "c":
        return (*shown, "WindowsAzureActiveDirectoryCustomSingleSignOnApplication")
    if app.origin == "o" and number(app.app_id, "tag") % 4 == 0:
        return (*shown, "WindowsAzureActiveDirectoryOnPremApp")
    if app.origin in "oauf":
        return (*shown, "HideApp") if number(app.app_id, "tag") % 7 == 0 else shown
    return ()


def principal(app: App, at: datetime) -> ServicePrincipal:
    is_plain = app.principal_type == "Application" and not app.is_microsoft
    site, n = _site(app), number(app.app_id, "site")
    signs_in_at = site.replace("https://", "https://signin.") if app.service else site
    home = f"{site}?metadata={words.vendor_name(app.app_id).lower()}|ISV9.1|primary|z" if app.origin == "g" else site
    return ServicePrincipal(
        id=app.principal_id or "", app_id=app.app_id, display_name=app.name,
        app_display_name=None if app.principal_type == "Legacy" else app.name, app_owner_organization_id=app.owner,
        service_principal_type=app.principal_type, account_enabled=app.is_enabled(at),
        app_role_assignment_required=app.is_required, application_template_id=app.template,
        preferred_single_sign_on_mode=app.sso, homepage=home if is_plain and n % 5 else None,
        login_url=f"{site}/login" if is_plain and app.sso in ("saml", "password") and n % 2 else None,
        reply_urls=(f"{signs_in_at}/saml/acs" if app.sso == "saml" else f"{signs_in_at}/callback",) if is_plain else (),
        tags=_tags(app),
        sign_in_audience=None if app.principal_type == "ManagedIdentity" else
        "AzureADMyOrg" if app.origin in "gco" else "AzureADMultipleOrgs",
        verified_publisher_name=app.service.publisher if app.service and app.origin in "auf" and n % 3 else None,
        app_roles=roles_of(app), created_at=app.created_at,
        service_principal_names=(app.app_id, site) if is_plain else (app.app_id,),
        oauth2_permission_scopes=GRAPH_SCOPES if app.app_id == GRAPH_APP_ID else (),
    )  # fmt: skip


def registration(app: App, tenant: Tenant) -> Application:
    site = _site(app)
    return Application(
        id=guid(app.app_id, "registration"), app_id=app.app_id, display_name=app.name, sign_in_audience="AzureADMyOrg",
        publisher_domain=tenant.domain, tags=_tags(app), created_at=app.created_at,
        redirect_uris=(f"{site}/callback",), home_page_url=site, identifier_uris=(f"api://{app.app_id}",),
    )  # fmt: skip
