"""A line between the product and the sandbox that spoils answers on their way: framing, speed, silence.

What a server framework never sends by itself has to be written byte by byte.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.sandbox import Sandbox

Spoil = str
"""unframed: neither length nor chunks, the end of the connection ends the body; short: fewer bytes than announced;
unended: chunks without the last one; ended: chunks properly ended, the body is short; drip: a byte at a time;
stall: headers, then silence; replaced: `body` in place of the answer, properly framed."""


@dataclass
class Line:
    """One such line. address: what the product takes for Graph and login.

    spoils:   how the next answers of Graph are spoiled, in order; what follows passes as it is.
    at:       bytes of the body after which it is cut.
    n_graph:  requests for Graph so far.
    """

    address: str
    spoils: list[Spoil] = field(default_factory=list)
    at: int = 0
    body: bytes = b""
    pause_s: float = 0.02
    n_graph: int = 0
    ends: threading.Event = field(default_factory=threading.Event)


@contextmanager
def bad_line(sandbox: Sandbox) -> Iterator[Line]:
    keys: Path = sandbox.ca.parent
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "server.pem", keys / "server.key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line(f"https://localhost:{server.getsockname()[1]}")
        threading.Thread(target=_accept, args=(server, context, sandbox, line), daemon=True).start()
        try:
            yield line
        finally:
            line.ends.set()


def _accept(server: socket.socket, context: ssl.SSLContext, sandbox: Sandbox, line: Line) -> None:
    while not line.ends.is_set():
        try:
            plain, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(plain, context, sandbox, line), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, sandbox: Sandbox, line: Line) -> None:
    with suppress(OSError, ValueError), context.wrap_socket(plain, server_side=True) as client:
        # A connection for every request keeps the line simple; clients open the next one by themselves.
        _pass_on(client, sandbox, line)


def _pass_on(client: ssl.SSLSocket, sandbox: Sandbox, line: Line) -> None:
    with client.makefile("rb") as stream:
        method, target, _ = stream.readline().decode().split(" ", 2)
        given = http.client.parse_headers(stream)
        sent = stream.read(int(given.get("Content-Length", 0)))
    there = http.client.HTTPSConnection(
        urlsplit(sandbox.graph).netloc, context=ssl.create_default_context(cafile=str(sandbox.ca)), timeout=30
    )
    there.request(method, target, sent or None, dict(given.items()))
    answer = there.getresponse()
    body = answer.read()
    there.close()
    is_graph = target.startswith(("/v1.0/", "/beta/"))
    line.n_graph += is_graph
    spoil = line.spoils.pop(0) if is_graph and line.spoils else ""
    headers = {k: v for k, v in answer.getheaders() if k.lower() not in ("content-length", "transfer-encoding")}
    if spoil == "replaced":
        body = line.body
        headers = {k: v for k, v in headers.items() if k.lower() != "content-encoding"}
    _send(client, answer.status, headers, body, spoil, line)


def _send(client: ssl.SSLSocket, status: int, headers: dict[str, str], body: bytes, spoil: Spoil, line: Line) -> None:
    cut = body[: line.at or len(body)]
    framing = {"unframed": "", "unended": "Transfer-Encoding: chunked\r\n", "ended": "Transfer-Encoding: chunked\r\n"}
    length = framing.get(spoil, f"Content-Length: {len(body)}\r\n")
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    client.sendall(f"HTTP/1.1 {status} X\r\n{told}{length}Connection: close\r\n\r\n".encode())
    if spoil in ("unended", "ended"):
        client.sendall(f"{len(cut):x}\r\n".encode() + cut + b"\r\n" + (b"0\r\n\r\n" if spoil == "ended" else b""))
    elif spoil in ("unframed", "short"):
        client.sendall(cut)
    elif spoil == "drip":
        for at in range(len(body)):
            if line.ends.wait(line.pause_s):
                return
            client.sendall(body[at : at + 1])
    elif spoil == "stall":
        line.ends.wait(30)
    else:
        client.sendall(body)
