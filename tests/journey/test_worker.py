"""A worker at work: progress is seen, cancelling is noticed in seconds, a stopped worker hands its run back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journey.answered import untruths
from tests.support import database
from tests.support.product import ANSWERS, Product, product
from tests.support.sandbox import Sandbox, running_sandbox

AS_OF = "2026-10-14T10:00:00Z"
SOON_S = 90.0


@pytest.fixture(scope="module")
def company() -> Iterator[Sandbox]:
    # With Microsoft's limits on, so that a run lasts long enough to be met on its way.
    with running_sandbox(users=60, apps=25, seed=11, as_of=AS_OF, limits="documented") as sandbox:
        yield sandbox


@pytest.fixture
def install(company: Sandbox, tmp_path: Path) -> Iterator[Product]:
    company.control("POST", "/state", {"limits": "documented"})
    made = product(tmp_path / "data", SEATWISE_NOW=AS_OF)
    with database.fresh(made.data):
        from seatwise.control.models import Connection

        made.connect(company)
        Connection.objects.update(sync_every_min=0)
        yield made


@contextmanager
def worker(install: Product) -> Iterator[subprocess.Popen[bytes]]:
    with (install.data.parent / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            install.command("worker"), env=install.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
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


def read_some(run: Any) -> bool:
    from seatwise.control import jobs

    run.refresh_from_db()
    return any(one.name == "sign_ins" and one.pages for one in jobs.progress(run).datasets)


def test_a_cancelled_run_ends_in_seconds_and_the_next_one_goes_on_from_there(
    install: Product, company: Sandbox
) -> None:
    from seatwise.control import jobs
    from seatwise.control.models import Notice

    run = jobs.ask_sync(company.tenant_id)
    with worker(install):
        until(lambda: read_some(run))
        now = jobs.progress(run)
        assert now.rows > 0 and not now.is_ended and now.started_at
        asked_at = time.monotonic()
        jobs.cancel(None, run.pk)
        assert jobs.progress(jobs.newest(company.tenant_id)).is_cancelling or time.monotonic() - asked_at > 1  # type: ignore[arg-type]
        until(lambda: run.refresh_from_db() or run.ended_at, 15)
        assert run.state == "cancelled" and time.monotonic() - asked_at < 15
        company.control("POST", "/state", {"limits": "off"})
        again = jobs.ask_sync(company.tenant_id)
        assert again.pk != run.pk
        until(lambda: again.refresh_from_db() or again.ended_at)
    assert again.state == "done"
    assert Notice.objects.filter(code="first_usage").count() == 1
    [newest, before] = jobs.history(company.tenant_id)
    assert (newest.state, before.state, before.rows > 0) == ("done", "cancelled", True)
    truth = {name: company.oracle(name, as_of=AS_OF) for name in ANSWERS}
    assert untruths(install, AS_OF, truth) == {}


def test_a_stopped_worker_hands_its_run_back_and_the_next_one_takes_it_at_once(
    install: Product, company: Sandbox
) -> None:
    from seatwise.control import jobs

    run = jobs.ask_sync(company.tenant_id)
    with worker(install) as first:
        until(lambda: read_some(run))
        hands = psutil.Process(first.pid).children()
        begun = time.monotonic()
        first.terminate()
        assert first.wait(15) == 0 and time.monotonic() - begun < 10
        assert not any(hand.is_running() for hand in hands)
    run.refresh_from_db()
    assert (run.state, run.claimed_by, run.ended_at) == ("waiting", "", None)
    company.control("POST", "/state", {"limits": "off"})
    with worker(install):
        until(lambda: run.refresh_from_db() or run.ended_at)
    assert (run.state, run.n_claims) == ("done", 2)


def test_a_worker_whose_parent_is_killed_lets_go(install: Product, company: Sandbox) -> None:
    from seatwise.control import jobs

    run = jobs.ask_sync(company.tenant_id)
    with worker(install) as first:
        until(lambda: read_some(run))
        [hand] = psutil.Process(first.pid).children()
        first.kill()
        until(lambda: not hand.is_running() or hand.status() == psutil.STATUS_ZOMBIE, 15)
    run.refresh_from_db()
    assert run.state == "waiting" and run.ended_at is None


def test_the_command_line_says_when_a_worker_is_at_it(install: Product, company: Sandbox) -> None:
    from seatwise.control import jobs

    run = jobs.ask_sync(company.tenant_id)
    with worker(install):
        until(lambda: read_some(run))
        assert "Another sync of this tenant is running" in install.run("sync", code=1).stderr
        jobs.cancel(None, run.pk)
        until(lambda: run.refresh_from_db() or run.ended_at, 15)
