"""Answers kept warm are the same as answers worked out afresh."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from seatwise.metrics.decided import NOTHING_DECIDED, Decided, Policy, Price, Product
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Filter, Question, Sort
from seatwise.metrics.stand import Stand, StandClosedError, mark
from tests.support.tiny_lake import AS_OF, TinyLake, at

PRICED = Decided(revision=1, prices=(Price("product", "crm", "seat", Decimal(10), "EUR", "month"),))
SHORT = Decided(revision=2, policy=Policy(inactive_days=10), prices=PRICED.prices)


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.app("wiki")
    for person in ("ada", "bob", "cyd"):
        lake.user(person, department="Sales")
        lake.assign("crm", person)
    lake.sign_in("ada", "crm", at(12))
    lake.sign_in("bob", "wiki", at(1))
    lake.read_days(100)
    lake.derive()
    return lake


@pytest.fixture
def stand(crm: TinyLake) -> Iterator[Stand]:
    made = Stand(crm.places, AS_OF, NOTHING_DECIDED, memory_mb=256)
    yield made
    made.close()


def ask(stand: Stand, name: str, **more: Any) -> list[dict[str, Any]]:
    return stand.ask(Question(name, AS_OF, **more)).rows


@pytest.mark.parametrize("decided", [NOTHING_DECIDED, PRICED, SHORT])
def test_every_metric_is_the_same_warm_and_afresh(crm: TinyLake, stand: Stand, decided: Decided) -> None:
    for name in METRICS:
        fresh = crm.answer(name, decided=decided)
        for _ in range(2):
            assert stand.ask(Question(name, AS_OF, decided=decided)) == fresh, name


def test_a_price_a_policy_and_a_merge_show_at_once_and_going_back_does_too(stand: Stand) -> None:
    def crm_row(decided: Decided) -> dict[str, Any]:
        return ask(stand, "products", decided=decided, where=(Filter("product_id", "is", ("crm",)),))[0]

    merged = Decided(revision=3, products=(Product("crm", ("crm", "wiki")),))
    assert (crm_row(NOTHING_DECIDED)["cost_month"], crm_row(NOTHING_DECIDED)["n_active"]) == (None, 1)
    assert (crm_row(PRICED)["cost_month"], crm_row(PRICED)["could_save_month"]) == (30.0, 20.0)
    assert (crm_row(SHORT)["n_active"], crm_row(SHORT)["n_idle"]) == (0, 1)
    assert (crm_row(merged)["n_used_30d"], crm_row(merged)["cost_month"]) == (2, None)
    assert (crm_row(NOTHING_DECIDED)["cost_month"], crm_row(NOTHING_DECIDED)["n_active"]) == (None, 1)


def test_what_somebody_does_with_an_answer_does_not_change_the_next(stand: Stand) -> None:
    first = stand.ask(Question("products", AS_OF))
    first.rows[0]["name"] = "spoiled"
    first.rows.clear()
    assert [row["name"] for row in stand.ask(Question("products", AS_OF)).rows] == ["Crm", "Wiki"]


def test_another_moment_is_the_stands_own(stand: Stand) -> None:
    assert stand.ask(Question("products", at(50))).as_of == AS_OF


def test_many_ask_at_once_and_each_is_answered_what_it_asked(stand: Stand) -> None:
    wrong: list[Any] = []

    def click(n: int) -> None:
        for turn in range(20):
            decided, cost = ((NOTHING_DECIDED, None), (PRICED, 30.0))[(n + turn) % 2]
            person = ("ada", "bob", "cyd")[(n * 7 + turn) % 3]
            row = ask(stand, "products", decided=decided, sort=(Sort("name"),), limit=1)[0]
            who = ask(stand, "people", decided=decided, where=(Filter("user_id", "is", (person,)),))
            if row["cost_month"] != cost or [found["user_id"] for found in who] != [person]:
                wrong.append((row, who))

    threads = [threading.Thread(target=click, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_closed_stand_says_so(crm: TinyLake) -> None:
    made = Stand(crm.places, AS_OF, NOTHING_DECIDED, memory_mb=256)
    made.close()
    with pytest.raises(StandClosedError):
        made.ask(Question("products", AS_OF))


def test_a_publication_is_noticed_without_opening_it(crm: TinyLake) -> None:
    before = mark(crm.places)
    assert before == mark(crm.places) != ""
    crm.sign_in("cyd", "crm", at(2))
    crm.derive()
    assert mark(crm.places) != before
