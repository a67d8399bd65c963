"""Log Analytics: rows of the sign-in tables, as CSV or as one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from seatwise.catalog.activity import SignInKind
from seatwise.lake.forms import dates
from seatwise.lake.forms.canonical import (
    Found,
    SetAside,
    Status,
    code_of,
    number,
    of_texts,
    settle,
    tenant_in_resource,
    tenant_of,
    text,
)
from seatwise.lake.forms.diagnostic import AUDIT_CATEGORIES, CATEGORIES, OTHER_CATEGORIES

_TABLES: dict[str, SignInKind] = {
    "signinlogs": "interactiveUser",
    "aadnoninteractiveusersigninlogs": "nonInteractiveUser",
    "aadserviceprincipalsigninlogs": "servicePrincipal",
    "aadmanagedidentitysigninlogs": "managedIdentity",
}
_OTHER_TABLES = {
    "auditlogs": "audit",
    "aadprovisioninglogs": "provisioning",
    "aadriskyusers": "risk",
    "aaduserriskevents": "risk",
    "aadriskyserviceprincipals": "risk",
    "aadserviceprincipalriskevents": "risk",
    "adfssigninlogs": "adfsSignIn",
    "microsoftgraphactivitylogs": "graphActivity",
    "aadmicrosoftserviceprincipalsigninlogs": "microsoftServicePrincipal",
}

# Names every table of Entra has besides its own; three of them make a row one of these tables.
# fmt: off
_MARKS = frozenset((
    "operationname", "operationversion", "category", "resulttype", "resultsignature", "correlationid",
    "timegenerated", "sourcesystem", "aadtenantid", "userprincipalname", "appdisplayname", "resourcedisplayname",
    "createddatetime", "type", "id",
))
# fmt: on
_FIELDS = {
    "id": "id",
    "userId": "userid",
    "userDisplayName": "userdisplayname",
    "userPrincipalName": "userprincipalname",
    "userType": "usertype",
    "appId": "appid",
    "appDisplayName": "appdisplayname",
    "appOwnerTenantId": "appownertenantid",
    "resourceId": "resourceidentity",  # ResourceId is the table's own address, not the resource signed in to
    "resourceTenantId": "resourcetenantid",
    "correlationId": "correlationid",
    "ipAddress": "ipaddress",
    "clientAppUsed": "clientappused",
    "servicePrincipalId": "serviceprincipalid",
    "servicePrincipalName": "serviceprincipalname",
    "uniqueTokenIdentifier": "uniquetokenidentifier",
}
_DECORATION = re.compile(r"\s*\[[^\]]*\]$|_(?:dynamic|string|s|g|d|b|t)$", re.IGNORECASE)


def plain(column: str) -> str:
    """A column's name in lower case without what exports hang on it: "CreatedDateTime [UTC]", "Status_dynamic"."""
    return _DECORATION.sub("", column.strip().lstrip("\ufeff")).lower()


def is_table(columns: Iterable[str]) -> bool:
    """Whether these columns are those of one of Entra's tables. Microsoft's spelling has capitals; Graph's has none."""
    capital = [column for column in columns if column[:1].isupper()]
    return len({plain(column) for column in capital} & _MARKS) >= 3


def flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by plain names; of twins (Status_dynamic, Status_string) the one that holds something."""
    flat: dict[str, Any] = {}
    for column, value in row.items():
        name = plain(column)
        if value not in (None, "") or name not in flat:
            flat[name] = value
    return flat


def read(row: Mapping[str, Any], clock: dates.Clock) -> Found:
    """row: by the table's own column names. clock: reads this file's times."""
    flat = flattened(row)
    kind = _kind(flat)
    if isinstance(kind, SetAside):
        return kind
    sign_in = of_texts({name: text(flat.get(column)) for name, column in _FIELDS.items()})
    sign_in.resourceDisplayName = text(flat.get("resourcedisplayname"))
    written = text(flat.get("createddatetime")) or text(flat.get("timegenerated"))
    sign_in.createdDateTime = clock.iso(written) if written else None
    sign_in.status = Status(_code(flat))
    logged = tenant_of(text(flat.get("aadtenantid"))) or tenant_in_resource(text(flat.get("resourceid")))
    return settle(sign_in, kind, "log_analytics", logged)


def _kind(flat: Mapping[str, Any]) -> SignInKind | SetAside:
    table, category = (str(flat.get(name) or "").strip().lower() for name in ("type", "category"))
    if kind := CATEGORIES.get(category) or _TABLES.get(table):
        return kind
    if other := _OTHER_TABLES.get(table) or OTHER_CATEGORIES.get(category):
        return SetAside(other, "category_not_kept")
    if category in AUDIT_CATEGORIES or "targetresources" in flat or "activitydatetime" in flat:
        return SetAside("audit", "category_not_kept")
    if not table and not category and flat.get("appid") and flat.get("id"):
        return _guessed(flat)
    return SetAside("unknown", "category_unknown")


def _guessed(flat: Mapping[str, Any]) -> SignInKind:
    """A query may leave both telling columns out; then the person and the flag decide."""
    if not text(flat.get("userid")) and not text(flat.get("userprincipalname")):
        return "servicePrincipal"
    return "nonInteractiveUser" if str(flat.get("isinteractive")).lower() == "false" else "interactiveUser"


def _code(flat: Mapping[str, Any]) -> int | None:
    """Status holds JSON as text; ResultType says the same as a number."""
    status = flat.get("status")
    if isinstance(status, str) and status.lstrip().startswith("{"):
        try:
            status = msgspec.json.decode(status)
        except msgspec.DecodeError:
            status = None
    if isinstance(status, Mapping) and (code := number(status.get("errorCode"))) is not None:
        return code
    return code_of(flat.get("resulttype"))
