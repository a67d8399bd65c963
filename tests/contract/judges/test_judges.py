"""Microsoft's own clients, unmodified, read the sandbox to the last page and agree with the oracle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from entra_sandbox.world import World
from tests.conftest import ROOT
from tests.contract.judges import namespace
from tests.contract.judges.clients import where_of
from tests.contract.judges.programs import ask_node, ask_python
from tests.contract.judges.where import Where
from tests.support.sandbox import Sandbox, run_json, running_sandbox

USERS, APPS, SEED, A_DAY = 40, 15, 5, 0.5
AS_OF = datetime(2026, 10, 1, 8, tzinfo=UTC)
FLAGS = {"users": USERS, "apps": APPS, "seed": SEED, "sign_ins_per_day": A_DAY, "as_of": "2026-10-01T08:00:00Z"}
V1_LISTS = (
    "users", "groups", "members", "servicePrincipals", "appRoleAssignedTo", "oauth2PermissionGrants", "subscribedSkus",
    "interactiveUser",
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(limits="off", **FLAGS) as running:
        yield running


@pytest.fixture(scope="module")
def here(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Where:
    return where_of(sandbox, tmp_path_factory.mktemp("judge"))


@cache
def truth() -> dict[str, int]:
    """Objects per kind as the oracle counts them, by the names that Graph gives the lists."""
    rows = run_json("oracle", "counts", "--format", "json", **FLAGS)["rows"]
    return {row["kind"]: row["n"] for row in rows}


def test_msal_for_python(here: Where) -> None:
    found = ask_python("by_msal", here)
    assert found["n"] == {name: truth()[name] for name in found["n"]}
    assert found["n_ids"] == {name: found["n"][name] for name in found["n_ids"]}
    assert all(found["pages"][name] > 1 for name in ("users", "groups", "servicePrincipals", "nonInteractiveUser"))


def test_azure_identity_and_the_graph_sdk_for_python(here: Where) -> None:
    found = ask_python("by_graph_sdk", here)
    assert found["n"] == {name: truth()[name] for name in V1_LISTS}
    assert found["n_skus_by_certificate"] == truth()["subscribedSkus"]
    assert found["has_times"]
    assert found["types"]["users"] == ["User"]


def test_msal_and_the_graph_client_for_node(here: Where) -> None:
    found = ask_node(here)
    assert found["n"] == {name: truth()[name] for name in V1_LISTS}


@pytest.fixture(scope="module")
def under_microsofts_names() -> dict[str, Any]:
    """Everything that the judges found in the private namespace, where all addresses are Microsoft's own."""
    prefix = namespace.prefix()
    if prefix is None:
        reason = "this machine allows no private namespace (unshare --mount --net)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    words = {name: list(question) for name, (question, _) in questions().items()}
    command = [*prefix, sys.executable, "-m", "tests.contract.judges.inside", json.dumps(words)]
    flags = json.dumps({"limits": "off", **FLAGS})
    done = subprocess.run([*command, flags], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("judge", ["msal", "graph_sdk", "node"])
def test_nothing_is_overridden_under_microsofts_names(under_microsofts_names: dict[str, Any], judge: str) -> None:
    found = under_microsofts_names[judge]["n"]
    assert found == {name: truth()[name] for name in found}


@cache
def questions() -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """Commands of CLI for Microsoft 365 with the ids that each must list, counted in the world and not on the wire."""
    world = World(users=USERS, apps=APPS, seed=SEED, sign_ins_per_day=A_DAY)
    directory = world.directory(AS_OF)
    group = max(directory.groups, key=lambda one: (len(directory.members_of(one.id)), one.id))
    holders = [row.principal_id for row in directory.app_role_assignments if row.principal_type == "ServicePrincipal"]
    holder = max(sorted(set(holders)), key=holders.count)
    held = [row for row in directory.app_role_assignments if row.principal_id == holder]
    clients = [row.client_id for row in directory.oauth2_permission_grants]
    client = max(sorted(set(clients)), key=clients.count)
    since = AS_OF - timedelta(days=30)
    seen = [
        event.id
        for event in world.sign_ins(since, AS_OF)
        if event.kind == "interactiveUser" and event.arrived_at <= AS_OF
    ]
    person = next(event for event in world.sign_ins(since, AS_OF) if event.kind == "interactiveUser" and event.user_id)
    return {
        "users": (("entra", "user", "list"), [user.id for user in directory.users]),
        "licences": (
            ("entra", "license", "list"),
            [f"{world.tenant.id}_{sku.sku_id}" for sku in directory.subscribed_skus],
        ),
        "apps": (("entra", "enterpriseapp", "list"), [one.id for one in directory.service_principals]),
        "groups": (("entra", "group", "list"), [one.id for one in directory.groups]),
        "members": (
            ("entra", "group", "member", "list", "--groupId", group.id, "--role", "Member"),
            [member.id for member in directory.members_of(group.id)],
        ),
        "assignments": (
            ("entra", "approleassignment", "list", "--appObjectId", holder),
            [row.app_role_id for row in held],
        ),
        "grants": (
            ("entra", "oauth2grant", "list", "--spObjectId", client),
            [row.id for row in directory.oauth2_permission_grants if row.client_id == client],
        ),
        "sign_ins": (("entra", "user", "signin", "list"), seen),
        "sign_ins_of_one": (
            ("entra", "user", "signin", "list", "--userId", person.user_id),
            [
                event.id
                for event in world.sign_ins(since, AS_OF)
                if event.id in set(seen) and event.user_id == person.user_id
            ],
        ),
    }


@pytest.mark.parametrize("name", sorted(questions()))
def test_cli_for_microsoft_365(under_microsofts_names: dict[str, Any], name: str) -> None:
    rows = under_microsofts_names["command_line"][name]
    key = "appRoleId" if name == "assignments" else "id"
    assert sorted(row[key] for row in rows) == sorted(questions()[name][1])


def test_the_machines_own_names_stay_untouched() -> None:
    assert "login.microsoftonline.com" not in Path("/etc/hosts").read_text()
