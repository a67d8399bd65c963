"""Limits and faults of the sandbox: what is refused, for how long, and with which headers."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from entra_sandbox.behaviour.meters import Meters, Window, highest, units_allowed
from tests.entra_sandbox.graph_world import AS_OF, EVENTUAL, error_code
from tests.support.sandbox import Sandbox, running_sandbox

LOG = "v1.0/auditLogs/signIns?$top=1"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with running_sandbox(users=20, apps=10, as_of=AS_OF) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    yield running
    running.control("DELETE", "/faults")


@pytest.fixture(scope="module")
def token(running: Sandbox) -> str:
    return running.token()


def other(sandbox: Sandbox) -> str:
    """A token of an app of its own, since limits are per app."""
    made = sandbox.control("POST", "/registrations", {"name": "other"})
    return sandbox.token(made["client_id"], made["client_secret"])


def test_the_sixth_report_in_ten_seconds_is_refused(sandbox: Sandbox) -> None:
    token = other(sandbox)
    answers = [sandbox.get(LOG, token) for _ in range(6)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[5][1]["retry-after"]) <= 10
    assert error_code(sandbox, other(sandbox), LOG) == (200, "")
    reports = sandbox.control("GET", "/requests")["reports"]
    assert reports["max_in_10s"] >= 6 and reports["n_429"] >= 1


def test_activity_of_users_counts_as_a_report(sandbox: Sandbox) -> None:
    token = other(sandbox)
    path = "v1.0/users?$select=id,signInActivity"
    assert [sandbox.get(path, token)[0] for _ in range(6)] == [200] * 5 + [429]


def test_units_are_told_and_counted(sandbox: Sandbox, token: str) -> None:
    def units(path: str) -> str:
        return str(sandbox.get(path, token)[1]["x-ms-resource-unit"])

    group = sandbox.get("v1.0/groups?$select=id", token)[2]["value"][0]["id"]
    assert [
        units(path)
        for path in (
            "v1.0/users",
            "v1.0/users?$select=id",
            "v1.0/subscribedSkus",
            f"v1.0/groups/{group}/members",
            f"v1.0/groups/{group}/members?$select=id",
            f"v1.0/groups/{group}/transitiveMembers",
            "v1.0/users?$expand=memberOf",
            "v1.0/users?$top=5",
        )
    ] == ["2", "1", "3", "3", "2", "5", "3", "1"]


def test_units_run_out_by_the_size_of_the_tenant() -> None:
    assert [units_allowed(n) for n in (49, 50, 500, 501)] == [3500, 5000, 5000, 8000]
    meters = Meters()
    assert meters.take("directory", "a", "t", 3400, 3500) > 0.8
    with pytest.raises(Exception, match="retry") as refusal:
        meters.take("directory", "a", "t", 200, 3500)
    assert refusal.value.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"  # type: ignore[attr-defined]


def test_a_window_slides_and_refused_requests_count() -> None:
    window = Window(10.0)
    assert [window.add(float(at), 1) for at in (0, 1, 2, 3, 4, 5)] == [1, 2, 3, 4, 5, 6]
    assert window.wait(5.0, 5) == 6
    assert window.add(10.5, 1) == 6
    assert highest([(0.0, 1), (9.9, 1), (10.0, 1), (25.0, 1)]) == 2


def test_limits_off_refuses_nothing() -> None:
    with running_sandbox(users=20, apps=10, as_of=AS_OF, limits="off") as sandbox:
        token = sandbox.token()
        assert {sandbox.get(LOG, token)[0] for _ in range(12)} == {200}
        assert sandbox.control("GET", "/requests")["reports"]["n"] == 12


def test_a_fault_meets_the_requests_it_is_meant_for(sandbox: Sandbox, token: str) -> None:
    sandbox.control("POST", "/faults", {"path": "/groups", "status": 429, "retry_after": 7, "count": 2, "skip": 1})
    answers = [sandbox.get("v1.0/groups", token) for _ in range(4)]
    assert [status for status, _, _ in answers] == [200, 429, 429, 200]
    assert answers[1][1]["retry-after"] == "7" and sandbox.get("v1.0/users", token)[0] == 200


def test_a_fault_meets_one_part_of_a_batch(sandbox: Sandbox, token: str) -> None:
    sandbox.control("POST", "/faults", {"path": "/groups", "status": 503})
    parts = [{"id": name, "method": "GET", "url": f"/{name}"} for name in ("users", "groups", "organization")]
    status, _, body = sandbox.post("v1.0/$batch", token, {"requests": parts})
    found = {part["id"]: part["status"] for part in body["responses"]}
    assert (status, found) == (200, {"users": 200, "groups": 503, "organization": 200})


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("dup_rows", lambda page, honest: len(page["value"]) > len(honest["value"])),
        ("short_page", lambda page, honest: len(page["value"]) < len(honest["value"])),
        ("empty_page", lambda page, honest: page["value"] == [] and "users" in page["@odata.nextLink"]),
        ("loop_next_link", lambda page, honest: page["@odata.nextLink"].endswith("/v1.0/users?$top=9")),
        ("foreign_next_link", lambda page, honest: "attacker.example" in page["@odata.nextLink"]),
        ("swap_type", lambda page, honest: page["value"][0]["id"] == 7),
    ],
)
def test_a_spoiled_page(sandbox: Sandbox, token: str, kind: str, holds: Any) -> None:
    honest = sandbox.get("v1.0/users?$top=9", token)[2]
    sandbox.control("POST", "/faults", {"path": "/users", "kind": kind})
    assert holds(sandbox.get("v1.0/users?$top=9", token)[2], honest)
    assert sandbox.get("v1.0/users?$top=9", token)[2]["value"] == honest["value"]


@pytest.mark.parametrize("kind", ["cut", "garbage"])
def test_a_body_that_is_no_json(sandbox: Sandbox, token: str, kind: str) -> None:
    sandbox.control("POST", "/faults", {"path": "/users", "kind": kind})
    with pytest.raises(ValueError, match=r"."):
        sandbox.get("v1.0/users", token)


def test_a_gateways_page_a_dropped_line_and_the_false_licence_error(sandbox: Sandbox, token: str) -> None:
    sandbox.control("POST", "/faults", {"path": "/users", "kind": "html", "status": 504})
    status, headers, body = sandbox.get("v1.0/users", token)
    assert status == 504 and headers["content-type"] == "text/html" and body.startswith("<html>")
    sandbox.control("POST", "/faults", {"path": "/users", "kind": "reset"})
    with pytest.raises((ConnectionError, http.client.HTTPException, OSError)):
        sandbox.get("v1.0/users", token)
    sandbox.control("POST", "/faults", {"path": "/signIns", "kind": "premium_error"})
    wanted = (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert error_code(sandbox, other(sandbox), LOG) == wanted


def test_answers_carry_graphs_headers_and_are_packed_when_asked(sandbox: Sandbox, token: str) -> None:
    wanted = {
        "client-request-id": "11111111-2222-3333-4444-555555555555",
        "Accept-Encoding": "gzip",
        "Authorization": f"Bearer {token}",
    }
    _, headers, body = sandbox.fetch(f"{sandbox.graph}/v1.0/users", "GET", None, wanted)
    assert headers["client-request-id"] == wanted["client-request-id"] and len(headers["request-id"]) == 36
    assert headers["odata-version"] == "4.0" and "ServerInfo" in json.loads(headers["x-ms-ags-diagnostic"])
    assert headers["content-encoding"] == "gzip" and body[:2] == b"\x1f\x8b"


def test_a_batch_is_shuffled_and_holds_at_most_twenty(sandbox: Sandbox, token: str) -> None:
    parts = [{"id": str(n), "method": "GET", "url": "/organization?$select=id"} for n in range(20)]
    _, _, body = sandbox.post("v1.0/$batch", token, {"requests": parts})
    ids = [part["id"] for part in body["responses"]]
    assert sorted(ids) == sorted(part["id"] for part in parts) and ids != [part["id"] for part in parts]
    assert sandbox.post("v1.0/$batch", token, {"requests": [*parts, {**parts[0], "id": "x"}]})[0] == 400


def test_a_count_is_text_and_refuses_json(sandbox: Sandbox, token: str) -> None:
    assert sandbox.get("v1.0/users/$count", token, {**EVENTUAL, "Accept": "application/json"})[0] == 415
    assert sandbox.get("v1.0/users/$count", token)[0] == 400
    assert int(sandbox.get("v1.0/users/$count", token, EVENTUAL)[2]) >= 20
