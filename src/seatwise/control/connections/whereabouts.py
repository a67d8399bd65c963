"""Which Microsoft cloud: the ones to choose from, and the addresses of the one that was chosen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seatwise.base.errors import AskAdmin
from seatwise.control.models.connections import Place
from seatwise.microsoft import clouds as microsoft
from seatwise.microsoft.clouds import SANDBOX, Cloud

SANDBOX_FILE = "SEATWISE_SANDBOX"


@dataclass(frozen=True)
class CloudChoice:
    """One cloud a person may choose. portal: its Entra admin centre, empty when it has none."""

    name: str
    label: str
    portal: str


@dataclass(frozen=True)
class Whereabouts:
    """What a connection, an attempt and a registration keep of their cloud."""

    cloud: str = "global"
    authority: str = ""
    graph: str = ""
    pages: str = ""
    ca_pem: str = ""


def clouds() -> list[CloudChoice]:
    """Those of Microsoft, and the sandbox tenant first when the environment names one."""
    found = [CloudChoice(cloud.name, cloud.label, cloud.portal) for cloud in microsoft.NAMED.values()]
    return [CloudChoice(SANDBOX, "Sandbox tenant on this machine", ""), *found] if sandbox_file() else found


def label(name: str) -> str:
    return next((choice.label for choice in clouds() if choice.name == name), name)


def portal(name: str) -> str:
    cloud = microsoft.NAMED.get(name)
    return cloud.portal if cloud else ""


def sandbox_file() -> Path | None:
    told = os.environ.get(SANDBOX_FILE)
    return Path(told) if told else None


def named(name: str) -> Whereabouts:
    """Where the cloud of that name is. Errors: AskAdmin when there is none of that name."""
    file = sandbox_file()
    if name != SANDBOX or file is None:
        return Whereabouts(microsoft.named(name).name)
    cloud = microsoft.sandbox(file)
    try:
        trusted = Path(microsoft.sandbox_facts(file)["ca"]).read_text("utf-8")
    except OSError as error:
        raise AskAdmin(
            code="ca_unreadable", sentence=f"The sandbox tenant's certificate could not be read: {error.strerror}."
        ) from error
    return Whereabouts(SANDBOX, cloud.authority, cloud.graph, cloud.pages_at, trusted)


def of(place: Place | Whereabouts) -> Whereabouts:
    """Where a stored thing's cloud is now. A sandbox has other ports after each start: its file knows better."""
    if place.cloud == SANDBOX and sandbox_file() is not None:
        return named(SANDBOX)
    return Whereabouts(place.cloud, place.authority, place.graph, place.pages, place.ca_pem)


def write_down(where: Whereabouts, place: Place) -> None:
    place.cloud, place.authority, place.graph = where.cloud, where.authority, where.graph
    place.pages, place.ca_pem = where.pages, where.ca_pem


@contextmanager
def opened(place: Place | Whereabouts) -> Iterator[Cloud]:
    """The cloud itself; certificates of its own lie in a file while the block runs."""
    where = of(place)
    if not where.graph:
        yield microsoft.named(where.cloud)
        return
    name = SANDBOX if where.cloud == SANDBOX else "custom"
    cloud = microsoft.custom(where.graph, where.authority, None, where.pages, name)
    if not where.ca_pem:
        yield cloud
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(where.ca_pem)
        file.flush()
        yield replace(cloud, ca_file=Path(file.name))
