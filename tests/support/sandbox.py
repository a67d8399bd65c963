"""A real sandbox for a test: started as a program on free ports, ended when the test is over."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_S = 60.0
SOURCES = Path(__file__).parents[2] / "src"
WORLD_FLAGS = ("users", "apps", "seed", "sign_ins_per_day", "as_of", "no_premium")


@dataclass
class Sandbox:
    """Addresses and keys of a running sandbox; `flags` are those it was started with."""

    graph: str
    authority: str
    pages: str
    ca: Path
    tenant_id: str
    client_id: str
    client_secret: str
    client_secret_file: Path
    as_of: str
    flags: dict[str, Any]
    process: subprocess.Popen[bytes]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of the control endpoint, `path` as in "/faults"."""
        data = None if body is None else json.dumps(body).encode()
        wanted = {"Content-Type": "application/json"}
        status, _, answer = self.fetch(f"{self.graph}/sandbox{path}", method, data, wanted)
        assert status < 400, (status, answer)
        return json.loads(answer)

    def token(self, client_id: str | None = None, client_secret: str | None = None) -> str:
        """A token by client credentials; asked for afresh at every call."""
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id or self.client_id,
            "client_secret": client_secret or self.client_secret,
            "scope": f"{self.graph}/.default",
        }
        address = f"{self.authority}/{self.tenant_id}/oauth2/v2.0/token"
        status, _, answer = self.fetch(address, "POST", urllib.parse.urlencode(form).encode(), {})
        assert status == 200, answer
        return str(json.loads(answer)["access_token"])

    def get(self, path: str, token: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
        """Status, headers in lower case, and JSON (text if it is none). `path` begins with the version or is a link."""
        address = path if path.startswith("https://") else f"{self.graph}/{path.lstrip('/')}"
        wanted = {"Authorization": f"Bearer {token}", **(headers or {})}
        status, got, body = self.fetch(address.replace(" ", "%20"), "GET", None, wanted)
        return status, got, _value(body, got)

    def post(self, path: str, token: str, body: Any) -> tuple[int, dict[str, str], Any]:
        wanted = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        status, got, answer = self.fetch(f"{self.graph}/{path.lstrip('/')}", "POST", json.dumps(body).encode(), wanted)
        return status, got, _value(answer, got)

    def fetch(
        self, address: str, method: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        context = ssl.create_default_context(cafile=str(self.ca))
        # Only ever the loopback addresses of the sandbox we started.
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, {k.lower(): v for k, v in refusal.headers.items()}, refusal.read()

    def oracle(self, name: str, **flags: Any) -> Any:
        """The oracle's JSON for the same company; flags override (`days=120`, `microsoft=True`, `as_of=…`)."""
        world = {name: value for name, value in self.flags.items() if name in WORLD_FLAGS}
        return run_json("oracle", name, "--format", "json", **{**world, **flags})

    def export(self, folder: Path, days: int = 120) -> Any:
        world = {name: value for name, value in self.flags.items() if name in WORLD_FLAGS and name != "no_premium"}
        return run_json("export", str(folder), "--days", str(days), **world)


def run_json(*words: str, **flags: Any) -> Any:
    command = [*_program(), *words, *_as_words(flags)]
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@contextmanager
def running_sandbox(**flags: Any) -> Iterator[Sandbox]:
    """flags: those of `entra-sandbox serve` with underscores, as users=60, no_premium=True, limits="off"."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        ready = Path(folder) / "ready.json"
        wish = {"port": 0, "data": Path(folder) / "data", "ready_file": ready, **flags}
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*_program(), "serve", *_as_words(wish)], env=_environment(), stdout=out, stderr=subprocess.STDOUT
            )
        try:
            yield _wait(process, ready, log, flags)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], ready: Path, log: Path, flags: dict[str, Any]) -> Sandbox:
    ends = time.monotonic() + START_S
    while not ready.exists():
        if process.poll() is not None:
            raise AssertionError(f"the sandbox ended at once: {log.read_text()[-3000:]}")
        if time.monotonic() > ends:
            raise AssertionError(f"the sandbox is not ready after {START_S:.0f} s: {log.read_text()[-3000:]}")
        time.sleep(0.02)
    facts = json.loads(ready.read_text())
    secret_file = Path(facts["client_secret_file"])
    known = {"as_of": facts["as_of"], **flags}
    return Sandbox(
        facts["graph"],
        facts["authority"],
        facts["pages"],
        Path(facts["ca"]),
        facts["tenant_id"],
        facts["client_id"],
        secret_file.read_text().strip(),
        secret_file,
        facts["as_of"],
        known,
        process,
    )


def _program() -> list[str]:
    return [sys.executable, "-m", "entra_sandbox"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": "1"}


def _as_words(flags: dict[str, Any]) -> list[str]:
    words: list[str] = []
    for name, value in flags.items():
        if value is None or value is False:
            continue
        words += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return words


def _value(body: bytes, headers: dict[str, str]) -> Any:
    if "json" in headers.get("content-type", ""):
        return json.loads(body)
    return body.decode()
