"""Another usage policy counts the whole history anew, in every answer, and taking it back gives the old numbers."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import NOTHING_DECIDED, Decided, Policy, Product, ProductPolicy
from seatwise.metrics.shapes import Question
from seatwise.metrics.stand import Stand
from tests.support.tiny_lake import AS_OF, TinyLake, at

BY_HAND_ONLY = Decided(revision=1, policy=Policy(kinds=("interactiveUser",)))
SHORT = Decided(revision=2, policy=Policy(inactive_days=10))
OF_CRM = Decided(revision=3, policies=(ProductPolicy("crm", kinds=("nonInteractiveUser",), inactive_days=60),))
MERGED = Decided(
    revision=4,
    products=(Product("crm", ("crm", "wiki")),),
    policies=(ProductPolicy("crm", kinds=("interactiveUser",)),),
)


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """Ada: interactive 80 days ago, by an app 70, 40 and 5 days ago. Bob: interactive 15 days ago."""
    for app in ("crm", "wiki"):
        lake.app(app)
    for person in ("ada", "bob"):
        lake.user(person)
        lake.assign("crm", person)
    lake.sign_in("ada", "crm", at(80))
    for back in (70, 40, 5):
        lake.sign_in("ada", "crm", at(back), kind="nonInteractiveUser")
    lake.sign_in("bob", "crm", at(15))
    lake.sign_in("ada", "wiki", at(5), kind="nonInteractiveUser")
    lake.read_days(119)
    lake.derive()
    return lake


def days(lake: TinyLake, decided: Decided) -> dict[int, int]:
    """Days back → people, of those with any."""
    rows = lake.answer("usage-days", of=(("product", "crm"),), decided=decided).rows
    return {89 - number: row["n_people"] for number, row in enumerate(rows) if row["n_people"]}


def product(lake: TinyLake, decided: Decided, *names: str) -> tuple[Any, ...]:
    (row,) = [row for row in lake.answer("products", decided=decided).rows if row["product_id"] == "crm"]
    return tuple(row[name] for name in names)


def statuses(lake: TinyLake, decided: Decided) -> dict[str, str]:
    rows = lake.answer("product-users", decided=decided).rows
    return {row["user_id"]: row["status"] for row in rows if row["product_id"] == "crm"}


def test_days_of_long_ago_follow_the_kinds_that_count(crm: TinyLake) -> None:
    assert days(crm, NOTHING_DECIDED) == {80: 1, 70: 1, 40: 1, 15: 1, 5: 1}
    assert days(crm, BY_HAND_ONLY) == {80: 1, 15: 1}
    assert days(crm, OF_CRM) == {70: 1, 40: 1, 5: 1}
    assert days(crm, MERGED) == {80: 1, 15: 1}


def test_months_and_the_first_and_last_use_follow_too(crm: TinyLake) -> None:
    def months(decided: Decided) -> list[int]:
        rows = crm.answer("usage-months", of=(("months", "4"), ("product", "crm")), decided=decided).rows
        return [row["n_sign_ins"] for row in rows]

    # April (70 and 80 days ago are the 21st and the 11th), May (40: the 21st), June
    assert months(NOTHING_DECIDED) == [0, 2, 1, 2]
    assert months(BY_HAND_ONLY) == [0, 1, 0, 1]
    assert months(OF_CRM) == [0, 1, 1, 1]
    told = ("first_used_on", "last_used_at", "n_used_30d", "n_sign_ins_30d")
    assert product(crm, NOTHING_DECIDED, *told) == ("2026-04-11", "2026-06-25T08:00:00Z", 2, 2)
    assert product(crm, BY_HAND_ONLY, *told) == ("2026-04-11", "2026-06-15T08:00:00Z", 1, 1)
    assert product(crm, OF_CRM, *told) == ("2026-04-21", "2026-06-25T08:00:00Z", 1, 1)


def test_what_is_claimed_of_people_follows_kinds_and_period(crm: TinyLake) -> None:
    assert statuses(crm, NOTHING_DECIDED) == {"ada": "active", "bob": "active"}
    assert statuses(crm, BY_HAND_ONLY) == {"ada": "idle", "bob": "active"}
    assert statuses(crm, SHORT) == {"ada": "active", "bob": "idle"}
    assert statuses(crm, OF_CRM) == {"ada": "active", "bob": "unused"}


def test_who_began_follows(crm: TinyLake) -> None:
    def started(decided: Decided) -> set[tuple[str, str]]:
        rows = crm.answer("movement", decided=decided).rows
        return {(row["product_id"], row["user_id"]) for row in rows if row["change"] == "started"}

    assert started(NOTHING_DECIDED) == {("crm", "bob"), ("wiki", "ada")}
    assert started(BY_HAND_ONLY) == {("crm", "bob")}
    assert started(OF_CRM) == {("wiki", "ada")}


def test_the_days_that_are_known_are_those_of_the_kinds_that_count(crm: TinyLake) -> None:
    crm.tables["windows"] = []
    crm.window(at(118, "00:00:00"), AS_OF, "interactiveUser")
    crm.derive()
    assert statuses(crm, NOTHING_DECIDED) == {"ada": "active", "bob": "active"}
    assert product(crm, NOTHING_DECIDED, "n_started_30d") == (None,)
    assert product(crm, BY_HAND_ONLY, "n_started_30d") == (1,)
    assert statuses(crm, OF_CRM) == {"ada": "active", "bob": "unknown"}


def test_an_open_lake_follows_every_change_and_back(crm: TinyLake) -> None:
    stand = Stand(crm.places, AS_OF, NOTHING_DECIDED, memory_mb=256)
    try:
        for decided in (NOTHING_DECIDED, BY_HAND_ONLY, OF_CRM, MERGED, SHORT, NOTHING_DECIDED):
            for name in ("usage-days", "usage-months", "movement", "movement-products", "products", "insights"):
                warm = stand.ask(Question(name, AS_OF, decided=decided)).rows
                assert warm == crm.answer(name, decided=decided).rows, (name, decided.revision)
    finally:
        stand.close()
