"""Decisions by command: told first, applied when asked for, the wrong rows apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.control.company import Company
from tests.support.tiny_lake import TENANT


def run(*words: str) -> Any:
    from seatwise.cli.commands import app

    return CliRunner().invoke(app, ["decisions", *words])


def test_a_file_is_told_then_applied_and_its_wrong_rows_written_apart(read: Company, tmp_path: Path) -> None:
    from seatwise.control import decisions

    file, mend = tmp_path / "prices.csv", tmp_path / "mend.csv"
    file.write_text("name,price\nFigma,12.50\nFigmaa,3\n", "utf-8")
    told = run("import", "prices", str(file))
    assert (told.exit_code, decisions.decided(read.workspace).prices) == (3, ())
    assert "2 rows: 1 would change, 0 as they are already, 1 cannot be used." in told.output
    done = run("import", "prices", str(file), "--yes", "--wrong", str(mend), "--tenant", TENANT)
    assert done.exit_code == 3 and "1 changed" in done.output
    assert mend.read_text("utf-8").startswith("name,price,reason\nFigmaa,3,")
    assert len(decisions.decided(read.workspace).prices) == 1


def test_what_holds_goes_out_as_json_and_csv_and_never_over_a_file(read: Company, tmp_path: Path) -> None:
    from seatwise.control.decisions import Change, decide

    decide(None, read.workspace, [Change("product", "figma", "owner", "Dana")])
    everything, prices = tmp_path / "all.json", tmp_path / "prices.csv"
    assert run("export", "all", str(everything)).exit_code == 0
    assert json.loads(everything.read_text("utf-8"))["products"][0]["owner"] == "Dana"
    assert run("export", "prices", str(prices)).exit_code == 0
    assert (everything.stat().st_mode & 0o777, prices.stat().st_mode & 0o777) == (0o600, 0o600)
    again = run("export", "prices", str(prices))
    assert getattr(again.exception, "code", "") == "file_exists"
    assert run("import", "prices", str(prices)).exit_code == 0
