"""Reads the other query options: $select, $orderby, $top, $count, $expand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from entra_sandbox.behaviour.errors import bad_request, unknown_property

_ANNOTATION = re.compile(r"^[\w.]*@[\w.]+$")


@dataclass(frozen=True)
class Expansion:
    name: str
    options: Mapping[str, str] = field(default_factory=dict)


def parts_of(text: str, mark: str = ",") -> list[str]:
    """Splits at the mark outside brackets and strings."""
    found, depth, quoted, begin = [], 0, False, 0
    for i, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and depth == 0 and not quoted:
            found.append(text[begin:i].strip())
            begin = i + 1
    return [part for part in [*found, text[begin:].strip()] if part]


def read_select(text: str, known: Collection[str], entity: str) -> tuple[str, ...] | None:
    """Declared names in the caller's order, None for `*`; an unknown one is refused as Graph does."""
    names = {name.lower(): name for name in known}
    chosen: dict[str, None] = {}
    for part in parts_of(text):
        if part == "*":
            return None
        if _ANNOTATION.match(part):
            continue
        first = part.split("/")[0].strip()
        name = names.get(first.lower())
        if name is None:
            raise unknown_property(first, entity, "Parsing OData Select and Expand failed")
        chosen[name] = None
    return tuple(chosen)


def read_top(text: str, most: int, *, refuse: bool = True) -> int:
    """Rows a page; above the maximum refused or cut, depending on the resource."""
    if not re.fullmatch(r"\d{1,9}", text.strip()):
        raise bad_request(
            f"Invalid value '{text}' for $top query option found. The $top query option requires a "
            "non-negative integer value."
        )
    top = int(text)
    if top < 1:
        raise bad_request(
            "Invalid page size specified: '0'. Must be between 1 and 999 inclusive.", "Request_BadRequest"
        )
    if top > most and refuse:
        raise bad_request(
            f"Invalid page size specified: '{top}'. Must be between 1 and {most} inclusive.", "Request_BadRequest"
        )
    return min(top, most)


def read_order(text: str, known: Collection[str], entity: str) -> list[tuple[str, bool]]:
    """Pairs of declared name and whether descending."""
    names = {name.lower(): name for name in known}
    orders = []
    for part in parts_of(text):
        words = part.split()
        name = names.get(words[0].split("/")[0].lower())
        if name is None:
            raise unknown_property(words[0], entity, "Invalid orderby clause")
        if len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
            raise bad_request(f"Invalid orderby clause: Syntax error in '{part}'.")
        orders.append((name, len(words) == 2 and words[1].lower() == "desc"))
    return orders


def read_flag(text: str) -> bool:
    if text.strip().lower() not in ("true", "false"):
        raise bad_request(f"Invalid value '{text}' for $count query option found. Valid values are 'true' or 'false'.")
    return text.strip().lower() == "true"


def read_expand(text: str) -> list[Expansion]:
    found = []
    for part in parts_of(text):
        name, bracket, inside = part.partition("(")
        if bracket and not inside.endswith(")"):
            raise bad_request("Parsing OData Select and Expand failed: Syntax error.")
        options = {}
        for option in parts_of(inside[:-1], ";") if bracket else []:
            key, _, value = option.partition("=")
            options["$" + key.strip().lower().lstrip("$")] = value.strip()
        found.append(Expansion(name.strip(), options))
    return found
