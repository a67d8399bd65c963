"""Where the web program keeps the sandbox's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from entra_sandbox.state import State

STATE: web.AppKey[State] = web.AppKey("state")
