"""A state of the product, and how a person gets there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.support.chromium import Visit

Way = Callable[[Stage, Visit, Page], None]


@dataclass(frozen=True)
class State:
    """name: of the picture. expects: console messages that belong to it, such as the status of a refusal.

    at_width: what is opened anew after the window changed its width.
    after:    takes away what would stand in the way of other states.
    """

    name: str
    way: Way
    is_signed_in: bool = True
    expects: tuple[str, ...] = ()
    at_width: Callable[[Page], None] | None = None
    after: Callable[[Stage], None] | None = None

    @contextmanager
    def shown(self, stage: Stage, seen: Visit, page: Page) -> Iterator[None]:
        try:
            self.way(stage, seen, page)
            yield
        finally:
            if self.after:
                self.after(stage)


def at(path: str) -> Way:
    """A page of the workspace by its path."""
    return lambda stage, seen, page: _go(seen, page, stage.path(path))


def outside(path: str) -> Way:
    return lambda stage, seen, page: _go(seen, page, path)


def _go(seen: Visit, page: Page, path: str) -> None:
    seen.go(path, page)


def press_test(stage: Stage, seen: Visit, page: Page) -> None:
    """Presses the button and waits for the new checklist."""
    seen.go(stage.path("settings/integrations/entra/"), page)
    with page.expect_response(re.compile("/entra/test$")):
        page.get_by_role("button", name="Test connection").click()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
