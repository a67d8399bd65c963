"""A sandbox for the wire tests, and ways to ask it as the product does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seatwise.microsoft import clouds
from seatwise.microsoft.clouds import Cloud
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=60, apps=25, seed=3, as_of="2026-10-14T10:00:00Z", limits="off") as running:
        yield running


@pytest.fixture
def company(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox without faults, before and after."""
    yield sandbox
    sandbox.control("DELETE", "/faults")
    sandbox.control("POST", "/identity", {"do": "clear"})
    sandbox.control("POST", "/state", {"token_lifetime_s": 3599})


@pytest.fixture
def cloud(company: Sandbox) -> Cloud:
    return clouds.custom(company.graph, company.authority, company.ca)
