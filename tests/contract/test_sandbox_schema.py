"""Every kind of answer of the sandbox against Microsoft's published schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from entra_sandbox.world.services import GALLERY
from tests.contract.schema import UNLISTED, check, listed_path
from tests.support.sandbox import Sandbox, running_sandbox

AS_OF = "2026-10-01T08:00:00Z"
EVENTUAL = {"ConsistencyLevel": "eventual"}
V1 = [
    "/organization",
    "/users",
    "/users?$select=id,userPrincipalName,signInActivity,assignedLicenses,createdDateTime",
    "/users?$expand=memberOf&$top=30",
    "/groups",
    "/groups?$expand=members",
    "/servicePrincipals",
    "/servicePrincipals?$expand=appRoleAssignedTo",
    "/applications",
    "/oauth2PermissionGrants",
    "/subscribedSkus",
    "/domains",
    "/directory/deletedItems/microsoft.graph.user",
    "/auditLogs/signIns",
    "/auditLogs/directoryAudits",
    "/users/delta",
    "/users/delta?$deltatoken=latest",
    "/groups/delta",
    "/servicePrincipals/delta",
    "/oauth2PermissionGrants/delta",
    "/applications/delta",
]
BETA = [
    "/reports/servicePrincipalSignInActivities",
    "/auditLogs/signInEventsAppSummary",
    "/auditLogs/signIns",
    *[
        f"/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq '{kind}')"
        for kind in ("interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity")
    ],
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=60, apps=30, limits="off", as_of=AS_OF) as running:
        yield running


@pytest.fixture(scope="module")
def token(sandbox: Sandbox) -> str:
    return sandbox.token()


def judged(sandbox: Sandbox, token: str, version: str, path: str, headers: dict[str, str] | None = None) -> Any:
    status, _, body = sandbox.get(f"{version}{path}", token, headers)
    check(version, path, status, body)
    assert status == 200, body
    return body


@pytest.mark.parametrize("path", V1)
def test_v1_answers_as_the_schema_says(sandbox: Sandbox, token: str, path: str) -> None:
    assert "value" in judged(sandbox, token, "v1.0", path)


@pytest.mark.parametrize("path", BETA)
@pytest.mark.parametrize("prefer", [{}, {"Prefer": "include-unknown-enum-members"}])
def test_beta_answers_as_the_schema_says(sandbox: Sandbox, token: str, path: str, prefer: dict[str, str]) -> None:
    assert "value" in judged(sandbox, token, "beta", path, prefer)


@pytest.mark.parametrize("root", ["users", "groups", "servicePrincipals", "applications"])
def test_counts_are_plain_numbers(sandbox: Sandbox, token: str, root: str) -> None:
    assert int(judged(sandbox, token, "v1.0", f"/{root}/$count", EVENTUAL)) > 0


@pytest.mark.parametrize(
    ("root", "relations"),
    [
        (
            "users",
            (
                "",
                "/memberOf",
                "/transitiveMemberOf",
                "/appRoleAssignments",
                "/licenseDetails",
                "/oauth2PermissionGrants",
            ),
        ),
        (
            "groups",
            (
                "",
                "/members",
                "/transitiveMembers",
                "/owners",
                "/appRoleAssignments",
                "/memberOf",
                "/members/microsoft.graph.user",
            ),
        ),
        (
            "servicePrincipals",
            ("", "/appRoleAssignedTo", "/appRoleAssignments", "/oauth2PermissionGrants", "/owners", "/memberOf"),
        ),
        ("applications", ("", "/owners")),
    ],
)
def test_one_object_and_what_belongs_to_it(sandbox: Sandbox, token: str, root: str, relations: tuple[str, ...]) -> None:
    rows = judged(sandbox, token, "v1.0", f"/{root}?$top=3")["value"]
    for row in rows[:3]:
        for relation in relations:
            judged(sandbox, token, "v1.0", f"/{root}/{row['id']}{relation}")


def test_an_entry_of_the_gallery(sandbox: Sandbox, token: str) -> None:
    apps = judged(sandbox, token, "v1.0", "/servicePrincipals?$select=id,applicationTemplateId&$top=999")["value"]
    made_from = {row["applicationTemplateId"] for row in apps} & GALLERY.keys()
    assert {judged(sandbox, token, "v1.0", f"/applicationTemplates/{one}")["id"] for one in made_from} == made_from


@pytest.mark.parametrize("path", ["/auditLogs/signIns", "/auditLogs/directoryAudits"])
def test_one_record_of_a_log(sandbox: Sandbox, token: str, path: str) -> None:
    row = judged(sandbox, token, "v1.0", f"{path}?$top=1")["value"][0]
    assert judged(sandbox, token, "v1.0", f"{path}/{row['id']}")["id"] == row["id"]


def test_a_batch_and_its_parts(sandbox: Sandbox, token: str) -> None:
    urls = ["/users?$top=5", "/groups?$top=5", "/organization", "/users/nobody@nowhere.example"]
    parts = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(urls)]
    status, _, body = sandbox.post("v1.0/$batch", token, {"requests": parts})
    check("v1.0", "/$batch", status, body)
    for part in body["responses"]:
        check("v1.0", urls[int(part["id"])], part["status"], part["body"])


@pytest.mark.parametrize(
    "path", ["/users?$select=nonsense", "/users?$top=1000", "/users?$filter=x eq 1", "/users/nobody"]
)
def test_refusals_have_graphs_body(sandbox: Sandbox, token: str, path: str) -> None:
    status, headers, body = sandbox.get(f"v1.0{path}", token)
    check("v1.0", path, status, body)
    assert status in (400, 404) and body["error"]["innerError"]["request-id"] == headers["request-id"]


def test_unlisted_paths_are_really_missing_from_the_schema() -> None:
    assert [name for name in UNLISTED if listed_path(*name) is not None] == []
