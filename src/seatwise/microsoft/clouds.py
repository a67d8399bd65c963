"""Microsoft's clouds, and one of your own: where people sign in, where Graph answers, whom to trust."""

from __future__ import annotations

import json
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from seatwise.base.errors import AskAdmin


@dataclass(frozen=True, slots=True)
class Cloud:
    """Addresses of one cloud, without a slash at the end.

    ca_file:  certificates (PEM) trusted for this cloud and no others; None for the system's.
    pages_at: where a browser signs in, when that is elsewhere than the token endpoint; else empty.
    portal:   the Entra admin centre, empty where there is none.
    label:    the cloud's name for people.
    """

    name: str
    authority: str
    graph: str
    ca_file: Path | None = None
    pages_at: str = ""
    portal: str = ""
    label: str = ""

    @property
    def scope(self) -> str:
        return f"{self.graph}/.default"

    @property
    def pages(self) -> str:
        return self.pages_at or self.authority

    @property
    def is_custom(self) -> bool:
        return self.name in ("custom", SANDBOX)


SANDBOX = "sandbox"
GLOBAL = Cloud(
    "global",
    "https://login.microsoftonline.com",
    "https://graph.microsoft.com",
    portal="https://entra.microsoft.com",
    label="Worldwide, GCC included",
)
GCC_HIGH = Cloud(
    "gcc-high",
    "https://login.microsoftonline.us",
    "https://graph.microsoft.us",
    portal="https://entra.microsoft.us",
    label="US Government: GCC High",
)
DOD = Cloud(
    "dod",
    "https://login.microsoftonline.us",
    "https://dod-graph.microsoft.us",
    portal="https://entra.microsoft.us",
    label="US Government: DoD",
)
CHINA = Cloud(
    "china",
    "https://login.chinacloudapi.cn",
    "https://microsoftgraph.chinacloudapi.cn",
    portal="https://entra.microsoftonline.cn",
    label="China, operated by 21Vianet",
)
NAMED = {cloud.name: cloud for cloud in (GLOBAL, GCC_HIGH, DOD, CHINA)}


def named(name: str) -> Cloud:
    """One of Microsoft's clouds. Errors: AskAdmin when there is none of that name."""
    try:
        return NAMED[name.strip().lower()]
    except KeyError as error:
        raise AskAdmin(
            code="cloud_unknown",
            sentence=f"There is no Microsoft cloud called {name!r}. Use one of: {', '.join(NAMED)}.",
        ) from error


def custom(graph: str, authority: str, ca_file: Path | None, pages: str = "", name: str = "custom") -> Cloud:
    """A cloud at other addresses. Errors: AskAdmin when an address is not a plain https address.

    pages:  may be http, on this machine only.
    """
    shown = "Sandbox tenant on this machine" if name == SANDBOX else "Another address"
    return Cloud(name, _plain("sign-in", authority), _plain("Graph", graph), ca_file, _pages(pages), label=shown)


def sandbox(file: Path) -> Cloud:
    """The cloud a sandbox tenant describes in the file it wrote when it was ready.

    Errors: AskAdmin when the file cannot be read or says something else.
    """
    facts = sandbox_facts(file)
    return custom(facts["graph"], facts["authority"], Path(facts["ca"]), facts["pages"], SANDBOX)


def sandbox_facts(file: Path) -> dict[str, str]:
    """What stands in the file. Errors: as `sandbox`."""
    try:
        found = json.loads(file.read_text("utf-8"))
        facts = {str(name): str(value) for name, value in found.items()}
        _ = facts["graph"], facts["authority"], facts["ca"], facts["pages"]
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise AskAdmin(
            code="sandbox_unreadable",
            sentence=f"The sandbox tenant's addresses could not be read from {file}. "
            "Start it with: entra-sandbox serve --ready-file FILE, and name that file in SEATWISE_SANDBOX.",
            detail=type(error).__name__,
        ) from error
    return facts


def trusted_file(cloud: Cloud) -> Path | None:
    """File of the certificates to trust: the cloud's own, else one the environment names, else None."""
    if cloud.ca_file is not None:
        return cloud.ca_file
    told = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    return Path(told) if told else None


def tls_context(cloud: Cloud) -> ssl.SSLContext:
    """Checks certificates and names, TLS 1.2 at least. Errors: AskAdmin when the file holds no certificate."""
    file = trusted_file(cloud)
    try:
        context = ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise AskAdmin(
            code="ca_unreadable",
            sentence=f"No certificate to trust could be read from {file}. "
            "Give a PEM file with a certificate authority.",
            detail=str(error),
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _plain(what: str, address: str) -> str:
    try:
        parts = urlsplit(address)
        is_plain = (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.port != 0
            and "@" not in parts.netloc
            and parts.path in ("", "/")
            and not parts.query
            and not parts.fragment
        )
    except ValueError:
        is_plain = False
    if not is_plain:
        raise AskAdmin(
            code="address_wrong",
            sentence=f"The {what} address {address!r} is not of the form https://host or https://host:port. "
            "Correct it and try again.",
        )
    return f"https://{parts.netloc}"


def _pages(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"):
        return f"http://{parts.netloc}"
    return _plain("sign-in page", address) if address else ""
