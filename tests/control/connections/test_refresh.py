"""A person's sign-in is renewed by one process at a time, and never without a way back."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from tests.conftest import ROOT
from tests.control.connections.desk import Desk

PROGRAM = """
import asyncio, json, os, sys, time
import django
django.setup()
from seatwise.control import connections
from seatwise.control.models import Connection
connection = Connection.objects.get()
way = connections.reached(connection)
print("ready", flush=True)
sys.stdin.readline()
async def many():
    async with way as graph:
        tokens = await asyncio.gather(*(graph.tokens.token() for _ in range(50)))
        return sorted({token.value for token in tokens})
import hashlib
print(json.dumps([hashlib.sha256(value.encode()).hexdigest() for value in asyncio.run(many())]))
"""


@pytest.fixture
def signed_in(at: Desk) -> Desk:
    assert at.sign_in().outcome["state"] == "connected"
    at.sandbox.control("DELETE", "/requests")
    return at


def forget_access(at: Desk) -> None:
    """As an hour later: the access token is over, the refresh token is not."""
    from seatwise.control import vault

    vault.drop(at.connection.id, "access_token")


def token(at: Desk) -> Any:
    from seatwise.control import connections

    async def once(way: Any) -> Any:
        async with way as graph:
            return await graph.tokens.token()

    return asyncio.run(once(connections.reached(at.connection)))


def versions(at: Desk) -> list[int]:
    from seatwise.control import vault

    return vault.versions(at.connection.id, "refresh_token")


def test_four_processes_ask_once(signed_in: Desk) -> None:
    forget_access(signed_in)
    environment = {
        **os.environ,
        "SEATWISE_DATA": str(signed_in.data),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "seatwise.server.settings",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len({value for values in found for value in values}) == 1
    assert signed_in.tokens_asked("refresh_token") == 1


def test_a_new_process_takes_the_sealed_token_while_it_lasts(signed_in: Desk) -> None:
    assert token(signed_in).is_delegated
    assert signed_in.tokens_asked("refresh_token") == 0
    forget_access(signed_in)
    first, second = token(signed_in), token(signed_in)
    assert first.value == second.value and first.roles == second.roles and second.wids
    assert signed_in.tokens_asked("refresh_token") == 1


def test_the_old_refresh_token_stays_until_the_new_one_has_worked(signed_in: Desk) -> None:
    assert versions(signed_in) == [1]
    for kept in ([1, 2], [2, 3], [3, 4]):
        forget_access(signed_in)
        token(signed_in)
        assert versions(signed_in) == kept


def test_a_refused_token_is_replaced_by_one_call(signed_in: Desk) -> None:
    from seatwise.control import connections

    async def twice(way: Any) -> tuple[Any, list[Any]]:
        async with way as graph:
            first = await graph.tokens.token()
            return first, await asyncio.gather(*(graph.tokens.token(not_this=first) for _ in range(20)))

    first, others = asyncio.run(twice(connections.reached(signed_in.connection)))
    assert {one.value for one in others} == {others[0].value} and others[0].value != first.value
    assert signed_in.tokens_asked("refresh_token") == 1


def test_a_revoked_sign_in_is_confirmed_once_and_then_needs_a_new_one(signed_in: Desk) -> None:
    from seatwise.control import connections

    forget_access(signed_in)
    signed_in.sandbox.control("POST", "/users/revoke", {"user": signed_in.connection.account})
    with pytest.raises(AskAdmin, match="access_ended"):
        token(signed_in)
    assert signed_in.tokens_asked("refresh_token") == 2
    connection = signed_in.connection
    connections.test(connection)
    assert (connection.state, connection.next_step) == ("needs_reauth", "reconnect")
    assert versions(signed_in) == [1]


def test_one_refusal_alone_ends_nothing(signed_in: Desk) -> None:
    forget_access(signed_in)
    signed_in.does("fail", code=50173, count=1)
    assert token(signed_in).value
    assert signed_in.tokens_asked("refresh_token") == 2


def test_a_busy_service_is_asked_again_and_the_lease_is_given_back(signed_in: Desk) -> None:
    forget_access(signed_in)
    signed_in.does("fail", code=90033, count=1, retry_after=1)
    assert token(signed_in).value
    connection = signed_in.connection
    assert connection.lease_holder == "" and connection.lease_until is None and connection.lease_fence == 3


def test_a_limited_service_ends_no_sign_in(signed_in: Desk) -> None:
    from seatwise.control import connections

    forget_access(signed_in)
    signed_in.does("fail", code=50196, count=9, retry_after=0)
    connection = signed_in.connection
    connections.test(connection)
    assert connection.state == "active" and connection.failing_since is not None


def test_a_reply_that_was_lost_before_it_was_kept_costs_nothing(signed_in: Desk) -> None:
    from seatwise.control.connections import renewing

    forget_access(signed_in)
    connection = signed_in.connection

    class Killed(BaseException):
        pass

    def dies(refresh_token: str) -> Any:
        raise Killed

    leased = renewing.Leased(connection.id, connection.tenant_id)

    def killed() -> None:
        with pytest.raises(Killed):
            leased.renewed(dies, "")

    thread = threading.Thread(target=killed)
    thread.start()
    thread.join()
    assert versions(signed_in) == [1] and token(signed_in).value


def test_a_lease_that_its_holder_died_with_runs_out(signed_in: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control.connections import renewing
    from seatwise.control.models import Connection

    forget_access(signed_in)
    dead = renewing.Leased(signed_in.connection.id, signed_in.sandbox.tenant_id)
    assert dead._claim() == 2
    monkeypatch.setattr(renewing, "LEASE_S", -10.0)
    with pytest.raises(TryLater, match="renewal_busy"):
        renewing.Leased(signed_in.connection.id, signed_in.sandbox.tenant_id)._renewed(lambda _: None, "")  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(renewing, "LEASE_S", 90.0)
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", "91")
    assert token(signed_in).value
    assert Connection.objects.get().lease_fence == 3


def test_who_lost_the_lease_keeps_nothing_of_what_it_got(signed_in: Desk) -> None:
    from seatwise.control import vault
    from seatwise.control.connections import renewing
    from seatwise.control.models import Connection
    from seatwise.microsoft.auth import Granted, Token

    forget_access(signed_in)
    connection = signed_in.connection
    late = renewing.Leased(connection.id, connection.tenant_id)

    def slow(refresh_token: str) -> Granted:
        # Meanwhile the lease ran out, and another process renewed and gave it back.
        Connection.objects.update(lease_until=None, lease_holder="")
        token(signed_in)
        return Granted(Token("late", frozenset(), connection.tenant_id, 1e9, is_delegated=True), "late refresh", "")

    got: list[Token] = []
    thread = threading.Thread(target=lambda: got.append(late.renewed(slow, "")))
    thread.start()
    thread.join()
    assert got[0].value != "late"
    assert "late" not in vault.fetch(connection.id, "refresh_token") + vault.fetch(connection.id, "access_token")


def test_another_registration_of_the_install_asks_for_a_new_sign_in(signed_in: Desk) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Registration
    from tests.control.connections.desk import registered

    made = registered(signed_in.sandbox)
    connections.set_registration(signed_in.owner, "sandbox", made["client_id"], secret=made["client_secret"])
    assert Registration.objects.count() == 1
    connection = signed_in.connection
    connections.test(connection)
    assert (connection.state, connection.code, connection.next_step) == (
        "needs_reauth",
        "registration_changed",
        "reconnect",
    )


def test_after_disconnect_nothing_is_asked_any_more(signed_in: Desk) -> None:
    from seatwise.control import connections

    connections.disconnect(signed_in.owner, signed_in.connection, erase=False)
    with pytest.raises(SeatwiseError, match="secret_none"):
        token(signed_in)
    assert signed_in.tokens_asked("refresh_token") == 0 and versions(signed_in) == []


def test_a_whole_sync_goes_with_the_sign_in(signed_in: Desk, data: Path) -> None:
    from seatwise.base import clock
    from seatwise.control import connections
    from seatwise.sync import run as syncing

    async def synced(way: Any) -> Any:
        async with way as graph:
            where = connections.places(signed_in.sandbox.tenant_id)
            return await syncing.run(where, graph, signed_in.sandbox.tenant_id, clock.now(), lambda _: None)

    outcome = asyncio.run(synced(connections.reached(signed_in.connection)))
    assert outcome.state == "done", outcome.missing
    assert outcome.datasets["sign_ins"].rows > 0


def test_a_new_sign_in_beats_a_renewal_of_the_old_one_under_way(signed_in: Desk) -> None:
    from seatwise.control import vault
    from seatwise.control.connections import renewing
    from seatwise.microsoft.auth import Granted, Token

    forget_access(signed_in)
    connection = signed_in.connection
    signed_in.workspace.refresh_from_db()

    def slow(refresh_token: str) -> Granted:
        assert signed_in.sign_in(purpose="reconnect").outcome["state"] == "connected"
        return Granted(Token("late", frozenset(), connection.tenant_id, 1e9, is_delegated=True), "late refresh", "")

    got: list[Token] = []
    late = renewing.Leased(connection.id, connection.tenant_id)
    thread = threading.Thread(target=lambda: got.append(late.renewed(slow, "")))
    thread.start()
    thread.join()
    assert got[0].value != "late" and vault.fetch(connection.id, "refresh_token") != "late refresh"
