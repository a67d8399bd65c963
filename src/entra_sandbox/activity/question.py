"""Reads a question about the sign-in log: which seconds, which kinds, what else must hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entra_sandbox.behaviour.ask import Ask
from entra_sandbox.behaviour.errors import bad_request, unknown_property
from entra_sandbox.odata.match import compile_filter, properties_of
from entra_sandbox.odata.options import read_order, read_top
from entra_sandbox.odata.syntax import Compare, Literal, Logic, Node, Path, invalid, parse_filter
from entra_sandbox.world.shapes import KINDS

MOST = 1000
ENTITY = "microsoft.graph.signIn"
_USER_KINDS = frozenset(KINDS[:2])
# Newer than unknownFutureValue: these reach only callers who ask for unknown members.
OLD_PROTOCOLS = frozenset({"none", "oAuth2", "ropc", "wsFederation", "saml20", "deviceCode"})
OLD_TOKENS = frozenset({"none", "primaryRefreshToken", "saml11", "saml20"})


@dataclass(frozen=True)
class Question:
    """first_s, end_s: half-open range of whole seconds since 1970. wanted: equalities a column can answer.

    test:  what remains to be tested on the served row, None for nothing.
    """

    first_s: int
    end_s: int
    kinds: tuple[str, ...]
    descending: bool
    top: int
    wanted: tuple[tuple[str, Any], ...]
    test: Callable[[Any], bool] | None


def read_question(ask: Ask, known: Collection[str]) -> Question:
    """Raises Graph's 400 for what the version does not know or does not mix."""
    text = ask.options.get("$filter", "")
    tree = parse_filter(text) if text.strip() else None
    names = {name.lower(): name for name in known}
    first_s, end_s = -(2**40), 2**40
    kinds: set[str] = set(KINDS)
    asked_kinds = False
    wanted: list[tuple[str, Any]] = []
    rest: list[Node] = []
    for part in conjuncts(tree):
        used = {name.lower() for name in properties_of(part)}
        for name in used:
            if name not in names:
                raise unknown_property(
                    name if name != "signineventtypes" else "signInEventTypes", ENTITY, "Invalid filter clause"
                )
        bounds = _bounds(part)
        if bounds is not None:
            first_s, end_s = max(first_s, bounds[0]), min(end_s, bounds[1])
        elif used == {"signineventtypes"}:
            asked_kinds = True
            kinds &= _kinds(part)
        elif "signineventtypes" in used:
            raise bad_request("A filter on signInEventTypes cannot be combined with another property by 'or'.")
        elif (equal := _equality(part)) is not None and equal[0].lower() in ("appid", "userid"):
            wanted.append((names[equal[0].lower()], equal[1]))
        else:
            rest.append(part)
    if not asked_kinds:
        kinds = {"interactiveUser"}
    if len(kinds) > 1 and not kinds <= _USER_KINDS:
        raise bad_request(
            "Filtering on more than one signInEventType is supported only for interactiveUser and nonInteractiveUser."
        )
    test = None
    for part in rest:
        # Values of the log are compared as they stand, unlike those of the directory.
        test = _both(test, compile_filter(part, _read, known, ENTITY, fold=False))
    return Question(
        first_s,
        end_s,
        tuple(kind for kind in KINDS if kind in kinds),
        _descending(ask, known),
        _top(ask),
        tuple(wanted),
        test,
    )


def _read(row: Any, name: str) -> Any:
    return row[name]


def conjuncts(tree: Node | None) -> Iterator[Node]:
    """The parts that must all hold."""
    if tree is None:
        return
    if isinstance(tree, Logic) and tree.operator == "and":
        yield from conjuncts(tree.left)
        yield from conjuncts(tree.right)
    else:
        yield tree


def _both(left: Callable[[Any], bool] | None, right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    if left is None:
        return right
    return lambda row: left(row) and right(row)


def _equality(part: Node) -> tuple[str, Any] | None:
    if (
        isinstance(part, Compare)
        and part.operator == "eq"
        and isinstance(part.left, Path)
        and len(part.left.names) == 1
        and isinstance(part.right, Literal)
    ):
        return part.left.names[0], part.right.value
    return None


def _bounds(part: Node) -> tuple[int, int] | None:
    """Whole seconds a comparison of createdDateTime leaves; the log serves whole seconds, so fractions round up."""
    if not (
        isinstance(part, Compare)
        and isinstance(part.left, Path)
        and len(part.left.names) == 1
        and part.left.names[0].lower() == "createddatetime"
        and isinstance(part.right, Literal)
    ):
        return None
    at = part.right.value
    if not isinstance(at, datetime):
        raise invalid(
            "A binary operator with incompatible types was detected. Found operand types "
            "'Edm.DateTimeOffset' and 'Edm.String'."
        )
    stamp = at.timestamp()
    up, after = math.ceil(stamp), math.floor(stamp) + 1
    least, most = -(2**40), 2**40
    table = {"ge": (up, most), "gt": (after, most), "lt": (least, up), "le": (least, after), "eq": (up, after)}
    if part.operator not in table:
        raise invalid("The operator 'ne' is not supported for createdDateTime.")
    return table[part.operator]


def _kinds(part: Node) -> set[str]:
    test = compile_filter(part, lambda row, _: [row], {"signInEventTypes"}, ENTITY)
    return {kind for kind in KINDS if test(kind)}


def _descending(ask: Ask, known: Collection[str]) -> bool:
    """Newest first unless ordered."""
    text = ask.options.get("$orderby", "").strip()
    if not text:
        return True
    order = read_order(text, known, ENTITY)
    if [name for name, _ in order] != ["createdDateTime"]:
        raise bad_request("Sorting is supported only for createdDateTime.")
    return order[0][1]


def _top(ask: Ask) -> int:
    return read_top(ask.options["$top"], MOST, refuse=False) if ask.options.get("$top") else MOST
