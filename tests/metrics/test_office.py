"""Our files as LibreOffice sees them: the same cells as the answer, and nothing in them is ever run."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seatwise.base.spreadsheets import guarded
from seatwise.metrics.export import write_csv
from seatwise.metrics.shapes import Column, Coverage, Filter, Question, Result, Sort
from seatwise.metrics.workbook import write as write_xlsx
from tests.support.office import CARELESS, PLAIN, opened

COLUMNS = (
    Column("name", "text", "Name.", is_personal=True),
    Column("groups", "list", "Groups."),
    Column("n_seats", "int", "Seats.", "seats"),
    Column("mean_7d", "number", "Mean.", "people"),
    Column("currency", "text", "Currency."),
    Column("cost_month", "money", "Cost a month."),
    Column("is_enabled", "bool", "Enabled."),
    Column("last_used_at", "time", "Last use."),
    Column("renewal_on", "day", "Renewal."),
)
MOMENT = datetime(2026, 6, 30, 12, tzinfo=UTC)
COVERED = Coverage("complete", "2026-06-01T00:00:00Z", "2026-06-30T12:00:00Z", None)
EVIL = [
    "=1+1",
    '=WEBSERVICE("http://127.0.0.1:{port}/out")',
    '=HYPERLINK("http://127.0.0.1:{port}/out","x")',
    "=cmd|' /C calc'!A0",
    '=DDE("soffice";"file.ods";"A1")',
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    " =1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1＋1",
    "−1",
    "a;=1+1",
    'a;"=1+1',
    "a\t=1+1",
    "a\n=1+1",
    '"=1+1',
    "<r><t>=1+1</t></r>",
    "<r></r></is></c><c><f>1+1</f></c><c><is><r></r>",
    "_x003D_1+1",
    "Müller & Söhne <GmbH>, „漢字“",
    "2026-06-30",
    "007",
    "TRUE",
]


def row(name: str, **more: Any) -> dict[str, Any]:
    told = {column.name: None for column in COLUMNS} | {"name": name, "groups": [name, "Sales"], "n_seats": 3}
    return told | more


def answer(port: int) -> Result:
    rows = [row(text.replace("{port}", str(port))) for text in EVIL]
    rows[0] |= {
        "mean_7d": 12.5,
        "currency": "CHF",
        "cost_month": 1234.5,
        "is_enabled": True,
        "last_used_at": "2026-06-29T08:00:01Z",
        "renewal_on": "2026-12-31",
    }
    return Result(COLUMNS, rows, MOMENT, COVERED, len(rows))


@contextmanager
def listening() -> Iterator[tuple[int, socket.socket]]:
    """A port on which a formula that was run would be heard."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server.getsockname()[1], server


def was_called(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_a_workbook_opens_with_the_cells_of_the_answer_and_runs_nothing(tmp_path: Path) -> None:
    with listening() as (port, server):
        result = answer(port)
        with (tmp_path / "answer.xlsx").open("wb") as sink:
            write_xlsx(result, sink)
        seen = opened(tmp_path / "answer.xlsx")
        assert not was_called(server)
    assert (seen.formulas, seen.links) == ([], [])
    head, *rows = seen.sheets["Answer"]
    assert head == [column.name for column in COLUMNS]
    assert rows[0] == [
        *("=1+1", "=1+1; Sales", 3.0, 12.5, "CHF", 1234.5, True, "2026-06-29T08:00:01", "2026-12-31"),
    ]
    assert [cells[:3] for cells in rows] == [[r["name"], "; ".join(r["groups"]), 3.0] for r in result.rows]


def test_a_csv_file_opens_with_the_cells_of_the_answer_and_runs_nothing(tmp_path: Path) -> None:
    with listening() as (port, server):
        result = answer(port)
        with (tmp_path / "answer.csv").open("wb") as sink:
            write_csv(result, sink)
        seen = opened(tmp_path / "answer.csv", PLAIN)
        careless = opened(tmp_path / "answer.csv", CARELESS)
        assert not was_called(server)
    assert (seen.formulas, seen.links, careless.formulas, careless.links) == ([], [], [], [])
    (rows,) = seen.sheets.values()
    assert rows[0] == [column.name for column in COLUMNS]
    assert [cells[:2] for cells in rows[1:]] == [
        [guarded(r["name"]), guarded("; ".join(r["groups"]))] for r in result.rows
    ]
    assert rows[1][2:] == ["3", "12.5", "CHF", "1234.50", "true", "2026-06-29T08:00:01Z", "2026-12-31"]


def test_the_second_sheet_says_what_was_asked_of_when_and_what_columns_mean(tmp_path: Path) -> None:
    asked = Question(
        "apps", MOMENT, where=(Filter("n_seats", "from", (1,)),), search="=crm", sort=(Sort("n_seats", "down"),)
    )
    result = dataclasses.replace(answer(1), rows=[row("x", cost_month=1.5)])
    with (tmp_path / "about.xlsx").open("wb") as sink:
        write_xlsx(result, sink, asked)
    seen = opened(tmp_path / "about.xlsx")
    told = {line[0]: line[-1] for line in seen.sheets["About"] if line}
    assert told["As of"].startswith("30 Jun 2026, 12:00 UTC")
    assert told["Sign-ins"] == "complete for 2026-06-01T00:00:00Z to 2026-06-30T12:00:00Z"
    assert told["Question"].startswith("apps: ")
    assert (told["Only rows where"], told["Only rows with"]) == ("n_seats from 1", "=crm")
    assert told["Sorted by"] == "n_seats, largest first"
    assert ["n_seats", "int", "seats", "Seats."] in seen.sheets["About"]
