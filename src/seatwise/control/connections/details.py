"""What a person enters to connect, looked at before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from seatwise.base.errors import AskAdmin
from seatwise.control.models import Connection

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_PART = re.compile(r"[0-9a-f]{1,8}(-[0-9a-f]{0,12}){0,4}")
_PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
_NOT_ITS_VALUE = (
    "This looks like the secret's ID, not its value. "
    "Copy the column “Value” right after creating the secret; if it is hidden by now, create a new one."
)


@dataclass(frozen=True)
class Details:
    """What a person enters to connect.

    tenant:  the tenant id, or one of its verified domains.
    secret:  the client secret's value, or the certificate and its private key as PEM; never shown.
    """

    tenant: str
    client_id: str
    method: Connection.Method
    secret: str = field(repr=False)
    cloud: str = "global"
    authority: str = ""
    graph: str = ""
    ca_pem: str = ""


def checked(details: Details) -> Details:
    """The details with blanks trimmed and ids in lower case. Errors: AskAdmin naming the field that cannot be right."""
    clean = replace(
        details,
        tenant=details.tenant.strip().lower(),
        client_id=details.client_id.strip().lower(),
        secret=details.secret.strip(),
    )
    if told := _tenant_wrong(clean.tenant):
        raise AskAdmin(code="tenant", sentence=told)
    if not _GUID.fullmatch(clean.client_id):
        raise AskAdmin(
            code="client_id",
            sentence=f"The client id {details.client_id!r} is not an application id. "
            "Use the Application (client) ID of the app registration's overview, like 0c1d2e3f-….",
        )
    if not clean.secret:
        raise AskAdmin(
            code="secret", sentence="The client secret is empty. Put the secret's value into the file, or pipe it in."
        )
    if details.method == Connection.Method.SECRET and _GUID.fullmatch(clean.secret.lower()):
        raise AskAdmin(code="secret_id", sentence=_NOT_ITS_VALUE)
    return clean


def field_errors(form: Mapping[str, str]) -> dict[str, str]:
    """What cannot be right, by field: client_id, client_secret, tenant. Only the fields the form has are looked at."""
    found = {
        "client_id": _client_id_told(form.get("client_id", "").strip().lower()),
        "client_secret": _secret_told(form.get("client_secret", "").strip()),
        "tenant": _tenant_told(form.get("tenant", "").strip().lower()),
    }
    client_id, tenant = form.get("client_id", "").strip().lower(), form.get("tenant", "").strip().lower()
    if client_id and client_id == tenant and not found["tenant"]:
        found["tenant"] = (
            "This is the same as the client ID. The Directory (tenant) ID stands below it on the overview."
        )
    return {name: told for name, told in found.items() if told and name in form}


def _cut_off(what: str, text: str) -> str:
    """What to say of the beginning of an ID, empty when it is none."""
    if not _PART.fullmatch(text) or not 6 <= len(text) < 36 or "-" not in text:
        return ""
    return f"This looks cut off. {what} has 36 characters; this one has {len(text)}."


def _client_id_told(text: str) -> str:
    if not text:
        return "Enter the Application (client) ID. It stands on the overview of the app registration."
    if told := _cut_off("A client ID", text):
        return told
    if not _GUID.fullmatch(text):
        return "This is not an application ID. It has the form 0c1d2e3f-4a5b-4c6d-8e7f-001122334455."
    return ""


def _secret_told(text: str) -> str:
    if not text:
        return "Enter the secret's value. Microsoft shows it once, right after the secret was created."
    if _GUID.fullmatch(text.lower()):
        return _NOT_ITS_VALUE
    if len(text) < 16 or re.search(r"\s", text):
        return "This is not a whole secret value: that has about 40 characters and no blanks. Copy it again."
    return ""


def _tenant_told(text: str) -> str:
    if not text:
        return "Enter the Directory (tenant) ID, or one of your verified domains."
    return _tenant_wrong(text)


def _tenant_wrong(text: str) -> str:
    if text == _PERSONAL:
        return (
            "This is the tenant of personal Microsoft accounts, which is no organisation. Use your company's tenant ID."
        )
    if told := _cut_off("A tenant ID", text):
        return told
    if not _GUID.fullmatch(text) and not _DOMAIN.fullmatch(text):
        return (
            f"The tenant {text[:60]!r} is neither a tenant id nor a domain. "
            "Use the Directory (tenant) ID of the app registration's overview, like 1f0c2a34-…."
        )
    return ""
