"""The one shape every exported form ends in: a sign-in as Graph beta writes it, checked and with our two marks."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from seatwise.catalog.activity import ZERO_GUID, Feed, SignInKind

_GUID_LENGTH = 36
_FIRST_YEAR, _LAST_YEAR = 2000, 2100  # 0001 and 9999 stand for "no date" in Microsoft's answers


class Status(msgspec.Struct, omit_defaults=True):
    errorCode: int | None = None  # noqa: N815  Microsoft's own names, they are the wire


class SignIn(msgspec.Struct, omit_defaults=True):
    """One event, the fields the store has columns for. Names and case are those of Graph beta.

    Our two marks come first: a page that begins with one is known as lines of ours.
    """

    feed: str | None = msgspec.field(name="_feed", default=None)
    kind: str | None = msgspec.field(name="_kind", default=None)
    id: str | None = None
    createdDateTime: str | None = None  # noqa: N815
    userId: str | None = None  # noqa: N815
    userDisplayName: str | None = None  # noqa: N815
    userPrincipalName: str | None = None  # noqa: N815
    userType: str | None = None  # noqa: N815
    appId: str | None = None  # noqa: N815
    appDisplayName: str | None = None  # noqa: N815
    appOwnerTenantId: str | None = None  # noqa: N815
    resourceId: str | None = None  # noqa: N815
    resourceDisplayName: str | None = None  # noqa: N815
    resourceTenantId: str | None = None  # noqa: N815
    correlationId: str | None = None  # noqa: N815
    ipAddress: str | None = None  # noqa: N815
    clientAppUsed: str | None = None  # noqa: N815
    servicePrincipalId: str | None = None  # noqa: N815
    servicePrincipalName: str | None = None  # noqa: N815
    isInteractive: bool | None = None  # noqa: N815
    signInEventTypes: list[str] | None = None  # noqa: N815
    managedIdentityType: str | None = None  # noqa: N815
    uniqueTokenIdentifier: str | None = None  # noqa: N815
    status: Status | None = None


class Event(msgspec.Struct, gc=False):
    """A record that can be kept. Not changed once made; a struct because frozen dataclasses are slow to make.

    tenant:  lower case; the tenant the event belongs to, empty when the record names none.
    logged:  the tenant whose log it was in (envelope or table), empty when the form does not say.
    at:      when it happened.
    """

    sign_in: SignIn
    kind: SignInKind
    feed: Feed
    tenant: str
    logged: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that is read but not kept; `kind` says what it is, `reason` why it is not kept (both machine words)."""

    kind: str
    reason: str


Found = Event | SetAside

encode = msgspec.json.Encoder().encode

_TEXTS = tuple(
    name for name, kind in SignIn.__annotations__.items() if kind == "str | None" and name not in ("feed", "kind")
)


def loosely(values: Mapping[str, Any]) -> SignIn:
    """A sign-in from decoded JSON whose values may have unexpected types; what does not fit is left out."""
    sign_in = of_texts({name: text(values.get(name)) for name in _TEXTS})
    flag = values.get("isInteractive")
    sign_in.isInteractive = flag if isinstance(flag, bool) else _FLAGS.get(str(flag).strip().lower())
    types = values.get("signInEventTypes")
    sign_in.signInEventTypes = [word for word in types if isinstance(word, str)] if isinstance(types, list) else None
    status = values.get("status")
    if isinstance(status, Mapping):
        sign_in.status = Status(number(status.get("errorCode")))
    return sign_in


def of_texts(values: Mapping[str, str | None]) -> SignIn:
    """A sign-in from values of those fields that are text."""
    sign_in = SignIn()
    for name, value in values.items():
        setattr(sign_in, name, value)
    return sign_in


_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def text(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return str(value).strip() or None


def number(value: Any) -> int | None:
    """A whole number out of a number or its text; None when it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def code_of(result: Any) -> int | None:
    """The error code in an envelope's resultType: a number, its text, or the word for success."""
    if isinstance(result, str) and result.strip().lower() in ("success", "succeeded"):
        return 0
    return number(result)


def instant(value: str | None) -> datetime | None:
    """An ISO time as aware UTC, cut to microseconds; None when it is no time or stands for "no date"."""
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not UTC:
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def identifier(value: str | None) -> str:
    """An id as we compare it: lower case, no braces, no blanks."""
    if not value:
        return ""
    return value.lower() if len(value) == _GUID_LENGTH else value.strip().strip("{}").lower()


def tenant_of(value: str | None) -> str:
    tenant = identifier(value)
    return "" if tenant == ZERO_GUID else tenant


def tenant_in_resource(resource: str | None) -> str:
    """The tenant of a resource id like /tenants/<id>/providers/Microsoft.aadiam; empty when there is none."""
    parts = (resource or "").lower().split("/")
    return tenant_of(parts[2]) if len(parts) > 2 and parts[1] == "tenants" else ""


def id_from_token(token: str | None) -> str:
    """The event id that a uniqueTokenIdentifier is another dress of; empty when it is none.

    Two dresses are known: base64 of the id's text, and unpadded base64url of its 16 bytes in little-endian fields.
    """
    try:
        raw = base64.urlsafe_b64decode((token or "").strip() + "==")
    except (binascii.Error, ValueError):
        return ""
    if len(raw) == 16:
        return str(uuid.UUID(bytes_le=raw))
    try:
        return str(uuid.UUID(raw.decode("ascii"))) if len(raw) == 36 else ""
    except ValueError:
        return ""


def settle(sign_in: SignIn, kind: SignInKind, feed: Feed, logged: str) -> Found:
    """Check what a record must have and give it the shape in which it is stored.

    logged:  tenant of the envelope or table, lower case, empty when unknown.
    """
    sign_in.id = identifier(sign_in.id) or id_from_token(sign_in.uniqueTokenIdentifier)
    if not sign_in.id:
        return SetAside(kind, "no_id")
    written = sign_in.createdDateTime
    at = instant(written)
    if at is None or written is None:
        return SetAside(kind, "no_time")
    if not (sign_in.userId or sign_in.userPrincipalName or sign_in.servicePrincipalId or sign_in.servicePrincipalName):
        return SetAside(kind, "no_person")
    if not (sign_in.appId or sign_in.appDisplayName):
        return SetAside(kind, "no_app")
    if sign_in.status is None or sign_in.status.errorCode is None:
        return SetAside(kind, "no_status")
    if written[19:20] == "." and written[10] == "T" and len(written) == 33 and written.endswith("+00:00"):
        sign_in.createdDateTime = (
            written[:26] + "Z"
        )  # a diagnostic record's spelling, four times faster cut than written anew
    else:
        sign_in.createdDateTime = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    sign_in.signInEventTypes = [kind]
    sign_in.uniqueTokenIdentifier = sign_in.managedIdentityType = None
    sign_in.feed, sign_in.kind = feed, kind
    return Event(sign_in, kind, feed, tenant_of(sign_in.resourceTenantId) or logged, logged, at)
