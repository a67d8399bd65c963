"""The current token: kept in memory, renewed before it ends, one renewal in flight."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

from seatwise.base.errors import TryLater
from seatwise.microsoft import limits
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.login import RENEW_EARLY_S, Login
from seatwise.microsoft.tokens import GUID, Credential, Granted, Renewals, Token

__all__ = ["GUID", "Credential", "Granted", "Renewals", "Token", "TokenSource"]

_TRIES = 4


class TokenSource:
    """Gives the current token of one registration in one tenant.

    on_event:  called with "asked" before and "got" after each request for a token.
    """

    def __init__(self, cloud: Cloud, credential: Credential, on_event: Callable[[str], None] | None = None) -> None:
        self._credential = credential
        self._login = Login(cloud, credential)
        self.on_event = on_event
        self._token: Token | None = None
        self._one_at_a_time = asyncio.Lock()
        self._draw = random.Random()  # noqa: S311 - spreads retries, guards nothing

    @property
    def tenant_id(self) -> str:
        return self._credential.tenant_id

    async def token(self, *, not_this: Token | None = None, claims: str | None = None) -> Token:
        """The current token, renewed shortly before it ends. Callers at the same time share one renewal.

        not_this:  a token Graph has refused; another one is fetched unless somebody already did.
        claims:    what Graph wants of the new one, JSON text.
        Errors:    AskAdmin (secret, consent, …), TryLater (network, service) after a few tries.
        """
        if (token := self._good(not_this)) is not None:
            return token
        async with self._one_at_a_time:
            if (token := self._good(not_this)) is None:
                token = self._token = await self._renewed(not_this.value if not_this else "", claims)
            return token

    def close(self) -> None:
        self._login.close()

    def _good(self, not_this: Token | None) -> Token | None:
        token = self._token
        if token is None or token is not_this or time.monotonic() >= token.ends_at - RENEW_EARLY_S:
            return None
        return token

    async def _renewed(self, refused: str, claims: str | None) -> Token:
        for attempt in range(1, _TRIES + 1):
            try:
                self._tell("asked")
                token = await asyncio.to_thread(self._ask, refused, claims)
                self._tell("got")
                return token
            except TryLater as error:
                if attempt == _TRIES or error.code == "host_not_found":
                    raise
                await asyncio.sleep(error.wait_s or min(limits.back_off(attempt, self._draw), 5.0))
        raise AssertionError("the loop either returns or raises")

    def _ask(self, refused: str, claims: str | None) -> Token:
        renewals = self._credential.renewals
        if renewals is None:
            return self._login.app_token(claims)
        return renewals.renewed(lambda held: self._login.by_refresh_token(held, claims), refused)

    def _tell(self, event: str) -> None:
        if self.on_event is not None:
            self.on_event(event)
