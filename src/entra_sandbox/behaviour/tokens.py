"""Opaque, expiring continuation tokens of pages and deltas."""

from __future__ import annotations

import base64
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

KEPT = 200_000


@dataclass
class PageTokens:
    """Keeps what a token stands for; the caller sees only a name for it.

    lifetime_s: seconds of wall time after which a page token is refused.
    """

    lifetime_s: float = 600.0
    _held: OrderedDict[str, tuple[float, Any]] = field(default_factory=OrderedDict)

    def issue(self, meaning: Any, key: str) -> str:
        """A token for `meaning`; equal keys give equal tokens, so that a repeated run sees the same links."""
        digest = hashlib.sha256(key.encode()).digest()
        token = "RFNwdAIAAQ" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self._held[token] = (time.monotonic() + self.lifetime_s, meaning)
        self._held.move_to_end(token)
        while len(self._held) > KEPT:
            self._held.popitem(last=False)
        return token

    def redeem(self, token: str) -> Any | None:
        """What the token stands for, or None when it is unknown or too old. It may be redeemed again (a retry)."""
        held = self._held.get(token)
        if held is None or held[0] < time.monotonic():
            return None
        return held[1]

    def forget_all(self) -> None:
        self._held.clear()
