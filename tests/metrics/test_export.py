"""The faces of one answer."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from seatwise.metrics.export import to_csv, to_json, to_parquet
from seatwise.metrics.registry import METRICS
from tests.support.tiny_lake import AS_OF, TinyLake, at


@pytest.fixture
def full(lake: TinyLake) -> TinyLake:
    lake.app("crm", name="=cmd|' /C calc'!A0")
    lake.user("ada", name='＋ada, "x"')
    lake.group("sales", "ada", name="Sales; all")
    lake.assign("crm", "sales", "Group")
    lake.sign_in("ada", "crm", at(1))
    lake.read_days(30)
    lake.derive()
    return lake


def test_json_is_one_object_of_the_agreed_shape(full: TinyLake) -> None:
    found = json.loads(to_json(full.answer("app-users")))
    assert list(found) == ["columns", "rows", "as_of", "coverage"]
    assert found["columns"][0] == {"name": "app_id", "type": "guid", "unit": None, "help": "appId of the app."}
    assert found["rows"][0]["groups"] == ["Sales; all"]
    assert (found["as_of"], found["coverage"]["state"]) == ("2026-06-30T12:00:00Z", "complete")
    assert list(found["coverage"]) == ["state", "from", "to", "reason"]


def test_csv_is_safe_to_open_in_a_spreadsheet(full: TinyLake) -> None:
    (app,) = csv.DictReader(io.StringIO(to_csv(full.answer("apps"))))
    (person,) = csv.DictReader(io.StringIO(to_csv(full.answer("users"))))
    assert (app["name"], app["is_microsoft"], app["n_seats"]) == ("'=cmd|' /C calc'!A0", "false", "1")
    assert (person["name"], person["department"]) == ('\'＋ada, "x"', "")


def test_parquet_is_typed_and_tells_what_it_is(full: TinyLake) -> None:
    apps = pq.read_table(io.BytesIO(to_parquet(full.answer("apps"))))
    covered = pq.read_table(io.BytesIO(to_parquet(full.answer("coverage"))))
    assert apps["last_used_at"].to_pylist() == [datetime(2026, 6, 29, 8, tzinfo=UTC)]
    assert covered["day"].to_pylist()[0] == date(2026, 6, 1)
    assert apps.schema.metadata[b"as_of"] == b"2026-06-30T12:00:00Z"


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_asked_and_exported_on_an_empty_lake(lake: TinyLake, name: str) -> None:
    result = lake.answer(name, AS_OF)
    assert result.coverage.state == "missing"
    assert pq.read_table(io.BytesIO(to_parquet(result))).schema.names == [
        column.name for column in METRICS[name].columns
    ]
    assert to_csv(result).splitlines()[0].split(",") == [column.name for column in METRICS[name].columns]
