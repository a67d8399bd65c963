"""A module over 300 lines is split, or its reason stands here."""

from tests.conftest import ROOT

LIMIT = 300
REASONS: dict[str, str] = {
    "src/seatwise/control/migrations/0002_people.py": "written by Django, and frozen: installs have run it",
}


def sizes() -> dict[str, int]:
    files = [path for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    return {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}


def test_no_module_is_over_300_lines_without_a_reason() -> None:
    assert {name: n for name, n in sizes().items() if n > LIMIT and name not in REASONS} == {}


def test_no_reason_outlives_its_module() -> None:
    known = sizes()
    assert [name for name in REASONS if known.get(name, 0) <= LIMIT] == []


def test_every_module_says_its_reason_in_its_first_line() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if path.read_text("utf-8").strip() and not path.read_text("utf-8").startswith('"""')
    ]
    assert silent == []
