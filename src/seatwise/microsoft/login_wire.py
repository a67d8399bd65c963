"""The HTTP client that MSAL uses: one host, trusted certificates, no redirects, and it remembers the last answer."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.utils

from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from seatwise.microsoft.clouds import Cloud, tls_context, trusted_file

CONNECT_S, READ_S = 10.0, 30.0
_MOST_BYTES = 1 << 20


@dataclass(slots=True)
class LastAnswer:
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    is_json: bool = True


class LoginWire:
    """Looks like a requests.Session to MSAL.

    The session takes nothing from the environment but proxies: REQUESTS_CA_BUNDLE would beat `verify`.
    """

    def __init__(self, cloud: Cloud) -> None:
        tls_context(cloud)
        self._host = urlsplit(cloud.authority).netloc.lower()
        file = trusted_file(cloud)
        self._verify: str | bool = True if file is None else str(file)
        self._session = requests.Session()
        self._session.trust_env = False
        self.last = LastAnswer()

    def get(self, url: str, **kwargs: Any) -> requests.Response:
        return self._send("GET", url, **kwargs)

    def post(self, url: str, **kwargs: Any) -> requests.Response:
        return self._send("POST", url, **kwargs)

    def close(self) -> None:
        self._session.close()

    def _send(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.netloc.lower() != self._host:
            raise AskAdmin(
                code="foreign_link",
                sentence="The sign-in service pointed to an unexpected address, so nothing was sent there. "
                "Check the sign-in address, and ask your network team about a proxy that changes answers.",
                detail=parts.netloc[:100],
            )
        self.last = LastAnswer()
        kwargs |= {"timeout": (CONNECT_S, READ_S), "allow_redirects": False, "verify": self._verify}
        kwargs["proxies"] = requests.utils.get_environ_proxies(url, no_proxy=os.environ.get("no_proxy"))
        answer = self._session.request(method, url, **kwargs)
        body, is_json = _read(answer)
        self.last = LastAnswer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body, is_json)
        return answer


def unreachable(error: requests.exceptions.RequestException, host: str) -> SeatwiseError:
    """What a failed connection to the sign-in service means."""
    detail = type(error).__name__
    if isinstance(error, requests.exceptions.SSLError):
        return tls_not_trusted(host, str(error))
    if isinstance(error, requests.exceptions.ProxyError):
        return AskAdmin(
            code="proxy_failed",
            sentence=f"The proxy between here and {host} refused the connection. "
            "Check the proxy settings (HTTPS_PROXY) and whether the proxy wants a login.",
            detail=detail,
        )
    return not_reached(host, detail, is_unknown_host=_is_unknown_host(error))


def tls_not_trusted(host: str, detail: str) -> AskAdmin:
    return AskAdmin(
        code="tls_not_trusted",
        sentence=f"The certificate of {host} is not trusted, so nothing was sent to it. "
        "If a company proxy inspects traffic, give its certificate authority as a PEM file in SSL_CERT_FILE.",
        detail=detail[:300],
    )


def not_reached(host: str, detail: str, *, is_unknown_host: bool) -> TryLater:
    if is_unknown_host:
        return TryLater(
            code="host_not_found",
            sentence=f"The name {host} could not be resolved. Check the network, DNS and proxy of this machine.",
            detail=detail,
        )
    return TryLater(
        code="not_reached",
        sentence=f"{host} could not be reached. Check the network, firewall and proxy of this machine, then try again.",
        detail=detail,
    )


def _read(answer: requests.Response) -> tuple[Mapping[str, Any], bool]:
    if len(answer.content) > _MOST_BYTES:
        return {}, False
    try:
        body = json.loads(answer.content)
    except ValueError:
        return {}, False
    return (body, True) if isinstance(body, dict) else ({}, False)


def _is_unknown_host(error: BaseException | None) -> bool:
    for _ in range(8):
        if error is None:
            return False
        if isinstance(error, socket.gaierror) or type(error).__name__ == "NameResolutionError":
            return True
        reason = getattr(error, "reason", None)
        inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
        error = reason if isinstance(reason, BaseException) else inner or error.__cause__ or error.__context__
    return False
