"""The sweep is no rubber stamp: it finds what is planted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import sweep
from tests.browser.states import State
from tests.support.chromium import Visit, chromium, visit

PLAIN = State("plain", lambda _stage, _seen, _page: None)
PAGE = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{}</main></html>'


@pytest.fixture(scope="module")
def seen() -> Iterator[Visit]:
    with chromium() as browser, visit(browser, "http://localhost:1", is_checked=False) as made:
        yield made


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("", ""),
        ('<p style="color:#bbb;background:#fff">Pale</p>', "color-contrast"),
        ('<input type="text">', "label (critical)"),
        ('<p style="width:1000px">Wide</p>', "390 px: "),
    ],
)
def test_what_is_planted_is_found(seen: Visit, planted: str, found: str) -> None:
    page = seen.page()
    page.set_content(PAGE.format(planted))
    told = "\n".join(sweep.looked_at(page, PLAIN))
    assert (found in told) if found else (told == "")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("() => console.debug('hello')", "console debug: hello"),
        ("() => setTimeout(() => { throw new Error('broken') })", "page error: broken"),
        ("() => { new Image().src = 'https://elsewhere.example/x.png' }", "leaves this machine"),
    ],
)
def test_what_a_page_must_not_do_is_noted(seen: Visit, script: str, found: str) -> None:
    page = seen.page()
    page.evaluate(script)
    page.wait_for_function("() => true")
    page.wait_for_timeout(300)
    assert any(found in complaint for complaint in seen.complaints)
