"""The list of products in apps.yaml, ready to be looked up by domain, app id and name.

A declaration like the others, kept as YAML because people extend it; it is read once from the package itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

import yaml

CATEGORIES: Final = (
    "Business Management",
    "CRM",
    "Collaboration",
    "Consumer",
    "Content management",
    "Data services",
    "Developer services",
    "E-commerce",
    "ERP",
    "Education",
    "Finance",
    "Health",
    "Human resources",
    "IT infrastructure",
    "Mail",
    "Management",
    "Marketing",
    "Media",
    "Productivity",
    "Project management",
    "Telecommunications",
    "Tools",
    "Travel",
    "Web design & hosting",
)
"""Microsoft's words. Source: Microsoft Graph, applicationTemplate resource type, property categories."""

_LEGAL_FORMS = """inc incorporated ltd limited llc llp gmbh ag ab as bv nv oy sa sas srl plc corp corporation co company
    pte pty kg se technologies technology software"""
_ADDITIONS = """sso saml saml2 oidc oauth entra azure ad aad app application login prod production test testing uat qa
    staging stage dev development sandbox demo poc legacy old new cloud online enterprise"""
_COMPANY = frozenset(_LEGAL_FORMS.split())
_ADDED = frozenset(_ADDITIONS.split())
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_]+(?:['’.+&!][^\W_]+)*", re.UNICODE)
_LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the list. domains: registered names or hosts below them, in lower case; aliases: as written."""

    name: str
    vendor: str
    category: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    app_ids: tuple[tuple[str, str], ...] = ()
    """appId and the list it is published in"""
    carries: bool = False
    is_word: bool = False


@cache
def products() -> tuple[Product, ...]:
    """Every product of the list, in its order."""
    text = resources.files(__package__).joinpath("apps.yaml").read_text("utf-8")
    # The same loader everywhere; the one in C reads the list twelve times as fast where it was built.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    listed: dict[str, dict[str, dict[str, object]]] = yaml.load(text, loader)  # noqa: S506  a safe loader either way
    return tuple(
        _product(category, str(name), told) for category, those in listed.items() for name, told in those.items()
    )


def _product(category: str, name: str, told: dict[str, object]) -> Product:
    def texts(key: str) -> tuple[str, ...]:
        found = told.get(key, ())
        return tuple(str(one) for one in found) if isinstance(found, list) else ()

    ids = told.get("app_ids", {})
    return Product(
        name,
        str(told.get("vendor", name)),
        category,
        texts("domains"),
        texts("names"),
        tuple((str(one), str(source)) for one, source in ids.items()) if isinstance(ids, dict) else (),
        bool(told.get("carries")),
        bool(told.get("is_word")),
    )


@cache
def by_domain() -> dict[str, tuple[Product, ...]]:
    return _index((domain, one) for one in products() for domain in one.domains)


@cache
def by_app_id() -> dict[str, Product]:
    return {app_id: one for one in products() for app_id, _ in one.app_ids}


@cache
def by_name() -> dict[str, Product]:
    """Normalised name → product; a product's own name goes before another's alias."""
    found = {words_of(alias): one for one in reversed(products()) for alias in one.aliases}
    return found | {words_of(one.name): one for one in reversed(products())}


@cache
def by_vendor() -> dict[str, tuple[Product, ...]]:
    return _index((words_of(one.vendor), one) for one in products())


def _index(pairs: Iterable[tuple[str, Product]]) -> dict[str, tuple[Product, ...]]:
    found: dict[str, list[Product]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(those) for key, those in found.items()}


def at_host(host: str) -> tuple[Product, ...]:
    """Products whose pages stand at a host or above it, those of the nearest domain."""
    parts = host.split(".")
    for at in range(len(parts) - 1):
        if found := by_domain().get(".".join(parts[at:])):
            return found
    return ()


def is_own_page(host: str, one: Product) -> bool:
    """Whether a page at a host tells of the product itself: those that carry others' apps give each a name below."""
    return not one.carries or host.removeprefix("www.") in one.domains


def host_of(address: str | None) -> str:
    """Host of an address in lower case, empty when it has none of its own (loopback, a bare word, another scheme)."""
    try:
        parts = urlsplit((address or "").strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if parts.scheme.lower() in ("http", "https") and "." in host and not _is_number(host) else ""


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


def words_of(name: str) -> str:
    """A name without case, accents, marks, legal forms and remarks in brackets; words with single blanks between."""
    plain = unicodedata.normalize("NFKD", _ASIDE.sub(" ", name).casefold())
    words = _WORD.findall("".join(mark for mark in plain if not unicodedata.combining(mark)))
    while len(words) > 1 and words[-1].rstrip(".") in _COMPANY:
        words.pop()
    return " ".join(words)


def named(name: str) -> Product | None:
    """The product a name is of: the whole name, the name without what people add, or a name that begins with it."""
    words = words_of(name).split()
    if found := by_name().get(" ".join(words)):
        return found
    bare = [word for word in words if word not in _ADDED]
    if found := by_name().get(" ".join(bare)):
        return found
    for n in range(len(bare) - 1, 0, -1):
        start = " ".join(bare[:n])
        found = by_name().get(start)
        if found is not None and (n > 1 or (not found.is_word and len(start) >= _LONG_ENOUGH)):
            return found
    return None
