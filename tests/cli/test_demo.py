"""`seatwise demo`: a sample company's pages, its sandbox beside them, and everything ends together."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.install import free_port
from tests.support.product import Product, product

AS_OF = "2026-10-14T10:00:00Z"
WORDS = ("demo", "--users", "50", "--seed", "3", "--as-of", AS_OF)
START_S = 240.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return product(tmp_path_factory.mktemp("demo") / "data")


def served(install: Product, port: int) -> tuple[subprocess.Popen[str], str]:
    """The program, and what it said until its pages were up."""
    log = install.data / "said"
    with log.open("w") as out:
        process = subprocess.Popen(
            install.command(*WORDS, "--port", str(port)),
            env=install.environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    ends = time.monotonic() + START_S
    while "Seatwise is ready" not in log.read_text():
        assert process.poll() is None and time.monotonic() < ends, log.read_text()[-3000:]
        time.sleep(0.2)
    time.sleep(0.2)
    return process, log.read_text()


@pytest.fixture(scope="module")
def first(home: Product) -> Iterator[tuple[str, int]]:
    port = free_port()
    process, said = served(home, port)
    children = psutil.Process(process.pid).children(recursive=True)
    try:
        yield said, port
    finally:
        process.terminate()
        assert process.wait(20) == 0
        _, left = psutil.wait_procs(children, timeout=5)
        for one in left:
            one.kill()
    assert left == [], "the sandbox or a process of the pages outlived the demo"


def test_it_shows_the_apps_and_where_its_pages_are(first: tuple[str, int]) -> None:
    said, port = first
    assert f"Seatwise is ready: http://localhost:{port}\n" in said
    assert re.search(rf"http://localhost:{port}/setup/\S{{20,}}", said)
    assert re.search(r"\d+ rows, as of 2026-10-14T10:00:00Z", said) and "Traceback" not in said
    with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=20) as answer:
        assert answer.status == 200


def test_made_up_prices_are_entered_once(first: tuple[str, int], home: Product) -> None:
    said, _ = first
    assert re.search(r"Entering made-up prices of [1-9]\d* apps and licences", said)
    with sqlite3.connect(home.data / "demo" / "seatwise.sqlite3") as database:
        [(n_priced, n_entries)] = database.execute(
            "SELECT count(*) FILTER (WHERE field = 'price'), count(DISTINCT number) FROM control_decision"
        ).fetchall()
    assert n_priced > 3 and n_entries == 1


def test_the_company_is_marked_as_a_sample_and_the_oauth_way_is_ready(first: tuple[str, int], home: Product) -> None:
    with sqlite3.connect(home.data / "demo" / "seatwise.sqlite3") as database:
        assert database.execute("SELECT is_sample FROM control_workspace").fetchall() == [(1,)]
        assert database.execute("SELECT state, cloud FROM control_connection").fetchall() == [("active", "sandbox")]
        [(registered,)] = database.execute("SELECT client_id FROM control_registration").fetchall()
    known = list((home.data / "demo" / "sandbox").rglob("*.json"))
    mine = [
        one
        for path in known
        if path.name != "ready.json"
        for one in json.loads(path.read_text())
        if isinstance(one, dict)
    ]
    [found] = [one for one in mine if one.get("client_id") == registered]
    assert found["redirect_uris"] == ["http://localhost/connect/azureactivedirectory/callback"]
    assert len(found["permissions"]) == 5 and not found["granted_roles"]


def test_a_taken_port_is_said_before_anything_is_begun(first: tuple[str, int], tmp_path: Path) -> None:
    _, port = first
    begun = time.monotonic()
    other = product(tmp_path / "other")
    told = other.run(*WORDS, "--port", str(port), code=1).stderr
    assert f"Port {port} is taken" in told and time.monotonic() - begun < 20
    assert not (other.data / "demo" / "sandbox").exists()
