"""Whole runs against the sandbox: complete, again two days later, and with every fault of the wire."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from seatwise.base.errors import AskAdmin
from seatwise.catalog.activity import SIGN_IN_KINDS
from seatwise.lake import packages, tables
from tests.sync.conftest import Tenant

LATER = "2026-10-16T10:00:00Z"
SIGN_INS = "/auditLogs/signIns"


NAMES = ("users", "groups", "service_principals", "app_role_assignments", "group_members", "subscribed_skus")
NEVER_THE_SAME = ("valid_from", "package")


def stored(tenant: Tenant) -> dict[str, list[str]]:
    """Current rows of every table as text, sorted."""
    return {
        name: sorted(str({key: row[key] for key in row if key not in NEVER_THE_SAME}) for row in rows(tenant, name))
        for name in (*NAMES, "sign_ins", "usage_daily", "seats", "user_activity")
    }


def rows(tenant: Tenant, name: str) -> list[dict[str, Any]]:
    table = tables.read_table(tenant.places, name)
    return [] if table is None else [row for row in table.to_pylist() if row.get("valid_to") is None]


def event_ids(tenant: Tenant) -> set[str]:
    ids = [row["event_id"] for row in rows(tenant, "sign_ins")]
    assert len(ids) == len(set(ids))
    return set(ids)


def test_everything_comes_and_is_told_of(truth: Tenant) -> None:
    counts = truth.counts()
    assert len(rows(truth, "users")) == counts["users"]
    assert len(rows(truth, "service_principals")) == counts["servicePrincipals"]
    assert len(rows(truth, "oauth2_permission_grants")) == counts["oauth2PermissionGrants"]
    received = Counter[str]()
    for row in rows(truth, "windows"):
        received[row["kind"]] += row["n_rows"]
    assert received == {kind: counts[kind] for kind in SIGN_IN_KINDS}
    assert {step.phase for step in truth.told} >= {"token", "page", "seal", "apply", "derive", "done"}


def test_apps_and_seats_are_derived_before_the_sign_ins_are_asked_for(truth: Tenant) -> None:
    order = [(step.dataset, step.phase) for step in truth.told]
    derived, asked = order.index(("derived tables", "derive")), order.index(("sign_ins", "page"))
    assert order.index(("app_role_assignments", "apply")) < derived < asked


def test_the_same_moment_again_asks_for_no_sign_ins(tenant: Tenant) -> None:
    tenant.sync()
    again = tenant.sync()
    assert again.state == "done"
    assert again.datasets["sign_ins"].pages == 0


def test_two_days_later_only_what_is_new_or_may_be_late_is_read(tenant: Tenant, truth: Tenant) -> None:
    first = tenant.sync()
    tenant.sandbox.control("POST", "/clock", {"as_of": LATER})
    second = tenant.sync(LATER)
    assert second.datasets["sign_ins"].rows < first.datasets["sign_ins"].rows / 2
    fresh = Tenant(tenant.sandbox, tenant.data / "fresh")
    fresh.sync(LATER)
    assert event_ids(tenant) == event_ids(truth) | event_ids(fresh)


FAULTS: dict[str, list[dict[str, Any]]] = {
    "throttled": [
        {"path": SIGN_INS, "status": 429, "retry_after": 1, "skip": 1},
        {"path": SIGN_INS, "status": 429, "skip": 3},
        {"path": "/groups", "status": 429, "retry_after": "Wed, 14 Oct 2020 10:00:30 GMT"},
        {"path": "/oauth2PermissionGrants", "status": 429, "retry_after": "soon"},
        {"path": "appRoleAssignedTo", "status": 429, "retry_after": 1, "count": 3},
    ],
    "service errors": [
        {"path": "/groups", "status": 500},
        {"path": "/organization", "status": 502},
        {"path": SIGN_INS, "status": 503, "retry_after": 1},
        {"path": r"\$batch", "status": 504},
        {"path": "/members", "status": 503, "count": 2},
    ],
    "slow windows": [{"path": SIGN_INS, "status": 504, "count": 3}],
    "connections and bodies": [
        {"path": SIGN_INS, "kind": "reset", "count": 2},
        {"path": "/servicePrincipals", "kind": "cut", "count": 2},
        {"path": SIGN_INS, "kind": "cut", "skip": 2},
        {"path": SIGN_INS, "kind": "garbage", "skip": 4},
        {"path": "/subscribedSkus", "kind": "html"},
    ],
    "premium": [
        {"path": SIGN_INS, "kind": "premium_error"},
        {"path": "signInActivity", "kind": "premium_error"},
    ],
    "paging": [
        {"path": SIGN_INS, "kind": "expired_token"},
        {"path": SIGN_INS, "kind": "loop_next_link"},
        {"path": SIGN_INS, "kind": "dup_rows", "count": 2},
        {"path": SIGN_INS, "kind": "empty_page", "skip": 1},
    ],
}


@pytest.mark.parametrize("name", FAULTS)
def test_passing_faults_change_nothing(tenant: Tenant, truth: Tenant, name: str) -> None:
    for fault in FAULTS[name]:
        tenant.fault(**fault)
    assert tenant.sync().missing == []
    faults = tenant.sandbox.control("GET", "/state")["faults"]
    assert all(fault["n_met"] for fault in faults), faults
    assert stored(tenant) == stored(truth)


def test_f17_tokens_that_end_while_reading_are_renewed(tenant: Tenant, truth: Tenant) -> None:
    tenant.sandbox.control("POST", "/state", {"token_lifetime_s": 1})
    tenant.fault(SIGN_INS, kind="slow", seconds=1.2, count=2)
    assert tenant.sync().state == "done"
    assert event_ids(tenant) == event_ids(truth)


def test_f41_a_link_to_elsewhere_stops_the_data_set_alone(tenant: Tenant) -> None:
    tenant.fault("/users", kind="foreign_next_link", count=None)
    outcome = tenant.sync()
    assert outcome.state == "partial"
    assert {lack.dataset for lack in outcome.missing} == {"users", "user_activity"}
    assert {lack.code for lack in outcome.missing} == {"foreign_link"}
    assert rows(tenant, "users") == [] and rows(tenant, "groups") != []


def test_a_data_set_that_keeps_failing_leaves_its_table_alone(tenant: Tenant) -> None:
    tenant.sync()
    before = rows(tenant, "groups")
    tenant.fault("/groups", status=400, count=None, body={"code": "Request_BadRequest", "message": "no"})
    outcome = tenant.sync()
    assert "groups" in {lack.dataset for lack in outcome.missing}
    assert rows(tenant, "groups") == before != []


def test_windows_that_cannot_be_read_are_in_the_ledger_with_the_reason(tenant: Tenant) -> None:
    tenant.fault(SIGN_INS + r".*managedIdentity", status=400, count=None, body={"code": "BadRequest", "message": "no"})
    outcome = tenant.sync()
    assert [lack.dataset for lack in outcome.missing] == ["sign_ins"]
    ledger = rows(tenant, "windows")
    left = [row for row in ledger if row["state"] == "missing"]
    assert {(row["kind"], row["reason"]) for row in left} == {("managedIdentity", "read_failed")}
    assert {row["kind"] for row in ledger if row["state"] == "complete"} == set(SIGN_IN_KINDS[:3])


def test_a_package_sealed_but_not_applied_is_applied_by_the_next_run(tenant: Tenant, truth: Tenant) -> None:
    tenant.sync()
    folder = tenant.places.package_folder("users")
    number = packages.numbers(tenant.places, "users")[-1]
    # As a kill between the rename and the commit leaves it: sealed, not applied.
    (folder / f"{number:012d}").rename(folder / f"{number + 1:012d}")
    manifest = folder / f"{number + 1:012d}" / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"number": {number}', f'"number": {number + 1}'))
    assert [one.number for one in tables.pending(tenant.places, "users")] == [number + 1]
    tenant.sync()
    assert tables.pending(tenant.places, "users") == []
    assert stored(tenant) == stored(truth)


def test_two_runs_never_work_on_one_tenant(tenant: Tenant) -> None:
    from seatwise.sync.lock import alone

    with alone(tenant.places), pytest.raises(AskAdmin, match="sync_running"):
        tenant.sync()
    assert tenant.sync().state == "done"
