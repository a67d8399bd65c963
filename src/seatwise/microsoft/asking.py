"""One request to Graph with patience: a token, the governor's leave, retries as Microsoft wants them."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from seatwise.microsoft import limits, odata, refusals
from seatwise.microsoft.auth import Token, TokenSource
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.graph_wire import Reply, Wire
from seatwise.microsoft.limits import Governor, Workload

TRIES = 5
_TRIES_WHEN_SLOW = 2
BUDGET_S = 300.0
"""For one request, waits that Microsoft asked for not counted."""
_FINAL = frozenset({"page_token_expired", "page_too_large"})

Found = TypeVar("Found")
Waits = Callable[[float], None]
"""Told how many seconds of waiting for Microsoft have just passed."""


class Asker:
    """Asks for one registration in one tenant."""

    def __init__(self, cloud: Cloud, tokens: TokenSource, governor: Governor, wire: Wire) -> None:
        self._cloud, self._tokens, self._governor, self._wire = cloud, tokens, governor, wire
        self._lines: dict[Workload, asyncio.Lock] = {"directory": asyncio.Lock(), "reports": asyncio.Lock()}
        self._draw = random.Random()  # noqa: S311 - spreads retries, guards nothing

    async def ask(
        self,
        method: str,
        address: str,
        workload: Workload,
        units: int,
        decode: Callable[[bytes], Found],
        waits: Waits | None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[Reply, Found]:
        address = odata.pinned(self._cloud.graph, address)
        started, parked_s, attempt = time.monotonic(), 0.0, 0
        refused: Token | None = None
        claims: str | None = None
        while True:
            token = await self._token(refused, claims)
            try:
                reply = await self._once(method, address, workload, units, token, waits, headers, body)
                if reply.status == 401:
                    if refused is not None:
                        # One new token, asked for as Graph wanted it, is all that can help: never round and round.
                        raise refusals.refusal(401, reply.headers, reply.text_or_none(), where(address))
                    refused, claims = token, refusals.challenge(reply.headers)
                    continue
                return reply, decode(reply.text())
            except TryLater as error:
                attempt += 1
                tries = _TRIES_WHEN_SLOW if error.code == "too_slow" and workload == "reports" else TRIES
                spent_s = time.monotonic() - started - parked_s
                if error.code in _FINAL or attempt >= tries or spent_s > BUDGET_S:
                    raise _told(error) from error
                waited = await self.pause(error.wait_s, attempt, workload, waits)
                parked_s += waited if error.wait_s is not None else 0.0

    async def _token(self, refused: Token | None, claims: str | None) -> Token:
        try:
            return await self._tokens.token(not_this=refused, claims=claims)
        except AskAdmin as error:
            raise error if claims is None else refusals.challenged(error.detail) from error

    async def _once(
        self,
        method: str,
        address: str,
        workload: Workload,
        units: int,
        token: Token,
        waits: Waits | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Reply:
        """One request under the governor. Gives pages and 401s, raises everything else."""
        meter = self._governor.meters[workload]
        ticket = await self._admitted(workload, units, waits)
        wanted = {
            "Authorization": f"Bearer {token.value}",
            "client-request-id": str(uuid.uuid4()),
            **(headers or {}),
        }
        try:
            reply = await self._wire.send(method, address, wanted, body)
        finally:
            meter.end(ticket, time.monotonic())
        self._heed(workload, reply)
        if reply.status == 401:
            return reply
        if reply.status != 200:
            raise refusals.refusal(reply.status, reply.headers, reply.text_or_none(), where(address))
        if "json" not in reply.headers.get("content-type", "").lower():
            raise _not_microsoft(reply)
        return reply

    def _heed(self, workload: Workload, reply: Reply) -> None:
        """What the answer says about how fast we may go on."""
        now = time.monotonic()
        if (share := limits.throttle_share(reply.headers)) is not None:
            self._governor.meters[workload].warn(share, now)
        if reply.status in (429, 503) and (wait_s := limits.retry_after(reply.headers)) is not None:
            self._governor.meters[workload].park(wait_s, now)
        if self._cloud.is_custom:
            self._governor.lift(reply.headers)

    async def _admitted(self, workload: Workload, units: int, waits: Waits | None) -> limits.Ticket:
        """Waits in line until the budget allows the request."""
        meter = self._governor.meters[workload]
        asked_at = time.monotonic()
        async with self._lines[workload]:
            while (wait_s := meter.wait(units, time.monotonic())) > 0:
                await asyncio.sleep(min(wait_s, 1.0))
                if waits is not None:
                    waits(time.monotonic() - asked_at)
                    asked_at = time.monotonic()
            if waits is not None and time.monotonic() - asked_at > 0.05:
                waits(time.monotonic() - asked_at)
            return meter.begin(units)

    async def pause(self, told_s: float | None, attempt: int, workload: Workload, waits: Waits | None) -> float:
        """Waits as Microsoft said, the whole workload with it, else backs off. Gives the seconds waited."""
        wait_s = limits.back_off(attempt, self._draw) if told_s is None else told_s
        if told_s is not None:
            self._governor.meters[workload].park(told_s, time.monotonic())
        await asyncio.sleep(wait_s)
        if waits is not None:
            waits(wait_s)
        return wait_s


def where(address: str) -> str:
    return urlsplit(address).path


def _told(error: TryLater) -> SeatwiseError:
    """The error as it is told once patience has ended."""
    if error.code != "not_microsoft":
        return error
    return AskAdmin(code=error.code, sentence=error.sentence, detail=error.detail)


def _not_microsoft(reply: Reply) -> TryLater:
    return TryLater(
        code="not_microsoft",
        sentence="Something else answers in place of Microsoft Graph, perhaps a proxy or a login page of the network. "
        "Sign in to the network or correct the proxy, then run it again.",
        detail=f"content type {reply.headers.get('content-type', 'none')[:60]}",
    )
