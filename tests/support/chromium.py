"""A person at a browser: headless Chromium that notes every complaint of a page and cannot leave this machine."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

Theme = Literal["light", "dark"]
WIDTHS = {1440: 900, 768: 1024, 390: 844}
THEMES: tuple[Theme, Theme] = ("light", "dark")
PROGRAM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names other than this machine's do not resolve, whoever asks: the page or the browser itself.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
HERE = ("localhost", "127.0.0.1")
PATIENCE_MS = 30_000

_axe = Axe()
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; one for a module, since it takes a second to start."""
    program = PROGRAM if Path(PROGRAM).exists() else shutil.which("chromium")
    assert program, "Chromium is missing. Run:  sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One person's window: its pages share cookies. complaints: what a page must never cause.

    expects: regular expressions of console messages that belong to the story of the test, as r"status of 404".
    bodies:  (address, body) of every answer of ours, for those who look for what must not be in them.
    """

    context: BrowserContext
    home: str
    complaints: list[str] = field(default_factory=list)
    expects: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    keep_bodies: bool = False
    bodies: list[tuple[str, bytes]] = field(default_factory=list)

    def page(self) -> Page:
        return self.context.new_page()

    def go(self, path: str, page: Page | None = None) -> Page:
        """Opens a path of the install (in a new tab unless one is given)."""
        shown = page or self.page()
        shown.goto(path if path.startswith("http") else self.home + path)
        return shown

    def _on_console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if self._is_theirs(where) and message.text.startswith("Failed to load resource"):
            return  # the sandbox's refusals carry a status of 400, as Microsoft's do
        self._note(f"console {message.type}: {message.text} ({where})")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return
        if parts.hostname not in HERE:
            self._note(f"request leaves this machine: {request.url}")

    def _on_response(self, response: Response) -> None:
        if not self.keep_bodies or self._is_theirs(response.url):
            return
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name != "set-cookie")
        try:
            body = b"" if 300 <= response.status < 400 else response.body()
        except Exception as gone:  # the page went on before its body was read
            body = repr(gone).encode()
        self.bodies.append((response.url, head.encode() + b"\n\n" + body))

    def _is_theirs(self, address: str) -> bool:
        return bool(address) and urlsplit(address).netloc != urlsplit(self.home).netloc

    def _note(self, complaint: str) -> None:
        if not any(re.search(expected, complaint) for expected in self.expects):
            self.complaints.append(complaint)


@contextmanager
def visit(
    browser: Browser,
    home: str,
    *,
    width: int = 1440,
    theme: Theme = "light",
    storage: Any = None,
    keep_bodies: bool = False,
    patient_ms: int = PATIENCE_MS,
    is_checked: bool = True,
) -> Iterator[Visit]:
    """A window of its own, without cookies unless `storage` brings some; in the end nothing must have been noted."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        storage_state=storage,
        accept_downloads=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(patient_ms)
    seen = Visit(context, home, keep_bodies=keep_bodies)
    context.on("console", seen._on_console)
    context.on("weberror", lambda error: seen._note(f"page error: {error.error}"))
    context.on("request", seen._on_request)
    context.on("response", seen._on_response)
    # Violations of the content policy, even those that the console would not show.
    context.add_init_script(
        "addEventListener('securitypolicyviolation', e => "
        "console.error('policy: ' + e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sourceFile))"
    )
    try:
        yield seen
        if is_checked:
            assert seen.complaints == [], "\n".join(seen.complaints)
    except BaseException as error:
        _remember(context, error)
        raise
    finally:
        context.close()


def _remember(context: BrowserContext, error: BaseException) -> None:
    """What the pages showed when a test failed, in SEATWISE_TEST_PICTURES or a folder of its own."""
    folder = Path(os.environ.get("SEATWISE_TEST_PICTURES") or tempfile.mkdtemp(prefix="seatwise-failed-"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(context.pages):
        path = folder / f"{int(time.time())}-{number}.png"
        with suppress(PlaywrightError):
            page.screenshot(path=path, timeout=5000)
            error.add_note(f"{page.url} looked like this: {path}")


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now, one line a node; all its rules, whatever their impact."""
    answer = _axe.run(page).response
    return [
        f"{finding['id']} ({finding['impact']}): {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for finding in answer["violations"]
        for node in finding["nodes"]
    ]


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than its window; 0 is right."""
    return int(page.evaluate("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"))


def focused(page: Page) -> str:
    """What has the focus, as a person would call it: role or tag, and name."""
    return str(
        page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return "nothing";
              const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
              const text = e.getAttribute("aria-label") || label || e.innerText || e.getAttribute("title") || "";
              return `${e.getAttribute("role") || e.tagName.toLowerCase()} ${text.trim().split("\\n")[0]}`;
            }"""
        )
    )
