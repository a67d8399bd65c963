"""Addresses of Microsoft Graph: built, encoded, and pinned to one host before a token goes there. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from seatwise.base.clock import format_time
from seatwise.base.errors import AskAdmin

Version = Literal["v1.0", "beta"]
BATCH_SIZE = 20

_PATH_SAFE = "/$(),:'=@"
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Part:
    """One GET inside a `$batch`. path: from the version root, options encoded (see `relative`)."""

    id: str
    path: str


def address(graph: str, version: Version, path: str, params: Mapping[str, str | int] | None = None) -> str:
    """Absolute address. path: from the version root, with a slash first; params: `$select` and friends, plain text."""
    return f"{graph}/{version}{relative(path, params)}"


def relative(path: str, params: Mapping[str, str | int] | None = None) -> str:
    """Path and options encoded for a plain GET or a part of a `$batch`."""
    options = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in (params or {}).items())
    encoded = quote(path, safe=_PATH_SAFE)
    return f"{encoded}?{options}" if options else encoded


def literal(text: str) -> str:
    """A text inside a filter: `O'Neil` becomes `'O''Neil'`."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def between(name: str, start: datetime, end: datetime) -> str:
    """Filter for start ≤ property < end. Dates in filters are unquoted, UTC, in whole seconds."""
    return f"{name} ge {format_time(start)} and {name} lt {format_time(end)}"


def batch_body(parts: Sequence[Part]) -> dict[str, Any]:
    """Body of a `$batch` of at most 20 parts with distinct ids."""
    return {"requests": [{"id": part.id, "method": "GET", "url": part.path} for part in parts]}


def pinned(graph: str, link: str, base: str | None = None) -> str:
    """The link, unchanged, when it leads to the same Graph; a token may follow it then.

    base:    address a relative link is meant from; None when links must be absolute.
    Errors:  AskAdmin `foreign_link` for any other scheme, host, port, or path outside /v1.0 and /beta.
    """
    if base is not None and link.startswith("/") and not link.startswith("//"):
        link = f"{graph}{link}"
    if not _leads_home(graph, link):
        raise AskAdmin(
            code="foreign_link",
            sentence="Microsoft's answer pointed to an unexpected address, so the data set was not read further. "
            "No token was sent there. If it happens again, ask your network team about a proxy that changes answers.",
            detail=f"link to {_host(link)}",
        )
    return link


def as_part(graph: str, link: str) -> str:
    """The link as the path of a `$batch` part: without host and version."""
    path = pinned(graph, link)[len(graph) :]
    return path[path.index("/", 1) :]


def _leads_home(graph: str, link: str) -> bool:
    if _CONTROL.search(link):
        return False
    try:
        home, there = urlsplit(graph), urlsplit(link)
        if there.scheme != "https" or "@" in there.netloc or there.fragment:
            return False
        if (there.hostname, there.port or 443) != (home.hostname, home.port or 443):
            return False
    except ValueError:
        return False
    parts = unquote(there.path).lower().split("/")
    return len(parts) > 2 and parts[0] == "" and parts[1] in ("v1.0", "beta") and ".." not in parts


def _host(link: str) -> str:
    try:
        return urlsplit(link).netloc[:100] or "no host"
    except ValueError:
        return "no address"
