"""F37 and R6: what a reading suddenly lacks is not believed gone before a second reading says the same."""

from __future__ import annotations

import pytest

from tests.sync.conftest import AS_OF, Tenant
from tests.sync.test_run import LATER, SIGN_INS, event_ids, rows, stored

SOON = "2026-10-14T11:00:00Z"
OVER = ("users", "groups", "service_principals", "app_role_assignments", "group_members")


def names(tenant: Tenant, table: str = "users") -> set[str]:
    return {row["user_id" if table == "users" else "principal_id"] for row in rows(tenant, table)}


def n_pages(tenant: Tenant) -> int:
    log = tenant.sandbox.control("GET", "/requests")["log"]
    return sum("signIns" in entry["path"] for entry in log)


def ledger(tenant: Tenant, state: str) -> set[tuple[str, str | None]]:
    return {(row["kind"], row["reason"]) for row in rows(tenant, "windows") if row["state"] == state}


def at(tenant: Tenant, moment: str) -> None:
    tenant.sandbox.control("POST", "/clock", {"as_of": moment})


def test_f37_sign_ins_that_a_reading_lacks_once_stay(tenant: Tenant) -> None:
    tenant.sync()
    before = event_ids(tenant)
    at(tenant, SOON)
    tenant.fault(SIGN_INS, kind="drop_rows", count=4, share=0.3, seed=1)
    outcome = tenant.sync(SOON)
    assert outcome.missing == []
    assert before <= event_ids(tenant)
    fresh = Tenant(tenant.sandbox, tenant.data / "fresh")
    fresh.sync(SOON)
    assert event_ids(fresh) <= event_ids(tenant)


def test_f37_readings_that_never_agree_keep_everything_and_say_so(tenant: Tenant) -> None:
    tenant.sync()
    before = event_ids(tenant)
    at(tenant, SOON)
    tenant.fault(SIGN_INS + ".*'interactiveUser'", kind="drop_rows", count=None, share=0.3, seed=2)
    tenant.sandbox.control("DELETE", "/requests")
    outcome = tenant.sync(SOON)
    assert [(lack.dataset, lack.code) for lack in outcome.missing] == [("sign_ins", "differing")]
    assert before <= event_ids(tenant)
    assert ledger(tenant, "partial") == {("interactiveUser", "differing")}
    assert ledger(tenant, "missing") == set()
    # Four readings of the one window, one of each of the others.
    assert n_pages(tenant) == 4 + 3
    tenant.sandbox.control("DELETE", "/faults")
    assert tenant.sync(SOON.replace("11:", "12:")).missing == []


def test_f37_two_readings_in_a_row_that_agree_are_believed(tenant: Tenant) -> None:
    tenant.sync()
    before = event_ids(tenant)
    at(tenant, SOON)
    # The same part of the page is missing every time.
    tenant.fault(SIGN_INS + ".*'interactiveUser'", kind="short_page", count=None)
    tenant.sandbox.control("DELETE", "/requests")
    assert tenant.sync(SOON).missing == []
    assert before - event_ids(tenant)
    assert n_pages(tenant) == 2 + 3


def test_what_is_about_to_leave_retention_is_not_read_again(tenant: Tenant) -> None:
    tenant.sync()
    before = event_ids(tenant)
    # Microsoft's clock goes on while we read by the one of the run's start.
    at(tenant, "2026-11-11T11:20:00Z")
    tenant.sync("2026-11-11T10:30:00Z")
    assert before <= event_ids(tenant)


@pytest.mark.parametrize("path", [r"/users\?", "/servicePrincipals"])
def test_r6_a_listing_that_lacks_many_once_ends_nothing(tenant: Tenant, truth: Tenant, path: str) -> None:
    tenant.sync()
    tenant.fault(path, kind="drop_rows", share=0.3, seed=3)
    assert tenant.sync(SOON).missing == []
    assert stored(tenant) == stored(truth)


def test_r6_listings_that_never_agree_end_nothing_and_say_so(tenant: Tenant, truth: Tenant) -> None:
    tenant.sync()
    for path in (r"/users\?", "/servicePrincipals", "appRoleAssignedTo"):
        tenant.fault(path, kind="drop_rows", count=None, share=0.3, seed=4)
    outcome = tenant.sync(SOON)
    held = {lack.dataset for lack in outcome.missing if lack.code == "rows_held"}
    assert {"users", "service_principals", "app_role_assignments"} <= held
    assert all("nothing was taken away" in lack.sentence for lack in outcome.missing)
    assert {name: stored(tenant)[name] for name in OVER} == {name: stored(truth)[name] for name in OVER}


def test_r6_a_second_listing_that_agrees_ends_the_rows(tenant: Tenant, truth: Tenant) -> None:
    tenant.sync()
    tenant.fault(r"/users\?", kind="short_page", count=None)
    assert "users" not in {lack.dataset for lack in tenant.sync(SOON).missing}
    assert 0 < len(names(tenant)) <= len(names(truth)) / 2 + 1


def test_a_few_that_are_gone_end_at_once(tenant: Tenant) -> None:
    tenant.sync(AS_OF)
    at(tenant, LATER)
    tenant.sandbox.control("DELETE", "/requests")
    assert tenant.sync(LATER).state == "done"
    asked = [entry["path"] for entry in tenant.sandbox.control("GET", "/requests")["log"]]
    assert sum("/users?" in path and "signInActivity" not in path for path in asked) == 1
