"""One install, its sandbox tenant and a browser with its owner signed in: what every test of the pages stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import walks
from tests.support.chromium import Visit, chromium, visit
from tests.support.install import Install, registered, running_install
from tests.support.sandbox import Sandbox, running_sandbox

WORLD = {"users": 60, "apps": 20, "seed": 7, "limits": "off"}
COMPANY = "Northwind Trading"

_CLEAR = """
import shutil, time
from pathlib import Path
from django.conf import settings
from django.contrib.sessions.models import Session
from seatwise.base import clock
from seatwise.control.models import *
active = Run.objects.filter(state__in=("waiting", "running"))
active.filter(state="waiting").update(state="cancelled", ended_at=clock.wall())
ends = time.monotonic() + 30
while active.exists() and time.monotonic() < ends:
    active.filter(cancel_asked_at=None).update(cancel_asked_at=clock.wall())
    time.sleep(0.1)
owner = Person.objects.get(email=given["email"])
for model in (Attempt, Connection, Registration, DataKey, Run, Link, Notice, Workspace):
    model.objects.all().delete()
shutil.rmtree(Path(settings.DATA) / "lake", ignore_errors=True)
fresh = Workspace.objects.create(name=given["company"])
Membership.objects.create(person=owner, workspace=fresh, role="owner")
print(json.dumps(str(fresh.id)))
"""


@dataclass
class Stage:
    """storage: the owner's cookies; workspace: the id of the only workspace, not connected until a test does it."""

    sandbox: Sandbox
    install: Install
    browser: Browser
    storage: Any = None
    workspace: str = ""

    @contextmanager
    def visit(self, *, signed_in: bool = True, **wish: Any) -> Iterator[Visit]:
        storage = self.storage if signed_in else None
        n_told = len(self.install.log)
        try:
            with visit(self.browser, self.install.home, storage=storage, **wish) as seen:
                yield seen
        except BaseException as error:
            _, traceback, rest = self.install.log[n_told:].rpartition("Traceback")
            if traceback:
                error.add_note(f"Meanwhile the product said: {traceback}{rest[:6000]}")
            raise

    def clear(self) -> None:
        """As after the first owner came in: no connection, no data, no registration, one workspace."""
        self.sandbox.control("POST", "/identity", {"do": "clear"})
        self.sandbox.control("DELETE", "/faults")
        self.sandbox.control("POST", "/identity", {"do": "sign_out"})
        self.workspace = self.install.inside(_CLEAR, email=self.install.owner["email"], company=COMPANY)

    def path(self, rest: str = "") -> str:
        return f"/w/{self.workspace}/{rest}"

    def registered(self, **wish: Any) -> dict[str, Any]:
        return registered(self.sandbox, **wish)

    def connected_by_secret(self, page: Page, **wish: Any) -> dict[str, Any]:
        """The shortest way to a connection, for tests about what comes after; gives its app registration."""
        app = self.registered(**{"consented": True, **wish})
        walks.connect_with_secret(page, self, app)
        return app

    def sign_in_owner(self) -> None:
        with self.visit(signed_in=False) as seen:
            walks.become_owner(seen, self.install)
            self.storage = seen.context.storage_state()


@contextmanager
def stage(folder: Path, *, is_ours: bool = True, world: dict[str, Any] | None = None, **env: str) -> Iterator[Stage]:
    """is_ours: also make the owner. world: another company in the sandbox. env: what the operator set."""
    with ExitStack() as open_:
        sandbox = open_.enter_context(running_sandbox(**{**WORLD, **(world or {})}))
        if "DATABASE_URL" not in env and os.environ.get("SEATWISE_TEST_ON") == "postgres":
            env["DATABASE_URL"] = open_.enter_context(on_postgres())
        install = open_.enter_context(running_install(folder, sandbox, **env))
        browser = open_.enter_context(chromium())
        made = Stage(sandbox, install, browser)
        if is_ours:
            made.sign_in_owner()
            made.clear()
        yield made


@contextmanager
def on_postgres() -> Iterator[str]:
    """An empty database of an embedded PostgreSQL, as DATABASE_URL names it."""
    from tests.support import postgres

    with postgres.running() as server:
        yield server.create("seatwise")
