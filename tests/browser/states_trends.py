"""Trends, discovery, coverage with its import, and the evidence behind a number."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.browser import walks
from tests.browser.stage import Stage
from tests.browser.state import State, at
from tests.lake.forms.made import graph
from tests.support.chromium import Visit


def _filtered_to_nothing(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("discovery/?q=no+such+app"), page)
    page.get_by_text("No finding matches").wait_for()


def _evidence(stage: Stage, seen: Visit, page: Page) -> None:
    script = """
from seatwise.control import answers
rows = answers.ask("app-users").result.rows
print(json.dumps(next(row["evidence_id"] for row in rows if row["evidence_id"] and row["path"] != "none")))
"""
    event = stage.install.inside(script)
    seen.go(stage.path(f"evidence/{event}/"), page)


def _hand_in(stage: Stage, page: Page, files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        page.get_by_label("Files").set_input_files([Path(folder) / name for name in files])
        page.get_by_role("button", name="Import", exact=True).click()
        page.wait_for_url("**/coverage/import/**")


def _imported(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("coverage/"), page)
    known = {"value": [graph(n, resourceTenantId=stage.sandbox.tenant_id) for n in range(1, 40)]}
    strange = {"value": [graph(99, resourceTenantId="99999999-0000-4000-8000-000000000000")]}
    files = {"InteractiveSignIns_2026-09.json": json.dumps(known).encode(), "other.json": json.dumps(strange).encode()}
    _hand_in(stage, page, {**files, "holiday.pdf": b"%PDF-1.7 no log at all"})
    page.get_by_role("heading", name="Refused files").wait_for(timeout=walks.SYNC_MS)


def _import_refused(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("coverage/"), page)
    page.get_by_text("Say that these files are complete for some days").click()
    page.get_by_label("First day").fill("2026-10-02")
    page.get_by_label("Last day").fill("2026-10-01")
    page.get_by_label("Files").set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": b"{}"})
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def _import_running(stage: Stage, seen: Visit, page: Page) -> None:
    """An import that nobody has taken up yet."""
    script = """
from seatwise.base import clock
from seatwise.control.models import Person, Run, Workspace
row = Run.objects.create(
    tenant_id=Workspace.objects.get().tenant_id, kind="import", trigger="person", as_of=clock.now(),
    created_at=clock.wall(), started_at=clock.wall(), state="running", claimed_by="elsewhere", n_claims=1,
    heartbeat_at=clock.wall() + __import__("datetime").timedelta(days=1),
    asked_by=Person.objects.first(), progress={"steps": {"import": ["page", 182340, 3, 0, None, ""]}},
    outcome={"asked": {"files": ["logs.zip"], "n_bytes": 48_213_004, "complete": "2026-10-01/2026-10-05"}},
)
print(json.dumps(str(row.pk)))
"""
    run = stage.install.inside(script)
    seen.go(stage.path(f"coverage/import/{run}/"), page)


def _no_import_running(stage: Stage) -> None:
    """A sync of the company would wait for it."""
    gone = "Run.objects.filter(claimed_by='elsewhere').delete()"
    stage.install.inside(f"from seatwise.control.models import Run\nprint(json.dumps({gone}))")


EMPTY_TRENDS = (
    State("trends-empty", at("trends/")),
    State("discovery-empty", at("discovery/")),
    State("coverage-empty", at("coverage/")),
)
TRENDS = (
    State("trends", at("trends/")),
    State("trends-12-months", at("trends/?period=12")),
    State("movement", at("trends/people/")),
    State("discovery", at("discovery/")),
    State("discovery-nothing-found", _filtered_to_nothing),
    State("consents", at("discovery/consents/")),
    State("coverage", at("coverage/")),
    State("coverage-all", at("coverage/?days=all")),
    State("coverage-import-refused", _import_refused, expects=("status of 400",)),
    State("coverage-imported", _imported),
    State("coverage-importing", _import_running, after=_no_import_running),
    State("evidence", _evidence),
)
