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


# Cells that stick out of the window; steps whose name and words lie on each other once the words are long.
_CUT = """() => [...document.querySelectorAll(".runs tbody th, .runs tbody td")]
  .filter(cell => cell.getBoundingClientRect().right > innerWidth).length"""
_LAID_OVER = """() => [...document.querySelectorAll(".steps li")].filter(step => {
  const [name, words] = [step.querySelector("b"), step.querySelector(".num")];
  name.textContent = "Seats: who is assigned to which app";
  words.textContent = "1,250 read · waiting for Microsoft, 3 min so far";
  const [a, b] = [name.getBoundingClientRect(), words.getBoundingClientRect()];
  const inner = step.getBoundingClientRect();
  return (a.right > b.left && a.bottom > b.top + 1) || a.width < 120 || b.right > inner.right + 1;
}).length"""


def test_on_a_phone_runs_are_whole_and_long_words_have_their_own_line(ground: Stage) -> None:
    with ground.visit() as seen:
        page = seen.go(ground.path("settings/integrations/entra/"))
        for width in (390, 768, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            page.locator("details.more").first.evaluate("details => { details.open = true }")
            assert page.locator(".steps li").count() > 5
            assert page.evaluate(_LAID_OVER) == 0, width
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.locator(".runs tbody tr").count() >= 1
        assert page.evaluate(_CUT) == 0
        assert page.get_by_role("table").get_by_role("rowheader").count() >= 1


@pytest.mark.parametrize("state", [*CONNECTED, *BROKEN], ids=lambda state: state.name)
def test_the_page_is_for_everybody(ground: Stage, state: State) -> None:
    assert sweep.findings(ground, state) == []
