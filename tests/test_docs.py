"""The documents say what is: every command, every data set and metric, every file they point to."""

import re

import pytest
from typer.main import get_command

from seatwise.cli.commands import app
from tests.conftest import ROOT


def commands() -> list[str]:
    return list(get_command(app).commands)  # type: ignore[attr-defined]


def documents() -> list[str]:
    return ["README.md", "CHANGELOG.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", documents())
def test_every_link_between_documents_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in commands() if f"seatwise {name}" not in readme and f"./run {name}" not in readme] == []


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(
        re.findall(r"(?:\./run|seatwise) ([a-z]+)\b", "\n".join(_code((ROOT / "README.md").read_text("utf-8"))))
    )
    assert named - set(commands()) == set()


def test_every_decision_has_the_four_parts() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text("utf-8")
        assert [
            part for part in ("## Context", "## Options", "## Choice", "## Consequences") if part not in text
        ] == [], path


def _code(text: str) -> list[str]:
    return re.findall(r"```[a-z]*\n(.*?)```", text, flags=re.DOTALL)
