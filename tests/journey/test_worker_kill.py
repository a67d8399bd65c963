"""Two workers and the pages killed at random while syncs run: every run ends once, equal to the oracle."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journey.answered import untruths
from tests.support import database, postgres
from tests.support.install import free_port
from tests.support.product import ANSWERS, Product, product
from tests.support.sandbox import running_sandbox

AS_OF = "2026-10-14T10:00:00Z"
N_RUNS, MOST_RUNS, KILLS_A_RUN = 3, 12, 4
END_S = 240.0
_ENDS = "CREATE TABLE ends (run TEXT, state TEXT)"
# The database itself writes down every end, so that a second one could not hide.
_WATCH_ENDS = {
    "sqlite": [
        _ENDS,
        "CREATE TRIGGER an_end AFTER UPDATE OF state ON control_run WHEN NEW.state NOT IN ('waiting', 'running') "
        "BEGIN INSERT INTO ends VALUES (NEW.id, NEW.state); END",
    ],
    "postgresql": [
        _ENDS,
        "CREATE FUNCTION an_end() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN INSERT INTO ends VALUES (NEW.id, NEW.state); RETURN NULL; END $$",
        "CREATE TRIGGER an_end AFTER UPDATE OF state ON control_run FOR EACH ROW "
        "WHEN (NEW.state NOT IN ('waiting', 'running')) EXECUTE FUNCTION an_end()",
    ],
}


@pytest.fixture(scope="module")
def company() -> Iterator[Any]:
    with running_sandbox(users=60, apps=25, seed=11, as_of=AS_OF, limits="off") as sandbox:
        yield sandbox


@dataclass
class Crew:
    """Our processes by name, started again when they died."""

    install: Product
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    n_killed: int = 0

    def keep(self) -> None:
        for name in ("worker one", "worker two", "web"):
            if name not in self.running or self.running[name].poll() is not None:
                words = ["web", "--port", str(self.port)] if name == "web" else ["worker"]
                with (self.install.data.parent / f"{name}.log").open("ab") as log:
                    self.running[name] = subprocess.Popen(
                        self.install.command(*words),
                        env=self.install.environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )

    def kill_one(self, draw: random.Random) -> None:
        """Any process of ours: the pages, a worker, or the hand of a worker that does the sync just now."""
        tops = [psutil.Process(process.pid) for process in self.running.values() if process.poll() is None]
        hands = [hand for top in tops for hand in top.children()]
        victim = draw.choice(hands if hands and draw.random() < 0.6 else tops)
        victim.kill()
        self.n_killed += 1

    def end(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def logs(self) -> str:
        return "".join(path.read_text() for path in self.install.data.parent.glob("w*.log"))


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[postgres.Server | None]:
    if request.param == "sqlite":
        yield None
    elif not postgres.wanted():
        pytest.skip("SEATWISE_TEST_POSTGRES=0")
    else:
        with postgres.running() as running:
            yield running


def test_whoever_is_killed_every_run_ends_once_and_true(
    company: Any, server: postgres.Server | None, tmp_path: Path
) -> None:
    draw = random.Random("workers-3")  # noqa: S311 - a seeded choice of whom to kill
    with database.fresh(tmp_path / "data", server) as url:
        install = product(tmp_path / "data", SEATWISE_NOW=AS_OF, DATABASE_URL=url)
        from django.db import connection

        from seatwise.control import jobs
        from seatwise.control.models import Connection, Run

        install.connect(company)
        Connection.objects.update(sync_every_min=0)
        with connection.cursor() as cursor:
            for command in _WATCH_ENDS[connection.vendor]:
                cursor.execute(command)
        crew = Crew(install, free_port())
        try:
            # A quick machine ends a run before it is hit often: then there is another run.
            while Run.objects.count() < N_RUNS or not _hit_enough(crew):
                assert Run.objects.count() < MOST_RUNS, f"{crew.n_killed} kills hit too few of {MOST_RUNS} runs"
                run = jobs.ask_sync(company.tenant_id)
                _through(run, crew, draw)
                assert Run.objects.get(pk=run.pk).state == "done", crew.logs[-3000:]
        finally:
            crew.end()
        with connection.cursor() as cursor:
            cursor.execute("SELECT run, state FROM ends")
            ends = cursor.fetchall()
        assert sorted(run.replace("-", "") for run, _ in ends) == sorted(
            pk.hex for pk in Run.objects.values_list("pk", flat=True)
        )
        assert {state for _, state in ends} == {"done"}
        truth = {name: company.oracle(name, as_of=AS_OF) for name in ANSWERS}
        assert untruths(install, AS_OF, truth) == {}


def _hit_enough(crew: Crew) -> bool:
    """Whether kills were many, and at least one hit a run while somebody worked at it."""
    from seatwise.control.models import Run

    return crew.n_killed >= N_RUNS * 2 and Run.objects.filter(n_claims__gt=1).exists()


def _through(run: Any, crew: Crew, draw: random.Random) -> None:
    """Until the run has ended, however often somebody is killed meanwhile."""
    ends = time.monotonic() + END_S
    n_left = KILLS_A_RUN
    kill_at = 0.0
    while True:
        crew.keep()
        run.refresh_from_db()
        if run.ended_at is not None:
            return
        now = time.monotonic()
        assert now < ends, (run.state, run.claimed_by, run.progress, crew.logs[-3000:])
        if run.state == "running" and n_left and not kill_at:
            kill_at = now + draw.uniform(0.0, 1.5)
        if kill_at and now >= kill_at:
            crew.kill_one(draw)
            n_left, kill_at = n_left - 1, 0.0
        time.sleep(0.1)
