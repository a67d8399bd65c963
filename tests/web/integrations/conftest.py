"""A sandbox tenant as one more cloud of the site, and somebody who walks through Microsoft's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.entra_sandbox.browser import Browser
from tests.support.install import ready_file, registered
from tests.support.sandbox import Sandbox, running_sandbox
from tests.web.conftest import Site

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from seatwise.control.models import Connection

ADMIN, APP_ADMIN, PLAIN, PERSONAL = (
    "Sandbox Administrator",
    "Sandbox Application Administrator",
    "Sandbox User",
    "Sandbox Personal",
)
NOW = "2026-10-14T10:00:00Z"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "connect-panel"}


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(users=20, apps=8, seed=5, as_of=NOW, limits="off") as running:
        yield running


@dataclass
class Trip:
    """The site with its sandbox. app: the registration that belongs to this install, entered by nobody yet."""

    site: Site
    sandbox: Sandbox
    app: dict[str, Any]

    def at(self, name: str, query: str = "", **named: Any) -> str:
        return self.site.address(name, **named) + query

    def with_registration(self) -> None:
        from seatwise.control import connections

        connections.set_registration(
            self.site.people["owner"], "sandbox", self.app["client_id"], secret=self.app["client_secret"]
        )

    def form(self, **changes: str) -> dict[str, str]:
        """A client credentials form that is right."""
        return {
            "method": "client_secret",
            "cloud": "sandbox",
            "client_id": self.app["client_id"],
            "client_secret": self.app["client_secret"],
            "tenant": self.sandbox.tenant_id,
            **changes,
        }

    def connection(self) -> Connection | None:
        from seatwise.control import connections

        return connections.of_workspace(self.site.workspace)

    def begun(self, client: Client) -> str:
        """Microsoft's address, after the way through our own pages."""
        answer = client.post(self.at("entra_connect"), {"method": "oauth2", "cloud": "sandbox"})
        return self.left(client, answer)

    def left(self, client: Client, answer: HttpResponse) -> str:
        start = re.search(r'href="(/connect/azureactivedirectory/start/[^"]+)"', answer.content.decode())
        assert start, answer.content.decode()[-2000:]
        gone = client.get(start[1])
        assert gone.status_code == 303
        return gone.headers["Location"]

    def walk(self, address: str, who: str = ADMIN, press: str = "Accept") -> str:
        """What a person does at Microsoft; the path and query they come back with."""
        browser = Browser(self.sandbox.ca)
        page = browser.press(browser.open(address), who)
        if not page.location:
            page = browser.press(page, press)
        parts = urlsplit(page.location)
        return f"{parts.path}?{parts.query}"

    def signed_in(self, client: Client, who: str = ADMIN, press: str = "Accept") -> HttpResponse:
        """The answer to the return from Microsoft."""
        return client.get(self.walk(self.begun(client), who, press))


@pytest.fixture
def trip(site: Site, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trip]:
    monkeypatch.setenv("SEATWISE_SANDBOX", str(ready_file(sandbox, tmp_path)))
    monkeypatch.setenv("SEATWISE_NOW", NOW)
    yield Trip(site, sandbox, registered(sandbox))
    sandbox.control("DELETE", "/faults")
    sandbox.control("POST", "/identity", {"do": "clear"})


@pytest.fixture
def granted(trip: Trip) -> Trip:
    """The same with an app that an administrator has approved already."""
    trip.app = registered(trip.sandbox, consented=True)
    return trip
