"""`seatwise demo`: a sandbox tenant beside us, its history imported, connected, synced, and its apps shown."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.server import environment

HISTORY_DAYS = 120
IN_PART = 3
CALLBACK = "/connect/azureactivedirectory/callback"
_READY_WITHIN_S = 90
_PLENTY = 2 * 2**30  # bytes


def run(*, users: int, seed: int, as_of: datetime, once: bool, as_json: bool, port: int | None, beside: bool) -> int:
    """The whole job on a made-up company. Gives an exit code: with --once that of its last question.

    beside:  the sandbox runs already, started by the process that will serve the pages.
    """
    home = environment.data_folder() if beside else environment.data_folder() / "demo"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["SEATWISE_DATA"] = str(home)
    os.environ["SEATWISE_SANDBOX"] = str(home / "sandbox" / "ready.json")
    world = ["--users", str(users), "--seed", str(seed), "--as-of", clock.format_time(as_of)]
    if beside:
        return _prepared(home, world, as_of, as_json)
    _say(f"Starting a made-up company of {users} people (seed {seed}) with its own Microsoft, on this machine only …")
    if not once:
        return _served(home, world, as_of, as_json, port)
    with _sandbox(home / "sandbox", world):
        return _prepared(home, world, as_of, as_json)


def _prepared(home: Path, world: list[str], as_of: datetime, as_json: bool) -> int:
    """Imported, connected, synced and shown. Gives the exit code of the question."""
    started = time.monotonic()
    with _exported(home, world) as history:
        from seatwise.server.start import start

        start()
        place = _awaited(home / "sandbox")
        _history(place["tenant_id"], history)
        _connect(place)
        _sync(place["tenant_id"], as_of)
    _prices(place["tenant_id"], as_of)
    code = _ask(place["tenant_id"], as_of, as_json)
    _say(f"Done in {time.monotonic() - started:.0f} s. The data lies in {home}.")
    return code


def _served(home: Path, world: list[str], as_of: datetime, as_json: bool, port: int | None) -> int:
    """Prepares in a process of its own, whose memory goes with it, then serves the pages until told to end."""
    from seatwise.cli.serving import chosen
    from seatwise.server import supervisor
    from seatwise.server.web import listening

    chosen(None, port)
    environment.check()
    listener = listening(environment.host(), environment.port())
    command = _serve_command(home / "sandbox", world)
    sandbox = supervisor.Child("sandbox", command, log=home / "sandbox" / "serve.log")
    try:
        sandbox.start()
        flags = [*world, "--format", "json" if as_json else "table", "--beside"]
        code = subprocess.run([*supervisor.program(), "demo", *flags], check=False).returncode  # noqa: S603
        if code in (0, IN_PART):
            # Should it have to return, then where the connection expects it.
            sandbox.again = _ports(home / "sandbox")
            os.environ["SEATWISE_NOW"] = clock.format_time(as_of)
            _hint(home)
            code = supervisor.serve(sandbox, listener=listener)
    finally:
        supervisor.end([sandbox])
        listener.close()
    return code


def _ports(data: Path) -> list[str]:
    place = _awaited(data)
    return ["--port", place["graph"].rpartition(":")[2], "--pages-port", place["pages"].rpartition(":")[2]]


def _hint(home: Path) -> None:
    place = _awaited(home / "sandbox")
    _say("")
    _say(
        "The sandbox tenant stays up as long as the pages. To connect it yourself, remove the sample first, then choose"
    )
    _say("the sandbox as cloud:")
    _say(f"  tenant ID  {place['tenant_id']}")
    _say(f"  client ID  {place['client_id']}")
    _say(f"  secret     in {place['client_secret_file']}")
    _say(f"In another terminal:  SEATWISE_DATA={home} ./run ask users")
    _say("")


@contextmanager
def _exported(home: Path, world: list[str]) -> Iterator[tuple[Path, subprocess.Popen[str]] | None]:
    """The folder that the sandbox exports its history to, and the program at it; None when a demo had it before."""
    # Once for each company: what comes later is read by the syncs.
    mark = home / f"history-imported{''.join(world[:4])}"
    if mark.exists() and any((home / "lake").glob("*/tables")):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="seatwise-demo-", dir=_quick_folder()))
    command = [*_sandbox_command(), "export", str(folder), "--days", str(HISTORY_DAYS), *world]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603
    try:
        yield folder, process
        mark.touch()
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> str | None:
    """Memory where there is plenty, else None: 11,000 small files take twice as long on a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made in it
    plenty = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _PLENTY
    return str(memory) if plenty else None


def _history(tenant_id: str, history: tuple[Path, subprocess.Popen[str]] | None) -> None:
    from seatwise.cli import show
    from seatwise.control import jobs

    if history is None:
        return
    folder, process = history
    _say(f"Importing {HISTORY_DAYS} days of its exported sign-in logs …")
    _, errors = process.communicate()
    if process.returncode:
        last = errors.strip().splitlines()[-1:] or ["it said nothing"]
        raise Broken(code="sandbox_failed", sentence=f"The sandbox's export failed: {last[0]}")
    with show.progress("auto") as report:
        found = jobs.import_files([folder], tenant_id, None, dry_run=False, report=report)
    _say(f"  {found.received:,} records received, {found.kept:,} kept, {found.unchanged:,} known already.")


def _connect(place: dict[str, Any]) -> None:
    from seatwise.control import jobs
    from seatwise.control.connections import Details
    from seatwise.control.models import Connection

    _say("Connecting with a client id and a secret, as to a real tenant …")
    connection, _ = jobs.connect(
        Details(
            tenant=place["tenant_id"],
            client_id=place["client_id"],
            method=Connection.Method.SECRET,
            secret=Path(place["client_secret_file"]).read_text("utf-8"),
            cloud="sandbox",
            authority=place["authority"],
            graph=place["graph"],
            ca_pem=Path(place["ca"]).read_text("utf-8"),
        )
    )
    jobs.mark_sample(connection)
    _register(place)


def _register(place: dict[str, Any]) -> None:
    """An app registration that people can sign in to, so that the OAuth 2.0 way can be tried too."""
    from seatwise.control import connections

    # One for each company, the same every time: people who connected through it stay connected.
    client_id = str(uuid.uuid5(uuid.UUID(place["tenant_id"]), "seatwise demo"))
    known = connections.registration("sandbox")
    if known is not None and known.client_id == client_id:
        return
    wish = {
        "name": "Seatwise",
        "client_id": client_id,
        # Microsoft, and the sandbox, take a redirect to localhost whatever its port.
        "redirect_uris": [f"http://localhost{CALLBACK}"],
        "multi_tenant": True,
        "consented": False,
    }
    request = urllib.request.Request(  # noqa: S310 - the sandbox we started ourselves
        f"{place['control']}/registrations",
        json.dumps(wish).encode(),
        {"Content-Type": "application/json"},
    )
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=place["ca"]))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), secure)
    with opener.open(request, timeout=30) as answer:
        made = json.loads(answer.read())
    connections.set_registration(None, "sandbox", client_id, secret=made["client_secret"])


def _sync(tenant_id: str, as_of: datetime) -> None:
    from seatwise.cli import show
    from seatwise.control import jobs

    _say("Reading apps, people, seats and 30 days of sign-ins …")
    with show.progress("auto") as report:
        _, outcome = jobs.sync(tenant_id, as_of, report)
    rows = sum(counted.rows for counted in outcome.datasets.values())
    _say(f"  {rows:,} rows in {sum(counted.pages for counted in outcome.datasets.values()):,} pages.")


def _prices(tenant_id: str, as_of: datetime) -> None:
    from seatwise.cli import demo_prices

    n_priced = demo_prices.decide(tenant_id, as_of)
    if n_priced:
        _say(f"Entering made-up prices of {n_priced} apps and licences, since Entra does not know what anything costs.")


def _ask(tenant_id: str, as_of: datetime, as_json: bool) -> int:
    from seatwise.cli import show
    from seatwise.control import answers
    from seatwise.metrics import export

    answer = answers.ask("apps", tenant_id, as_of)
    if as_json:
        sys.stdout.write(export.to_json(answer.result) + "\n")
        sys.stdout.flush()
    else:
        show.answer_table("apps", answer)
    for entry in answer.missing:
        _say(show.lack(entry))
    return 3 if answer.missing else 0


def _serve_command(data: Path, world: list[str]) -> list[str]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    ready = data / "ready.json"
    ready.unlink(missing_ok=True)
    # Its limits are off: keeping Microsoft's 5 report requests per 10 s would only make a first look slow.
    told = ["--data", str(data), "--port", "0", "--ready-file", str(ready), "--limits", "off"]
    return [*_sandbox_command(), "serve", *told, *world]


@contextmanager
def _sandbox(data: Path, world: list[str]) -> Iterator[None]:
    """The sandbox as a program of its own, until the block ends."""
    from seatwise.server import supervisor

    child = supervisor.Child("sandbox", _serve_command(data, world), log=data / "serve.log")
    try:
        child.start()
        yield
    finally:
        supervisor.end([child])


def _awaited(data: Path) -> dict[str, Any]:
    """Where the sandbox listens, once it does."""
    ready, log = data / "ready.json", data / "serve.log"
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until and not _has_failed(log):
        if ready.exists():
            found: dict[str, Any] = json.loads(ready.read_text("utf-8"))
            return found
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise Broken(
        code="sandbox_not_ready",
        sentence=f"The sandbox tenant did not start: {last[0]}. Its log is {log}.",
    )


def _has_failed(log: Path) -> bool:
    return log.exists() and b"Traceback" in log.read_bytes()


def _sandbox_command() -> list[str]:
    return [sys.executable, "-m", "entra_sandbox"]


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
