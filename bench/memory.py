"""Memory of all processes of an install after its first sync and after its pages were opened.

python -m bench.memory [--users N] [--write]
"""

from __future__ import annotations

import argparse
import contextlib
import http.cookiejar
import re
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from bench import report
from tests.support.install import OWNER, Install, running_install
from tests.support.sandbox import Sandbox, running_sandbox

AIM_MIB = 400
SYNC_S = 300.0


class Browser:
    """Opens pages with cookies, and sends forms with what they hide."""

    def __init__(self, home: str) -> None:
        self.home = home
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def open(self, address: str, form: dict[str, str] | None = None) -> str:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        path = address if address.startswith("http") else self.home + address
        wanted = urllib.request.Request(path, data, {"Referer": path, "Origin": self.home})  # noqa: S310 - our own pages
        with self._opener.open(wanted, timeout=60) as answer:
            body: bytes = answer.read()
            return body.decode("utf-8", "replace")

    def send(self, address: str, **form: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(address))
        assert token is not None, address
        return self.open(address, {"csrfmiddlewaretoken": token.group(1), **form})


def by_process(install: Install) -> dict[str, float]:
    """MiB of proportional set size, by what the process is."""
    found: dict[str, float] = {}
    for process in install.processes():
        with contextlib.suppress(psutil.NoSuchProcess):  # ended meanwhile
            name = _name(process)
            found[name] = found.get(name, 0.0) + process.memory_full_info().pss / 2**20
    return found


def _name(process: psutil.Process) -> str:
    words, parent = process.cmdline(), process.parent()
    if parent is not None and "worker" in parent.cmdline():
        return "at work"
    return next((word for word in ("worker", "web", "serve") if word in words), "other")


def synced(install: Install, sandbox: Sandbox) -> None:
    install.product.connect(sandbox)
    ends = time.monotonic() + SYNC_S
    question = (
        "from seatwise.control.models import Run\nprint(json.dumps(list(Run.objects.values_list('state', flat=True))))"
    )
    while install.inside(question) not in (["done"], ["partial"]):
        assert time.monotonic() < ends, "the sync did not end"
        time.sleep(2)
    until_idle(install)


def until_idle(install: Install) -> None:
    while "at work" in by_process(install):
        time.sleep(0.5)


def opened(install: Install) -> int:
    """Every page that the pages themselves lead to, once. Gives how many."""
    browser = Browser(install.home)
    browser.send(install.owner_link(), email="owner@northwind.example", name="Owner", password=OWNER["password"])
    seen: set[str] = set()
    todo = ["/"]
    while todo and len(seen) < 150:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        try:
            text = browser.open(path)
        except urllib.error.HTTPError as refused:
            text = "" if refused.code < 500 else f"{refused.code}"
        links = re.findall(r'(?:href|hx-get)="(/[^"#]*)"', text)
        todo += [
            link.replace("&amp;", "&") for link in links if "logout" not in link and not link.startswith("/static")
        ]
    return len(seen)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    wish = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-memory-") as folder,
        running_sandbox(users=wish.users, limits="off") as sandbox,
        running_install(Path(folder), sandbox) as install,
    ):
        rows: list[list[str]] = [_row("started", by_process(install))]
        synced(install, sandbox)
        rows.append(_row("after the first sync", by_process(install)))
        n_pages = opened(install)
        after = by_process(install)
        rows.append(_row(f"after {n_pages} pages were opened", after))
    columns = ["", "supervisor", "web", "worker", "at work", "all"]
    body = report.table(columns, rows) + f"\n\nMiB of proportional set size; the aim is {AIM_MIB} at most."
    print(body)
    if wish.write:
        report.write("memory", "Memory of an install", f"python -m bench.memory --users {wish.users}", body)
    sys.exit(0 if sum(after.values()) <= AIM_MIB else 1)


def _row(when: str, found: dict[str, Any]) -> list[str]:
    names = ("serve", "web", "worker", "at work")
    return [when, *(f"{found.get(name, 0):.0f}" for name in names), f"{sum(found.values()):.0f}"]


if __name__ == "__main__":
    main()
