"""Who may read what: permission per path, premium licence, reporting roles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from entra_sandbox.behaviour.errors import GraphError
from entra_sandbox.behaviour.permissions import APPLICATION, DELEGATED, REPORTING_ROLES, check_logs
from tests.entra_sandbox.graph_world import AS_OF, error_code, token_with
from tests.support.sandbox import Sandbox, running_sandbox

LOG = "v1.0/auditLogs/signIns?$top=1"
ACTIVITY = "v1.0/users?$select=id,signInActivity&$top=1"
REPORT = "beta/reports/servicePrincipalSignInActivities?$top=1"
NOT_PREMIUM = (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
NO_LOGS = (403, "Authentication_MSGraphPermissionMissing")
DENIED = (403, "Authorization_RequestDenied")


@dataclass(frozen=True)
class Somebody:
    app_only: bool
    permissions: frozenset[str]
    wids: frozenset[str] = frozenset()
    tenant_id: str = "t"
    app_id: str = "a"
    oid: str = "o"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=20, apps=10, limits="off", as_of=AS_OF) as running:
        yield running


def test_the_table_is_microsofts(shared: Path) -> None:
    published = json.loads((shared / "graph" / "permissions-slim.json").read_text("utf-8"))["paths"]
    for path, schemes in published.items():
        if path not in APPLICATION:
            assert path.startswith("/reports/"), f"{path} is not answered at all"
            continue
        for scheme, table in (("Application", APPLICATION), ("DelegatedWork", DELEGATED)):
            assert table[path] == set(schemes[scheme]["all"]), (path, scheme)


@pytest.mark.parametrize(
    ("permission", "path", "wanted"),
    [
        ("User.Read.All", "v1.0/users", (200, "")),
        ("User.Read.All", "v1.0/groups", DENIED),
        ("GroupMember.Read.All", "v1.0/groups", (200, "")),
        ("GroupMember.Read.All", "v1.0/servicePrincipals", DENIED),
        ("Group.Read.All", "v1.0/oauth2PermissionGrants", DENIED),
        ("Directory.Read.All", "v1.0/servicePrincipals", (200, "")),
        ("Directory.Read.All", "v1.0/subscribedSkus", (200, "")),
        ("Directory.Read.All", LOG, NO_LOGS),
        ("Directory.Read.All", ACTIVITY, NO_LOGS),
        ("Directory.Read.All", "v1.0/auditLogs/directoryAudits", (200, "")),
        ("AuditLog.Read.All", "v1.0/users", DENIED),
        ("AuditLog.Read.All", LOG, NOT_PREMIUM),
        ("AuditLog.Read.All", REPORT, (200, "")),
    ],
)
def test_a_permission_opens_its_paths_only(
    sandbox: Sandbox, permission: str, path: str, wanted: tuple[int, str]
) -> None:
    assert error_code(sandbox, token_with(sandbox, permission), path) == wanted


def test_batch_parts_are_refused_one_by_one(sandbox: Sandbox) -> None:
    token = token_with(sandbox, "User.Read.All")
    parts = [{"id": "u", "method": "GET", "url": "/users"}, {"id": "g", "method": "GET", "url": "groups?$top=1"}]
    _, _, body = sandbox.post("v1.0/$batch", token, {"requests": parts})
    assert {part["id"]: part["status"] for part in body["responses"]} == {"u": 200, "g": 403}


def test_no_token_and_a_wrong_token(sandbox: Sandbox) -> None:
    assert error_code(sandbox, "nonsense", "v1.0/users") == (401, "InvalidAuthenticationToken")


def test_without_premium_logs_and_activity_are_closed_and_the_rest_is_open() -> None:
    with running_sandbox(users=20, apps=10, limits="off", as_of=AS_OF, no_premium=True) as poor:
        token = poor.token()
        assert [error_code(poor, token, path) for path in (LOG, ACTIVITY, REPORT)] == [NOT_PREMIUM] * 3
        assert error_code(poor, token, "v1.0/auditLogs/directoryAudits") == (200, "")
        _, _, body = poor.get("v1.0/organization", token)
        plans = {plan["servicePlanId"] for plan in body["value"][0]["assignedPlans"]}
        assert "41781fb2-bc02-4b7c-bd55-b576c07bb09d" not in plans


def test_a_person_needs_a_reporting_role_for_the_logs() -> None:
    both = frozenset({"AuditLog.Read.All", "Directory.Read.All"})
    with pytest.raises(GraphError) as refusal:
        check_logs(Somebody(False, both), premium=True, needs_premium=True)
    assert refusal.value.code == "Authentication_RequestFromUnsupportedUserRole"
    check_logs(Somebody(False, both, frozenset([min(REPORTING_ROLES)])), premium=True, needs_premium=True)
