"""Pages that are right and yet odd: empty ones in a row, headers that links do not carry, members of another shape."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

from seatwise.lake import packages
from tests.sync.conftest import Tenant
from tests.sync.test_run import LATER, SIGN_INS, event_ids, rows, stored

AN_HOUR_LATER = "2026-10-16T11:00:00Z"
PREFER = "include-unknown-enum-members"


def test_f39_fifty_empty_pages_in_a_row_are_followed_and_counted(tenant: Tenant, truth: Tenant) -> None:
    for path in (SIGN_INS, r"v1.0/users\?"):
        tenant.fault(path, kind="empty_pages", count=50)
    outcome = tenant.sync()
    assert outcome.missing == []
    for name in ("users", "sign_ins"):
        usual = max(step.pages for step in truth.told if step.dataset == name)
        assert outcome.datasets[name].pages == usual + 50
    assert stored(tenant) == stored(truth)


def test_f42_every_page_of_sign_ins_is_asked_for_with_the_same_headers(tenant: Tenant) -> None:
    tenant.fault(SIGN_INS, kind="empty_pages", count=3)
    tenant.sandbox.control("DELETE", "/requests")
    tenant.sync()
    asked = [entry for entry in tenant.sandbox.control("GET", "/requests")["log"] if SIGN_INS in entry["path"]]
    assert any("empty=" in entry["path"] for entry in asked)
    assert {entry["headers"]["Prefer"] for entry in asked} == {PREFER}
    assert {entry["headers"]["x-ms-throttle-priority"] for entry in asked} == {"low"}
    assert len({entry["headers"]["client-request-id"] for entry in asked}) == len(asked)


def test_f43_members_missing_null_new_or_of_another_type_lose_no_row(tenant: Tenant, truth: Tenant) -> None:
    tenant.fault(".", kind="drift", count=None, share=0.4, seed=3)
    outcome = tenant.sync()
    assert outcome.missing == []
    assert event_ids(tenant) == event_ids(truth)
    for name, key in (("users", "user_id"), ("groups", "group_id"), ("service_principals", "principal_id")):
        assert {row[key] for row in rows(tenant, name)} == {row[key] for row in rows(truth, name)}
    # As it is kept with the run.
    assert json.loads(json.dumps(asdict(outcome)))["datasets"]["sign_ins"]["odd"]["type_changed"] > 100
    newest = packages.newest(tenant.places, "users")
    assert newest is not None
    assert all(re.search(rb'"sandboxNews"', body) for _, body in newest.pages())


def test_f10_a_short_page_that_looks_whole_is_made_good_by_the_next_reading(tenant: Tenant) -> None:
    tenant.sync()
    tenant.sandbox.control("POST", "/clock", {"as_of": LATER})
    tenant.fault(SIGN_INS + ".*'interactiveUser'", kind="short_page")
    tenant.sync(LATER)
    short = event_ids(tenant)
    tenant.sandbox.control("POST", "/clock", {"as_of": AN_HOUR_LATER})
    tenant.sync(AN_HOUR_LATER)
    fresh = Tenant(tenant.sandbox, tenant.data / "fresh")
    fresh.sync(AN_HOUR_LATER)
    late = {row["event_id"] for row in rows(fresh, "sign_ins") if f"{row['created_at']:%FT%TZ}" < LATER}
    assert late - short
    assert event_ids(fresh) <= event_ids(tenant)
