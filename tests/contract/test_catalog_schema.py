"""The catalogue against Microsoft's published schema: every property we ask for exists and has the type we expect."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatwise.catalog import DATASETS
from seatwise.catalog.shapes import Dataset, Field

each = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS.keys())
TYPES = {"bool": "boolean", "int": "integer", "json": "array", "sign_in_kind": "array"}


@cache
def schemas(shared: Path, version: str) -> dict[str, Any]:
    text = (shared / "graph" / f"openapi-{version}-slim.yaml").read_text("utf-8")
    document = yaml.load(text, yaml.CSafeLoader)  # the safe loader that is quick
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def resolved(all_schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind references and behind 'or null'."""
    while True:
        if "$ref" in schema:
            schema = all_schemas[schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        else:
            return schema


def declared(all_schemas: dict[str, Any], entity: str, field: Field) -> dict[str, Any]:
    schema = all_schemas[entity]
    for part in field.source.split("/"):
        properties = resolved(all_schemas, schema)["properties"]
        assert part in properties, f"{field.source} is not in {entity}"
        schema = properties[part]
    return resolved(all_schemas, schema)


@each
def test_every_property_exists_with_its_type(dataset: Dataset, shared: Path) -> None:
    all_schemas = schemas(shared, dataset.version)
    for field in dataset.wire_fields:
        if field.source.startswith(("@", "_")):
            continue
        found = declared(all_schemas, dataset.entity, field)
        types = found["type"] if isinstance(found.get("type"), list) else [found.get("type")]
        assert TYPES.get(field.type, "string") in types, f"{field.source}: {found}"
        if field.type == "time":
            assert found["format"] == "date-time"


@each
def test_what_is_asked_of_the_old_version_exists_there(dataset: Dataset, shared: Path) -> None:
    all_schemas = schemas(shared, "v1.0")
    if dataset.entity not in all_schemas:
        assert dataset.version == "beta"
        pytest.skip(f"{dataset.entity} is beta only")
    for name in dataset.select_in("v1.0").split(","):
        assert name in resolved(all_schemas, all_schemas[dataset.entity])["properties"]
