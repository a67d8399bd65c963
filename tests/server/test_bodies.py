"""Small bodies everywhere, large ones only where files are handed in: asked of the real server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import waitress

from seatwise.server.bodies import SMALL, Channel

IMPORT = "/w/11111111-2222-3333-4444-555555555555/coverage/import"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with our channel, before an application that tells how much it was given; uploads up to 12 MB."""
    monkeypatch.setenv("SEATWISE_UPLOAD_MB", "12")

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        n = sum(len(part) for part in iter(lambda: environ["wsgi.input"].read(1 << 20), b""))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(n).encode()]

    server = waitress.create_server(application, host="127.0.0.1", port=0, threads=1, max_request_body_size=SMALL)
    server.channel_class = Channel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(5)


def answer(port: int, path: str, n_bytes: int, method: str = "POST") -> str:
    """What comes back for a body of that length, of which only as much is sent as the server takes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {n_bytes}\r\nConnection: close\r\n\r\n"
        wire.sendall(head.encode())
        left, block = n_bytes, b"x" * (1 << 20)
        try:
            while left:
                left -= wire.send(block[: min(left, len(block))])
        except OSError:
            pass
        told = b""
        try:
            while part := wire.recv(65536):
                told += part
        except OSError:
            pass
    return told.decode("utf-8", "replace")


def test_a_page_takes_small_bodies_only(port: int) -> None:
    assert "200 OK" in answer(port, "/accounts/login/", 1 << 20)
    assert "200 OK" not in answer(port, "/accounts/login/", 9 << 20)


@pytest.mark.parametrize("path", [f"{IMPORT}/", f"{IMPORT}?next=1/../x", "/x" + IMPORT, IMPORT.upper()])
def test_what_only_looks_like_the_import_takes_no_more(port: int, path: str) -> None:
    told = answer(port, path, 9 << 20)
    assert ("200 OK" in told) == (path == f"{IMPORT}?next=1/../x")


def test_the_import_takes_what_the_operator_allows(port: int) -> None:
    assert answer(port, IMPORT, 10 << 20).endswith(str(10 << 20))
    assert "200 OK" not in answer(port, IMPORT, 14 << 20)
    assert "200 OK" not in answer(port, IMPORT, 9 << 20, method="PUT")


def test_too_much_is_refused_in_words(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(f"POST {IMPORT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {99 << 20}\r\n\r\n".encode())
        told = wire.recv(65536).decode()
    assert " 413 " in told.splitlines()[0] and "Larger than 12 MB" in told and "seatwise import" in told
