"""Judges an answer of the sandbox by Microsoft's published schema."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from tests.conftest import shared_folder

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Paths the published slices lack, and the document that each rests on instead.
UNLISTED = {
    ("v1.0", "/domains"): "graph/api/domain-list",
    ("v1.0", "/directory/deletedItems/microsoft.graph.user"): "graph/api/directory-deleteditems-list",
    ("v1.0", "/directoryObjects/getByIds"): "graph/api/directoryobject-getbyids",
    ("v1.0", "/users/{id}/oauth2PermissionGrants"): "graph/api/user-list-oauth2permissiongrants",
    ("v1.0", "/users/{id}/manager"): "graph/api/user-list-manager",
    ("v1.0", "/groups/{id}/memberOf"): "graph/api/group-list-memberof",
    ("v1.0", "/groups/{id}/members/microsoft.graph.user"): "graph/api/group-list-members",
    ("v1.0", "/groups/{id}/members/$count"): "graph/api/group-list-members",
    ("v1.0", "/servicePrincipals/{id}/memberOf"): "graph/api/serviceprincipal-list-memberof",
    ("v1.0", "/oauth2PermissionGrants/{id}"): "graph/api/oauth2permissiongrant-get",
    ("v1.0", "/organization/{id}"): "graph/api/organization-get",
    ("v1.0", "/applications/{id}/owners"): "graph/api/application-list-owners",
    ("v1.0", "/me"): "graph/api/user-get",
    ("beta", "/auditLogs/signInEventsAppSummary"): "graph/api/auditlogroot-list-signineventsappsummary",
}


@cache
def document(version: str) -> dict[str, Any]:
    text = (shared_folder() / "graph" / f"openapi-{version}-slim.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, LOADER)  # noqa: S506 (a safe loader, the quick one where it is there)
    return loaded


@cache
def _patterns(version: str) -> list[tuple[re.Pattern[str], str]]:
    found = []
    for path in sorted(document(version)["paths"], key=lambda path: path.count("{")):
        text = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
        found.append((re.compile(text, re.IGNORECASE), path))
    return found


@cache
def _validator(version: str, reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "components": document(version)["components"]})


def listed_path(version: str, path: str) -> str | None:
    """The schema's name of a path (without version and query), None when the schema lacks it."""
    plain = path.partition("?")[0]
    keyed = re.sub(r"\(([^)]*)\)", lambda found: "/x" if found.group(1) else "", plain)
    return next((name for pattern, name in _patterns(version) if pattern.fullmatch(keyed)), None)


def problems(version: str, path: str, status: int, body: Any) -> list[str]:
    """What the schema has against an answer, as sentences; empty when it has nothing."""
    name = listed_path(version, path)
    if name is None:
        if status >= 400:
            return _errors("v1.0", "#/components/schemas/microsoft.graph.ODataErrors.ODataError", body)
        return [] if _is_unlisted(version, path) else [f"{version}{path}: neither in the schema nor among the unlisted"]
    operation = next(iter(document(version)["paths"][name].values()))
    response = operation["responses"].get(str(status), operation["responses"]["default"])
    media, content = next(iter(response["content"].items()))
    if media == "text/plain":
        return [] if re.fullmatch(content["schema"]["pattern"], str(body)) else [f"{path}: {body!r} is no count"]
    return [f"{path}: {text}" for text in _errors(version, content["schema"]["$ref"], body)]


def check(version: str, path: str, status: int, body: Any) -> None:
    """Fails when an answer is not what Microsoft's schema promises for the path."""
    found = problems(version, path, status, body)
    assert not found, "\n".join(found[:5])


def _errors(version: str, reference: str, body: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in _validator(version, reference).iter_errors(body)
    ]


def _is_unlisted(version: str, path: str) -> bool:
    plain = path.partition("?")[0]
    return any(
        known == version and re.fullmatch(re.escape(name).replace(r"\{id\}", "[^/]+"), plain, re.IGNORECASE)
        for known, name in UNLISTED
    )
