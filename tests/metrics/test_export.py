"""The faces of one answer."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seatwise.metrics import workbook
from seatwise.metrics.export import FORMS, to_csv, to_json, to_parquet, to_xlsx
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Column, Coverage, Result
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


MONEY = Result(
    (Column("name", "text", "Name."), Column("cost_month", "money", "Cost."), Column("mean_7d", "number", "Mean.")),
    [{"name": "=1", "cost_month": 1234.5, "mean_7d": 12.0}, {"name": None, "cost_month": None, "mean_7d": None}],
    AS_OF,
    Coverage("missing", None, None, "not_read"),
)


def test_money_has_two_decimals_and_a_number_one() -> None:
    assert to_csv(MONEY) == "name,cost_month,mean_7d\r\n'=1,1234.50,12.0\r\n,,\r\n"
    table = pq.read_table(io.BytesIO(to_parquet(MONEY)))
    assert table["cost_month"].to_pylist() == [Decimal("1234.50"), None]
    assert str(table["cost_month"].type) == "decimal128(18, 2)"
    assert json.loads(to_json(MONEY))["rows"][0]["cost_month"] == 1234.5


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_come_one_by_one_make_the_same_file(form: str) -> None:
    whole, streamed = io.BytesIO(), io.BytesIO()
    FORMS[form].write(MONEY, whole, None, None)
    FORMS[form].write(replace(MONEY, rows=[]), streamed, None, iter(MONEY.rows))
    assert _bytes(whole) == _bytes(streamed) != _bytes(io.BytesIO(b""))


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    rows = [{"name": str(n), "cost_month": None, "mean_7d": None} for n in range(5)]
    with zipfile.ZipFile(io.BytesIO(to_xlsx(replace(MONEY, rows=rows)))) as parts:
        texts = [parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
    assert names == ["Answer", "Answer 2", "Answer 3", "About"]
    assert [re.findall(r"<t>(\d)</t>", text) for text in texts] == [["0", "1"], ["2", "3"], ["4"]]


def test_rows_leave_memory_as_they_are_written(tmp_path: Path) -> None:
    row = {"name": "Ada Lovelace", "cost_month": 12.5, "mean_7d": 1.5}
    for form in FORMS.values():
        with (tmp_path / "large").open("wb") as sink:
            tracemalloc.start()
            form.write(replace(MONEY, rows=[]), sink, None, (row for _ in range(60_000)))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        # One page of 20 000 rows at a time stands in memory, never all of them.
        assert peak < 16_000_000, form.name


def _bytes(file: io.BytesIO) -> list[bytes]:
    if not zipfile.is_zipfile(file):
        return [file.getvalue()]
    with zipfile.ZipFile(file) as parts:
        return [parts.read(name) for name in parts.namelist()]
