"""Renews a person's token: one process at a time by a lease in the database, and never without a way back.

The new refresh token is sealed before the new access token is used; the one before stays until the new has worked.
The access token is sealed as well, so that those who waited take it instead of asking again.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connections as databases
from django.db import transaction
from django.db.models import F, Q, QuerySet

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, TryLater
from seatwise.control import vault
from seatwise.control.models import Connection
from seatwise.microsoft.auth import Granted, Token
from seatwise.microsoft.login import RENEW_EARLY_S

REFRESH, ACCESS = "refresh_token", "access_token"
LEASE_S = 90.0
"""Longer than the slowest answer of the sign-in service takes; whoever dies holding it delays others no longer."""
_LOOK_AGAIN_S = 0.1
_ENDINGS = frozenset({"access_ended", "user_blocked", "account_wrong", "consent_missing", "interaction_needed"})
"""Refusals that say the sign-in is over. One is confirmed by asking once more with the newest stored token."""


class Leased:
    """The renewals of one connection."""

    def __init__(self, connection_id: UUID, tenant_id: str) -> None:
        self._id, self._tenant_id = connection_id, tenant_id
        self._me = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:{id(self)}"[-128:]

    def renewed(self, ask: Callable[[str], Granted], refused: str) -> Token:
        """A good token, from whoever has it. Errors: those of `ask`; TryLater renewal_busy; those of `vault.fetch`."""
        try:
            return self._renewed(ask, refused)
        finally:
            # It runs in a thread of its own, whose database connection nobody else would close.
            databases.close_all()

    def _renewed(self, ask: Callable[[str], Granted], refused: str) -> Token:
        until = time.monotonic() + LEASE_S + 10
        while True:
            if (token := shared(self._id, self._tenant_id, refused)) is not None:
                return token
            fence = self._claim()
            if fence is not None:
                break
            if time.monotonic() > until:
                raise _busy()
            time.sleep(_LOOK_AGAIN_S)
        try:
            # Between the look and the claim another may have finished.
            token = shared(self._id, self._tenant_id, refused)
            return token if token is not None else self._asked(ask, fence)
        finally:
            self._mine(fence).update(lease_holder="", lease_until=None)

    def _claim(self) -> int | None:
        """The fencing number of the lease we now hold, None while another holds it."""
        now = clock.wall()
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        won = Connection.objects.filter(free, pk=self._id).update(
            lease_holder=self._me, lease_fence=F("lease_fence") + 1, lease_until=now + timedelta(seconds=LEASE_S)
        )
        if not won:
            if not Connection.objects.filter(pk=self._id).exists():
                raise AskAdmin(code="secret_none", sentence="This connection is gone. Connect the tenant again.")
            return None
        return (
            Connection.objects.filter(pk=self._id, lease_holder=self._me).values_list("lease_fence", flat=True).first()
        )

    def _asked(self, ask: Callable[[str], Granted], fence: int) -> Token:
        used, refresh_token = newest(self._id)
        try:
            granted = ask(refresh_token)
        except AskAdmin as error:
            if error.code not in _ENDINGS:
                raise
            granted, used = self._confirmed(ask, fence, error)
        if not self._kept(granted, used, fence):
            # Our lease ran out and somebody else went on. What they stored is newer than what we hold.
            token = shared(self._id, self._tenant_id, "")
            if token is None:
                raise _busy()
            return token
        return granted.token

    def _confirmed(self, ask: Callable[[str], Granted], fence: int, error: AskAdmin) -> tuple[Granted, int]:
        """One more try with what is stored now, then with the one before it, if that is still there."""
        known = vault.versions(self._id, REFRESH)
        for version in reversed(known[-2:]):
            self._mine(fence).update(lease_until=clock.wall() + timedelta(seconds=LEASE_S))
            try:
                return ask(vault.fetch(self._id, REFRESH, version)), version
            except AskAdmin as again:
                if again.code not in _ENDINGS:
                    raise
                error = again if version == known[-1] else error
        raise error

    def _kept(self, granted: Granted, used: int, fence: int) -> bool:
        """Whether the new tokens were sealed; they are not when the lease has gone to somebody else meanwhile."""
        with transaction.atomic():
            if not self._mine(fence).update(lease_until=clock.wall() + timedelta(seconds=LEASE_S)):
                return False
            if granted.refresh_token:
                vault.store(self._id, self._tenant_id, REFRESH, granted.refresh_token)
            share(self._id, self._tenant_id, granted.token)
            vault.drop(self._id, REFRESH, below=used)
        return True

    def _mine(self, fence: int) -> QuerySet[Connection]:
        return Connection.objects.filter(pk=self._id, lease_holder=self._me, lease_fence=fence)


def newest(connection_id: UUID) -> tuple[int, str]:
    """The refresh token and its version. Errors: AskAdmin secret_none."""
    known = vault.versions(connection_id, REFRESH)
    return (known[-1] if known else 0), vault.fetch(connection_id, REFRESH)


def keep(connection_id: UUID, tenant_id: str, granted: Granted) -> None:
    """A sign-in's tokens, in place of all that were there. Call it in a transaction."""
    version = vault.store(connection_id, tenant_id, REFRESH, granted.refresh_token)
    share(connection_id, tenant_id, granted.token)
    vault.drop(connection_id, REFRESH, below=version)


def share(connection_id: UUID, tenant_id: str, token: Token) -> None:
    """Seals an access token for every process that serves this connection."""
    ends_at = clock.wall() + timedelta(seconds=token.ends_at - time.monotonic())
    content = {
        "value": token.value,
        "roles": sorted(token.roles),
        "wids": sorted(token.wids),
        "ends_at": ends_at.isoformat(),
    }
    version = vault.store(connection_id, tenant_id, ACCESS, json.dumps(content))
    vault.drop(connection_id, ACCESS, below=version)


def shared(connection_id: UUID, tenant_id: str, refused: str) -> Token | None:
    """The sealed access token, None when there is none, it ends soon, or it is the one that was refused."""
    if not vault.versions(connection_id, ACCESS):
        return None
    try:
        content = json.loads(vault.fetch(connection_id, ACCESS))
    except AskAdmin as error:
        if error.code == "secret_none":
            return None
        raise
    left_s = (clock.parse_time(content["ends_at"]) - clock.wall()).total_seconds()
    if left_s <= RENEW_EARLY_S or content["value"] == refused:
        return None
    return Token(
        content["value"],
        frozenset(content["roles"]),
        tenant_id,
        time.monotonic() + left_s,
        is_delegated=True,
        wids=frozenset(content["wids"]),
    )


def _busy() -> TryLater:
    return TryLater(
        code="renewal_busy",
        sentence="Another process is renewing this sign-in and has not finished. It is tried again by itself.",
    )
