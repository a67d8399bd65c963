"""Goes through states in both themes at three widths and tells what a person who depends on access would meet."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.stage import Stage
from tests.browser.states import State
from tests.support.chromium import THEMES, WIDTHS, axe_findings, sideways

_WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
  .map(e => e.tagName.toLowerCase() + "." + e.className).join(", ")"""


def findings(stage: Stage, state: State) -> list[str]:
    """Everything wrong with the state, one line each; empty is right."""
    with stage.visit(signed_in=state.is_signed_in, is_checked=False) as seen:
        seen.expects.extend(state.expects)
        page = seen.page()
        with state.shown(stage, seen, page):
            return list(dict.fromkeys([*looked_at(page, state), *seen.complaints]))


def looked_at(page: Page, state: State) -> Iterable[str]:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        if state.at_width:
            state.at_width(page)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            wider = sideways(page)
            if wider:
                yield f"{width} px: {wider} px wider than the window: {widest(page)}"
            for finding in axe_findings(page):
                yield f"{width} px, {theme}: {finding}"


def widest(page: Page) -> str:
    """What sticks out on the right."""
    return str(page.evaluate(_WIDEST))
