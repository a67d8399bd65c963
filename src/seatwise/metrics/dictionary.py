"""The dictionary of metrics, made from their declarations: python -m seatwise.metrics.dictionary > docs/metrics.md"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Column, Metric

_HEAD = """# Metrics

Made from the declarations in `src/seatwise/metrics/`; change those and run
`python -m seatwise.metrics.dictionary > docs/metrics.md`.

Everything is UTC. `as_of` is the answer's now, D the date of the last microsecond before it. "The last 30 days" begin
at midnight 29 days before D and end at `as_of`. Use is a successful sign-in by a person, interactive or not.
Unknown is empty (null), never 0. Every answer says how completely the last 30 days are known.
"""


def markdown() -> str:
    """One section per metric, one table row per column."""
    return "\n".join([_HEAD, *(line for metric in METRICS.values() for line in _section(metric))])


def _section(metric: Metric) -> Iterator[str]:
    yield f"## {metric.name}\n"
    yield f"{metric.help}\n"
    yield "| column | type | unit | meaning |"
    yield "|---|---|---|---|"
    yield from (_row(column) for column in metric.columns)
    yield f"\nSource: {metric.source}\n"
    yield from (f"- {caveat}" for caveat in metric.caveats)
    yield ""


def _row(column: Column) -> str:
    return f"| `{column.name}` | {column.type} | {column.unit or ''} | {column.help} |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
