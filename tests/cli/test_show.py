"""What a terminal says besides what the pages say: the command to type."""

from __future__ import annotations

import pytest

from seatwise.cli import show
from seatwise.sync.probe import Check
from seatwise.sync.progress import Missing


def test_what_is_missing_ends_with_its_command() -> None:
    lack = Missing("users", "permission_missing", "People could not be read. Grant it.", command="seatwise sync")
    assert show.lack(lack) == "People could not be read. Grant it. Run: seatwise sync"
    assert show.lack(Missing("users", "held", "Not all. Wait.")) == "Not all. Wait."


def test_the_checklist_ends_with_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    show.checks(
        [
            Check("Token", "ok", "Microsoft issues a token."),
            Check("Premium licence", "missing", "None.", "Import logs.", command="seatwise import FILES"),
            Check("Stored data", "not_needed", "Nothing yet.", command="seatwise sync"),
        ]
    )
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "✓ Token: Microsoft issues a token.",
        "! Premium licence: None.",
        "→ Import logs. Run: seatwise import FILES",
        "– Stored data: Nothing yet. Next: seatwise sync",
    ]
