"""The audit log as a page and a file."""

from __future__ import annotations

import csv
import io
import re

from tests.web.conftest import Site


def test_entries_come_newest_first_a_page_at_a_time(site: Site) -> None:
    from seatwise.control import audit

    for number in range(120):
        audit.note("sync.asked", person=site.people["owner"], workspace=site.workspace, subject=f"run {number:03}")
    audit.note("sync.asked", person=site.people["other"], workspace=site.elsewhere, subject="not yours")
    client, address, seen = site.client("admin"), site.address("audit") + "?action=sync.asked", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"run \d{3}", page)
        older = re.findall(r'href="(\?[^"]*before=\d+[^"]*)">Older', page)
        address = site.address("audit") + older[0].replace("&amp;", "&") if older else ""
        assert "not yours" not in page
    assert seen == [f"run {number:03}" for number in reversed(range(120))]


def test_nonsense_in_the_address_is_no_fault(site: Site) -> None:
    client = site.client("admin")
    for told in (
        "?before=x",
        "?before=-1",
        "?before=9999999999999999999999",
        "?before=²",
        "?action=nothing",
        "?action='--",
    ):
        assert client.get(site.address("audit") + told).status_code == 200, told


def test_the_file_is_safe_in_a_spreadsheet_and_is_itself_noted(site: Site) -> None:
    from seatwise.control import audit

    audit.note("link.made", person=site.people["owner"], workspace=site.workspace, subject="=HYPERLINK(1)")
    client = site.client("admin")
    response = client.post(site.address("audit_export"))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="seatwise-audit-')
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert "'=HYPERLINK(1)" in [row["subject"] for row in rows]
    assert rows[-1]["action"] == "audit.exported"
    assert "Exported the audit log" in client.get(site.address("audit")).content.decode()


def test_what_members_do_elsewhere_stays_there(site: Site) -> None:
    from seatwise.control import audit

    audit.note("credential.swapped", person=site.people["owner"], workspace=site.elsewhere, subject="elsewhere")
    page = site.client("owner").get(site.address("audit")).content.decode()
    assert "elsewhere" not in page
