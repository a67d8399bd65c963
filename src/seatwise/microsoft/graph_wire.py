"""The HTTP client towards Graph: trusted certificates, no redirects elsewhere, deadlines, bodies left as they came."""

from __future__ import annotations

import asyncio
import ssl
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from seatwise.base.errors import AskAdmin, TryLater
from seatwise.microsoft import bodies, odata
from seatwise.microsoft.clouds import Cloud, tls_context
from seatwise.microsoft.login_wire import not_reached, tls_not_trusted

_MOST_REDIRECTS = 3
_MOST_CONNECTIONS = 12


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. idle_s: without a byte once the headers are here; total_s: for one request, a slow query included."""

    connect_s: float = 10.0
    idle_s: float = 30.0
    total_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole. headers: names in lower case; body: as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> bytes:
        """The body unpacked. Errors: TryLater when it is cut or too large."""
        return bodies.unpacked(self.body, self.headers.get("content-encoding", ""))

    def text_or_none(self) -> bytes | None:
        try:
            return self.text()
        except TryLater:
            return None


class Wire:
    """One session towards the host of one cloud."""

    def __init__(self, cloud: Cloud, deadlines: Deadlines) -> None:
        self._cloud, self._deadlines = cloud, deadlines
        self._session: aiohttp.ClientSession | None = None
        self._proxy: str | None = None

    async def open(self) -> None:
        connector = aiohttp.TCPConnector(ssl=tls_context(self._cloud), limit=_MOST_CONNECTIONS)
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"seatwise/{_version()}",
                "x-ms-throttle-priority": "low",
            },
        )
        # aiohttp would repeat a GET by itself on a connection the server has closed, unseen by our count of requests.
        self._session._retry_connection = False
        self._proxy = _proxy_for(self._cloud.graph)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One answer. Errors: TryLater (network), AskAdmin (certificate, redirect to elsewhere)."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._deadlines.total_s):
                for _ in range(_MOST_REDIRECTS + 1):
                    reply = await self._exchange(method, address, headers, body)
                    location = reply.headers.get("location")
                    if reply.status not in (301, 302, 303, 307, 308) or not location:
                        return reply
                    address = odata.pinned(self._cloud.graph, urljoin(address, location))
        except TimeoutError as error:
            raise TryLater(
                code="too_slow",
                sentence="Microsoft did not answer in time. What was read before is kept; run sync again later.",
                detail=f"{urlsplit(address).path} after {time.monotonic() - started:.0f} s",
            ) from error
        except aiohttp.ClientError as error:
            raise _translated(error, self._host) from error
        raise TryLater(
            code="redirected",
            sentence="Microsoft's answers only led from one address to the next. Run sync again later.",
        )

    @property
    def _host(self) -> str:
        return urlsplit(self._cloud.graph).netloc

    async def _exchange(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        if self._session is None:
            raise RuntimeError("used outside its context")
        sent = {**headers, **({"Content-Type": "application/json"} if body is not None else {})}
        async with self._session.request(
            method,
            _as_is(address),
            data=body,
            headers=sent,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._deadlines.connect_s),
        ) as answer:
            received = await bodies.received(answer, self._deadlines.idle_s)
            names = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status >= 500:
                # The next try shall not meet the same broken machine behind the same connection.
                answer.close()
            return Reply(answer.status, names, received)


def _as_is(address: str) -> URL:
    # Next links are used letter by letter: encoding them once more breaks their tokens.
    return URL(address, encoded=True)


def _translated(error: aiohttp.ClientError, host: str) -> AskAdmin | TryLater:
    detail = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError) or isinstance(
        getattr(error, "os_error", None), ssl.SSLCertVerificationError
    ):
        return tls_not_trusted(host, detail)
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        return AskAdmin(
            code="proxy_failed",
            sentence=f"The proxy between here and {host} refused the connection. "
            "Check the proxy settings (HTTPS_PROXY) and whether the proxy wants a login.",
            detail=detail,
        )
    if isinstance(error, aiohttp.ClientPayloadError):
        return TryLater(
            code="page_cut", sentence="An answer of Microsoft arrived damaged; it is asked for again.", detail=detail
        )
    return not_reached(host, detail, is_unknown_host=isinstance(error, aiohttp.ClientConnectorDNSError))


def _proxy_for(address: str) -> str | None:
    parts = urlsplit(address)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _version() -> str:
    try:
        return metadata.version("seatwise")
    except metadata.PackageNotFoundError:
        return "0"
