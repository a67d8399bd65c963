"""Every declared data set, without naming one: it can be asked for, decoded, stored and explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from seatwise.catalog import DATASETS, FIVE
from seatwise.catalog.shapes import Dataset, Field
from seatwise.lake import packages, tables
from seatwise.lake.places import Places
from seatwise.lake.rows import Context, decoder, to_batch

TENANT = "6a1f0c52-11d4-4c7e-9a4e-0d6f2f3b8c01"
SLICE = {"feed": "graph", "kind": "interactiveUser", "from": "2026-09-30T00:00:00Z", "to": "2026-10-01T00:00:00Z"}
each = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS.keys())


def value_of(field: Field, n: int) -> Any:
    by_type = {
        "guid": f"00000000-0000-4000-8000-{n:012X}",
        "bool": True,
        "int": n,
        "time": "2026-09-30T05:15:41.1234567Z",
        "json": [{"b": 1, "a": n}],
        "sign_in_kind": ["interactiveUser"],
        "directory_type": "#microsoft.graph.user",
        "word": "Member",
    }
    return by_type.get(field.type, f"text {n}")


def row_of(dataset: Dataset, n: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in dataset.wire_fields:
        if field.source.startswith("_") or field.name == "resource_tenant_id":
            continue
        *heads, last = field.source.split("/")
        branch = row
        for head in heads:
            branch = branch.setdefault(head, {})
        branch[last] = value_of(field, n)
    return row


def page_of(dataset: Dataset, n_rows: int) -> bytes:
    rows = [row_of(dataset, n) for n in range(n_rows)]
    if dataset.parent is None:
        return msgspec.json.encode({"@odata.context": "x", "value": rows, "unheard": 1})
    parent = "00000000-0000-4000-8000-00000000000A"
    return msgspec.json.encode({"responses": [{"id": parent, "status": 200, "body": {"value": rows}}]})


@each
def test_it_is_explained_to_people(dataset: Dataset) -> None:
    assert dataset.help.endswith(".")
    assert dataset.why.startswith("To ")
    assert all(field.help.endswith((".", "…")) for field in dataset.fields)


@each
def test_its_key_and_partition_are_columns(dataset: Dataset) -> None:
    names = {field.name for field in dataset.fields}
    assert {*dataset.key, *dataset.partition} <= names
    assert len(names) == len(dataset.fields)


@each
def test_it_asks_for_properties_and_for_permissions_we_explain(dataset: Dataset) -> None:
    assert dataset.select
    assert {*dataset.permissions, *dataset.permissions_too} <= FIVE.keys()
    assert dataset.units >= 1


@each
def test_a_page_becomes_a_batch_in_the_declared_schema(dataset: Dataset) -> None:
    rows = to_batch(dataset, decoder(dataset)(page_of(dataset, 3)), Context(TENANT, kind="interactiveUser"))
    declared = {field.name: field.arrow for field in dataset.fields}
    assert rows.batch.num_rows == rows.n_received == 3
    assert {name: rows.batch.schema.field(name).type for name in declared} == declared


@each
def test_every_mentioned_value_arrives_in_its_column(dataset: Dataset) -> None:
    rows = to_batch(dataset, decoder(dataset)(page_of(dataset, 2)), Context(TENANT, kind="interactiveUser"))
    filled = {name for name in rows.batch.schema.names if rows.batch.column(name).null_count == 0}
    expected = {field.name for field in dataset.wire_fields} - {"resource_tenant_id"}
    assert expected <= filled


@each
def test_a_sealed_package_becomes_table_rows_once(dataset: Dataset, tmp_path: Path) -> None:
    places = Places(tmp_path, TENANT)
    with packages.open_package(places, dataset, SLICE if dataset.partition else {}) as draft:
        draft.add_page(page_of(dataset, 3), 3)
        package = draft.seal()
    first = tables.apply(places, dataset, package)
    again = tables.apply(places, dataset, package)
    stored = tables.read_table(places, dataset.name)
    assert (first.kept, again.was_applied) == (3, True)
    assert stored is not None
    assert stored.num_rows == 3
    assert pa.types.is_string(stored.schema.field(dataset.key[0]).type)


@each
def test_one_of_its_permissions_opens_the_path_at_microsoft(dataset: Dataset, shared: Path) -> None:
    published = json.loads((shared / "graph" / "permissions-slim.json").read_text())["coveredByTheFiveScopes"]
    path = dataset.path.lower()
    if path not in published:
        assert dataset.version == "beta" or dataset.is_extra
        pytest.skip(f"Microsoft's list has no entry for {path}, a beta report or an extra")
    for needed in dataset.permissions:
        assert needed in published[path]["Application"]
