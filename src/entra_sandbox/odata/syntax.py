"""Reads a $filter text into a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from entra_sandbox.behaviour.errors import bad_request

Value = str | int | float | bool | datetime | None


@dataclass(frozen=True)
class Literal:
    """`text` tells a quoted string from a bare word such as a GUID."""

    value: Value


@dataclass(frozen=True)
class Path:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Compare:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class In:
    left: Node
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Logic:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not:
    inner: Node


@dataclass(frozen=True)
class Lambda:
    """variable and body are empty for `any()` without arguments."""

    path: Path
    quantifier: str
    variable: str
    body: Node | None


Node = Literal | Path | Call | Compare | In | Logic | Not | Lambda

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)
    | (?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<word>[@$A-Za-z_][\w.]*)
    | (?P<mark>[(),/:])
    )""",
    re.VERBOSE,
)

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
FUNCTIONS = {"startswith": 2, "endswith": 2, "contains": 2, "tolower": 1, "toupper": 1}
_DEPTH = 50


def invalid(reason: str) -> Exception:
    return bad_request(f"Invalid filter clause: {reason}")


def parse_filter(text: str) -> Node:
    """Raises the 400 of Graph when the text is no filter."""
    reader = _Reader(text)
    tree = reader.either()
    if reader.kind != "end":
        raise invalid(f"Syntax error at position {reader.at} in '{text}'.")
    return tree


def parse_time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.kind = ""
        self.token = ""
        self.step()

    def step(self) -> str:
        """Go to the next token; gives the one left behind."""
        left = self.token
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            if self.text[self.at :].strip():
                raise invalid(f"Syntax error at position {self.at} in '{self.text}'.")
            self.kind, self.token = "end", ""
            return left
        self.kind, self.token = str(match.lastgroup), match.group(str(match.lastgroup))
        self.at = match.end()
        return left

    def fail(self) -> Exception:
        return invalid(f"Syntax error at position {self.at} in '{self.text}'.")

    def take(self, mark: str) -> None:
        if self.token != mark or self.kind != "mark":
            raise self.fail()
        self.step()

    def is_mark(self, mark: str) -> bool:
        return self.kind == "mark" and self.token == mark

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.token.lower() in words

    def either(self) -> Node:
        left = self.both()
        while self.is_word("or"):
            self.step()
            left = Logic("or", left, self.both())
        return left

    def both(self) -> Node:
        left = self.negated()
        while self.is_word("and"):
            self.step()
            left = Logic("and", left, self.negated())
        return left

    def negated(self) -> Node:
        if not self.is_word("not"):
            return self.compared()
        self.step()
        return Not(self.negated())

    def compared(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            raise invalid("The filter is nested too deeply.")
        left = self.operand()
        if self.is_word(*COMPARISONS):
            operator = self.step().lower()
            left = Compare(operator, left, self.operand())
        elif self.is_word("in"):
            self.step()
            left = In(left, self.values())
        self.depth -= 1
        return left

    def values(self) -> tuple[Value, ...]:
        self.take("(")
        found: list[Value] = []
        while True:
            item = self.operand()
            if not isinstance(item, Literal):
                raise self.fail()
            found.append(item.value)
            if not self.is_mark(","):
                break
            self.step()
        self.take(")")
        return tuple(found)

    def operand(self) -> Node:
        if self.is_mark("("):
            self.step()
            inner = self.either()
            self.take(")")
            return inner
        if self.kind == "string":
            return Literal(self.step()[1:-1].replace("''", "'"))
        if self.kind in ("time", "date"):
            try:
                return Literal(parse_time(self.step()))
            except ValueError as problem:
                raise self.fail() from problem
        if self.kind == "guid":
            return Literal(self.step().lower())
        if self.kind == "number":
            text = self.step()
            return Literal(float(text) if "." in text else int(text))
        if self.kind == "word":
            return self.named()
        raise self.fail()

    def named(self) -> Node:
        word = self.step()
        low = word.lower()
        if low in ("null", "true", "false"):
            return Literal({"null": None, "true": True, "false": False}[low])
        if self.is_mark("("):
            return self.called(low)
        names = [word]
        while self.is_mark("/"):
            self.step()
            if self.kind != "word":
                raise self.fail()
            if self.is_word("any", "all"):
                return self.quantified(Path(tuple(names)))
            names.append(self.step())
        return Path(tuple(names))

    def called(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise invalid(f"An unknown function with name '{name}' was found.")
        self.take("(")
        arguments = [self.operand()]
        while self.is_mark(","):
            self.step()
            arguments.append(self.operand())
        self.take(")")
        if len(arguments) != FUNCTIONS[name]:
            raise invalid(f"No function signature for the function with name '{name}' matches the specified arguments.")
        return Call(name, tuple(arguments))

    def quantified(self, path: Path) -> Node:
        quantifier = self.step().lower()
        self.take("(")
        if self.is_mark(")"):
            self.step()
            return Lambda(path, quantifier, "", None)
        if self.kind != "word":
            raise self.fail()
        variable = self.step()
        self.take(":")
        body = self.either()
        self.take(")")
        return Lambda(path, quantifier, variable, body)
