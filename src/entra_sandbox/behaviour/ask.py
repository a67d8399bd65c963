"""One question to Graph and its answer, alike for a plain request and for a part of a batch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote_plus, urlsplit

from entra_sandbox.behaviour.errors import bad_request

_KEYED = re.compile(r"^([A-Za-z0-9_.]+)\((.*)\)$", re.DOTALL)
# A letter after `&` that is no option is still the caller's text: links repeat it as it came.
_OPTION = re.compile(r"^\$?(select|top|filter|orderby|count|expand|search|skip|skiptoken|deltatoken|format)$")


class Caller(Protocol):
    @property
    def app_only(self) -> bool: ...
    @property
    def permissions(self) -> frozenset[str]: ...
    @property
    def tenant_id(self) -> str: ...
    @property
    def app_id(self) -> str: ...
    @property
    def oid(self) -> str: ...
    @property
    def wids(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Ask:
    """One question.

    version:   "v1.0" or "beta".
    segments:  decoded path after the version; a key in parentheses is a segment of its own.
    options:   system query options, names with their dollar sign in lower case.
    origin:    scheme and host the caller used, without trailing slash.
    query:     the query text as it came, for next links.
    """

    method: str
    version: str
    segments: tuple[str, ...]
    options: Mapping[str, str]
    headers: Mapping[str, str]
    caller: Caller
    origin: str
    path: str
    query: str
    body: Any = None

    @property
    def root(self) -> str:
        return f"{self.origin}/{self.version}"

    def prefers(self, wish: str) -> bool:
        return wish in self.headers.get("prefer", "").lower()

    @property
    def is_eventual(self) -> bool:
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def link(self, name: str, token: str) -> str:
        """The absolute address of the next page: the same question with the token in place of the old one."""
        kept = [part for part in self.query.split("&") if part and not _is_token(part)]
        return f"{self.root}{self.path}?{'&'.join([*kept, f'${name}={token}'])}"


@dataclass
class Answer:
    """payload: the JSON value, or text for text/plain. units: resource units, None for reports."""

    payload: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = (
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
    )
    encoded: bytes | None = None


def _is_token(part: str) -> bool:
    name = unquote_plus(part.split("=", 1)[0]).lower().lstrip("$")
    return name in ("skiptoken", "deltatoken")


def segments_of(path: str) -> tuple[str, ...]:
    """Decoded segments of a raw path; `users('x')` becomes two, function calls keep their name."""
    found: list[str] = []
    for raw in path.split("/"):
        if not raw:
            continue
        segment = _unquote(raw)
        keyed = _KEYED.match(segment)
        if keyed is None:
            found.append(segment)
            continue
        name, inside = keyed.groups()
        found.append(name)
        if inside.strip():
            found.append(_key(inside.strip()))
    return tuple(found)


def _unquote(raw: str) -> str:
    # A plus is a plus in a path, a space only in a query.
    return unquote_plus(raw.replace("+", "%2B"))


def _key(inside: str) -> str:
    if "=" in inside and not inside.startswith("'"):
        name, _, value = inside.partition("=")
        return f"{name.strip()}={_plain(value.strip())}"
    return _plain(inside)


def _plain(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value


def options_of(query: str) -> dict[str, str]:
    """System query options by name; the dollar sign may be missing, names are compared without case."""
    options: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        key = unquote_plus(name).lower()
        if not _OPTION.match(key):
            continue
        key = "$" + key.lstrip("$")
        if key in options:
            raise bad_request(
                f"Query option '{key}' was specified more than once, but it must be specified at most once."
            )
        options[key] = unquote_plus(value)
    return options


def split(url: str) -> tuple[str, str]:
    """Raw path and raw query of a relative address."""
    parts = urlsplit(url if url.startswith("/") or "://" in url else "/" + url)
    return parts.path, parts.query
