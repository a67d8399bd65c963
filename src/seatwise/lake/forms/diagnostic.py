"""Diagnostic settings: the envelope around a record, as storage accounts and event hubs hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from seatwise.catalog.activity import SignInKind
from seatwise.lake.forms.canonical import (
    Found,
    SetAside,
    SignIn,
    Status,
    code_of,
    loosely,
    settle,
    tenant_in_resource,
    tenant_of,
)

CATEGORIES: dict[str, SignInKind] = {
    "signinlogs": "interactiveUser",
    "noninteractiveusersigninlogs": "nonInteractiveUser",
    "serviceprincipalsigninlogs": "servicePrincipal",
    "managedidentitysigninlogs": "managedIdentity",
}

# Known categories that are no sign-ins of this tenant's people and apps, with the kind under which they are counted.
OTHER_CATEGORIES = {
    "microsoftserviceprincipalsigninlogs": "microsoftServicePrincipal",
    "auditlogs": "audit",
    "provisioninglogs": "provisioning",
    "riskyusers": "risk",
    "userriskevents": "risk",
    "riskyserviceprincipals": "risk",
    "serviceprincipalriskevents": "risk",
    "adfssigninlogs": "adfsSignIn",
    "b2crequestlogs": "b2cRequest",
    "microsoftgraphactivitylogs": "graphActivity",
    "azureadgraphactivitylogs": "graphActivity",
    "graphnotificationsactivitylogs": "graphActivity",
    "networkaccesstrafficlogs": "networkAccess",
    "networkaccessconnectionevents": "networkAccess",
    "networkaccessgenerativeaiinsights": "networkAccess",
    "networkaccessalerts": "networkAccess",
    "remotenetworkhealthlogs": "networkAccess",
    "enrichedoffice365auditlogs": "audit",
}

# What stands in `properties.category` of an audit record; some exporters put it outside.
# fmt: off
AUDIT_CATEGORIES = frozenset((
    "administrativeunit", "agreement", "applicationmanagement", "attributemanagement", "authentication",
    "authorization", "authorizationpolicy", "b2cauthenticationpolicy", "contact", "crosstenantaccesssettings",
    "crosstenantidentitysyncsettings", "customsecurityattributedefinition", "device", "deviceconfiguration",
    "devicemanagement", "directorymanagement", "entitlementmanagement", "externaluserprofile", "groupmanagement",
    "identityprotection", "kerberosdomain", "keymanagement", "label", "lifecyclemanagement", "multitenantorg",
    "other", "pendingexternaluserprofile", "permissiongrantpolicy", "policy", "policymanagement",
    "provisioningmanagement", "resource", "resourcemanagement", "rolemanagement", "signinpolicy", "targetingpolicy",
    "usermanagement", "workflowmanagement",
))
# fmt: on


class Envelope(msgspec.Struct):
    """The outer object in its usual spelling; a record spelled otherwise leaves these None and takes the slow way."""

    category: str | None = None
    tenantId: str | None = None  # noqa: N815  Microsoft's own names
    resourceId: str | None = None  # noqa: N815
    resultType: str | int | None = None  # noqa: N815
    properties: SignIn | None = None


_decoder = msgspec.json.Decoder(Envelope, strict=False)
_decode = _decoder.decode


def read_lines(text: bytes) -> list[Found] | None:
    """The records of a small text, one a line, all in the usual spelling; None when anything is different.

    Ten thousand blobs of ten lines are the common case, and one call a blob is a third of the cost of one a line.
    """
    try:
        envelopes = _decoder.decode_lines(text)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    found: list[Found] = []
    for envelope in envelopes:
        category, tenant, properties = envelope.category, envelope.tenantId, envelope.properties
        if category is None or tenant is None or properties is None:
            return None
        kind = CATEGORIES.get(category.lower())
        if kind is None:
            return None
        found.append(_settled(properties, kind, envelope.resultType, tenant_of(tenant)))
    return found


def read_line(line: bytes | bytearray | memoryview | msgspec.Raw) -> Found | None:
    """The record of one line, or None when it is not the usual spelling (then ask `read`)."""
    try:
        envelope = _decode(line)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    if envelope.category is None or envelope.properties is None or envelope.tenantId is None:
        return None
    kind = CATEGORIES.get(envelope.category.lower())
    if kind is None:
        return None
    return _settled(envelope.properties, kind, envelope.resultType, tenant_of(envelope.tenantId))


def is_envelope(outer: Mapping[str, Any]) -> bool:
    """Whether an object, its keys in lower case, is a record of diagnostic settings."""
    return "properties" in outer and "category" in outer


def read(outer: Mapping[str, Any]) -> Found:
    """outer: the decoded object with its own keys in lower case; `properties` keeps its exact case."""
    inner = outer["properties"]
    if isinstance(inner, str):
        try:
            inner = msgspec.json.decode(inner)
        except msgspec.DecodeError:
            inner = None
    inner = inner if isinstance(inner, Mapping) else {}
    category = str(outer["category"] or "").strip().lower()
    kind = CATEGORIES.get(category)
    if kind is None:
        return _other(category, inner)
    logged = tenant_of(_text(outer.get("tenantid"))) or tenant_in_resource(_text(outer.get("resourceid")))
    return _settled(loosely(inner), kind, outer.get("resulttype"), logged)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _other(category: str, inner: Mapping[str, Any]) -> SetAside:
    if known := OTHER_CATEGORIES.get(category):
        return SetAside(known, "category_not_kept")
    if category in AUDIT_CATEGORIES or "activityDateTime" in inner:
        return SetAside("audit", "category_not_kept")
    return SetAside("unknown", "category_unknown")


def _settled(sign_in: SignIn, kind: SignInKind, result: Any, logged: str) -> Found:
    if sign_in.status is None or sign_in.status.errorCode is None:
        sign_in.status = Status(code_of(result))
    return settle(sign_in, kind, "diagnostic", logged)


@dataclass(frozen=True, slots=True)
class Hour:
    """What the path of a blob says: whose hour of which kind it holds. Kind and tenant are empty when it does not."""

    start: datetime
    kind: SignInKind | None
    tenant: str


_BLOB = re.compile(
    r"(?:^|/)y=(?P<y>\d{4})/m=(?P<m>\d\d)/d=(?P<d>\d\d)/h=(?P<h>\d\d)/m=00/PT1H(?:_\d+)?\.json(?:\.gz)?$", re.IGNORECASE
)
_CONTAINER = re.compile(r"(?:^|[/!])insights-logs-([a-z0-9]+)/", re.IGNORECASE)
_TENANT = re.compile(r"(?:^|[/!])tenantId=([^/]+)/", re.IGNORECASE)


def hour_of(path: str) -> Hour | None:
    """The hour a storage blob stands for, None when the path is not laid out like a storage account's."""
    if "PT1H" not in path or not (match := _BLOB.search(path)):
        return None
    try:
        start = datetime(int(match["y"]), int(match["m"]), int(match["d"]), int(match["h"]), tzinfo=UTC)
    except ValueError:
        return None
    container, tenant = _CONTAINER.search(path), _TENANT.search(path)
    kind = CATEGORIES.get(container[1].lower()) if container else None
    return Hour(start, kind, tenant_of(tenant[1]) if tenant else "")
