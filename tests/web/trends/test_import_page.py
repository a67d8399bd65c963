"""Files handed in by the page: taken, read by a worker, and accounted for as on the command line."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.lake.forms.made import TENANT as OF_FILES
from tests.lake.forms.made import graph, lines
from tests.web.conftest import Site
from tests.web.test_app_pages import text


@pytest.fixture
def site_of_files(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site, connected to the tenant that the files are of."""
    monkeypatch.setenv("SEATWISE_NOW", "2026-10-20T12:00:00Z")
    site.connected(tenant_id=OF_FILES)
    site.workspace.tenant_id = OF_FILES
    site.workspace.save()
    return site


def file(name: str, content: bytes) -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def hand_in(site: Site, *files: io.BytesIO, who: str = "analyst", **fields: str) -> Any:
    return site.client(who).post(site.address("coverage_import"), {"files": list(files), **fields})


def waiting(site: Site) -> list[Path]:
    return sorted(path for path in (site.data / "uploads").rglob("*") if path.is_file())


def test_files_are_read_by_a_worker_and_every_record_is_accounted_for(site_of_files: Site) -> None:
    from seatwise.control import jobs

    site = site_of_files
    whole = json.dumps({"value": [graph(1), graph(2), graph(2)]}).encode()
    other = gzip.compress(lines(graph(3, resourceTenantId="99999999-0000-4000-8000-000000000000")))
    answer = hand_in(site, file("a.json", whole), file("b.json.gz", other), file("c.pdf", b"%PDF-1.7 nothing"))
    assert answer.status_code == 302
    assert [path.name for path in waiting(site)] == ["a.json", "b.json.gz", "c.pdf"]
    page = site.client("viewer").get(answer.url)
    assert "Starts in a moment" in text(page.content) and b'hx-trigger="every 1s"' in page.content
    assert jobs.work_one()
    assert waiting(site) == []
    told = text(site.client("viewer").get(answer.url).content)
    assert "Received 4 records" in told and "New 2 kept" in told
    assert "Known before 1 by" in told and "Set aside 1 each" in told
    assert "is of another company’s tenant" in told
    assert "c.pdf" in told and str(site.data) not in told
    assert "handed in by Analyst Osei" in told
    [run] = jobs.history(OF_FILES)
    assert (run.rows, run.unchanged, run.set_aside) == (4, 1, 1)
    assert site.client("viewer").get(site.address("entra")).status_code == 200


def test_the_same_files_again_are_known_before(site_of_files: Site) -> None:
    from seatwise.control import jobs

    content = json.dumps({"value": [graph(1), graph(2)]}).encode()
    for _ in range(2):
        answer = hand_in(site_of_files, file("a.json", content))
        jobs.work_one()
    told = text(site_of_files.client("viewer").get(answer.url).content)
    assert "New 0 kept" in told and "Known before 2 by" in told


def test_two_files_of_one_name_are_both_read_and_lead_nowhere_else(site_of_files: Site) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs.uploads import plain_name

    one, two = (json.dumps({"value": [graph(n)]}).encode() for n in (1, 2))
    answer = hand_in(site_of_files, file("same.json", one), file("same.json", two))
    assert {path.parent.parent.parent for path in waiting(site_of_files)} == {site_of_files.data / "uploads"}
    jobs.work_one()
    assert "New 2 kept" in text(site_of_files.client("viewer").get(answer.url).content)
    odd = ("../../etc/passwd", "..\\..\\x.csv", ".hidden", "", "a\x00b.csv", "x" * 300 + ".json.gz")
    assert [plain_name(name) for name in odd[:5]] == ["passwd", "x.csv", "hidden", "file", "a_b.csv"]
    assert plain_name(odd[5]).endswith(".gz") and len(plain_name(odd[5])) == 120


def test_days_that_were_vouched_for_count_as_complete(site_of_files: Site) -> None:
    from seatwise.control import answers, jobs

    content = json.dumps({"value": [graph(1)]}).encode()
    day = graph(1)["createdDateTime"][:10]
    hand_in(site_of_files, file("a.json", content), complete_from=day, complete_to=day)
    jobs.work_one()
    rows = answers.ask("coverage", OF_FILES).result.rows
    assert {row["state"] for row in rows if row["day"] == day and row["kind"] == "interactiveUser"} == {"complete"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"complete_from": "2026-10-01"}, "give both days"),
        ({"complete_from": "2026-10-02", "complete_to": "2026-10-01"}, "the first not after the last"),
        ({"complete_from": "yesterday", "complete_to": "today"}, "the first not after the last"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(site_of_files: Site, fields: dict[str, str], sentence: str) -> None:
    answer = hand_in(site_of_files, file("a.json", b"{}"), **fields)
    assert answer.status_code == 400
    assert sentence in text(answer.content) and b'role="alert"' in answer.content
    assert waiting(site_of_files) == []


def test_without_files_the_page_says_so(site_of_files: Site) -> None:
    answer = hand_in(site_of_files)
    assert answer.status_code == 400
    assert "Choose at least one file" in text(answer.content)


def test_files_that_are_too_large_together_leave_nothing_behind(
    site_of_files: Site, settings_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_of(UPLOAD_BYTES=1 << 20, FILE_UPLOAD_MAX_MEMORY_SIZE=1 << 10)
    answer = hand_in(site_of_files, file("large.json", b" " * (3 << 20)))
    assert answer.status_code == 413
    assert "larger than 1 MB together" in text(answer.content)
    assert waiting(site_of_files) == []


def test_a_large_file_is_streamed_to_the_disk_where_it_stays(site_of_files: Site, settings_of: Any) -> None:
    from seatwise.control import jobs

    uploads = site_of_files.data / "uploads"
    uploads.mkdir(exist_ok=True)
    settings_of(FILE_UPLOAD_MAX_MEMORY_SIZE=1 << 10, FILE_UPLOAD_TEMP_DIR=uploads)
    content = json.dumps({"value": [graph(n) for n in range(50)]}).encode()
    answer = hand_in(site_of_files, file("large.json", content))
    assert [path.name for path in waiting(site_of_files)] == ["large.json"]
    jobs.work_one()
    assert "New 50 kept" in text(site_of_files.client("viewer").get(answer.url).content)


def test_nobody_else_sees_the_account(site_of_files: Site) -> None:
    answer = hand_in(site_of_files, file("a.json", b"{}"))
    elsewhere = answer.url.replace(str(site_of_files.workspace.id), str(site_of_files.elsewhere.id))
    assert site_of_files.client("other").get(elsewhere).status_code == 404
    assert site_of_files.client("other").get(answer.url).status_code == 404


def test_an_import_that_waits_can_be_cancelled_and_its_files_go(site_of_files: Site) -> None:
    from seatwise.control import jobs

    site = site_of_files
    answer = hand_in(site, file("a.json", json.dumps({"value": [graph(1)]}).encode()))
    site.client("analyst").post(f"{answer.url}cancel")
    assert not jobs.work_one()
    assert "The import was cancelled" in text(site.client("viewer").get(answer.url).content)
    jobs.tidy()
    assert waiting(site) == []


def test_files_of_which_nothing_can_be_read_fail_with_their_reasons(site_of_files: Site) -> None:
    from seatwise.control import jobs

    answer = hand_in(site_of_files, file("a.pdf", b"%PDF-1.7 nothing"))
    jobs.work_one()
    told = text(site_of_files.client("viewer").get(answer.url).content)
    assert "Nothing in these files could be read" in told and "a.pdf" in told


def test_who_hands_in_what_stands_in_the_audit_log(site_of_files: Site) -> None:
    from seatwise.control.models import AuditEntry

    hand_in(site_of_files, file("a.json", b"{}"))
    entry = AuditEntry.objects.get(action="import.asked")
    assert (entry.subject, entry.detail["files"]) == ("a.json", 1)


def test_an_import_whose_worker_was_stopped_is_done_by_the_next_one(site_of_files: Site) -> None:
    from seatwise.control import jobs
    from seatwise.control.jobs import importing
    from seatwise.control.jobs.watch import Watch
    from seatwise.control.models import Run

    answer = hand_in(site_of_files, file("a.json", json.dumps({"value": [graph(1)]}).encode()))
    row = jobs.claim()
    assert row is not None and row.kind == Run.Kind.IMPORT
    watch = Watch(row)
    watch.stop("leave")
    with pytest.raises(jobs.Stopped):
        importing.perform_import(row, watch)
    assert [path.name for path in waiting(site_of_files)] == ["a.json"]
    assert jobs.work_one()
    assert "New 1 kept" in text(site_of_files.client("viewer").get(answer.url).content)


def test_an_import_waits_for_the_sync_of_its_tenant(site_of_files: Site) -> None:
    import threading

    from django.db import connections as databases

    from seatwise.control import connections, jobs
    from seatwise.sync.lock import alone

    answer = hand_in(site_of_files, file("a.json", json.dumps({"value": [graph(1)]}).encode()))
    row = jobs.claim()
    assert row is not None

    def work() -> None:
        try:
            jobs.work(row)
        finally:
            databases.close_all()

    worker = threading.Thread(target=work)
    with alone(connections.places(OF_FILES)):
        worker.start()
        worker.join(2.5)
        assert worker.is_alive()
        assert "Waits for the sync" in text(site_of_files.client("viewer").get(answer.url).content)
    worker.join(30)
    assert "New 1 kept" in text(site_of_files.client("viewer").get(answer.url).content)


def test_what_an_interrupted_upload_left_goes_after_a_day(site_of_files: Site) -> None:
    import os
    import time

    from seatwise.control import jobs

    folder = site_of_files.data / "uploads"
    (folder / "11111111-2222-4333-8444-555555555555.part").mkdir(parents=True)
    (folder / "tmp.upload.csv").write_bytes(b"x")
    jobs.tidy()
    assert len(list(folder.iterdir())) == 2
    for path in folder.iterdir():
        os.utime(path, (time.time() - 90_000,) * 2)
    jobs.tidy()
    assert list(folder.iterdir()) == []


def test_the_history_of_runs_tells_of_imports_too(site_of_files: Site) -> None:
    from seatwise.control import jobs

    client = site_of_files.client("viewer")
    hand_in(site_of_files, file("a.json", json.dumps({"value": [graph(1)]}).encode()))
    assert client.get(site_of_files.address("entra_runs")).status_code == 200
    jobs.work_one()
    hand_in(site_of_files, file("b.pdf", b"%PDF-1.7"))
    jobs.work_one()
    told = text(client.get(site_of_files.address("entra_runs")).content)
    assert told.count("Import") >= 2 and "b.pdf" in told
