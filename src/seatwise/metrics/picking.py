"""Which rows of an answer are wanted, in which order, which page of them, and what they add up to.

Names of columns come from the metric's declaration only; what people type goes in as a bound value.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from seatwise.base.errors import AskAdmin
from seatwise.lake.reading import Lake
from seatwise.metrics import money
from seatwise.metrics.shapes import Column, Filter, Metric, Question

_DAY_LENGTH: Final = 10
_SQL_TYPES: Final = {"int": "BIGINT", "bool": "BOOLEAN", "number": "DECIMAL(38, 1)", "money": "BIGINT"}
_RIGHT: Final = {
    "int": "a whole number",
    "number": "a number",
    "money": "an amount such as 12.50",
    "bool": "true or false",
}


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows as dictionaries of JSON values, how many there were before paging, sums over all of those, and facets."""

    rows: list[dict[str, Any]]
    n_rows: int
    sums: dict[str, Any]
    facets: dict[str, list[tuple[Any, int]]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """SQL conditions by the column they are about ("" for the search), each with its values."""

    parts: tuple[tuple[str, str, list[Any]], ...]

    def where(self, without: str | None = None) -> tuple[str, list[Any]]:
        kept = [part for part in self.parts if part[0] != without]
        sql = " AND ".join(f"({text})" for _, text, _ in kept)
        return (f" WHERE {sql}" if sql else ""), [value for *_, values in kept for value in values]


def pick(lake: Lake, source: str, metric: Metric, question: Question) -> Picked:
    """What the question wants of all the metric's rows.

    source:  SQL that can stand after FROM and has the metric's columns.
    Errors:  AskAdmin for a column the metric does not have or a value that is not one.
    """
    columns = {column.name: column for column in metric.columns}
    wanted = _wanted(metric, question, columns)
    where, values = wanted.where()
    order = ", ".join([*(_sorted(sort.column, sort.way, columns) for sort in question.sort), metric.order])
    page = f" LIMIT {int(question.limit)}" if question.limit is not None else ""
    page += f" OFFSET {int(question.offset)}" if question.offset else ""
    shown = ", ".join(_shown(column) for column in metric.columns)
    found = lake.rows(f"SELECT {shown} FROM {source}{where} ORDER BY {order}{page}", values)
    return Picked(
        [_row(metric.columns, row) for row in found],
        *_totals(lake, source, metric, wanted, len(found) if not page else None),
        {name: _facet(lake, source, _known(name, columns), wanted) for name in question.facets},
    )


def check(question: Question, metric: Metric) -> dict[str, str]:
    """The metric's parameters as variables of the question. Errors: AskAdmin for one it does not take."""
    given = dict(question.of)
    known = dict(metric.parameters)
    for name, value in given.items():
        if name not in known:
            raise AskAdmin(
                code="parameter_unknown",
                sentence=f"{metric.name} takes no {name!r}. It takes: {', '.join(known) or 'nothing'}.",
            )
        if value not in dict(metric.choices).get(name, (value,)):
            raise AskAdmin(
                code="parameter_wrong",
                sentence=f"{name} cannot be {value!r}. It is one of: {', '.join(dict(metric.choices)[name])}.",
            )
    return {f"of_{name}": given.get(name, default) for name, default in metric.parameters}


def _known(name: str, columns: dict[str, Column]) -> Column:
    if name not in columns:
        raise AskAdmin(code="column_unknown", sentence=f"There is no column {name!r}. Known: {', '.join(columns)}.")
    return columns[name]


def _wanted(metric: Metric, question: Question, columns: dict[str, Column]) -> _Wanted:
    parts = [(f.column, *_condition(f, _known(f.column, columns))) for f in question.where]
    if question.search.strip() and metric.searched:
        text = " OR ".join(f"contains(lower({_text(columns[name])}), lower(?))" for name in metric.searched)
        parts.append(("", text, [question.search.strip()] * len(metric.searched)))
    if question.app is not None and "app_id" in columns:
        parts.append(("app_id", "app_id = ?", [question.app.strip().lower()]))
    return _Wanted(tuple(parts))


def _condition(wanted: Filter, column: Column) -> tuple[str, list[Any]]:
    values = [_value(column, value) for value in wanted.values if value is not None]
    name = _quoted(column.name)
    if wanted.op == "has":
        if column.type != "list":
            raise AskAdmin(code="filter_wrong", sentence=f"{column.name} is no list; use is or not.")
        return f"len(list_intersect({name}, CAST(? AS VARCHAR[]))) > 0", [values]
    if column.type == "list":
        raise AskAdmin(code="filter_wrong", sentence=f"{column.name} is a list; use has.")
    if column.type == "money":
        name = money.cents(name)
    kind = _SQL_TYPES.get(column.type, "VARCHAR")
    if wanted.op in ("is", "not"):
        within = f"coalesce(list_contains(CAST(? AS {kind}[]), {name}), false)"
        if None in wanted.values:
            within = f"({name} IS NULL OR {within})"
        return (within if wanted.op == "is" else f"NOT {within}"), [values]
    if len(values) != 1 or len(wanted.values) != 1:
        raise AskAdmin(code="filter_wrong", sentence=f"{column.name}: {wanted.op} takes one value.")
    if column.type == "time" and len(str(values[0])) == _DAY_LENGTH:
        name = f"left({name}, {_DAY_LENGTH})"
    return f"{name} {'>=' if wanted.op == 'from' else '<='} CAST(? AS {kind})", values


def _value(column: Column, value: str | int | float | bool) -> Any:
    """A value as the column's type, from what was typed."""
    try:
        if column.type == "bool":
            return {"true": True, "false": False}[str(value).lower()]
        if column.type == "int":
            return int(str(value))
        if column.type in ("number", "money"):
            exact = Decimal(str(value)) * (100 if column.type == "money" else 1)
            whole = Decimal(1) if column.type == "money" else Decimal("0.1")
            rounded = exact.quantize(whole, ROUND_HALF_UP)
            return int(rounded) if column.type == "money" else str(rounded)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise AskAdmin(
            code="filter_wrong", sentence=f"{column.name} is {_RIGHT[column.type]}, not {value!r}."
        ) from error
    return str(value).lower() if column.type == "guid" else str(value)


def _sorted(name: str, way: str, columns: dict[str, Column]) -> str:
    return f"{_quoted(_known(name, columns).name)} {'DESC' if way == 'down' else 'ASC'} NULLS LAST"


def _shown(column: Column) -> str:
    return f"{money.cents(_quoted(column.name))}" if column.type == "money" else _quoted(column.name)


def _text(column: Column) -> str:
    name = _quoted(column.name)
    return f"array_to_string({name}, chr(10))" if column.type == "list" else name


def _quoted(name: str) -> str:
    return f'"{name}"'


def _row(columns: Sequence[Column], row: Iterable[Any]) -> dict[str, Any]:
    return {column.name: _json(column.type, value) for column, value in zip(columns, row, strict=True)}


def _json(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "money":
        return int(value) / 100
    return float(value) if kind == "number" else value


def _totals(
    lake: Lake, source: str, metric: Metric, wanted: _Wanted, counted: int | None
) -> tuple[int, dict[str, Any]]:
    summed = [column for column in metric.columns if column.is_summed]
    if not summed and counted is not None:
        return counted, {}
    where, values = wanted.where()
    # What is priced in another currency stands in its own row only.
    ours = " FILTER (WHERE currency = getvariable('currency'))" if _has(metric, "currency") else ""
    parts = [
        money.cents(f"sum({_quoted(c.name)}){ours}") if c.type == "money" else f"sum({_quoted(c.name)})" for c in summed
    ]
    n_rows, *sums = lake.rows(f"SELECT {', '.join(['count(*)', *parts])} FROM {source}{where}", values)[0]
    return n_rows, {column.name: _json(column.type, total) for column, total in zip(summed, sums, strict=True)}


def _has(metric: Metric, name: str) -> bool:
    return any(column.name == name for column in metric.columns)


def _facet(lake: Lake, source: str, column: Column, wanted: _Wanted) -> list[tuple[Any, int]]:
    where, values = wanted.where(without=column.name)
    value = f"unnest({_quoted(column.name)})" if column.type == "list" else _shown(column)
    found = lake.rows(
        f"SELECT value, count(*) AS n FROM (SELECT {value} AS value FROM {source}{where}) GROUP BY value"
        " ORDER BY n DESC, value NULLS LAST",
        values,
    )
    return [(_json(column.type, value), n) for value, n in found]
