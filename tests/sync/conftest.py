"""A tenant in the sandbox, an empty lake, and a run over both as the product makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from seatwise.base import clock
from seatwise.lake.places import Places
from seatwise.microsoft import clouds
from seatwise.microsoft.auth import Credential, TokenSource
from seatwise.microsoft.graph import Graph
from seatwise.microsoft.limits import NO_LIMIT, Governor
from seatwise.sync import probe
from seatwise.sync.progress import Outcome, Progress
from seatwise.sync.run import run
from tests.support.sandbox import Sandbox, running_sandbox

AS_OF = "2026-10-14T10:00:00Z"


@dataclass
class Tenant:
    """client: (id, secret) of another registration than the sandbox's own; told: progress of the runs so far."""

    sandbox: Sandbox
    data: Path
    client: tuple[str, str] | None = None
    told: list[Progress] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return Places(self.data, self.sandbox.tenant_id)

    def graph(self) -> Graph:
        cloud = clouds.custom(self.sandbox.graph, self.sandbox.authority, self.sandbox.ca)
        client_id, secret = self.client or (self.sandbox.client_id, self.sandbox.client_secret)
        governor = Governor()
        for meter in governor.meters.values():
            # The sandbox of these tests sets no limits, so keeping some would only make the tests slow.
            meter.budget = NO_LIMIT
        return Graph(cloud, TokenSource(cloud, Credential(self.sandbox.tenant_id, client_id, secret)), governor)

    def sync(self, as_of: str = AS_OF) -> Outcome:
        now = clock.parse_time(as_of)
        clock.set_now(now)

        async def once() -> Outcome:
            async with self.graph() as graph:
                return await run(self.places, graph, self.sandbox.tenant_id, now, self.told.append)

        return asyncio.run(once())

    def examine(self) -> list[probe.Check]:
        async def once() -> probe.Examined:
            async with self.graph() as graph:
                return await probe.examine(graph, self.places, self.sandbox.tenant_id)

        return asyncio.run(once()).checks

    def fault(self, path: str, **wish: Any) -> None:
        self.sandbox.control("POST", "/faults", {"path": path, **wish})

    def registered(self, *permissions: str) -> None:
        made = self.sandbox.control("POST", "/registrations", {"name": "other", "permissions": list(permissions)})
        self.client = (made["client_id"], made["client_secret"])

    def counts(self, as_of: str = AS_OF) -> dict[str, int]:
        """Objects per kind as the oracle counts them."""
        return {row["kind"]: row["n"] for row in self.sandbox.oracle("counts", as_of=as_of)["rows"]}


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=60, apps=20, seed=5, sign_ins_per_day=2, as_of=AS_OF, limits="off") as running:
        yield running


@pytest.fixture
def tenant(sandbox: Sandbox, tmp_path: Path) -> Iterator[Tenant]:
    yield Tenant(sandbox, tmp_path)
    clock.set_now(None)
    sandbox.control("DELETE", "/faults")
    sandbox.control("POST", "/state", {"premium": True, "token_lifetime_s": 3599})
    sandbox.control("POST", "/clock", {"as_of": AS_OF})


@pytest.fixture(scope="session")
def truth(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    """The lake of one undisturbed run, against which disturbed ones are held."""
    undisturbed = Tenant(sandbox, tmp_path_factory.mktemp("undisturbed"))
    assert undisturbed.sync().state == "done"
    clock.set_now(None)
    return undisturbed
