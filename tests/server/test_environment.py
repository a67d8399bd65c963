"""Settings: a bad value is told in a sentence, https is demanded beyond this machine, and each is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin
from seatwise.server import environment
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.SETTINGS:
        monkeypatch.delenv(name, raising=False)


def told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> AskAdmin:
    monkeypatch.setenv(name, value)
    with pytest.raises(AskAdmin) as error:
        environment.check()
    return error.value


def test_without_any_setting_everything_stays_on_this_machine() -> None:
    environment.check()
    assert (environment.host(), environment.port()) == ("127.0.0.1", 8600)
    assert environment.public_url() == "http://localhost:8600"
    assert environment.trusted_proxies() == ()


@pytest.mark.parametrize("value", ["abc", "", "0", "65536", "-1", "8_600", "٨٦٠٠", "80 81", "8600.0"])
def test_a_port_that_is_none_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = told(monkeypatch, "SEATWISE_PORT", value)
    assert error.code == "setting_wrong"
    assert "SEATWISE_PORT" in error.sentence and repr(value) in error.sentence


@pytest.mark.parametrize(
    "value",
    [
        "seatwise.example.com",
        "ftp://seatwise.example.com",
        "https://",
        "https://seatwise.example.com/app",
        "https://seatwise.example.com?x=1",
        "https://me:secret@seatwise.example.com",
        "https://seatwise.example.com:port",
        "https://[::1",
        "https://seat wise.example.com",
        "javascript:alert(1)",
    ],
)
def test_a_public_address_that_is_none_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "SEATWISE_PUBLIC_URL", value).code == "setting_wrong"


@pytest.mark.parametrize(
    "value", ["http://seatwise.example.com", "http://192.168.1.7:8600", "http://localhost.example.com", "HTTP://host"]
)
def test_beyond_this_machine_only_https_will_do(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = told(monkeypatch, "SEATWISE_PUBLIC_URL", value)
    assert error.code == "public_url_insecure"
    assert "https" in error.sentence and "reverse proxy" in error.sentence


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://Seatwise.Example.com/", "https://seatwise.example.com"),
        ("https://seatwise.example.com:8443", "https://seatwise.example.com:8443"),
        ("http://localhost:9000/", "http://localhost:9000"),
        ("http://127.0.0.1:8600", "http://127.0.0.1:8600"),
        ("http://[::1]:8600", "http://[::1]:8600"),
    ],
)
def test_a_good_public_address_is_taken(value: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_PUBLIC_URL", value)
    assert environment.public_url() == expected
    assert environment.allowed_hosts(expected)[0] in expected


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.0/99", "10.0.0.1 10.0.0.2"])
def test_a_proxy_that_is_no_address_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "SEATWISE_TRUSTED_PROXIES", value).code == "setting_wrong"


@pytest.mark.parametrize(
    "value", ["mysql://u:hunter2@db/x", "postgresql://u:hunter2@db", "postgresql://u:hunter2@db:x/n"]
)
def test_a_database_address_is_refused_without_showing_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = told(monkeypatch, "DATABASE_URL", value)
    assert "DATABASE_URL" in error.sentence
    assert "hunter2" not in str(error)


def test_a_database_address_keeps_what_was_escaped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:p%40ss%2F@db.example:5433/seat%20wise?sslmode=require")
    found = environment.database(tmp_path)
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("me", "p@ss/", "seat wise")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example", "5433", {"sslmode": "require"})


def test_every_setting_has_its_row_and_every_row_is_a_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE)
    assert rows == list(environment.SETTINGS)


def test_every_setting_is_read_in_one_place_and_nothing_else_of_ours_is_read() -> None:
    asked = re.compile(
        r"""os\.(?:environ\.get\(|environ\[|getenv\()\s*["']((?:SEATWISE_|DATABASE_)\w+)["']\]?(?!\]?\s*=[^=])"""
    )
    named = re.compile(r"""^[A-Z_]+ = "(SEATWISE_\w+)"$""", re.MULTILINE)  # a constant that is then read by its name
    read: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "seatwise").rglob("*.py"):
        text = path.read_text("utf-8")
        for name in [*asked.findall(text), *named.findall(text)]:
            read.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    assert {name: where for name, where in read.items() if len(where) > 1} == {}
    assert set(read) == set(environment.SETTINGS)
