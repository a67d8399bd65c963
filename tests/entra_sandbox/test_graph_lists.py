"""Lists of the sandbox: pages to the end, selection, order, filters, counts, deltas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from entra_sandbox.world import Directory, World
from tests.entra_sandbox.graph_world import AS_OF, EVENTUAL, error_code, rows, walk
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=120, apps=40, limits="off", as_of=AS_OF) as running:
        yield running


@pytest.fixture(scope="module")
def token(sandbox: Sandbox) -> str:
    return sandbox.token()


@pytest.fixture(scope="module")
def company() -> Directory:
    return World(users=120, apps=40).directory(datetime(2026, 10, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("users", "users"),
        ("groups", "groups"),
        ("servicePrincipals", "service_principals"),
        ("applications", "applications"),
        ("oauth2PermissionGrants", "oauth2_permission_grants"),
        ("subscribedSkus", "subscribed_skus"),
    ],
)
def test_a_walk_brings_every_object_once(
    sandbox: Sandbox, token: str, company: Directory, path: str, name: str
) -> None:
    found = [row.get("skuId") or row["id"] for row in rows(sandbox, token, f"v1.0/{path}?$top=7")]
    wanted = [getattr(row, "sku_id", None) or row.id for row in getattr(company, name)]
    assert sorted(found) == sorted(wanted) and len(found) == len(set(found))


def test_assignments_and_members_come_whole(sandbox: Sandbox, token: str, company: Directory) -> None:
    held = [
        row["id"]
        for principal in company.service_principals
        for row in rows(sandbox, token, f"v1.0/servicePrincipals/{principal.id}/appRoleAssignedTo?$top=999")
    ]
    assert sorted(held) == sorted(row.id for row in company.app_role_assignments)
    group = max(company.groups, key=lambda group: len(company.members_of(group.id)))
    members = [row["id"] for row in rows(sandbox, token, f"v1.0/groups/{group.id}/members?$select=id&$top=9")]
    assert sorted(members) == sorted(member.id for member in company.members_of(group.id))


def test_some_pages_are_empty_and_lead_on(sandbox: Sandbox, token: str) -> None:
    pages = walk(sandbox, token, "v1.0/users?$top=2&$select=id")
    assert [] in pages[:-1]


def test_selected_properties_are_all_there_and_no_others(sandbox: Sandbox, token: str) -> None:
    found = rows(sandbox, token, "v1.0/users?$select=id,department,employeeLeaveDateTime&$top=999")
    assert {tuple(row) for row in found} == {("id", "department", "employeeLeaveDateTime")}


def test_order_and_filter_need_the_advanced_header_together(sandbox: Sandbox, token: str) -> None:
    path = "v1.0/users?$filter=userType eq 'Guest'&$orderby=displayName&$count=true"
    assert error_code(sandbox, token, path) == (400, "Request_UnsupportedQuery")
    found = rows(sandbox, token, path, EVENTUAL)
    names = [row["displayName"].casefold() for row in found]
    assert names and names == sorted(names)


def test_the_count_is_on_the_first_page_only_and_headers_are_not_carried(sandbox: Sandbox, token: str) -> None:
    path = "v1.0/users?$count=true&$top=50"
    _, _, first = sandbox.get(path, token, EVENTUAL)
    _, _, second = sandbox.get(first["@odata.nextLink"], token, EVENTUAL)
    assert first["@odata.count"] > 50 and "@odata.count" not in second
    assert error_code(sandbox, token, first["@odata.nextLink"]) == (400, "Request_UnsupportedQuery")


def test_expansion_stops_at_twenty(sandbox: Sandbox, token: str, company: Directory) -> None:
    sizes = [len(row["members"]) for row in rows(sandbox, token, "v1.0/groups?$expand=members($select=id)&$top=999")]
    assert max(sizes) == 20 and max(len(company.members_of(group.id)) for group in company.groups) > 20


def test_filters_find_what_the_world_has(sandbox: Sandbox, token: str, company: Directory) -> None:
    sku = company.subscribed_skus[0].sku_id
    found = rows(sandbox, token, f"v1.0/users?$filter=assignedLicenses/any(l:l/skuId eq {sku})&$select=id&$top=999")
    wanted = [user.id for user in company.users if sku in dict(user.assigned_skus)]
    assert sorted(row["id"] for row in found) == sorted(wanted) and wanted


def test_pages_links_are_the_callers_own_and_expire(sandbox: Sandbox, token: str) -> None:
    _, _, first = sandbox.get("V1.0/USERS?$top=5", token)
    assert first["@odata.nextLink"].startswith(sandbox.graph + "/v1.0/USERS?$top=5&$skiptoken=")
    again = [sandbox.get(first["@odata.nextLink"], token)[2]["value"] for _ in range(2)]
    assert again[0] == again[1]
    sandbox.control("POST", "/tokens/expire", {})
    assert error_code(sandbox, token, first["@odata.nextLink"]) == (400, "Directory_ExpiredPageToken")


def test_a_principal_is_found_by_its_app_id_and_a_user_by_name(
    sandbox: Sandbox, token: str, company: Directory
) -> None:
    principal, user = company.service_principals[0], company.users[0]
    _, _, found = sandbox.get(f"v1.0/servicePrincipals(appId='{principal.app_id}')", token)
    _, _, person = sandbox.get(f"v1.0/users/{user.user_principal_name.replace('#', '%23')}", token)
    assert (found["id"], person["id"]) == (principal.id, user.id)


def test_a_delta_round_tells_what_changed(sandbox: Sandbox, token: str) -> None:
    try:
        _, _, start = sandbox.get("v1.0/users/delta?$select=id,accountEnabled&$deltatoken=latest", token)
        before = {row["id"] for row in rows(sandbox, token, "v1.0/users?$select=id&$top=999")}
        sandbox.control("POST", "/clock", {"as_of": "2026-10-06T08:00:00Z"})
        _, _, changes = sandbox.get(start["@odata.deltaLink"], token)
        after = {row["id"] for row in rows(sandbox, token, "v1.0/users?$select=id&$top=999")}
        removed = {row["id"] for row in changes["value"] if "@removed" in row}
        assert removed == before - after and after - before <= {row["id"] for row in changes["value"]}
        sandbox.control("POST", "/clock", {"as_of": "2026-10-09T08:00:00Z"})
        status, headers, _ = sandbox.get(start["@odata.deltaLink"], token)
        assert status == 410 and "$deltatoken=" in headers["location"]
        sandbox.control("POST", "/clock", {"as_of": "2026-12-09T08:00:00Z"})
        assert error_code(sandbox, token, start["@odata.deltaLink"]) == (400, "Request_UnsupportedQuery")
    finally:
        sandbox.control("POST", "/clock", {"as_of": AS_OF})
