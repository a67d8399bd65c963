"""One sandbox for all tests of a file; each test makes its own registrations."""

from collections.abc import Iterator

import pytest

from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def tenant() -> Iterator[Sandbox]:
    with running_sandbox(users=50, apps=20, seed=3, as_of="2026-10-01T08:00:00Z") as sandbox:
        yield sandbox
