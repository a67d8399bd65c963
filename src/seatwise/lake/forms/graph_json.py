"""Graph JSON: sign-ins of v1.0 and beta, and the other objects people hand in with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from seatwise.catalog.activity import SIGN_IN_KINDS, ZERO_GUID, Feed, SignInKind
from seatwise.lake.forms.canonical import Found, SetAside, SignIn, loosely, settle

_decode = msgspec.json.Decoder(SignIn, strict=False).decode
_KINDS: dict[str, SignInKind] = {kind.lower(): kind for kind in SIGN_IN_KINDS}

_ABOUT_AN_APP = frozenset({"appId", "appDisplayName", "status", "clientAppUsed"})
_ABOUT_AN_EVENT = frozenset(
    {"userId", "userPrincipalName", "correlationId", "signInEventTypes", "isInteractive", "ipAddress"}
)

# Collections of Graph by their name in addresses and contexts, with the kind under which their objects are counted.
_COLLECTIONS = {
    "users": "user",
    "groups": "group",
    "serviceprincipals": "servicePrincipalObject",
    "applications": "application",
    "approleassignedto": "appRoleAssignment",
    "approleassignments": "appRoleAssignment",
    "oauth2permissiongrants": "permissionGrant",
    "subscribedskus": "licence",
    "licensedetails": "licence",
    "assignedlicenses": "licence",
    "organization": "organization",
    "directoryobjects": "directoryObject",
    "members": "directoryObject",
    "transitivemembers": "directoryObject",
    "devices": "device",
    "directoryroles": "directoryRole",
    "domains": "domain",
    "directoryaudits": "audit",
    "provisioning": "provisioning",
    "signins": "signIn",
    "applicationsigninsummary": "summary",
    "serviceprincipalsigninactivities": "summary",
    "riskyusers": "risk",
    "riskdetections": "risk",
    "identitygovernance": "directoryObject",
}
_TYPES = {"user": "user", "group": "group", "serviceprincipal": "servicePrincipalObject", "device": "device"}

# A property that gives an object away when nothing around it says what it is.
_SIGNS = (
    ("activityDateTime", "audit"),
    ("signInCount", "summary"),
    ("successfulSignInCount", "summary"),
    ("riskEventType", "risk"),
    ("riskLastUpdatedDateTime", "risk"),
    ("provisioningAction", "provisioning"),
    ("appRoleId", "appRoleAssignment"),
    ("consentType", "permissionGrant"),
    ("skuId", "licence"),
    ("servicePrincipalType", "servicePrincipalObject"),
    ("appRoleAssignmentRequired", "servicePrincipalObject"),
    ("identifierUris", "application"),
    ("groupTypes", "group"),
    ("securityEnabled", "group"),
    ("verifiedDomains", "organization"),
    ("userPrincipalName", "user"),
)
_LAST_WORD = re.compile(r"([A-Za-z0-9]+)(?:\([^()]*\))?(?:/\$entity|/delta|/\$count)?/?$")


def collection_of(address: str | None) -> str:
    """The kind of object a context or address speaks of, empty when unknown."""
    path = (address or "").partition("#")[2] or (address or "").partition("?")[0]
    if match := re.fullmatch(r"Collection\((?:microsoft\.graph\.)?(\w+)\)", path):
        return _COLLECTIONS.get(match[1].lower(), "")
    found = _LAST_WORD.search(path)
    return _COLLECTIONS.get(found[1].lower(), "") if found else ""


def read_line(line: bytes | msgspec.Raw, feed: Feed, sure_of: SignInKind | None) -> Found | None:
    """The sign-in of one text, or None when it is not plainly one (then ask `read`)."""
    try:
        sign_in = _decode(line)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    if sign_in.createdDateTime is None or sign_in.status is None or sign_in.correlationId is None:
        return None
    return settle(sign_in, sure_of or kind_of(sign_in), feed, "")


def read(item: Mapping[str, Any], around: str, feed: Feed, sure_of: SignInKind | None) -> Found | None:
    """What one decoded object is; None when it is nothing we know.

    around:   kind of object the answer around it speaks of, empty when unknown.
    sure_of:  the kind of sign-in that the file's name tells.
    """
    if "signInCount" in item or "aggregationDateTime" in item:
        return SetAside("summary", "grouped")
    if is_sign_in(item):
        sign_in = loosely(item)
        return settle(sign_in, sure_of or kind_of(sign_in), feed, "")
    kind = _stranger(item, around)
    if kind == "signIn":
        return SetAside("signIn", "no_time")
    return SetAside(kind, _why(kind)) if kind else None


def is_sign_in(item: Mapping[str, Any]) -> bool:
    return "createdDateTime" in item and not _ABOUT_AN_APP.isdisjoint(item) and not _ABOUT_AN_EVENT.isdisjoint(item)


def kind_of(sign_in: SignIn) -> SignInKind:
    """signInEventTypes decides; v1.0 has none, and there the person and the flag do."""
    for word in sign_in.signInEventTypes or ():
        if known := _KINDS.get(word.lower()):
            return known
    if _is_nobody(sign_in.userId) and not sign_in.userPrincipalName and sign_in.servicePrincipalId:
        identity = (sign_in.managedIdentityType or "none").lower()
        return "servicePrincipal" if identity in ("none", "") else "managedIdentity"
    return "nonInteractiveUser" if sign_in.isInteractive is False else "interactiveUser"


def _is_nobody(user_id: str | None) -> bool:
    return not user_id or user_id == ZERO_GUID


def _stranger(item: Mapping[str, Any], around: str) -> str:
    type_ = item.get("@odata.type")
    if isinstance(type_, str) and (kind := _TYPES.get(type_.rpartition(".")[2].lower())):
        return kind
    if around:
        return around
    if kind := collection_of(_text(item.get("@odata.context"))):
        return kind
    return next((kind for sign, kind in _SIGNS if sign in item), "")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _why(kind: str) -> str:
    if kind in ("audit", "provisioning", "risk"):
        return "category_not_kept"
    return "grouped" if kind == "summary" else "directory_object"
