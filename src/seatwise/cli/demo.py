"""`seatwise demo`: a sandbox tenant beside us, its history imported, connected, synced, and its apps shown."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from seatwise.base import clock
from seatwise.base.errors import Broken
from seatwise.server import environment

HISTORY_DAYS = 120
_READY_WITHIN_S = 90
_PLENTY = 2 * 2**30  # bytes


def run(*, users: int, seed: int, as_of: datetime, once: bool, as_json: bool, port: int) -> int:
    """The whole job on a made-up company. Gives the exit code of its last question."""
    home = environment.data_folder() / "demo"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["SEATWISE_DATA"] = str(home)
    world = ["--users", str(users), "--seed", str(seed), "--as-of", clock.format_time(as_of)]
    started = time.monotonic()
    _say(f"Starting a made-up company of {users} people (seed {seed}) with its own Microsoft, on this machine only …")
    with _sandbox(home / "sandbox", world, port) as process, _exported(home, world) as history:
        from seatwise.server.start import start

        start()
        place = _awaited(process, home / "sandbox")
        _history(place["tenant_id"], history)
        _connect(place)
        _sync(place["tenant_id"], as_of)
        code = _ask(place["tenant_id"], as_of, as_json)
        _say(f"Done in {time.monotonic() - started:.0f} s. The data lies in {home}.")
        if not once:
            _stay(place, home)
    return code


@contextmanager
def _exported(home: Path, world: list[str]) -> Iterator[tuple[Path, subprocess.Popen[str]] | None]:
    """The folder that the sandbox exports its history to, and the program at it; None when a demo had it before."""
    # Once for each company: what comes later is read by the syncs.
    mark = home / f"history-imported{''.join(world[:4])}"
    if mark.exists():
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
    jobs.connect(
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


def _sync(tenant_id: str, as_of: datetime) -> None:
    from seatwise.cli import show
    from seatwise.control import jobs

    _say("Reading apps, people, seats and 30 days of sign-ins …")
    with show.progress("auto") as report:
        _, outcome = jobs.sync(tenant_id, as_of, report)
    rows = sum(counted.rows for counted in outcome.datasets.values())
    _say(f"  {rows:,} rows in {sum(counted.pages for counted in outcome.datasets.values()):,} pages.")


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
    for sentence in answer.missing:
        _say(sentence)
    return 3 if answer.missing else 0


def _stay(place: dict[str, Any], home: Path) -> None:
    _say("")
    _say("The sandbox tenant stays up until you press Ctrl-C. In another terminal, try:")
    for line in ("ask users", "ask app-users", "ask coverage", "doctor"):
        _say(f"  SEATWISE_DATA={home} ./run {line}")
    _say(f"Its sign-in pages: {place['pages']}   its Graph: {place['graph']}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        _say("Stopped.")


@contextmanager
def _sandbox(data: Path, world: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The sandbox as a program of its own, until the block ends."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    ready = data / "ready.json"
    ready.unlink(missing_ok=True)
    # Its limits are off: keeping Microsoft's 5 report requests per 10 s would only make a first look slow.
    command = [*_sandbox_command(), "serve", "--data", str(data), "--port", str(port), "--ready-file", str(ready)]
    with (data / "serve.log").open("wb") as output:
        process = subprocess.Popen([*command, "--limits", "off", *world], stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _awaited(process: subprocess.Popen[bytes], data: Path) -> dict[str, Any]:
    """Where the sandbox listens, once it does."""
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if (data / "ready.json").exists():
            found: dict[str, Any] = json.loads((data / "ready.json").read_text("utf-8"))
            return found
        time.sleep(0.05)
    log = data / "serve.log"
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise Broken(
        code="sandbox_not_ready",
        sentence=f"The sandbox tenant did not start: {last[0]}. Its log is {log}.",
    )


def _sandbox_command() -> list[str]:
    return [sys.executable, "-m", "entra_sandbox"]


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
