"""A tenant without Entra ID P1: apps, people and seats come, usage is unknown until exported logs are imported."""

from __future__ import annotations

from pathlib import Path

from tests.support.product import ANSWERS, differences, product
from tests.support.sandbox import running_sandbox

AS_OF = "2026-10-14T10:00:00Z"


def test_without_p1_usage_is_unknown_with_the_two_ways_out_and_comes_by_import(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=80, apps=30, seed=4, as_of=AS_OF, no_premium=True, limits="off") as sandbox:
        install.connect(sandbox)
        said = install.run("sync", "--as-of", AS_OF, code=3).stderr
        assert "P1" in said and "seatwise import" in said
        for name in ANSWERS:
            ours = install.ask(name, "--as-of", AS_OF, code=3 if name != "users" else None)
            assert differences(ours, sandbox.oracle(name, as_of=AS_OF)) == []

        sandbox.export(tmp_path / "export", days=120)
        install.run("import", str(tmp_path / "export"))
        for name in ANSWERS:
            ours = install.ask(name, "--as-of", AS_OF)
            assert differences(ours, sandbox.oracle(name, days=120)) == []


def test_one_stray_premium_error_does_not_end_in_no_premium(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=60, apps=25, seed=5, as_of=AS_OF, limits="off") as sandbox:
        install.connect(sandbox)
        sandbox.control("POST", "/faults", {"path": "/auditLogs/signIns", "kind": "premium_error", "count": 1})
        install.run("sync", "--as-of", AS_OF)
        assert differences(install.ask("apps", "--as-of", AS_OF), sandbox.oracle("apps", as_of=AS_OF)) == []


def test_history_imported_before_the_first_sync_is_there_to_see(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=80, apps=30, seed=6, as_of=AS_OF, limits="off") as sandbox:
        sandbox.export(tmp_path / "export", days=120)
        install.run("import", str(tmp_path / "export"))
        install.connect(sandbox)
        install.run("sync", "--as-of", AS_OF)
        for name in ANSWERS:
            ours = install.ask(name, "--as-of", AS_OF)
            assert differences(ours, sandbox.oracle(name, days=120)) == []
        again = install.run("import", str(tmp_path / "export"), "--format", "json")
        assert '"kept": 0' in again.stdout
