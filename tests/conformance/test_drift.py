"""F43: whatever shape a row takes on, no row is lost, no other row suffers, and the columns keep their types."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.catalog import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake.rows import Context, Rows, decoder, to_batch
from tests.conformance.test_datasets import TENANT, row_of

PARENT = "00000000-0000-4000-8000-00000000000A"
MISSING = "missing"

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["unknownFutureValue", "neverHeardOf", "", "2026-13-45T99:00:00Z", "0001-01-01T00:00:00Z", "{}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@st.composite
def drifted(draw: st.DrawFn, dataset: Dataset) -> dict[str, Any]:
    """A row as a later version of the service might send it."""
    row = row_of(dataset, 1)
    paths = draw(st.lists(st.sampled_from(sorted({f.source for f in dataset.wire_fields})), max_size=6))
    for path in paths:
        parts = path.split("/")
        # Now and then the whole branch changes, not only its leaf.
        depth = draw(st.integers(1, len(parts)))
        branch: Any = row
        for part in parts[: depth - 1]:
            branch = branch.get(part) if isinstance(branch, dict) else None
        if not isinstance(branch, dict) or parts[depth - 1].startswith("_"):
            continue
        value = draw(values | st.just(MISSING))
        if value == MISSING:
            branch.pop(parts[depth - 1], None)
        else:
            branch[parts[depth - 1]] = value
    return {**row, **draw(st.dictionaries(st.text(min_size=1, max_size=6).map("new_{}".format), values, max_size=2))}


def placed(dataset: Dataset, rows: list[dict[str, Any]]) -> Rows:
    page: dict[str, Any] = {"@odata.context": "x", "value": rows, "@odata.news": 1}
    if dataset.parent is not None:
        page = {"responses": [{"id": PARENT, "status": 200, "body": page}]}
    return to_batch(dataset, decoder(dataset)(msgspec.json.encode(page)), Context(TENANT, kind="interactiveUser"))


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS.keys())
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_f43_a_row_of_another_shape_is_kept_or_counted_and_harms_none(dataset: Dataset, data: st.DataObject) -> None:
    usual = [row_of(dataset, 2), row_of(dataset, 3)]
    odd = data.draw(drifted(dataset))
    found = placed(dataset, [usual[0], copy.deepcopy(odd), usual[1]])
    declared = {field.name: field.arrow for field in dataset.fields}
    assert {name: found.batch.schema.field(name).type for name in declared} == declared
    assert found.n_received == found.batch.num_rows + found.set_aside.total() == 3
    alone = placed(dataset, usual).batch.select(list(declared)).to_pylist()
    beside = [row for row in found.batch.select(list(declared)).to_pylist() if row in alone]
    assert beside == alone
