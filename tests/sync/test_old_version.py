"""Sign-ins are read from beta; the old version, which knows less, only where beta is not found."""

from __future__ import annotations

from tests.sync.conftest import Tenant
from tests.sync.test_run import event_ids


def asked(tenant: Tenant) -> set[str]:
    log = tenant.sandbox.control("GET", "/requests")["log"]
    return {entry["path"].strip("/").partition("/")[0] for entry in log if "auditLogs/signIns" in entry["path"]}


def test_v1_is_asked_only_where_beta_is_not_found(tenant: Tenant, truth: Tenant) -> None:
    tenant.sandbox.control("DELETE", "/requests")
    tenant.sync()
    assert asked(tenant) == {"beta"}


def test_where_beta_is_not_found_interactive_sign_ins_come_and_the_others_are_missing(
    tenant: Tenant, truth: Tenant
) -> None:
    tenant.fault(r"beta/auditLogs/signIns", status=404, count=None)
    outcome = tenant.sync()
    assert asked(tenant) == {"beta", "v1.0"}
    assert {missing.dataset for missing in outcome.missing} == {"sign_ins"}
    assert event_ids(tenant) < event_ids(truth)
    assert event_ids(tenant)
