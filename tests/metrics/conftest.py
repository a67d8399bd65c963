"""The lake the tests of this floor fill by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from entra_sandbox.world import World
from seatwise.metrics.decided import Decided
from seatwise.metrics.stand import Stand
from tests.metrics.companies import Company, much_decided
from tests.support.tiny_lake import AS_OF, TinyLake, at, tiny_lake
from tests.support.world_lake import world_lake


@pytest.fixture
def lake(tmp_path: Path) -> TinyLake:
    return tiny_lake(tmp_path)


@pytest.fixture(scope="session", params=[(1, "whole"), (2, "gap"), (3, "month"), (4, "nothing")], ids=lambda p: p[1])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    seed, known = request.param
    world = World(users=50, apps=25, seed=seed, sign_ins_per_day=1.5)
    lake = world_lake(tmp_path_factory.mktemp("company"), world, AS_OF, 119)
    lake.tables.setdefault("windows", [])
    if known == "whole":
        lake.read_days(119)
    if known == "gap":
        lake.window(at(110, "00:00:00"), at(50, "00:00:00"))
        lake.window(at(48, "00:00:00"), AS_OF)
    if known == "month":
        lake.read_days(30)
    lake.derive()
    decided = Decided() if known == "month" else much_decided(world)
    stand = Stand(lake.places, AS_OF, decided, memory_mb=512)
    yield Company(stand, decided)
    stand.close()
