"""What the product says is what happened: answers equal the oracle's row for row, on day one and two days later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.product import ANSWERS, Product, differences, product
from tests.support.sandbox import Sandbox, running_sandbox

DAY_ONE, LATER = "2026-10-14T10:00:00Z", "2026-10-16T10:00:00Z"


def unequal(install: Product, sandbox: Sandbox, as_of: str, **oracle: str) -> dict[str, list[str]]:
    asked = [(name,) for name in ANSWERS] + [(name, "--microsoft") for name in ("apps", "app-users")]
    answers = install.ask_all(*((*question, "--as-of", as_of) for question in asked))
    found = {}
    for question, ours in zip(asked, answers, strict=True):
        truth = sandbox.oracle(question[0], as_of=as_of, microsoft="--microsoft" in question, **oracle)
        assert truth["rows"], f"the oracle has nothing to say about {question}"
        if wrong := differences(ours, truth):
            found[" ".join(question)] = wrong
    return found


@pytest.mark.parametrize(
    ("users", "seed"),
    [(300, seed) for seed in (1, 2, 3, 4, 5)] + [pytest.param(5000, 6, marks=pytest.mark.long)],
)
def test_all_answers_equal_the_oracle_on_day_one_and_two_days_later(tmp_path: Path, users: int, seed: int) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=users, seed=seed, as_of=DAY_ONE, limits="off") as sandbox:
        install.connect(sandbox)
        install.run("sync", "--as-of", DAY_ONE)
        assert unequal(install, sandbox, DAY_ONE) == {}

        sandbox.control("POST", "/clock", {"as_of": LATER})
        install.run("sync", "--as-of", LATER)
        assert unequal(install, sandbox, LATER, first_sync=DAY_ONE) == {}


FAULTS = [
    {"path": "/auditLogs/signIns", "status": 429, "retry_after": 2, "count": 1, "skip": 3},
    {"path": "/auditLogs/signIns", "kind": "premium_error", "count": 1, "skip": 1},
    {"path": "/auditLogs/signIns", "kind": "reset", "count": 1, "skip": 5},
    {"path": "/auditLogs/signIns", "kind": "empty_page", "count": 1, "skip": 7},
    {"path": "/auditLogs/signIns", "kind": "dup_rows", "count": 2, "skip": 9},
    {"path": "/users", "status": 503, "count": 1},
    {"path": "/servicePrincipals", "kind": "cut", "count": 1},
    {"path": r"\$batch", "status": 504, "count": 1},
]


def test_documented_limits_and_faults_change_nothing_and_stay_within_60_report_requests(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=300, seed=7, as_of=DAY_ONE, limits="documented") as sandbox:
        install.connect(sandbox)
        for fault in FAULTS:
            sandbox.control("POST", "/faults", fault)
        install.run("sync", "--as-of", DAY_ONE)
        reports = sandbox.control("GET", "/requests")["reports"]
        assert reports["n"] <= 60
        assert reports["max_in_10s"] <= 5
        assert unequal(install, sandbox, DAY_ONE) == {}


@pytest.mark.parametrize(
    "plant",
    ["nested_group_counted", "failure_counted", "page_lost", "late_row_missed", "kind_left_out"],
)
def test_a_lie_on_the_wire_is_seen(tmp_path: Path, plant: str) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=120, seed=3, as_of=DAY_ONE, limits="off") as sandbox:
        sandbox.control("POST", "/plants", {"name": plant})
        install.connect(sandbox)
        install.run("sync", "--as-of", DAY_ONE, code=None)
        assert unequal(install, sandbox, DAY_ONE) != {}
