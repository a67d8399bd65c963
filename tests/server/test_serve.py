"""`seatwise serve` as a person starts it: both processes live, return when they die, and end together."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.support import postgres
from tests.support.product import Product, product

SOON_S = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], object], within_s: float = SOON_S) -> None:
    ends = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def child(self, name: str) -> psutil.Process | None:
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie counts as gone
                if name in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                    return process
        return None


def started(install: Product, *arguments: str) -> Served:
    port = free_port()
    process = subprocess.Popen(
        install.command("serve", "--port", str(port), *arguments),
        env=install.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    served = Served(process, port)

    def listen() -> None:
        assert process.stdout is not None
        served.said.extend(iter(process.stdout.readline, ""))

    threading.Thread(target=listen, daemon=True).start()
    return served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = started(product(tmp_path / "data"))
    try:
        until(lambda: any("ready" in line for line in running.said) and len(running.said) >= 3)
        yield running
    finally:
        running.process.terminate()
        try:
            running.process.wait(15)
        except subprocess.TimeoutExpired:
            running.process.kill()


def test_it_tells_its_address_and_the_link_of_the_first_owner(served: Served) -> None:
    text = "".join(served.said)
    assert f"Seatwise is ready: http://localhost:{served.port}\n" in text
    assert re.search(rf"http://localhost:{served.port}/setup/[A-Za-z0-9_-]{{32,}}\n", text)
    assert served.is_up()


def test_a_dead_child_returns_within_seconds_and_no_second_link_is_made(served: Served) -> None:
    until(lambda: served.child("worker"))
    for name in ("web", "worker"):
        old = served.child(name)
        assert old is not None
        old.kill()
        until(lambda old=old, name=name: (new := served.child(name)) is not None and new.pid != old.pid, 5)  # type: ignore[misc]
    until(served.is_up, 10)
    assert len([line for line in served.said if "/setup/" in line]) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_within_ten_seconds(served: Served, number: signal.Signals) -> None:
    until(lambda: served.child("worker"))
    children = psutil.Process(served.process.pid).children(recursive=True)
    begun = time.monotonic()
    served.process.send_signal(number)
    assert served.process.wait(12) == 0
    assert time.monotonic() - begun < 10
    assert [child for child in children if child.is_running()] == []
    assert "Traceback" not in "".join(served.said)


def test_the_children_end_when_the_supervisor_is_killed(served: Served) -> None:
    until(lambda: served.child("worker"))
    children = psutil.Process(served.process.pid).children(recursive=True)
    served.process.kill()
    until(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children), 15)


def test_the_supervisor_loads_no_django(tmp_path: Path) -> None:
    code = (
        "import sys; from seatwise.cli import main; "
        "from seatwise.server import supervisor; print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command in ("serve", "web"):
            told = product(tmp_path / command).run(command, "--port", str(port), code=1).stderr
            assert told == (
                f"Port {port} is taken by another program, perhaps another Seatwise. "
                "End that one, or choose another port with --port or SEATWISE_PORT.\n"
            )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SEATWISE_PORT", "abc", "SEATWISE_PORT is 'abc'"),
        ("SEATWISE_PUBLIC_URL", "http://seatwise.example.com", "https"),
        ("SEATWISE_HOST", "203.0.113.77", "203.0.113.77 is not an address of this machine"),
        ("SEATWISE_TRUSTED_PROXIES", "everybody", "SEATWISE_TRUSTED_PROXIES"),
    ],
)
def test_a_wrong_setting_ends_it_with_one_sentence(name: str, value: str, words: str, tmp_path: Path) -> None:
    done = product(tmp_path / "data", **{name: value}).run("serve", code=1)
    assert words in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_data_folder_that_cannot_be_used_is_told_once_and_not_for_ever(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    install = Product(blocked / "data", {"SEATWISE_PORT": str(free_port())})
    done = install.run("serve", code=1)
    assert "cannot be used" in done.stderr and done.stderr.count("cannot be used") <= 2


def test_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    several = [
        subprocess.Popen(install.command("owner-link"), env=install.environment(), stdout=-1, stderr=-1, text=True)
        for _ in range(4)
    ]
    told = [process.communicate(timeout=60) for process in several]
    assert [(process.returncode, errors) for process, (_, errors) in zip(several, told, strict=True)] == [(0, "")] * 4
    assert all("/setup/" in out for out, _ in told)


def test_only_the_start_chooses_the_journal_of_a_new_database(tmp_path: Path) -> None:
    """Of two connections that choose it at once SQLite refuses one: web and worker open a new database together."""
    install = product(tmp_path / "data")
    install.run("owner-link")
    path = tmp_path / "data" / "seatwise.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert reader.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM django_migrations").fetchone()
        opens = (
            "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'seatwise.server.settings'; django.setup()\n"
            "from django.db import connection; connection.ensure_connection()"
        )
        done = subprocess.run(
            [sys.executable, "-c", opens], env=install.environment(), stderr=-1, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
    install.run("owner-link")
    with contextlib.closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_processes_that_start_at_once_make_one_postgresql_database(tmp_path: Path) -> None:
    if not postgres.wanted():
        pytest.skip("SEATWISE_TEST_POSTGRES=0")
    with postgres.running() as server:
        url = server.create("at_once")
        # Folders of their own, as in two containers: only the database is shared.
        several = [product(tmp_path / str(n), DATABASE_URL=url) for n in range(3)]
        processes = [
            subprocess.Popen(one.command("owner-link"), env=one.environment(), stdout=-1, stderr=-1, text=True)
            for one in several
        ]
        told = [process.communicate(timeout=90) for process in processes]
        assert [(process.returncode, errors) for process, (_, errors) in zip(processes, told, strict=True)] == [
            (0, "")
        ] * 3
    gone = product(tmp_path / "gone", DATABASE_URL="postgresql://me:hunter2@127.0.0.1:9/none").run("owner-link", code=1)
    assert "DATABASE_URL cannot be used" in gone.stderr and "hunter2" not in gone.stderr


def test_data_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    install = product(tmp_path / "data")
    install.run("owner-link")
    with sqlite3.connect(install.data / "seatwise.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('control', '9999_later', '2026-01-01')"
        )
    assert "newer version" in install.run("owner-link", code=1).stderr


def test_the_pages_are_kept_from_other_names(served: Served) -> None:
    wanted = urllib.request.Request(f"http://127.0.0.1:{served.port}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(wanted, timeout=10)  # noqa: S310 - the pages we serve ourselves
    assert refused.value.code == 400


def test_run_without_a_command_serves() -> None:
    script = (Path(__file__).parents[2] / "run").read_text()
    assert "[ $# -gt 0 ] || set -- serve" in script
    assert os.access(Path(__file__).parents[2] / "run", os.X_OK)
