"""MSAL for Python gets the token; the pages of v1.0 and beta are followed by their next links alone."""

from __future__ import annotations

import json
import ssl
import urllib.request
from typing import Any
from urllib.parse import quote

import msal

from tests.contract.judges.where import SCOPE, Where, tell, where

LISTS = {
    "users": "v1.0/users?$top=20",
    "groups": "v1.0/groups?$top=7",
    "servicePrincipals": "v1.0/servicePrincipals?$top=30",
    "applications": "v1.0/applications",
    "oauth2PermissionGrants": "v1.0/oauth2PermissionGrants?$top=10",
    "subscribedSkus": "v1.0/subscribedSkus",
    "interactiveUser": "v1.0/auditLogs/signIns?$top=200",
}
KINDS = ("nonInteractiveUser", "servicePrincipal", "managedIdentity")


def token(here: Where) -> str:
    client = msal.ConfidentialClientApplication(
        here.client_id,
        client_credential=here.client_secret,
        authority=f"{here.authority}/{here.tenant_id}",
        instance_discovery=None if here.is_microsofts_address else False,
    )
    found = client.acquire_token_for_client([SCOPE])
    assert "access_token" in found, found
    return str(found["access_token"])


def walk(here: Where, bearer: str, path: str) -> tuple[list[dict[str, Any]], int]:
    """All rows and the number of pages."""
    context = ssl.create_default_context(cafile=here.ca)
    rows: list[dict[str, Any]] = []
    link, n_pages = f"{here.graph}/{quote(path, safe='/?$=&,()')}", 0
    while link:
        assert link.startswith(here.graph), link
        request = urllib.request.Request(link, headers={"Authorization": f"Bearer {bearer}"})  # noqa: S310
        with urllib.request.urlopen(request, context=context) as answer:  # noqa: S310
            page = json.load(answer)
        rows += page["value"]
        link, n_pages = page.get("@odata.nextLink", ""), n_pages + 1
    return rows, n_pages


def main() -> None:
    here = where()
    bearer = token(here)
    lists = {name: walk(here, bearer, path) for name, path in LISTS.items()}
    for kind in KINDS:
        path = f"beta/auditLogs/signIns?$top=100&$filter=signInEventTypes/any(t: t eq '{kind}')"
        lists[kind] = walk(here, bearer, path)
    groups, principals = lists["groups"][0], lists["servicePrincipals"][0]
    lists["members"] = _children(here, bearer, [f"v1.0/groups/{group['id']}/members?$top=5" for group in groups])
    paths = [f"v1.0/servicePrincipals/{principal['id']}/appRoleAssignedTo?$top=10" for principal in principals]
    lists["appRoleAssignedTo"] = _children(here, bearer, paths)
    ids = {name: len({row["id"] for row in rows}) for name, (rows, _) in lists.items() if name != "members"}
    tell({
        "n": {name: len(rows) for name, (rows, _) in lists.items()},
        "n_ids": ids,
        "pages": {name: n for name, (_, n) in lists.items()},
    })  # fmt: skip


def _children(here: Where, bearer: str, paths: list[str]) -> tuple[list[dict[str, Any]], int]:
    walks = [walk(here, bearer, path) for path in paths]
    return [row for rows, _ in walks for row in rows], sum(n for _, n in walks)


if __name__ == "__main__":
    main()
