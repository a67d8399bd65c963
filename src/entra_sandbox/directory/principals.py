"""Service principals, applications, assignments, grants and licences as Graph declares them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from entra_sandbox.directory.entity import Entity, attribute, constant, declared, listed, time, without
from entra_sandbox.directory.index import Index
from entra_sandbox.world.shapes import AppRoleAssignment, ServicePrincipal, Sku

_NO_LINKS = {
    "logoUrl": None,
    "marketingUrl": None,
    "privacyStatementUrl": None,
    "supportUrl": None,
    "termsOfServiceUrl": None,
}


def app_roles(row: ServicePrincipal, _: Index) -> list[dict[str, Any]]:
    return [
        {
            "allowedMemberTypes": list(role.member_types),
            "description": role.display_name,
            "displayName": role.display_name,
            "id": role.id,
            "isEnabled": True,
            "origin": "Application",
            "value": role.value,
        }
        for role in row.app_roles
    ]


def _scopes(row: ServicePrincipal, _: Index) -> list[dict[str, Any]]:
    return [
        {
            "adminConsentDescription": scope.display_name,
            "adminConsentDisplayName": scope.display_name,
            "id": scope.id,
            "isEnabled": True,
            "type": "Admin",
            "userConsentDescription": None,
            "userConsentDisplayName": None,
            "value": scope.value,
        }
        for scope in row.oauth2_permission_scopes
    ]


def _publisher(row: ServicePrincipal, _: Index) -> dict[str, Any]:
    if row.verified_publisher_name is None:
        return {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None}
    number = uuid.uuid5(uuid.NAMESPACE_DNS, row.verified_publisher_name).int % 10_000_000
    return {
        "displayName": row.verified_publisher_name,
        "verifiedPublisherId": str(number),
        "addedDateTime": "2022-01-01T00:00:00Z",
    }


_SERVICE_PRINCIPAL = declared(
    {
        "id": attribute("id"),
        "appId": attribute("app_id"),
        "displayName": attribute("display_name"),
        "appDisplayName": attribute("app_display_name"),
        "appOwnerOrganizationId": attribute("app_owner_organization_id"),
        "servicePrincipalType": attribute("service_principal_type"),
        "accountEnabled": attribute("account_enabled"),
        "appRoleAssignmentRequired": attribute("app_role_assignment_required"),
        "applicationTemplateId": attribute("application_template_id"),
        "preferredSingleSignOnMode": attribute("preferred_single_sign_on_mode"),
        "homepage": attribute("homepage"),
        "loginUrl": attribute("login_url"),
        "replyUrls": listed("reply_urls"),
        "tags": listed("tags"),
        "signInAudience": attribute("sign_in_audience"),
        "verifiedPublisher": _publisher,
        "appRoles": app_roles,
        "oauth2PermissionScopes": _scopes,
        "servicePrincipalNames": listed("service_principal_names"),
        "info": constant(_NO_LINKS),
    },
    nulls="""deletedDateTime appDescription createdByAppId customSecurityAttributes description
        disabledByMicrosoftStatus isDisabled logoutUrl notes preferredTokenSigningKeyThumbprint
        samlSingleSignOnSettings tokenEncryptionKeyId""",
    lists="""addIns alternativeNames keyCredentials notificationEmailAddresses passwordCredentials
        resourceSpecificApplicationPermissions""",
)

SERVICE_PRINCIPAL = Entity(
    "microsoft.graph.servicePrincipal",
    _SERVICE_PRINCIPAL,
    default=without(_SERVICE_PRINCIPAL, "customSecurityAttributes isDisabled createdByAppId"),
)

_APPLICATION = declared(
    {
        "id": attribute("id"),
        "appId": attribute("app_id"),
        "displayName": attribute("display_name"),
        "signInAudience": attribute("sign_in_audience"),
        "publisherDomain": attribute("publisher_domain"),
        "tags": listed("tags"),
        "createdDateTime": time("created_at"),
        "identifierUris": listed("identifier_uris"),
        "passwordCredentials": lambda row, _: list(getattr(row, "password_credentials", ())),
        "keyCredentials": lambda row, _: list(getattr(row, "key_credentials", ())),
        "web": lambda row, _: {
            "homePageUrl": row.home_page_url,
            "logoutUrl": None,
            "redirectUris": list(row.redirect_uris),
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
            "redirectUriSettings": [],
        },
        "info": constant(_NO_LINKS),
        "verifiedPublisher": constant({"displayName": None, "verifiedPublisherId": None, "addedDateTime": None}),
        "oauth2RequirePostResponse": constant(False),
    },
    nulls="""deletedDateTime api applicationTemplateId authenticationBehaviors certification createdByAppId
        defaultRedirectUri description disabledByMicrosoftStatus groupMembershipClaims isDeviceOnlyAuthSupported
        isDisabled isFallbackPublicClient nativeAuthenticationApisEnabled notes optionalClaims parentalControlSettings
        publicClient requestSignatureVerification samlMetadataUrl serviceManagementReference
        servicePrincipalLockConfiguration spa tokenEncryptionKeyId uniqueName""",
    lists="addIns appRoles managerApplications requiredResourceAccess",
)

APPLICATION = Entity(
    "microsoft.graph.application",
    _APPLICATION,
    default=without(
        _APPLICATION,
        "api authenticationBehaviors oauth2RequirePostResponse createdByAppId isDisabled "
        "managerApplications nativeAuthenticationApisEnabled",
    ),
)


def _long_time(row: AppRoleAssignment, _: Index) -> str:
    """Assignments carry seven fractional digits."""
    at: datetime = row.created_at
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}{uuid.uuid5(uuid.NAMESPACE_URL, row.id).int % 10}Z"


_ASSIGNMENT = declared(
    {
        "id": attribute("id"),
        "appRoleId": attribute("app_role_id"),
        "createdDateTime": _long_time,
        "principalDisplayName": attribute("principal_display_name"),
        "principalId": attribute("principal_id"),
        "principalType": attribute("principal_type"),
        "resourceDisplayName": attribute("resource_display_name"),
        "resourceId": attribute("resource_id"),
    },
    nulls="deletedDateTime",
)
ASSIGNMENT = Entity("microsoft.graph.appRoleAssignment", _ASSIGNMENT, tuple(_ASSIGNMENT), sortable=frozenset())

_GRANT = declared(
    {
        "clientId": attribute("client_id"),
        "consentType": attribute("consent_type"),
        "id": attribute("id"),
        "principalId": attribute("principal_id"),
        "resourceId": attribute("resource_id"),
        "scope": attribute("scope"),
    }
)
GRANT = Entity("microsoft.graph.oAuth2PermissionGrant", _GRANT, tuple(_GRANT), sortable=frozenset())


_PREMIUM_PLANS = frozenset({"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"})


def service_plans(row: Sku, index: Index) -> list[dict[str, Any]]:
    return [
        {"servicePlanId": plan, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"}
        for plan, name in row.service_plans
        if index.state.premium or plan not in _PREMIUM_PLANS
    ]


_SKU = declared(
    {
        "accountId": lambda _, index: index.tenant.id,
        "accountName": lambda _, index: index.tenant.initial_domain.split(".")[0],
        "appliesTo": attribute("applies_to"),
        "capabilityStatus": attribute("capability_status"),
        "consumedUnits": attribute("consumed"),
        "id": lambda row, index: f"{index.tenant.id}_{row.sku_id}",
        "skuId": attribute("sku_id"),
        "skuPartNumber": attribute("part_number"),
        "subscriptionIds": lambda row, index: [str(uuid.uuid5(uuid.UUID(index.tenant.id), row.sku_id))],
        "prepaidUnits": lambda row, _: {"enabled": row.enabled, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": service_plans,
    }
)
SKU = Entity("microsoft.graph.subscribedSku", _SKU, tuple(_SKU), sortable=frozenset())


def tenant_plans(index: Index) -> list[dict[str, Any]]:
    """The organization's plans: a tenant without premium holds no premium plan, whatever its subscriptions list."""
    at = index.tenant.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    held = {plan: name for sku in index.directory.subscribed_skus for plan, name in sku.service_plans}
    if index.state.premium:
        held.setdefault("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM")
    services = {
        plan: "AADPremiumService" if plan in _PREMIUM_PLANS else name
        for plan, name in held.items()
        if index.state.premium or plan not in _PREMIUM_PLANS
    }
    return [
        {"assignedDateTime": at, "capabilityStatus": "Enabled", "service": service, "servicePlanId": plan}
        for plan, service in services.items()
    ]
