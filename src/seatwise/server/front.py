"""The outermost layer of the pages: whose word about the visitor is believed, and a sign of life."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seatwise.server.environment import Network

Answer = Iterable[bytes]
Application = Callable[[dict[str, Any], Callable[..., Any]], Answer]

_CLAIMS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class Front:
    """Wraps a WSGI application. Forwarded headers are believed from trusted proxies only, and seen by nobody else."""

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        self._application, self._trusted = application, tuple(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        if environ.get("PATH_INFO") == "/healthz":
            start_response("200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"ok\n"]
        claims = {name: environ.pop(name, "") for name in _CLAIMS}
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._visitor(environ["REMOTE_ADDR"], claims["HTTP_X_FORWARDED_FOR"])
            proto = claims["HTTP_X_FORWARDED_PROTO"].rsplit(",", 1)[-1].strip().lower()
            if proto in ("http", "https"):
                environ["wsgi.url_scheme"] = proto
        return self._application(environ, start_response)

    def _visitor(self, nearest: str, chain: str) -> str:
        """The last address in the chain that is not one of our proxies: those before it may be made up."""
        for told in reversed(chain.split(",")):
            address = _address(told)
            if address is None:
                break
            nearest = address
            if not self._is_trusted(address):
                break
        return nearest

    def _is_trusted(self, told: str) -> bool:
        address = _address(told)
        if address is None:
            return False
        return any(ipaddress.ip_address(address) in network for network in self._trusted)


def _address(told: str) -> str | None:
    """The address without port and brackets, None when it is none."""
    text = told.strip().strip('"')
    if text.startswith("["):
        text = text[1:].split("]", 1)[0]
    elif text.count(":") == 1:
        text = text.split(":", 1)[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    # An IPv4 visitor on an IPv6 socket.
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
