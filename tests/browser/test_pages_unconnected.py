"""Every page and dialog before a connection: for axe-core and for every width, and without a message on the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import sweep
from tests.browser.stage import Stage, stage
from tests.browser.states import EMPTY, WAYS_IN, State


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("unconnected")) as made:
        yield made


@pytest.mark.parametrize("state", [*WAYS_IN, *EMPTY], ids=lambda state: state.name)
def test_the_page_is_for_everybody(ground: Stage, state: State) -> None:
    assert sweep.findings(ground, state) == []
