"""A company with three apps and four people, read to the end: numbers that can be counted on paper."""

from __future__ import annotations

import pytest

from tests.support.tiny_lake import TinyLake, at
from tests.web.conftest import Site


@pytest.fixture
def read(site: Site, lake: TinyLake) -> Site:
    """Figma: three seats, Anna 3 and Ben 29 days ago, Carla never seen. Figma EU: Anna. Miro: Dora, disabled."""
    for user in ("anna", "ben", "carla"):
        lake.user(user)
        lake.assign("figma", user)
    lake.user("dora", is_enabled=False)
    lake.app("figma")
    lake.app("figma-eu", name="Figma EU")
    lake.app("miro")
    lake.assign("figma-eu", "anna")
    lake.assign("miro", "dora")
    lake.sign_in("anna", "figma", at(3))
    lake.sign_in("ben", "figma", at(29))
    lake.read_days(30)
    site.connected()
    site.synced(lake)
    return site
