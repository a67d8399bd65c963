"""Turns a filter tree into a test of one row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from entra_sandbox.behaviour.errors import unknown_property
from entra_sandbox.odata.syntax import Call, Compare, In, Lambda, Literal, Logic, Node, Not, Path, invalid, parse_time

Read = Callable[[Any, str], Any]
Test = Callable[[Any], bool]
Scope = Mapping[str, Any]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def compile_filter(tree: Node, read: Read, known: Collection[str], entity: str, *, fold: bool = True) -> Test:
    """A test of one row.

    read:   gives a row's property by its declared name.
    known:  declared names; another one is refused with Graph's 400.
    fold:   whether strings are compared without case, as the directory does and the log does not.
    """
    names = {name.lower(): name for name in known}
    make = _Maker(read, names, entity, fold)
    test = make.truth(tree, frozenset())
    return lambda row: bool(test(row, {}))


def properties_of(tree: Node | None) -> set[str]:
    """First names of all paths outside lambdas' own variables, as written."""
    if isinstance(tree, Path):
        return {tree.names[0]}
    if isinstance(tree, Lambda):
        return {tree.path.names[0]}
    if isinstance(tree, Compare | Logic):
        return properties_of(tree.left) | properties_of(tree.right)
    if isinstance(tree, Not):
        return properties_of(tree.inner)
    if isinstance(tree, In):
        return properties_of(tree.left)
    if isinstance(tree, Call):
        return set().union(*map(properties_of, tree.arguments))
    return set()


def operators_of(tree: Node | None) -> set[str]:
    """Operators and functions used, in lower case: what makes a query an advanced one."""
    if isinstance(tree, Logic):
        return operators_of(tree.left) | operators_of(tree.right)
    if isinstance(tree, Compare):
        against = {"null"} if isinstance(tree.right, Literal) and tree.right.value is None else set()
        return {tree.operator, *against} | operators_of(tree.left)
    if isinstance(tree, Not):
        return {"not"} | operators_of(tree.inner)
    if isinstance(tree, In):
        return {"in"}
    if isinstance(tree, Call):
        return {tree.name}
    if isinstance(tree, Lambda):
        return {tree.quantifier} | operators_of(tree.body)
    return set()


class _Maker:
    def __init__(self, read: Read, names: Mapping[str, str], entity: str, fold: bool) -> None:
        self.read = read
        self.names = names
        self.entity = entity
        self.fold = fold

    def truth(self, node: Node, bound: frozenset[str]) -> Callable[[Any, Scope], Any]:
        if isinstance(node, Logic):
            left, right = self.truth(node.left, bound), self.truth(node.right, bound)
            if node.operator == "and":
                return lambda row, scope: left(row, scope) and right(row, scope)
            return lambda row, scope: left(row, scope) or right(row, scope)
        if isinstance(node, Not):
            inner = self.truth(node.inner, bound)
            return lambda row, scope: not inner(row, scope)
        if isinstance(node, Compare):
            return self.comparison(node, bound)
        if isinstance(node, In):
            left = self.value(node.left, bound)
            wanted = {self.plain(value) for value in node.values}
            return lambda row, scope: self.plain(left(row, scope)) in wanted
        if isinstance(node, Lambda):
            return self.quantified(node, bound)
        if isinstance(node, Literal) and not isinstance(node.value, bool):
            raise invalid("The filter is not a logical expression.")
        return self.value(node, bound)

    def comparison(self, node: Compare, bound: frozenset[str]) -> Callable[[Any, Scope], bool]:
        left, right = self.value(node.left, bound), self.value(node.right, bound)
        same = node.operator == "eq"
        if node.operator in ("eq", "ne"):

            def equal(row: Any, scope: Scope) -> bool:
                a, b = self.alike(left(row, scope), right(row, scope))
                return bool((a == b) == same)

            return equal
        order = _ORDER[node.operator]

        def ordered(row: Any, scope: Scope) -> bool:
            a, b = self.alike(left(row, scope), right(row, scope))
            try:
                return a is not None and b is not None and order(a, b)
            except TypeError:
                raise invalid(f"A binary operator with incompatible types was detected: '{node.operator}'.") from None

        return ordered

    def quantified(self, node: Lambda, bound: frozenset[str]) -> Callable[[Any, Scope], bool]:
        rows = self.value(node.path, bound)
        if node.body is None:
            return lambda row, scope: bool(rows(row, scope))
        body = self.truth(node.body, bound | {node.variable})
        decide = any if node.quantifier == "any" else all
        variable = node.variable
        return lambda row, scope: decide(body(row, {**scope, variable: item}) for item in rows(row, scope) or ())

    def value(self, node: Node, bound: frozenset[str]) -> Callable[[Any, Scope], Any]:
        if isinstance(node, Literal):
            value = node.value
            return lambda row, scope: value
        if isinstance(node, Path):
            return self.path(node, bound)
        if isinstance(node, Call):
            return self.call(node, bound)
        return self.truth(node, bound)

    def path(self, node: Path, bound: frozenset[str]) -> Callable[[Any, Scope], Any]:
        first, rest = node.names[0], node.names[1:]
        if first in bound:
            return lambda row, scope: _down(scope[first], rest)
        name = self.names.get(first.lower())
        if name is None:
            raise unknown_property(first, self.entity, "Invalid filter clause")
        read = self.read
        if not rest:
            return lambda row, scope: read(row, name)
        return lambda row, scope: _down(read(row, name), rest)

    def call(self, node: Call, bound: frozenset[str]) -> Callable[[Any, Scope], Any]:
        arguments = [self.value(argument, bound) for argument in node.arguments]
        if node.name in ("tolower", "toupper"):
            change = str.lower if node.name == "tolower" else str.upper
            return lambda row, scope: None if (v := arguments[0](row, scope)) is None else change(str(v))
        tests: dict[str, Callable[[str, str], bool]] = {
            "startswith": str.startswith,
            "endswith": str.endswith,
            "contains": str.__contains__,
        }
        test = tests[node.name]

        def apply(row: Any, scope: Scope) -> bool:
            a, b = self.plain(arguments[0](row, scope)), self.plain(arguments[1](row, scope))
            return a is not None and b is not None and test(str(a), str(b))

        return apply

    def plain(self, value: Any) -> Any:
        return value.casefold() if self.fold and isinstance(value, str) else value

    def alike(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Both as times when one is a time, else as plain values."""
        if isinstance(a, datetime) or isinstance(b, datetime):
            return _time(a), _time(b)
        return self.plain(a), self.plain(b)


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_time(value)
    except ValueError:
        return None


def _down(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
