"""The sandbox as one web program: login, Graph and the control endpoint on one listener, the pages on another."""

from __future__ import annotations

from aiohttp import web

from entra_sandbox import control, identity
from entra_sandbox.behaviour.front import graph
from entra_sandbox.behaviour.keys import STATE
from entra_sandbox.state import State

MAX_BODY = 16 * 1024 * 1024


def make_app(state: State, *, pages_only: bool = False) -> web.Application:
    """pages_only: the plain http listener, on which no token and no Graph is served."""
    app = web.Application(client_max_size=MAX_BODY)
    app[STATE] = state
    if not pages_only:
        app.router.add_route("*", "/{version:(?i:v1\\.0|beta)}/{tail:.*}", graph)
        app.add_routes(control.routes(state))
    app.add_routes(identity.routes(state))
    return app
