"""Brings the sandbox up on its two listeners and says where it is."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from entra_sandbox import certificates, identity, registrations
from entra_sandbox.app import make_app
from entra_sandbox.control import show_time
from entra_sandbox.state import Limits, State
from entra_sandbox.world import World


async def serve(
    world: World,
    *,
    data: Path,
    host: str,
    port: int,
    pages_port: int | None,
    premium: bool,
    limits: Limits,
    as_of: datetime | None,
    ready_file: Path | None,
    settings: Mapping[str, object],
) -> None:
    """Runs until the process is told to end; raises OSError when a port cannot be had."""
    certs = certificates.open_certificates(data)
    state = State(
        world=world,
        data=data,
        premium=premium,
        limits=limits,
        frozen_at=as_of,
        settings=settings,
        registrations=registrations.open_registrations(data, world.tenant.id),
        identity=identity.open_identity(data),
    )
    runners: list[web.AppRunner] = []
    try:
        secure = await _listen(runners, make_app(state), host, port, certs.server_context())
        wanted = pages_port if pages_port is not None else (secure + 1 if port else 0)
        plain = await _listen(runners, make_app(state, pages_only=True), host, wanted, None)
        state.graph_url = f"https://localhost:{secure}"
        state.pages_base = f"http://localhost:{plain}"
        ready = description(state, certs.ca)
        if ready_file is not None:
            _write_whole(ready_file, json.dumps(ready, indent=1))
        sys.stdout.write(greeting(ready, state))
        sys.stdout.flush()
        _spare_the_collector()
        await _until_told()
    finally:
        for runner in runners:
            await runner.cleanup()


async def _listen(runners: list[web.AppRunner], app: web.Application, host: str, port: int, tls: Any) -> int:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    runners.append(runner)
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls, reuse_address=True)
    await site.start()
    return int(runner.addresses[0][1])


def description(state: State, ca: Path) -> dict[str, str]:
    default = state.registrations.default
    return {
        "graph": state.graph_url,
        "authority": state.graph_url,
        "pages": state.pages_base,
        "ca": str(ca.resolve()),
        "tenant_id": state.world.tenant.id,
        "client_id": default.client_id,
        "client_secret_file": str(state.registrations.secret_file(default).resolve()),
        "control": f"{state.graph_url}/sandbox",
        "as_of": show_time(state.as_of()),
    }


def greeting(ready: Mapping[str, str], state: State) -> str:
    tenant = state.world.tenant
    clock = "stands still" if state.frozen_at else "runs"
    return "\n".join(
        [
            f"{tenant.name} ({tenant.domain}) is open. Nothing of it leaves this machine.",
            "",
            f"  Graph and login   {ready['graph']}   (certificate authority: {ready['ca']})",
            f"  Sign-in pages     {ready['pages']}",
            f"  Tenant            {ready['tenant_id']}",
            f"  Its clock         {ready['as_of']}, {clock}",
            f"  Premium licence   {'yes' if state.premium else 'no'}      Limits: {state.limits}",
            "",
            "Connect Seatwise to it, in another terminal:",
            "",
            f"  seatwise connect --tenant {ready['tenant_id']} --client-id {ready['client_id']} "
            f"--secret-file {ready['client_secret_file']} --graph {ready['graph']} --authority {ready['authority']} "
            f"--ca {ready['ca']}",
            "",
            "Ctrl-C ends it.",
            "",
        ]
    )


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.replace(path)


def _spare_the_collector() -> None:
    # A page is a thousand short-lived objects; going over the whole company for each doubled its cost.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()
