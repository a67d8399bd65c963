"""The admin centre's CSV download: columns by name, in any of the portal's languages, any culture's dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seatwise.catalog.activity import SignInKind
from seatwise.lake.forms import dates
from seatwise.lake.forms.canonical import Found, SetAside, Status, number, of_texts, settle
from seatwise.lake.forms.graph_json import kind_of
from seatwise.lake.forms.portal_words import COLUMNS, NOT_SUCCESS, OTHER_DOWNLOADS, SUCCESS, folded

# What the file's name says; the columns of people's two files are the same, so nothing else can.
_PREFIXES: tuple[tuple[str, SignInKind], ...] = (
    ("interactivesignins", "interactiveUser"),
    ("noninteractivesignins", "nonInteractiveUser"),
    ("applicationsignins", "servicePrincipal"),
    ("msisignins", "managedIdentity"),
)

_FIELDS = {
    "id": "id",
    "user_id": "userId",
    "user_name": "userDisplayName",
    "upn": "userPrincipalName",
    "user_type": "userType",
    "app_id": "appId",
    "app_name": "appDisplayName",
    "app_owner_tenant_id": "appOwnerTenantId",
    "resource_id": "resourceId",
    "resource_name": "resourceDisplayName",
    "resource_tenant_id": "resourceTenantId",
    "correlation_id": "correlationId",
    "ip_address": "ipAddress",
    "client_app": "clientAppUsed",
    "principal_id": "servicePrincipalId",
    "principal_name": "servicePrincipalName",
    "token": "uniqueTokenIdentifier",
    "identity_type": "managedIdentityType",
}


def kind_by_name(name: str) -> SignInKind | None:
    """The kind that the name of a portal download tells, None when it is not named like one."""
    base = name.replace("\\", "/").replace("!", "/").rpartition("/")[2].lower()
    return next((kind for prefix, kind in _PREFIXES if base.startswith(prefix)), None)


def is_detail(name: str) -> bool:
    """Whether the name is that of the portal's extra file about authentication methods."""
    return kind_by_name(name) is not None and "authdetails" in name.lower()


def is_known(name: str) -> bool:
    """Whether a column's name is one of a sign-in download."""
    return folded(name) in COLUMNS


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our columns is in a row; of columns named alike the first, so a doubled name loses nothing."""

    at: dict[str, int]

    def value(self, row: Sequence[str], ours: str) -> str:
        position = self.at.get(ours)
        return row[position].strip() if position is not None and position < len(row) else ""


def columns(header: Sequence[str]) -> Columns | None:
    """The columns of a sign-in download, None when it is not one: it needs a date, a person or service principal, an
    app, and a status or error code."""
    at: dict[str, int] = {}
    for position, name in enumerate(header):
        if ours := COLUMNS.get(folded(name)):
            at.setdefault(ours, position)
    if (
        "at" in at
        and at.keys() & {"user_id", "upn", "principal_id", "principal_name"}
        and at.keys() & {"app_id", "app_name"}
        and at.keys() & {"status", "error_code"}
    ):
        return Columns(at)
    return None


def other_download(header: Sequence[str]) -> SetAside | None:
    """Another download of the portal that we know and do not keep."""
    names = {folded(name) for name in header}
    return next((SetAside(kind, why) for signs, kind, why in OTHER_DOWNLOADS if signs <= names), None)


def read(row: Sequence[str], where: Columns, clock: dates.Clock, named: SignInKind | None) -> Found:
    """named: the kind the file's name tells, None when it tells none."""
    sign_in = of_texts({theirs: where.value(row, ours) or None for ours, theirs in _FIELDS.items()})
    sign_in.createdDateTime = clock.iso(where.value(row, "at"))
    sign_in.status = Status(_code(where.value(row, "error_code"), where.value(row, "status")))
    kind = named or kind_of(sign_in)
    if (number(where.value(row, "n_grouped")) or 0) > 1:
        return SetAside(kind, "grouped")
    return settle(sign_in, kind, "portal", "")


def _code(written: str, status: str) -> int | None:
    """The number when there is one, else 0 for a word that means success and -1 for one that means the opposite."""
    if (code := number(written)) is not None:
        return code
    word = folded(status)
    return 0 if word in SUCCESS else -1 if word in NOT_SUCCESS else None
