"""The command that asks: what is typed becomes a question, the answer a table or a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from seatwise.control.answers import Answer
    from seatwise.metrics.shapes import Filter, Sort

_SIGNS: Final = (("!=", "not"), (">=", "from"), ("<=", "to"), ("=", "is"))


class Shape(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


Format = Annotated[Shape, typer.Option("--format", help="table, json, csv, parquet or xlsx.")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Where csv, parquet or xlsx go.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="COLUMN=VALUE", help="Only such rows; also !=, >=, <=. Empty value: empty cells."),
]
Of = Annotated[list[str] | None, typer.Option("--of", metavar="NAME=VALUE", help="A parameter, as by=job_title.")]
Search = Annotated[str, typer.Option("--search", metavar="TEXT", help="Only rows with this text in a name.")]
Order = Annotated[list[str] | None, typer.Option("--sort", metavar="COLUMN[:down]", help="Order; may be repeated.")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=0, help="At most so many rows.")]


def filters(name: str, told: list[str]) -> tuple[Filter, ...]:
    """Conditions as typed; two with = on one column mean either. Errors: BadParameter for one without a sign."""
    from seatwise.metrics.registry import METRICS
    from seatwise.metrics.shapes import Filter

    lists = {column.name for column in METRICS[name].columns if column.type == "list"}
    found: dict[tuple[str, str], list[str | None]] = {}
    for text in told:
        sign, op = next(((sign, op) for sign, op in _SIGNS if sign in text), ("", ""))
        if not sign:
            raise typer.BadParameter(f"{text!r} is no condition such as state=closed or n_seats>=10")
        column, value = text.split(sign, 1)
        op = "has" if op == "is" and column in lists else op
        found.setdefault((column.strip(), op), []).append(value.strip() or None)
    return tuple(Filter(column, op, tuple(values)) for (column, op), values in found.items())  # type: ignore[arg-type]


def parameters(told: list[str]) -> tuple[tuple[str, str], ...]:
    """Errors: BadParameter for one without =."""
    wrong = [text for text in told if "=" not in text]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is no parameter such as by=job_title")
    return tuple((name.strip(), value.strip()) for name, value in (text.split("=", 1) for text in told))


def orders(told: list[str]) -> tuple[Sort, ...]:
    from seatwise.metrics.shapes import Sort

    return tuple(Sort(text.removesuffix(":down"), "down" if text.endswith(":down") else "up") for text in told)


def hand_out(name: str, answer: Answer, shape: Shape, output: Path | None) -> None:
    """The answer in the form asked for. Errors: BadParameter for a file that would go to a terminal."""
    from seatwise.cli import show
    from seatwise.metrics import export

    if output is not None:
        form = export.FORMS.get(shape.value)
        if form is None:
            raise typer.BadParameter(f"--output takes csv, parquet or xlsx, not {shape.value}")
        with output.open("wb") as sink:
            form.write(answer.result, sink, None, None)
    elif shape == Shape.TABLE:
        show.answer_table(name, answer)
    elif shape == Shape.JSON:
        typer.echo(export.to_json(answer.result))
    elif shape == Shape.CSV:
        typer.echo(export.to_csv(answer.result), nl=False)
    elif sys.stdout.isatty():
        raise typer.BadParameter(f"{shape.value} is not text: name a file with --output FILE.{shape.value}")
    else:
        export.FORMS[shape.value].write(answer.result, sys.stdout.buffer, None, None)
