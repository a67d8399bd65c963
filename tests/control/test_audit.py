"""The log tells who did what, to the members of one workspace, and its file runs no formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from seatwise.base.spreadsheets import unguarded


def test_members_read_their_workspace_and_their_own_sign_ins_and_nobody_elses(data: Path) -> None:
    from seatwise.control import audit
    from seatwise.control.models import Membership, Person, Workspace

    here, there = (Workspace.objects.create(name=name, tenant_id=name) for name in ("here", "there"))
    one, other = (Person.objects.create(f"{name}@a.example", name, "x") for name in ("dana", "kim"))
    Membership.objects.create(person=one, workspace=here, role="owner")
    Membership.objects.create(person=other, workspace=there, role="owner")
    audit.note("connection.connected", person=one, workspace=here, subject="Northwind", address="192.0.2.7")
    audit.note("connection.connected", person=other, workspace=there)
    audit.note("sign_in", person=one)
    audit.note("sign_in", person=other)
    audit.note("keys.rotated")
    assert [(e.action, e.person_id) for e in audit.entries(here)] == [
        ("keys.rotated", None),
        ("sign_in", one.id),
        ("connection.connected", one.id),
    ]
    first = audit.entries(here, action="connection.connected")[0]
    assert (first.person_name, first.tenant_id, first.address) == ("dana (dana@a.example)", "here", "192.0.2.7")
    assert [e.action for e in audit.entries(here, limit=1)] == ["keys.rotated"]
    assert audit.entries(here, before_id=audit.entries(here)[0].pk)[0].action == "sign_in"


def test_an_entry_outlives_the_person_and_the_workspace(data: Path) -> None:
    from seatwise.control import audit
    from seatwise.control.models import AuditEntry, Person, Workspace

    workspace, person = Workspace.objects.create(name="here"), Person.objects.create("a@b.example", "Dana", "x")
    audit.note("member.joined", person=person, workspace=workspace)
    person.delete()
    workspace.delete()
    assert AuditEntry.objects.get().person_name == "Dana (a@b.example)"


def test_a_secret_that_strays_into_an_entry_is_masked(data: Path) -> None:
    from seatwise.control import audit
    from seatwise.control.models import AuditEntry

    audit.note("x", subject="client_secret=hunter2hunter2", detail={"said": "Bearer abcdefgh12345678", "n": 3})
    entry = AuditEntry.objects.get()
    assert (entry.subject, entry.detail) == ("client_secret=***", {"said": "Bearer ***", "n": 3})


def test_what_is_undone_was_not_done(data: Path) -> None:
    from django.db import transaction

    from seatwise.control import audit
    from seatwise.control.models import AuditEntry

    with pytest.raises(RuntimeError), transaction.atomic():
        audit.note("x")
        raise RuntimeError
    assert not AuditEntry.objects.exists()


def test_the_file_holds_every_entry_and_no_formula(data: Path) -> None:
    from seatwise.control import audit
    from seatwise.control.models import Workspace

    workspace = Workspace.objects.create(name="here", tenant_id="t")
    evil = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\tx", "\r=1", "＝1", 'a"b,c', "plain"]
    for text in evil:
        audit.note("connection.tested", workspace=workspace, subject=text)
    rows = list(csv.DictReader(io.StringIO(audit.export_csv(workspace))))
    assert [unguarded(row["subject"]) for row in rows] == evil
    assert not [row for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell]


def test_a_notice_is_open_for_each_member_until_put_away(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import notices
    from seatwise.control.models import Membership, Person, Workspace

    workspace = Workspace.objects.create(name="here")
    one, other, stranger = (Person.objects.create(f"{n}@a.example", n, "x") for n in ("dana", "kim", "lee"))
    for person in (one, other):
        Membership.objects.create(person=person, workspace=workspace, role="viewer")
    told = notices.tell(workspace, "first_usage", "The first usage is there.")
    for person in (one, stranger):
        notices.seen(person, told.id)
    assert [notices.open_for(person, workspace) for person in (one, other, stranger)] == [[], [told], []]
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(31 * 86_400))
    assert notices.open_for(other, workspace) == []
