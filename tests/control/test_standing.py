"""Warm answers follow the lake and the decisions; nobody is answered from what is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from seatwise.metrics.decided import NOTHING_DECIDED
from seatwise.metrics.shapes import Question, Result
from tests.support.tiny_lake import AS_OF, TinyLake, at, tiny_lake


@pytest.fixture
def standing(data: Path) -> Iterator[Any]:
    from seatwise.control import standing

    standing.close_all()
    yield standing
    standing.close_all()


@pytest.fixture
def lake(tmp_path: Path) -> TinyLake:
    made = tiny_lake(tmp_path)
    made.app("crm")
    made.user("ada")
    made.assign("crm", "ada")
    made.read_days(30)
    made.derive()
    return made


def ask(standing: Any, lake: TinyLake, *, is_busy: bool = False, as_of: datetime = AS_OF) -> Result:
    question = Question("products", as_of, decided=NOTHING_DECIDED)
    found: Result = standing.ask(question, lake.places, is_read_to=True, is_busy=lambda: is_busy)
    return found


def n_used(found: Result) -> int:
    return int(found.rows[0]["n_used_30d"])


def publish_use(lake: TinyLake) -> None:
    lake.sign_in("ada", "crm", at(2))
    lake.derive()


def test_a_small_tenant_sees_a_publication_with_the_next_question(standing: Any, lake: TinyLake) -> None:
    assert n_used(ask(standing, lake)) == 0
    publish_use(lake)
    assert n_used(ask(standing, lake)) == 1


def test_a_later_reading_moves_the_answers_now(standing: Any, lake: TinyLake) -> None:
    assert ask(standing, lake).as_of == AS_OF
    later = at(-1)
    assert ask(standing, lake, as_of=later).as_of == later


def test_a_slow_stand_answers_on_while_the_next_is_opened(
    standing: Any, lake: TinyLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(standing, lake)
    (kept,) = standing._kept.values()
    kept.stand.seconds = 2.0
    may_open = threading.Event()
    opened = standing._opened

    def slow(*given: Any, **more: Any) -> Any:
        may_open.wait(10)
        return opened(*given, **more)

    monkeypatch.setattr(standing, "_opened", slow)
    publish_use(lake)
    began = time.monotonic()
    assert [n_used(ask(standing, lake)) for _ in range(3)] == [0, 0, 0]
    assert time.monotonic() - began < 5
    may_open.set()
    kept.opening.join(10)
    assert n_used(ask(standing, lake)) == 1


def test_a_slow_stand_is_left_alone_while_a_sync_publishes_step_by_step(standing: Any, lake: TinyLake) -> None:
    ask(standing, lake)
    (kept,) = standing._kept.values()
    kept.stand.seconds = 2.0
    publish_use(lake)
    assert n_used(ask(standing, lake, is_busy=True)) == 0
    assert kept.opening is None
    ask(standing, lake)
    kept.opening.join(10)
    assert n_used(ask(standing, lake, is_busy=True)) == 1


def test_a_stand_that_cannot_be_opened_leaves_the_old_one_and_is_tried_again(
    standing: Any, lake: TinyLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(standing, lake)
    opened = standing._opened

    def broken(*_: Any, **__: Any) -> Any:
        raise OSError("the disk is away")

    monkeypatch.setattr(standing, "_opened", broken)
    publish_use(lake)
    assert n_used(ask(standing, lake)) == 0
    monkeypatch.setattr(standing, "_opened", opened)
    assert n_used(ask(standing, lake)) == 1


def test_who_asks_while_stands_change_is_always_answered(standing: Any, lake: TinyLake) -> None:
    seen: list[int] = []
    wrong: list[BaseException] = []
    is_over = threading.Event()

    def click() -> None:
        while not is_over.is_set():
            try:
                seen.append(n_used(ask(standing, lake)))
            except BaseException as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(3):
        lake.sign_in("ada", "crm", at(2 + n))
        lake.derive()
    is_over.set()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    assert set(seen) <= {0, 1}
    assert n_used(ask(standing, lake)) == 1


def test_only_so_many_tenants_are_kept(standing: Any, tmp_path: Path) -> None:
    for n in range(standing._TENANTS + 2):
        made = tiny_lake(tmp_path / str(n))
        made.app("crm")
        made.derive()
        ask(standing, made)
    assert len(standing._kept) == standing._TENANTS
