"""A whole install as a person runs it: `seatwise serve` with a data folder of its own, beside a running sandbox."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.support.product import Product
from tests.support.sandbox import Sandbox

START_S = 90.0
END_S = 20.0
OWNER = {"name": "Dana Kowalski", "email": "dana@northwind.example", "password": "correct-Horse-7-battery"}
CALLBACK = "/connect/azureactivedirectory/callback"


@dataclass
class Install:
    """One install. data: its folder; env: what the operator set for it; home: its address once it is served."""

    data: Path
    env: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    n_started: int = 0
    n_links: int = 0
    owner: dict[str, str] = field(default_factory=lambda: dict(OWNER))

    @property
    def home(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def product(self) -> Product:
        return Product(self.data, self.env)

    @property
    def log(self) -> str:
        return "".join(part.read_text(errors="replace") for part in sorted(self.data.parent.glob("serve*.log")))

    def environment(self) -> dict[str, str]:
        known = {"SEATWISE_PORT": str(self.port), "SEATWISE_PUBLIC_URL": self.home, "SEATWISE_LOG": "DEBUG"}
        return {**self.product.environment(), **known, **self.env}

    def start(self, **env: str) -> None:
        """Serves until `stop`; env changes what the operator set, for good."""
        self.env.update(env)
        self.n_started += 1
        log = self.data.parent / f"serve{self.n_started}.log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "seatwise", "serve"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        ends = time.monotonic() + START_S
        while not self._answers():
            assert self.process.poll() is None, f"serve ended at once: {log.read_text()[-3000:]}"
            assert time.monotonic() < ends, f"serve is not ready after {START_S:.0f} s: {log.read_text()[-3000:]}"
            time.sleep(0.1)

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.home}/accounts/login/", timeout=5):
                return True
        except urllib.error.HTTPError as refusal:
            return refusal.code < 500
        except OSError:
            return False

    def processes(self) -> list[psutil.Process]:
        """Ours alone: the supervisor and what it started."""
        if self.process is None or self.process.poll() is not None:
            return []
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def stop(self) -> None:
        """Ends it as Ctrl-C does; whoever of ours stays is a fault, ended by number and told."""
        if self.process is None:
            return
        ours = self.processes()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs(ours, timeout=END_S)
        for straggler in left:
            straggler.kill()
        self.process.wait()
        self.process = None
        assert not left, f"these did not end within {END_S:.0f} s: {left}"

    def restart(self, **env: str) -> None:
        self.stop()
        self.start(**env)

    def owner_link(self) -> str:
        """A one-time link that makes an owner: the one that serve printed first, else one more by command."""
        self.n_links += 1
        found = re.findall(r"http://\S+/setup/[\w~.-]+", self.log) if self.n_links == 1 else []
        if not found:
            found = re.findall(r"http://\S+/setup/[\w~.-]+", self.run("owner-link").stdout)
        assert found, f"no owner link in: {self.log[-2000:]}"
        return str(found[-1])

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "seatwise", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def inside(self, script: str, **given: Any) -> Any:
        """What `script` prints as JSON, run with the install's database open and `given` as a dict of that name."""
        head = "import json, sys\nfrom seatwise.server.start import start\nstart()\ngiven = json.loads(sys.argv[1])\n"
        done = subprocess.run(
            [sys.executable, "-c", head + script, json.dumps(given)],
            env={**self.environment(), "SEATWISE_LOG": "WARNING"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout) if done.stdout.strip() else None


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ready_file(sandbox: Sandbox, folder: Path) -> Path:
    """What a sandbox wrote of itself, as SEATWISE_SANDBOX names it, without its own registration: that is asked for."""
    path = folder / "sandbox.json"
    facts = {
        "graph": sandbox.graph,
        "authority": sandbox.authority,
        "pages": sandbox.pages,
        "ca": str(sandbox.ca),
        "tenant_id": sandbox.tenant_id,
        "control": f"{sandbox.graph}/sandbox",
        "as_of": sandbox.as_of,
    }
    path.write_text(json.dumps(facts))
    return path


@contextmanager
def running_install(folder: Path, sandbox: Sandbox, **env: str) -> Iterator[Install]:
    """An install served on a free port, the sandbox being one of the clouds it offers."""
    data = folder / "data"
    data.mkdir(parents=True)
    known = {"SEATWISE_SANDBOX": str(ready_file(sandbox, folder))}
    install = Install(data, {**known, **env}, free_port())
    install.start()
    try:
        yield install
    finally:
        install.stop()


def registered(sandbox: Sandbox, **wish: Any) -> dict[str, Any]:
    """An app registration of the sandbox that sends people back to an install, whatever its port."""
    whole = {
        "name": "Seatwise at Northwind",
        "redirect_uris": [f"http://localhost{CALLBACK}"],
        "multi_tenant": True,
        "consented": False,
        **wish,
    }
    answer: dict[str, Any] = sandbox.control("POST", "/registrations", whole)
    return answer
