"""A sign-in as v1.0 and beta declare it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from entra_sandbox.activity.question import OLD_PROTOCOLS, OLD_TOKENS
from entra_sandbox.world.shapes import SignIn

Read = Callable[[SignIn], Any]
_NOT_AGENTIC = {
    "agentType": "notAgentic",
    "parentAppId": None,
    "agentSubjectType": "notAgentic",
    "agentSubjectParentId": None,
}
_NO_IDENTITY = {"msiType": "none", "associatedResourceId": None, "federatedTokenId": None, "federatedTokenIssuer": None}
_IDENTITY = {**_NO_IDENTITY, "msiType": "systemAssigned"}
_GUEST = "b2bCollaboration"


def created(row: SignIn) -> str:
    # isoformat is several times faster than strftime, and a page holds a thousand.
    return row.created_at.isoformat()[:19] + "Z"


def status(row: SignIn) -> dict[str, Any]:
    if row.error_code == 0:
        return {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None}
    return {"errorCode": row.error_code, "failureReason": row.failure_reason, "additionalDetails": None}


def device(row: SignIn) -> dict[str, Any]:
    return {
        "deviceId": "",
        "displayName": None,
        "operatingSystem": row.operating_system or None,
        "browser": row.browser or None,
        "isCompliant": False,
        "isManaged": False,
        "trustType": None,
    }


def location(row: SignIn) -> dict[str, Any]:
    return {
        "city": row.city or None,
        "state": row.state or None,
        "countryOrRegion": row.country or None,
        "geoCoordinates": {"altitude": None, "latitude": None, "longitude": None},
    }


def _or_null(name: str) -> Read:
    return lambda row: getattr(row, name) or None


def _plain(name: str) -> Read:
    return lambda row: getattr(row, name)


def _always(value: Any) -> Read:
    return lambda row: value


_COMMON: dict[str, Read] = {
    "id": lambda row: row.id,
    "createdDateTime": created,
    "userDisplayName": _plain("user_display_name"),
    "userPrincipalName": _plain("user_principal_name"),
    "userId": lambda row: row.user_id,
    "appId": lambda row: row.app_id,
    "appDisplayName": _plain("app_display_name"),
    "ipAddress": _plain("ip_address"),
    "clientAppUsed": _plain("client_app_used"),
    "userAgent": _or_null("user_agent"),
    "correlationId": _or_null("correlation_id"),
    "conditionalAccessStatus": _always("notApplied"),
    "appliedConditionalAccessPolicies": _always([]),
    "authenticationAppDeviceDetails": _always(None),
    "isInteractive": _plain("is_interactive"),
    "riskDetail": _always("none"),
    "riskLevelAggregated": _always("none"),
    "riskLevelDuringSignIn": _always("none"),
    "riskState": _always("none"),
    "riskEventTypes_v2": _always([]),
    "resourceDisplayName": _plain("resource_display_name"),
    "resourceId": _plain("resource_id"),
    "resourceTenantId": lambda row: row.resource_tenant_id,
    "homeTenantId": lambda row: row.home_tenant_id,
    "servicePrincipalId": _plain("service_principal_id"),
    "servicePrincipalName": _or_null("service_principal_name"),
    "status": status,
    "deviceDetail": device,
    "location": location,
}


def _names(text: str) -> list[str]:
    return text.split()


V1: Mapping[str, Read] = {**_COMMON, "riskEventTypes": _always([])}

_BETA_NULLS = _names("""appTokenProtectionStatus authenticationAppPolicyEvaluationDetails azureResourceId
    clientSessionId federatedCredentialId flaggedForReview globalSecureAccessIpAddress homeTenantName ipAddressFromResourceProvider
    isTenantRestricted isThroughGlobalSecureAccess mfaDetail privateLinkDetails resourceServicePrincipalId
    servicePrincipalCredentialKeyId servicePrincipalCredentialThumbprint signInTokenProtectionStatus tokenIssuerName
    tokenProtectionStatusDetails""")
_BETA_LISTS = _names("""appliedEventListeners authenticationContextClassReferences authenticationDetails
    authenticationMethodsUsed authenticationProcessingDetails authenticationRequirementPolicies
    conditionalAccessAudiences networkLocationDetails sessionLifetimePolicies""")


def _token(row: SignIn) -> str:
    return row.incoming_token_type or "none"


def _protocol(row: SignIn) -> str:
    return row.authentication_protocol or "none"


BETA: Mapping[str, Read] = {
    **_COMMON,
    "agent": _always(_NOT_AGENTIC),
    "appOwnerTenantId": lambda row: row.app_owner_tenant_id or None,
    "authenticationProtocol": _protocol,
    "authenticationRequirement": _always("singleFactorAuthentication"),
    "autonomousSystemNumber": _always(64500),
    "clientCredentialType": lambda row: "clientSecret" if row.kind == "servicePrincipal" else "none",
    "crossTenantAccessType": lambda row: _GUEST if row.user_type == "guest" else "none",
    "incomingTokenType": _token,
    "managedServiceIdentity": lambda row: _IDENTITY if row.kind == "managedIdentity" else _NO_IDENTITY,
    "originalRequestId": _plain("original_request_id"),
    "originalTransferMethod": _always("none"),
    "processingTimeInMilliseconds": _always(120),
    "resourceOwnerTenantId": _or_null("resource_tenant_id"),
    "sessionId": _or_null("session_id"),
    "signInEventTypes": lambda row: [row.kind],
    "signInIdentifier": _or_null("user_principal_name"),
    "signInIdentifierType": _always(None),
    "tokenIssuerType": _always("AzureAD"),
    "uniqueTokenIdentifier": _or_null("unique_token_identifier"),
    "userType": lambda row: row.user_type or None,
    **{name: _always(None) for name in _BETA_NULLS},
    **{name: _always([]) for name in _BETA_LISTS},
}

_FUTURE = "unknownFutureValue"
# For callers who did not ask for unknown enumeration members.
TIMID: Mapping[str, Read] = {
    **BETA,
    "incomingTokenType": lambda row: value if (value := _token(row)) in OLD_TOKENS else _FUTURE,
    "authenticationProtocol": lambda row: value if (value := _protocol(row)) in OLD_PROTOCOLS else _FUTURE,
}


def shape_of(version: str, *, all_members: bool) -> Mapping[str, Read]:
    if version == "v1.0":
        return V1
    return BETA if all_members else TIMID


def renderer(shape: Mapping[str, Read], names: tuple[str, ...] | None) -> Callable[[SignIn], dict[str, Any]]:
    """The served object of a row, with exactly these properties."""
    chosen = [(name, shape[name]) for name in names or tuple(shape)]
    return lambda row: {name: read(row) for name, read in chosen}
