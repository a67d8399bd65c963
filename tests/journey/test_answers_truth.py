"""Every answer equals the oracle's, row for row: nothing decided and much, early and late, with and without P1."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from entra_sandbox.oracle import Oracle
from entra_sandbox.world import World
from tests.journey.decisions import rich
from tests.journey.stack import decide, untruths
from tests.support.product import Product, product
from tests.support.sandbox import Sandbox, running_sandbox

DAY_ONE, LATER = "2026-10-14T10:00:00Z", "2026-10-16T10:00:00Z"
USERS, APPS = 150, 40


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def connected(folder: Path, sandbox: Sandbox, *, code: int = 0) -> Product:
    install = product(folder / "data")
    install.connect(sandbox)
    install.run("sync", "--as-of", DAY_ONE, code=code)
    return install


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_answer_on_day_one_and_two_days_later_before_and_after_deciding(tmp_path: Path, seed: int) -> None:
    world = World(users=USERS, apps=APPS, seed=seed)
    with running_sandbox(users=USERS, apps=APPS, seed=seed, as_of=DAY_ONE, limits="off") as sandbox:
        install = connected(tmp_path, sandbox)
        assert untruths(install, world, DAY_ONE) == {}
        decided = decide(install, rich(Oracle(world, at(DAY_ONE)), interactive_only=seed == 12))
        assert untruths(install, world, DAY_ONE, decided) == {}

        sandbox.control("POST", "/clock", {"as_of": LATER})
        install.run("sync", "--as-of", LATER)
        assert decide(install, []) == decided, "a sync touched what people decided"
        assert untruths(install, world, LATER, decided, first_sync=at(DAY_ONE)) == {}


def test_every_answer_without_p1_and_after_history_was_imported(tmp_path: Path) -> None:
    world = World(users=USERS, apps=APPS, seed=14, premium=False)
    with running_sandbox(
        users=USERS, apps=APPS, seed=14, as_of=DAY_ONE, no_premium=True, limits="off"
    ) as sandbox:  # fmt: skip
        install = connected(tmp_path, sandbox, code=3)
        oracle = Oracle(world, at(DAY_ONE), premium=False, days=120)
        decided = decide(install, rich(oracle, interactive_only=True))
        assert untruths(install, world, DAY_ONE, decided, premium=False) == {}

        sandbox.export(tmp_path / "export", days=120)
        install.run("import", str(tmp_path / "export"))
        assert untruths(install, world, DAY_ONE, decided, premium=False, days=120) == {}


def test_every_answer_with_history_of_120_days_beside_the_thirty_of_microsoft(tmp_path: Path) -> None:
    world = World(users=USERS, apps=APPS, seed=15)
    with running_sandbox(users=USERS, apps=APPS, seed=15, as_of=DAY_ONE, limits="off") as sandbox:
        sandbox.export(tmp_path / "export", days=120)
        install = product(tmp_path / "data")
        install.run("import", str(tmp_path / "export"))
        install.connect(sandbox)
        install.run("sync", "--as-of", DAY_ONE)
        assert untruths(install, world, DAY_ONE, days=120) == {}
        decided = decide(install, rich(Oracle(world, at(DAY_ONE), days=120)))
        assert untruths(install, world, DAY_ONE, decided, days=120) == {}
