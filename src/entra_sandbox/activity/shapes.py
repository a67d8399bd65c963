"""A sign-in as v1.0 and beta declare it, made from the world's columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entra_sandbox.activity.question import OLD_PROTOCOLS, OLD_TOKENS


@dataclass(frozen=True)
class Property:
    """fields: names of the world's columns it is made of. make: from their values, None to take the one as it is."""

    fields: tuple[str, ...] = ()
    make: Callable[..., Any] | None = None
    constant: Any = None


_NOT_AGENTIC = {
    "agentType": "notAgentic",
    "parentAppId": None,
    "agentSubjectType": "notAgentic",
    "agentSubjectParentId": None,
}
_NO_IDENTITY = {"msiType": "none", "associatedResourceId": None, "federatedTokenId": None, "federatedTokenIssuer": None}
_IDENTITY = {**_NO_IDENTITY, "msiType": "systemAssigned"}
_NOWHERE = {"altitude": None, "latitude": None, "longitude": None}
_SUCCESS = {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None}
CREATED_TEXT = "created_text"
_FUTURE = "unknownFutureValue"


def _status(code: int, reason: str) -> dict[str, Any]:
    return {"errorCode": code, "failureReason": reason, "additionalDetails": None} if code else _SUCCESS


def _device(system: str, browser: str) -> dict[str, Any]:
    return {
        "deviceId": "",
        "displayName": None,
        "operatingSystem": system or None,
        "browser": browser or None,
        "isCompliant": False,
        "isManaged": False,
        "trustType": None,
    }


def _location(city: str, state: str, country: str) -> dict[str, Any]:
    return {
        "city": city or None,
        "state": state or None,
        "countryOrRegion": country or None,
        "geoCoordinates": _NOWHERE,
    }


def _none_if_empty(value: Any) -> Any:
    return value or None


def _plain(field: str) -> Property:
    return Property((field,))


def _or_null(field: str) -> Property:
    return Property((field,), _none_if_empty)


def _always(value: Any) -> Property:
    return Property(constant=value)


def _names(text: str) -> list[str]:
    return text.split()


_COMMON: dict[str, Property] = {
    "id": _plain("id"),
    "createdDateTime": _plain(CREATED_TEXT),
    "userDisplayName": _plain("user_display_name"),
    "userPrincipalName": _plain("user_principal_name"),
    "userId": _plain("user_id"),
    "appId": _plain("app_id"),
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
    "resourceTenantId": _plain("resource_tenant_id"),
    "homeTenantId": _plain("home_tenant_id"),
    "servicePrincipalId": _plain("service_principal_id"),
    "servicePrincipalName": _or_null("service_principal_name"),
    "status": Property(("error_code", "failure_reason"), _status),
    "deviceDetail": Property(("operating_system", "browser"), _device),
    "location": Property(("city", "state", "country"), _location),
}

V1: Mapping[str, Property] = {**_COMMON, "riskEventTypes": _always([])}

_BETA_NULLS = _names("""appTokenProtectionStatus authenticationAppPolicyEvaluationDetails azureResourceId
    clientSessionId federatedCredentialId flaggedForReview globalSecureAccessIpAddress homeTenantName
    ipAddressFromResourceProvider isTenantRestricted isThroughGlobalSecureAccess mfaDetail privateLinkDetails
    resourceServicePrincipalId servicePrincipalCredentialKeyId servicePrincipalCredentialThumbprint
    signInIdentifierType signInTokenProtectionStatus tokenIssuerName tokenProtectionStatusDetails""")
_BETA_LISTS = _names("""appliedEventListeners authenticationContextClassReferences authenticationDetails
    authenticationMethodsUsed authenticationProcessingDetails authenticationRequirementPolicies
    conditionalAccessAudiences networkLocationDetails sessionLifetimePolicies""")

BETA: Mapping[str, Property] = {
    **_COMMON,
    "agent": _always(_NOT_AGENTIC),
    "appOwnerTenantId": _or_null("app_owner_tenant_id"),
    "authenticationProtocol": Property(("authentication_protocol",), lambda name: name or "none"),
    "authenticationRequirement": _always("singleFactorAuthentication"),
    "autonomousSystemNumber": _always(64500),
    "clientCredentialType": Property(("kind",), lambda kind: "clientSecret" if kind == "servicePrincipal" else "none"),
    "crossTenantAccessType": Property(("user_type",), lambda kind: "b2bCollaboration" if kind == "guest" else "none"),
    "incomingTokenType": Property(("incoming_token_type",), lambda name: name or "none"),
    "managedServiceIdentity": Property(
        ("kind",), lambda kind: _IDENTITY if kind == "managedIdentity" else _NO_IDENTITY
    ),
    "originalRequestId": _plain("original_request_id"),
    "originalTransferMethod": _always("none"),
    "processingTimeInMilliseconds": _always(120),
    "resourceOwnerTenantId": _or_null("resource_tenant_id"),
    "sessionId": _or_null("session_id"),
    "signInEventTypes": Property(("kind",), lambda kind: [kind]),
    "signInIdentifier": _or_null("user_principal_name"),
    "tokenIssuerType": _always("AzureAD"),
    "uniqueTokenIdentifier": _or_null("unique_token_identifier"),
    "userType": _or_null("user_type"),
    **{name: _always(None) for name in _BETA_NULLS},
    **{name: _always([]) for name in _BETA_LISTS},
}

# For callers who did not ask for unknown enumeration members.
TIMID: Mapping[str, Property] = {
    **BETA,
    "incomingTokenType": Property(
        ("incoming_token_type",), lambda name: (name or "none") if (name or "none") in OLD_TOKENS else _FUTURE
    ),
    "authenticationProtocol": Property(
        ("authentication_protocol",), lambda name: (name or "none") if (name or "none") in OLD_PROTOCOLS else _FUTURE
    ),
}


def shape_of(version: str, *, all_members: bool) -> Mapping[str, Property]:
    if version == "v1.0":
        return V1
    return BETA if all_members else TIMID


def fields_of(shape: Mapping[str, Property], names: Iterable[str]) -> list[str]:
    """Columns of the world that these properties need."""
    return list(dict.fromkeys(field for name in names for field in shape[name].fields))


def served(
    shape: Mapping[str, Property], names: Sequence[str], columns: Mapping[str, list[Any]], n: int
) -> list[dict[str, Any]]:
    """The served objects, with exactly these properties; n is the number of rows."""
    made: list[list[Any]] = []
    for name in names:
        declared = shape[name]
        if not declared.fields:
            made.append([declared.constant] * n)
            continue
        values = [columns[field] for field in declared.fields]
        make = declared.make
        made.append(values[0] if make is None else list(map(make, *values)))
    return [dict(zip(names, row, strict=True)) for row in zip(*made, strict=True)]
