"""The outermost layer: what a proxy says counts only when the proxy is ours."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from seatwise.server.front import Front

OURS = tuple(map(ipaddress.ip_network, ("10.0.0.0/24", "127.0.0.1/32")))


def seen(remote: str, **headers: str) -> dict[str, Any]:
    """What the application sees of a request."""
    environ: dict[str, Any] = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http", "PATH_INFO": "/", **headers}
    inner: dict[str, Any] = {}

    def application(found: dict[str, Any], _start: Any) -> list[bytes]:
        inner.update(found)
        return []

    Front(application, OURS)(environ, lambda *_: None)
    return inner


@pytest.mark.parametrize(
    ("remote", "chain", "visitor"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "198.51.100.1:99", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "198.51.100.1, unknown", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_visitor_is_the_last_address_that_is_not_our_proxy(remote: str, chain: str, visitor: str) -> None:
    assert seen(remote, HTTP_X_FORWARDED_FOR=chain)["REMOTE_ADDR"] == visitor


@pytest.mark.parametrize(
    ("remote", "proto", "scheme"),
    [
        ("10.0.0.5", "https", "https"),
        ("10.0.0.5", "http, https", "https"),
        ("10.0.0.5", "gopher", "http"),
        ("203.0.113.9", "https", "http"),
    ],
)
def test_https_is_believed_from_our_proxy_only(remote: str, proto: str, scheme: str) -> None:
    assert seen(remote, HTTP_X_FORWARDED_PROTO=proto)["wsgi.url_scheme"] == scheme


def test_nobody_behind_sees_a_forwarded_header() -> None:
    claims = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "for=1.2.3.4", "HTTP_X_REAL_IP": "1.2.3.4"}
    for remote in ("10.0.0.5", "203.0.113.9"):
        assert not [
            name
            for name in seen(remote, HTTP_X_FORWARDED_FOR="1.2.3.4", **claims)
            if "FORWARD" in name or "REAL" in name
        ]


def test_a_sign_of_life_needs_neither_database_nor_host() -> None:
    answers: list[str] = []
    body = Front(lambda *_: [], ())({"PATH_INFO": "/healthz"}, lambda status, _: answers.append(status))
    assert (answers, body) == (["200 OK"], [b"ok\n"])
