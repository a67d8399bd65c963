"""The same install on PostgreSQL: both ways, the same numbers. SEATWISE_TEST_ON=postgres runs every journey so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import walks
from tests.browser.stage import Stage, on_postgres, stage
from tests.support import postgres


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if not postgres.wanted():
        pytest.skip("SEATWISE_TEST_POSTGRES=0")
    with on_postgres() as address, stage(tmp_path_factory.mktemp("postgres"), DATABASE_URL=address) as made:
        yield made


def test_the_database_is_postgresql_and_nothing_else(ground: Stage) -> None:
    told = ground.install.inside("from django.db import connection\nprint(json.dumps(connection.vendor))")
    assert told == "postgresql"
    assert not list(ground.install.data.rglob("*.sqlite3"))


def test_both_ways_lead_to_the_same_numbers(ground: Stage) -> None:
    truth = len(ground.sandbox.oracle("apps")["rows"])
    for way in ("OAuth 2.0", "OAuth 2.0 Client Credentials"):
        ground.clear()
        with ground.visit() as seen:
            page = seen.go(ground.path())
            if way == "OAuth 2.0":
                dialog = walks.open_ways(page)
                walks.fill_registration(dialog, ground.registered())
                walks.sign_in_with_microsoft(page, dialog)
                walks.is_connected(page)
            else:
                ground.connected_by_secret(page)
            walks.is_synced(page)
            assert walks.apps_shown(page, ground) == truth
