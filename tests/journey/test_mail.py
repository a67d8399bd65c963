"""Mail from beginning to end: a worker looks, writes and sends by itself, and none of it twice when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from tests.support import database
from tests.support.mail import Authority, Post, authority, post
from tests.support.product import Product, product
from tests.support.tiny_lake import AS_OF, TENANT, at, tiny_lake

SOON_S = 90.0


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """A company with a leaver who holds a seat, read as of the lake's moment; its owner wants alerts."""
    from seatwise.server.environment import signing_keys

    monkeypatch.setenv("SEATWISE_NOW", "2026-06-30T12:00:00Z")
    made = product(tmp_path / "data", SEATWISE_NOW="2026-06-30T12:00:00Z")
    with database.fresh(made.data):
        signing_keys(made.data)
        lake = tiny_lake(made.data)
        lake.app("mail")
        lake.user("dora", is_enabled=False)
        lake.assign("mail", "dora")
        lake.read_days(100)
        lake.sign_in("dora", "mail", at(95))
        lake.derive()
        _peopled()
        yield made


def _peopled() -> None:
    from seatwise.control import events
    from seatwise.control.models import Membership, Person, Run, Workspace
    from seatwise.control.vault import prepare

    prepare()
    workspace = Workspace.objects.create(name="Northwind", tenant_id=TENANT)
    for who, role in (("owner", "owner"), ("viewer", "viewer")):
        person = Person(email=f"{who}@northwind.example", name=who.title(), password="!")
        person.save()
        Membership.objects.create(person=person, workspace=workspace, role=role)
        events.choose(person, workspace, events.Chosen(has_alerts=True))
    moment = AS_OF + timedelta(minutes=1)
    told = {"kind": Run.Kind.SYNC, "state": Run.State.DONE, "tenant_id": TENANT}
    Run.objects.create(as_of=AS_OF, created_at=moment, started_at=moment, ended_at=moment, **told)


@pytest.fixture
def company_authority(tmp_path: Path) -> Authority:
    return authority(tmp_path)


def entered(server: Post, trust: Authority | None = None) -> dict[str, str]:
    """The environment an operator sets for this server."""
    told = {"HOST": server.host, "PORT": str(server.port), "FROM": "seatwise@northwind.example"}
    told |= {"SECURITY": "none"}
    if trust is not None:
        path = trust.server_file.with_name("ca.pem")
        path.write_text(trust.pem)
        told |= {"SECURITY": "starttls", "CA": str(path)}
    return {f"SEATWISE_SMTP_{name}": value for name, value in told.items()}


@contextmanager
def worker(install: Product, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (install.data.parent / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            install.command("worker"),
            env=install.environment() | env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def until(what: Callable[[], object], within_s: float = SOON_S) -> None:
    ends = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def states() -> list[str]:
    from seatwise.control.models import Letter

    return sorted(Letter.objects.values_list("state", flat=True))


def test_a_worker_tells_each_member_once_over_an_encrypted_line(install: Product, company_authority: Authority) -> None:
    with post(starttls=company_authority) as server:
        env = entered(server, company_authority)
        with worker(install, env):
            until(lambda: states() == ["sent", "sent"])
    from seatwise.control import events

    assert not events.has_letters() and not events.is_due()
    to = sorted(envelope.rcpt_tos[0] for envelope in server.envelopes)
    assert to == ["owner@northwind.example", "viewer@northwind.example"]
    assert server.was_encrypted == [True, True]
    assert all("Leavers who still hold seats" in letter["Subject"] for letter in server.letters)


def test_a_worker_killed_while_the_server_thinks_sends_nothing_twice(install: Product) -> None:
    """The message is on its way when everything dies: whether it arrived is unknown, so it is never sent again."""
    with post() as server:
        server.thinks_s = 60
        env = entered(server)
        with worker(install, env) as process:
            until(lambda: "handed" in states())
            everybody = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
            for number in everybody:
                os.kill(number, signal.SIGKILL)
        server.thinks_s = 0
        server.letters.clear()
        with worker(install, env | {"SEATWISE_WALL_OFFSET_S": "360"}):
            until(lambda: states() == ["sent", "unsure"])
    assert len(server.letters) == 1
