"""The filter language: what a text means, and what is no filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_sandbox.behaviour.errors import GraphError
from entra_sandbox.odata.match import compile_filter
from entra_sandbox.odata.options import parts_of, read_expand
from entra_sandbox.odata.syntax import parse_filter

KNOWN = ("name", "age", "on", "at", "tags", "licences", "status", "nothing")
ADA: dict[str, Any] = {
    "name": "Ada O'Neil", "age": 36, "on": True, "at": "2026-09-30T05:15:41.1234567Z", "tags": ["a", "b"],
    "licences": [{"skuId": "6fd2c87f-b296-42f0-b197-1e91e994b900"}], "status": {"errorCode": 0}, "nothing": None,
}  # fmt: skip


def meets(text: str, row: dict[str, Any] | None = None) -> bool:
    test = compile_filter(parse_filter(text), lambda row, name: row[name], KNOWN, "microsoft.graph.thing")
    return test(ADA if row is None else row)


@pytest.mark.parametrize(
    "text",
    [
        "name eq 'ADA O''Neil'", "name ne 'Bob'", "startswith(name,'ada')", "endswith(name, 'NEIL')",
        "contains(name,'o''n')", "age gt 35 and age le 36", "not (age lt 36)", "on", "on eq true", "nothing eq null",
        "at ge 2026-09-30T05:15:41Z and at lt 2026-09-30T05:15:42Z", "at gt 2026-09-30", "tags/any(t: t eq 'b')",
        "tags/any(t:t eq 'x' or t eq 'A')", "not tags/any(t: t eq 'c')", "tags/all(t: t ne 'c')", "tags/any()",
        "licences/any(l:l/skuId eq 6FD2C87F-b296-42f0-b197-1e91e994b900)", "status/errorCode eq 0", "age in (1, 36)",
        "NAME eq 'ada o''neil'", "age eq 1 or age eq 36 and on", "tolower(name) eq 'ada o''neil'",
    ],
)  # fmt: skip
def test_what_holds(text: str) -> None:
    assert meets(text)
    assert not meets(f"not ({text})")


@pytest.mark.parametrize(
    "text", ["name eq", "eq 1", "(age eq 1", "age eq 1)", "age = 1", "name eq 'a", "foo(name,'a')", "startswith(name)",
             "age eq 1 and", "tags/any(t t eq 'a')", "5", "name eq 'a' 'b'", "age gt 'x'"]
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(GraphError) as refusal:
        meets(text)
    assert refusal.value.status == 400


def test_an_unknown_property_is_named() -> None:
    with pytest.raises(GraphError, match=r"property named .shoe. on type .microsoft\.graph\.thing."):
        meets("shoe eq 1")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_string_can_be_compared(left: str, right: str) -> None:
    quoted = right.replace("'", "''")
    row = {**ADA, "name": left}
    assert meets(f"name eq '{quoted}'", row) == (left.casefold() == right.casefold())
    assert meets(f"startswith(name,'{quoted}')", row) == left.casefold().startswith(right.casefold())


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_numbers_compare_as_numbers(left: int, right: int) -> None:
    row = {**ADA, "age": left}
    found = [name for name in ("eq", "ne", "lt", "le", "gt", "ge") if meets(f"age {name} {right}", row)]
    wanted = {"eq": left == right, "ne": left != right, "lt": left < right, "le": left <= right, "gt": left > right,
              "ge": left >= right}  # fmt: skip
    assert found == [name for name, holds in wanted.items() if holds]


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))
)
def test_times_compare_as_times(left: datetime, right: datetime) -> None:
    a, b = left.replace(tzinfo=UTC), right.replace(tzinfo=UTC)
    text = b.isoformat().replace("+00:00", "Z")
    assert meets(f"at lt {text}", {**ADA, "at": a.isoformat()}) == (a < b)


tree = st.recursive(
    st.sampled_from(["on", "age eq 36", "age eq 1", "name eq 'x'"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"not ({text})"),
    ),
    max_leaves=12,
)


@given(tree)
def test_logic_is_that_of_python(text: str) -> None:
    python = text.replace("age eq", "36 ==").replace("name eq 'x'", "False").replace("on", "True")
    assert meets(text) == eval(python)  # noqa: S307 (our own text of four words)


@given(st.text(max_size=60))
def test_no_text_does_worse_than_a_400(text: str) -> None:
    try:
        meets(text)
    except GraphError as refusal:
        assert refusal.status == 400


def test_lists_are_split_outside_brackets_and_strings() -> None:
    assert parts_of("a,b(c,d),'e,f'") == ["a", "b(c,d)", "'e,f'"]
    assert read_expand("members($select=id,mail;$top=5),owners")[0].options == {"$select": "id,mail", "$top": "5"}
