"""The dictionary of metrics says what the declarations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.metrics.dictionary import markdown
from seatwise.metrics.registry import METRICS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_the_declarations_make() -> None:
    assert (DOCS / "metrics.md").read_text() == markdown()


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_and_column_has_its_entry(name: str) -> None:
    metric = METRICS[name]
    assert f"## {name}\n" in markdown()
    assert all(column.help for column in metric.columns)
    assert metric.source
    assert len({column.name for column in metric.columns}) == len(metric.columns)
