"""kill -9 at any point of a run: the next run ends equal to the oracle, nothing twice, no half package ever visible."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.product import ANSWERS, Product, differences, product
from tests.support.sandbox import running_sandbox

AS_OF = "2026-10-14T10:00:00Z"
PHASES = ("token", "page", "seal", "apply", "derive")
KILLS_A_PHASE = 4


@pytest.fixture(scope="module")
def company() -> Iterator[Any]:
    with running_sandbox(users=60, apps=25, seed=11, as_of=AS_OF, limits="off") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def truth(company: Any) -> dict[str, Any]:
    return {name: company.oracle(name, as_of=AS_OF) for name in ANSWERS}


@pytest.fixture(scope="module")
def connected(company: Any, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """An install that has been connected and nothing else; every kill gets a copy of its data."""
    install = product(tmp_path_factory.mktemp("connected") / "data")
    install.connect(company)
    return install


def copied(install: Product, folder: Path) -> Product:
    shutil.copytree(install.data, folder)
    return product(folder)


@pytest.fixture(scope="module")
def steps(connected: Product, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often each phase is told in a whole run."""
    install = copied(connected, tmp_path_factory.mktemp("whole") / "data")
    told = install.run("sync", "--as-of", AS_OF, "--progress", "lines").stderr
    phases = [json.loads(line)["phase"] for line in told.splitlines() if line.startswith("{")]
    return {phase: phases.count(phase) for phase in PHASES}


def killed(install: Product, phase: str, at: int) -> bool:
    """Starts a run and kills it when `phase` is told for the `at`-th time. True when the run was alive then."""
    process = subprocess.Popen(
        install.command("sync", "--as-of", AS_OF, "--progress", "lines"),
        env=install.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    seen = 0
    for line in process.stderr:
        if line.startswith("{") and json.loads(line)["phase"] == phase:
            seen += 1
            if seen == at:
                process.send_signal(signal.SIGKILL)
                break
    process.stderr.close()
    return process.wait(timeout=60) == -signal.SIGKILL


def half_packages(data: Path, *, whole: bool = False) -> list[str]:
    """Package folders that are visible without being whole."""
    folders = [path for path in data.glob("lake/*/packages/*/*") if path.is_dir() and path.name.isdigit()]
    assert folders or not whole, "no package at all: this looks in the wrong place"
    return [str(path) for path in folders if not (path / "manifest.json").exists()]


@pytest.mark.parametrize("phase", PHASES)
def test_a_killed_run_is_made_good_by_the_next(
    phase: str, connected: Product, truth: dict[str, Any], steps: dict[str, int], tmp_path: Path
) -> None:
    assert steps[phase] > 0, f"a whole run never tells of {phase}"
    draw = random.Random(f"{phase}-7")  # noqa: S311 - a seeded choice of where to kill
    hits = 0
    for attempt in range(3 * KILLS_A_PHASE):
        install = copied(connected, tmp_path / f"{phase}-{attempt}")
        if not killed(install, phase, draw.randint(1, steps[phase])):
            continue
        hits += 1
        assert half_packages(install.data) == []
        install.run("sync", "--as-of", AS_OF)
        answers = install.ask_all(*((name, "--as-of", AS_OF) for name in ANSWERS))
        wrong = {name: differences(ours, truth[name]) for name, ours in zip(ANSWERS, answers, strict=True)}
        assert {name: parts for name, parts in wrong.items() if parts} == {}
        assert half_packages(install.data, whole=True) == []
        if hits == KILLS_A_PHASE:
            break
    assert hits >= KILLS_A_PHASE
