"""What a missing permission or licence takes away, and what it must not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.lake import packages, tables
from tests.sync.conftest import Tenant
from tests.sync.test_run import event_ids, rows, stored

ALL = ("AuditLog.Read.All", "Directory.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All")
SIGN_INS = "/auditLogs/signIns"


def without(*names: str) -> list[str]:
    return [name for name in ALL if name not in names]


def lacking(tenant: Tenant) -> dict[str, str]:
    """Data set → permission that its absence is put down to."""
    outcome = tenant.sync()
    assert outcome.state == ("partial" if outcome.missing else "done")
    assert all(lack.sentence.count(". ") >= 1 for lack in outcome.missing)
    assert all((lack.permission or "") in lack.sentence for lack in outcome.missing)
    return {lack.dataset: lack.permission or lack.code for lack in outcome.missing}


def reasons(tenant: Tenant) -> set[str]:
    return {row["reason"] for row in rows(tenant, "windows") if row["state"] == "missing"}


def test_without_auditlog_usage_is_missing_by_name(tenant: Tenant) -> None:
    tenant.registered(*without("AuditLog.Read.All"))
    name = "AuditLog.Read.All"
    assert lacking(tenant) == {"user_activity": name, "sign_ins": name}
    assert reasons(tenant) == {"permission_missing"}
    assert rows(tenant, "users") and rows(tenant, "seats")


def test_without_directory_it_is_named_even_for_the_false_premium_error(tenant: Tenant) -> None:
    tenant.registered(*without("Directory.Read.All"))
    found = lacking(tenant)
    assert set(found.values()) == {"Directory.Read.All"}
    assert {"service_principals", "app_role_assignments", "group_members", "sign_ins"} <= found.keys()
    assert reasons(tenant) == {"permission_missing"}
    assert rows(tenant, "users")


def test_the_other_three_are_not_needed(tenant: Tenant, truth: Tenant) -> None:
    tenant.registered("AuditLog.Read.All", "Directory.Read.All")
    assert lacking(tenant) == {}
    assert stored(tenant) == stored(truth)


def test_without_premium_the_directory_comes_and_the_reason_is_kept(tenant: Tenant) -> None:
    tenant.sandbox.control("POST", "/state", {"premium": False})
    assert lacking(tenant) == dict.fromkeys(("user_activity", "app_activity", "sign_ins"), "premium_missing")
    assert reasons(tenant) == {"premium_missing"}
    assert rows(tenant, "users") and rows(tenant, "seats")


def test_a_premium_tenant_that_is_refused_for_long_is_not_called_unlicensed(tenant: Tenant) -> None:
    tenant.fault(SIGN_INS, kind="premium_error", count=None)
    assert lacking(tenant) == {"sign_ins": "premium_refused"}
    assert reasons(tenant) == {"read_failed"}


def test_what_was_missing_comes_with_the_next_run(tenant: Tenant, truth: Tenant) -> None:
    tenant.registered(*without("AuditLog.Read.All"))
    tenant.sync()
    tenant.client = None
    assert lacking(tenant) == {}
    assert event_ids(tenant) == event_ids(truth)


def test_nothing_at_all_can_be_read(tenant: Tenant) -> None:
    tenant.fault(".", status=403, count=None, body={"code": "Authorization_RequestDenied", "message": "no"})
    with pytest.raises(SeatwiseError, match="permission_missing"):
        tenant.sync()


def test_a_full_disk_is_told_and_leaves_nothing_half(tenant: Tenant, truth: Tenant, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a small tmpfs needs root")
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], check=False).returncode:
        pytest.skip("tmpfs cannot be mounted here")
    try:
        tenant.data = small
        with pytest.raises(AskAdmin, match="disk_full"):
            tenant.sync()
        for name in ("users", "sign_ins"):
            assert all(one.manifest.state == "sealed" for one in packages.sealed(tenant.places, name))
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        assert tenant.sync().state == "done"
        assert stored(tenant) == stored(truth)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_the_doctor_finds_all_well(tenant: Tenant) -> None:
    tenant.registered("AuditLog.Read.All", "Directory.Read.All")
    tenant.sync()
    states = {check.name: check.state for check in tenant.examine()}
    assert states["Token"] == states["Tenant"] == states["sign_ins"] == states["Stored data"] == "ok"
    assert {name: states[name] for name in ALL} == {
        "AuditLog.Read.All": "ok",
        "Directory.Read.All": "ok",
        **dict.fromkeys(("Group.Read.All", "GroupMember.Read.All", "User.Read.All"), "not_needed"),
    }


def test_the_doctor_names_what_is_missing_with_a_remedy(tenant: Tenant) -> None:
    tenant.registered(*without("Directory.Read.All"))
    lacks = {check.name: check for check in tenant.examine() if check.state == "missing"}
    assert {"Directory.Read.All", "service_principals", "sign_ins"} <= lacks.keys()
    assert all(check.remedy for check in lacks.values())
    assert tables.open_table(tenant.places, "users") is None
