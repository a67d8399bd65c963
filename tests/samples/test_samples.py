"""Every file of the shared samples, with its outcome: what docs/import.md promises, on records nobody here wrote."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.lake.places import Places
from seatwise.sync import intake

USER, NON_INTERACTIVE, PRINCIPAL, IDENTITY = (
    "interactiveUser",
    "nonInteractiveUser",
    "servicePrincipal",
    "managedIdentity",
)

LAB = "4bbb79f7-5724-4c9e-95f3-de075f6ec090"

# File → (tenant whose import it is, kept, unchanged, set aside); a sentence's beginning stands for a refusal.
# The numbers were counted by hand from the files; where an event comes several times, repetitions are unchanged.
OUTCOMES: dict[str, Any] = {
    "README.md": "This is none of the files",
    "diagnostic-settings/elastic-managed-identity-1.ndjson": (LAB, {IDENTITY: 1}, {}, {}),
    "diagnostic-settings/elastic-service-principal-1.ndjson": (LAB, {PRINCIPAL: 1}, {}, {}),
    "diagnostic-settings/panther-audit.ndjson": (None, {}, {}, {("audit", "category_not_kept"): 21}),
    "diagnostic-settings/panther-lowercased-serviceprincipal.ndjson": (
        "a2aa49aa-2c0c-49d2-af87-f402c421df0b", {PRINCIPAL: 1}, {PRINCIPAL: 6}, {(PRINCIPAL, "other_tenant"): 1},
    ),
    "diagnostic-settings/panther-lowercased-signin.ndjson": (
        "fc66a38e-bcba-4fe9-b2de-c67918514cc5", {USER: 1}, {USER: 1}, {},
    ),
    "diagnostic-settings/panther-noninteractive.ndjson": (None, {}, {}, {(NON_INTERACTIVE, "no_id"): 3}),
    "diagnostic-settings/panther-signin.ndjson": (None, {}, {}, {(USER, "no_id"): 13}),
    "directory/scubagear-tenant-sample.json": "This is none of the files",
    "graph-json/docs-beta-group-list-members-4.json": (None, {}, {}, {("user", "directory_object"): 2}),
    "graph-json/docs-beta-group-list-members-6.txt": "This looks like JSON but is not valid JSON",
    "graph-json/docs-beta-reportroot-getazureadapplicationsigninsummary-1.json": (
        None, {}, {}, {("summary", "grouped"): 4},
    ),
    "graph-json/docs-beta-signin-list-1.json": ("99081087-73c4-48d1-a112-f60ff75114f7", {USER: 1}, {}, {}),
    "graph-json/docs-beta-signin-list-2.json": ("99081087-73c4-48d1-a112-f60ff75114f7", {USER: 1}, {}, {}),
    "graph-json/docs-beta-user-list-licensedetails-1.json": (None, {}, {}, {("licence", "directory_object"): 1}),
    "graph-json/docs-v1.0-a.json": (None, {}, {}, {
        ("appRoleAssignment", "directory_object"): 2, ("application", "directory_object"): 1,
        ("audit", "category_not_kept"): 1, ("directoryObject", "directory_object"): 1, ("group", "directory_object"): 3,
        ("licence", "directory_object"): 2, ("organization", "directory_object"): 1,
        ("permissionGrant", "directory_object"): 2, ("servicePrincipalObject", "directory_object"): 2,
        ("signIn", "not_json"): 1, ("user", "directory_object"): 6,
    }),
    "log-analytics/AuditLogs_Hunting.csv": (None, {}, {}, {("audit", "category_not_kept"): 5}),
    "log-analytics/disable_accounts.csv": (None, {}, {}, {(USER, "no_time"): 4}),
    "log-analytics/otrf-AADAuditEvents.ndjson": (None, {}, {}, {("audit", "category_not_kept"): 4}),
    "log-analytics/sign-in_adelete.csv": ("2ad3fc79-1859-42fa-9011-6f8df2251b22", {USER: 56}, {}, {}),
    "portal-csv/headers.json": "This is none of the files",
    "portal-csv/interactive-signins-pseudonymised.csv": ("1aec899d-6644-48c4-8ce0-51dabbd16070", {USER: 18}, {}, {}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_a_fixed_time() -> Any:
    clock.set_now(datetime(2026, 10, 14, 10, tzinfo=UTC))
    yield
    clock.set_now(None)


def read(path: Path, lake: Path, tenant: str | None = None) -> intake.Report:
    return intake.read([str(path)], lambda named: Places(lake, named), tenant)


@pytest.mark.parametrize("name", OUTCOMES)
def test_each_sample_ends_as_its_table_says(name: str, shared: Path, tmp_path: Path) -> None:
    expected = OUTCOMES[name]
    path = shared / "samples" / name
    if isinstance(expected, str):
        found = read(path, tmp_path)
        [(refused, reason)] = found.refused
        assert (refused, found.received) == (str(path), 0)
        assert reason.startswith(expected)
        return
    tenant, kept, unchanged, aside = expected
    found = read(path, tmp_path, tenant)
    assert found.refused == []
    assert {kind: row["kept"] for kind, row in found.by_kind.items() if row["kept"]} == kept
    assert {kind: row["unchanged"] for kind, row in found.by_kind.items() if row["unchanged"]} == unchanged
    assert Counter({(kind, reason): n for kind, reason, n in found.set_aside}) == Counter(aside)
    assert found.received == sum(kept.values()) + sum(unchanged.values()) + sum(aside.values())


def test_the_table_names_every_sample(shared: Path) -> None:
    folder = shared / "samples"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(OUTCOMES)


@pytest.mark.parametrize("name", [name for name, told in OUTCOMES.items() if not isinstance(told, str) and told[0]])
def test_each_sample_says_itself_whose_it_is(name: str, shared: Path, tmp_path: Path) -> None:
    if name.endswith("lowercased-serviceprincipal.ndjson"):
        with pytest.raises(AskAdmin, match="2 tenants"):
            read(shared / "samples" / name, tmp_path)
    else:
        assert read(shared / "samples" / name, tmp_path).tenant_id == OUTCOMES[name][0]


def test_the_whole_folder_for_one_tenant_keeps_only_what_is_its_own(shared: Path, tmp_path: Path) -> None:
    found = read(shared / "samples", tmp_path, "99081087-73c4-48d1-a112-f60ff75114f7")
    # Both documentation examples show the same event.
    assert (found.kept, found.unchanged) == (1, 1)
    assert len(found.refused) == 4
    assert found.received == found.kept + found.unchanged + sum(n for *_, n in found.set_aside)
