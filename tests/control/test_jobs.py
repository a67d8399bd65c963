"""The run table: one sync a tenant, claimed by one, ended once by the newest claim, and taken up when left."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, TryLater

TENANT, OTHER = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"


def connected(tenant_id: str = TENANT, **more: Any) -> Any:
    from seatwise.control.models import Connection, Workspace

    now = clock.wall()
    workspace = Workspace.objects.create(name="Northwind", tenant_id=tenant_id)
    known = {"client_id": OTHER, "method": "client_secret", "state": "active", "state_since": now, "created_at": now}
    return Connection.objects.create(workspace=workspace, tenant_id=tenant_id, **{**known, **more})


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(seconds))


def test_asking_again_gives_the_same_run_until_it_has_ended(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    first = jobs.ask_sync(TENANT)
    assert jobs.ask_sync(TENANT.upper()) == first
    row = jobs.claim()
    assert row == first and jobs.ask_sync(TENANT) == first
    assert table.end(row, "done", {})
    assert jobs.ask_sync(TENANT) != first


def test_many_who_ask_at_once_make_one_run(data: Path) -> None:
    from django.db import connections

    from seatwise.control import jobs
    from seatwise.control.models import Run

    connected()
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(jobs.ask_sync(TENANT).pk)
        finally:
            connections.close_all()

    several = [threading.Thread(target=ask) for _ in range(8)]
    [one.start() for one in several]
    [one.join() for one in several]
    assert len(found) == 8 and len(set(found)) == 1 and Run.objects.count() == 1


def test_a_run_is_claimed_by_one_of_many(data: Path) -> None:
    from django.db import connections

    from seatwise.control import jobs

    for number in range(6):
        tenant_id = f"{number}1111111-2222-4333-8444-555555555555"
        connected(tenant_id)
        jobs.ask_sync(tenant_id)
    claimed: list[Any] = []

    def take(name: str) -> None:
        try:
            while (row := jobs.claim(name)) is not None:
                claimed.append(row.pk)
        finally:
            connections.close_all()

    several = [threading.Thread(target=take, args=(f"elsewhere:{n}:1",)) for n in range(4)]
    [one.start() for one in several]
    [one.join() for one in several]
    assert len(claimed) == len(set(claimed)) == 6


def test_a_tenant_without_a_connection_cannot_be_synced(data: Path) -> None:
    from seatwise.control import jobs

    connected(state="disconnected")
    for tenant_id in (TENANT, OTHER):
        with pytest.raises(AskAdmin, match="not_connected"):
            jobs.ask_sync(tenant_id)


def test_a_run_without_a_sign_of_life_is_taken_up_and_ends_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    jobs.ask_sync(TENANT)
    first = jobs.claim("elsewhere:1:1")
    assert first is not None
    later(monkeypatch, 25)
    assert not jobs.is_due() and jobs.claim() is None
    later(monkeypatch, 31)
    assert jobs.is_due()
    second = jobs.claim("elsewhere:2:1")
    assert second is not None and second.pk == first.pk and second.n_claims == 2
    assert table.beat(first, {}) == "lost"
    assert not table.end(first, "done", {"by": "first"})
    table.give_back(first)
    assert table.end(second, "partial", {"by": "second"})
    assert not table.end(second, "done", {"by": "again"})
    second.refresh_from_db()
    assert (second.state, second.outcome) == ("partial", {"by": "second"})


def test_a_sign_of_life_keeps_a_run(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    jobs.ask_sync(TENANT)
    row = jobs.claim("elsewhere:1:1")
    assert row is not None
    for seconds in (20, 40, 60):
        later(monkeypatch, seconds)
        assert table.beat(row, {"steps": {}}) == "go"
        assert jobs.claim() is None


def test_a_process_that_died_on_this_machine_is_known_to_be_gone_at_once(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    jobs.ask_sync(TENANT)
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = f"{os.uname().nodename[:80]}:{ended.pid}:{table._started(ended.pid)}"
    row = jobs.claim(name)
    assert row is not None and jobs.claim() is None
    ended.communicate(b"\n")
    taken = jobs.claim()
    assert taken is not None and taken.n_claims == 2


def test_a_run_that_keeps_killing_its_worker_is_given_up(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table
    from seatwise.control.models import Run

    connected()
    run = jobs.ask_sync(TENANT)
    Run.objects.filter(pk=run.pk).update(n_claims=table.MAX_CLAIMS)
    assert jobs.claim() is None
    run.refresh_from_db()
    assert run.state == "failed" and run.outcome["error"]["code"] == "run_crashes" and run.ended_at


def test_what_waits_is_cancelled_at_once_and_what_runs_is_told(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    waiting = jobs.ask_sync(TENANT)
    assert jobs.cancel(None, waiting.pk).state == "cancelled"
    assert jobs.claim() is None
    running = jobs.ask_sync(TENANT)
    row = jobs.claim()
    assert row is not None and row.pk == running.pk and jobs.cancel(None, running.pk).state == "running"
    assert table.beat(row, {}) == "cancel"
    assert table.end(row, "cancelled", {})
    assert jobs.cancel(None, running.pk).state == "cancelled"


def test_a_left_run_that_is_cancelled_ends_there_and_then(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    run = jobs.ask_sync(TENANT)
    row = jobs.claim("elsewhere:1:1")
    assert row is not None
    later(monkeypatch, 31)
    assert jobs.cancel(None, run.pk).state == "cancelled"
    assert table.beat(row, {}) == "lost"


def test_asking_and_cancelling_by_a_person_stand_in_the_audit_log(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.models import AuditEntry, Person

    connected()
    person = Person.objects.create("dana@northwind.example", "Dana", "correct-Horse-7")
    run = jobs.ask_sync(TENANT, by=person)
    jobs.ask_sync(TENANT, by=person)
    jobs.cancel(person, run.pk)
    jobs.cancel(person, run.pk)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["sync.asked", "sync.cancelled"]


def test_the_schedule_asks_for_what_is_due_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table
    from seatwise.control.models import Connection, Run

    connected()
    connected(OTHER, sync_every_min=0)
    connected("22222222-2222-4333-8444-555555555555", state="needs_reauth")
    assert (jobs.schedule(), jobs.schedule()) == (1, 0)
    row = jobs.claim()
    assert row is not None and row.tenant_id == TENANT and row.trigger == "schedule"
    table.end(row, "done", {})
    later(monkeypatch, 59 * 60)
    assert jobs.schedule() == 0
    later(monkeypatch, 64 * 60)
    assert jobs.schedule() == 1
    assert Run.objects.count() == 2
    assert Connection.objects.get(tenant_id=OTHER).next_sync_at is None


def test_after_a_passing_fault_the_next_sync_comes_sooner_and_then_less_soon(data: Path) -> None:
    from seatwise.control.jobs.schedule import plan_next
    from seatwise.control.models import Run

    connection = connected(sync_every_min=60)
    fault = TryLater(code="network", sentence="The network is away.")

    def minutes(error: Any) -> float:
        plan_next(connection, error)
        connection.refresh_from_db()
        return float((connection.next_sync_at - clock.wall()).total_seconds() / 60)

    assert 59 < minutes(None) < 64
    waits = []
    for _ in range(5):
        now = clock.wall()
        Run.objects.create(tenant_id=TENANT, kind="sync", state="failed", as_of=now, created_at=now, ended_at=now)
        waits.append(minutes(fault))
    assert all(0.98 * least < wait < 1.07 * least for wait, least in zip(waits, (5, 10, 20), strict=False))
    assert max(waits) < 64
    assert 59 < minutes(AskAdmin(code="secret_wrong", sentence="The secret is wrong.")) < 64


def test_progress_and_history_tell_what_a_page_shows(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import table

    connected()
    run = jobs.ask_sync(TENANT)
    assert jobs.progress(run).phase == "waiting"
    row = jobs.claim()
    assert row is not None
    steps = {"users": ["page", 200, 2, 1.5, 12.0, ""], "derived tables": ["derive", 0, 0, 0, None, ""]}
    table.beat(row, {"steps": steps})
    row.refresh_from_db()
    now = jobs.progress(row)
    assert (now.rows, now.left_s, now.waited_s, now.phase, now.is_ended) == (200, 12.0, 1.5, "derive", False)
    assert [one.name for one in now.datasets] == ["users"]
    counted = {"rows": 200, "pages": 2, "waited_s": 1.5, "unchanged": 150, "set_aside": {"other_tenant": 3}}
    lack = {
        "dataset": "sign_ins",
        "code": "premium_missing",
        "sentence": "Sign-ins could not be read.",
        "permission": None,
    }
    table.end(row, "partial", {"datasets": {"users": counted, "sign_ins": {**counted, "rows": 0}}, "missing": [lack]})
    [past] = jobs.history(TENANT)
    assert (past.rows, past.unchanged, past.set_aside, past.state) == (200, 300, 6, "partial")
    assert past.why == ("Sign-ins could not be read.",)
    assert {one.name: one.phase for one in past.datasets} == {"users": "done", "sign_ins": "missing"}


def test_the_runs_now_is_when_it_is_first_worked_at_and_stays_when_it_is_taken_up(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seatwise.control import jobs

    connected()
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-14T10:00:00Z")
    jobs.ask_sync(TENANT)
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-14T11:00:00Z")
    first = jobs.claim("elsewhere:1:1")
    assert first is not None and first.as_of == datetime(2026, 10, 14, 11, tzinfo=UTC)
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-14T12:00:00Z")
    later(monkeypatch, timedelta(minutes=1).total_seconds())
    again = jobs.claim()
    assert again is not None and again.as_of == first.as_of
