"""Every page and dialog of a connection: for axe-core and for every width, and without a message on the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import sweep, walks
from tests.browser.stage import Stage, stage
from tests.browser.states import BROKEN, CONNECTED, State


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("connected")) as made:
        with made.visit() as seen:
            page = seen.go(made.path())
            made.connected_by_secret(page)
            walks.is_synced(page)
        yield made


@pytest.mark.parametrize("state", [*CONNECTED, *BROKEN], ids=lambda state: state.name)
def test_the_page_is_for_everybody(ground: Stage, state: State) -> None:
    assert sweep.findings(ground, state) == []
