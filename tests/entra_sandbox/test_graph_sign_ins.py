"""The sign-in log of the sandbox: kinds, versions, windows, visibility, planted lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from entra_sandbox.world import KINDS, World
from tests.entra_sandbox.graph_world import AS_OF, error_code, rows, walk
from tests.support.sandbox import Sandbox, running_sandbox

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LOG = "beta/auditLogs/signIns"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=60, apps=30, limits="off", as_of=AS_OF) as running:
        yield running


@pytest.fixture(scope="module")
def token(sandbox: Sandbox) -> str:
    return sandbox.token()


@pytest.fixture(scope="module")
def world() -> World:
    return World(users=60, apps=30)


def visible(world: World, kind: str, since: datetime = NOW - timedelta(days=30)) -> list[str]:
    return [row.id for row in world.sign_ins(since, NOW) if row.kind == kind and row.arrived_at <= NOW]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_served_whole_and_in_order(sandbox: Sandbox, token: str, world: World, kind: str) -> None:
    path = f"{LOG}?$filter=signInEventTypes/any(t: t eq '{kind}')&$orderby=createdDateTime asc&$select=id&$top=200"
    assert [row["id"] for row in rows(sandbox, token, path)] == visible(world, kind)


def test_the_wire_and_the_oracle_count_alike(sandbox: Sandbox, token: str) -> None:
    counts = {row["kind"]: row["n"] for row in sandbox.oracle("counts")["rows"]}
    told = {kind: len(rows(sandbox, token, f"{LOG}?$filter=signInEventTypes/any(t: t eq '{kind}')&$select=id"))
            for kind in KINDS}  # fmt: skip
    for path in ("users", "groups", "servicePrincipals", "applications", "oauth2PermissionGrants", "subscribedSkus"):
        told[path] = len(rows(sandbox, token, f"v1.0/{path}"))
    assert told == {name: counts[name] for name in told}


def test_v1_holds_interactive_sign_ins_only_newest_first(sandbox: Sandbox, token: str, world: World) -> None:
    found = [row["id"] for row in rows(sandbox, token, "v1.0/auditLogs/signIns?$select=id")]
    assert found == visible(world, "interactiveUser")[::-1]
    assert found == [row["id"] for row in rows(sandbox, token, f"{LOG}?$select=id")]


def test_v1_does_not_know_the_kinds(sandbox: Sandbox, token: str) -> None:
    path = "v1.0/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser')"
    status, _, body = sandbox.get(path, token)
    wanted = "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'"
    assert status == 400 and wanted in body["error"]["message"]


def test_people_and_machines_do_not_mix(sandbox: Sandbox, token: str, world: World) -> None:
    both = "signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')"
    count = len(visible(world, "interactiveUser")) + len(visible(world, "nonInteractiveUser"))
    assert len(rows(sandbox, token, f"{LOG}?$filter={both}&$select=id")) == count
    mixed = both.replace("nonInteractiveUser", "servicePrincipal")
    assert error_code(sandbox, token, f"{LOG}?$filter={mixed}")[0] == 400


def test_windows_are_half_open_and_join_without_a_gap(sandbox: Sandbox, token: str, world: World) -> None:
    edges = ["2026-09-10T00:00:00Z", "2026-09-14T13:37:11Z", "2026-09-20T00:00:00Z"]
    parts = [
        row["id"]
        for first, last in pairwise(edges)
        for row in rows(
            sandbox,
            token,
            f"{LOG}?$filter=createdDateTime ge {first} and createdDateTime lt {last}&"
            "$orderby=createdDateTime asc&$select=id",
        )
    ]
    first, last = (datetime.fromisoformat(edge) for edge in (edges[0], edges[-1]))
    assert parts == [
        row.id for row in world.sign_ins(first, last) if row.kind == "interactiveUser" and row.arrived_at <= NOW
    ]


def test_a_filter_on_app_and_error_finds_the_same_rows_as_reading_all(sandbox: Sandbox, token: str) -> None:
    everything = rows(sandbox, token, f"{LOG}?$select=id,appId,status,createdDateTime")
    app = next(row["appId"] for row in everything if row["status"]["errorCode"])
    path = f"{LOG}?$filter=appId eq '{app}' and status/errorCode ne 0&$select=id&$top=3"
    wanted = [row["id"] for row in everything if row["appId"] == app and row["status"]["errorCode"]]
    assert [row["id"] for row in rows(sandbox, token, path)] == wanted


def test_rows_come_late_and_leave_after_thirty_days(sandbox: Sandbox, token: str, world: World) -> None:
    later = datetime(2026, 10, 3, 8, tzinfo=UTC)
    try:
        sandbox.control("POST", "/clock", {"as_of": "2026-10-03T08:00:00Z"})
        found = {row["id"] for row in rows(sandbox, token, f"{LOG}?$select=id")}
    finally:
        sandbox.control("POST", "/clock", {"as_of": AS_OF})
    wanted = {
        row.id
        for row in world.sign_ins(later - timedelta(days=30), later)
        if row.kind == "interactiveUser" and row.arrived_at <= later
    }
    assert found == wanted and wanted - set(visible(world, "interactiveUser"))


def test_the_pages_of_a_walk_are_at_most_a_thousand(sandbox: Sandbox, token: str) -> None:
    path = f"{LOG}?$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser')&$top=5000&$select=id"
    assert max(map(len, walk(sandbox, token, path))) <= 1000


def test_unknown_members_are_hidden_unless_asked_for(sandbox: Sandbox, token: str) -> None:
    path = f"{LOG}?$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser')&$top=5&$select=incomingTokenType"
    _, _, timid = sandbox.get(path, token)
    _, _, brave = sandbox.get(path, token, {"Prefer": "include-unknown-enum-members"})
    assert {row["incomingTokenType"] for row in timid["value"]} == {"unknownFutureValue"}
    assert {row["incomingTokenType"] for row in brave["value"]} == {"refreshToken"}


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        ("page_lost", "interactiveUser"),
        ("late_row_missed", "interactiveUser"),
        ("kind_left_out", "nonInteractiveUser"),
        ("failure_counted", "interactiveUser"),
    ],
)
def test_a_planted_lie_changes_what_is_served(sandbox: Sandbox, token: str, plant: str, kind: str) -> None:
    path = (
        f"{LOG}?$filter=signInEventTypes/any(t: t eq '{kind}') and createdDateTime ge 2026-09-20T00:00:00Z"
        "&$select=id,status&$top=100"
    )
    honest = rows(sandbox, token, path)
    sandbox.control("POST", "/plants", {"name": plant})
    try:
        lying = rows(sandbox, token, path)
    finally:
        sandbox.control("DELETE", "/plants")
    assert lying != honest and len(lying) <= len(honest)
    assert rows(sandbox, token, path) == honest


@pytest.mark.parametrize("plant", ["nested_group_counted", "seat_duplicated_as_other_user"])
def test_a_planted_lie_about_seats(sandbox: Sandbox, token: str, plant: str) -> None:
    def seats() -> list[str]:
        groups = [f"groups/{row['id']}/members" for row in rows(sandbox, token, "v1.0/groups?$select=id&$top=999")]
        apps = [
            f"servicePrincipals/{row['id']}/appRoleAssignedTo"
            for row in rows(sandbox, token, "v1.0/servicePrincipals?$select=id&$top=999")
        ]
        return [row["id"] for path in groups + apps for row in rows(sandbox, token, f"v1.0/{path}?$top=999")]

    honest = seats()
    sandbox.control("POST", "/plants", {"name": plant})
    try:
        assert len(seats()) > len(honest)
    finally:
        sandbox.control("DELETE", "/plants")
