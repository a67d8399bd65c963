"""What an entity type of Graph is to the sandbox: its declared properties and how each is read from the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entra_sandbox.directory.index import Index

Getter = Callable[[Any, Index], Any]
NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True)
class Entity:
    """properties: every declared structural property. default: those of an answer without $select.

    absent_in_lists: properties kept elsewhere, 501 on a collection.
    """

    name: str
    properties: Mapping[str, Getter]
    default: tuple[str, ...]
    sortable: frozenset[str] = frozenset({"displayName"})
    absent_in_lists: frozenset[str] = frozenset()
    expandable: Mapping[str, Callable[[Any, Index], Any]] | None = None

    def render(self, row: Any, names: Iterable[str], index: Index) -> dict[str, Any]:
        properties = self.properties
        return {name: properties[name](row, index) for name in names}

    def read(self, index: Index) -> Callable[[Any, str], Any]:
        properties = self.properties
        return lambda row, name: properties[name](row, index)


def attribute(name: str) -> Getter:
    return lambda row, _: getattr(row, name)


def listed(name: str) -> Getter:
    return lambda row, _: list(getattr(row, name))


def time(name: str) -> Getter:
    return lambda row, _: show_time(getattr(row, name))


def show_time(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def constant(value: Any) -> Getter:
    return lambda _row, _index: value


def empty() -> Getter:
    return lambda _row, _index: []


def declared(known: Mapping[str, Getter], nulls: str = "", lists: str = "") -> dict[str, Getter]:
    """The known properties together with those that are always null or always an empty collection."""
    found: dict[str, Getter] = dict(known)
    for name in nulls.split():
        found.setdefault(name, constant(None))
    for name in lists.split():
        found.setdefault(name, empty())
    return found


def without(names: Iterable[str], left_out: str) -> tuple[str, ...]:
    out = set(left_out.split())
    return tuple(name for name in names if name not in out)
