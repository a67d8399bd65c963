"""Forgetting in the lake and the database: what goes, what stays, who may; the log gives way to nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.lake.traces import search
from tests.control.company import Company, refused
from tests.control.persons.conftest import ADA, ADDRESS, NAME, SHARED, TWIN, user
from tests.lake.support import TENANT, Lake, event


def forget(company: Company, text: str = ADA) -> Any:
    from seatwise.control import persons

    return persons.finish(persons.ask(company.owner, TENANT, text), lambda step: None)


def test_ids_and_addresses_go_and_those_who_share_a_name_stay(company: Company, lake: Lake) -> None:
    assert len(search(lake.places.home, [ADA, ADDRESS, "Countess", "192.0.2.7"])) > 3
    done = forget(company, ADDRESS.upper())
    assert done.left == ()
    assert search(lake.places.home, [ADA, ADDRESS, "Countess", "192.0.2.7"]) == []
    users = {row[0]: row[1:] for row in lake.rows("users", "user_id", "name", "upn", "mail", "department")}
    assert users[TWIN] == (NAME, "twin@x.example", SHARED, None)
    assert users[done.stand_in] == (f"Forgotten person {done.stand_in[:4]}", None, None, None)
    assert {one.text for one in done.elsewhere} == {NAME, SHARED.lower()}


def test_a_failed_sign_in_that_only_gave_the_address_is_theirs_too(company: Company, lake: Lake) -> None:
    done = forget(company)
    called = f"Forgotten person {done.stand_in[:4]}"
    rows = sorted(lake.rows("sign_ins", "event_id", "user_id", "user_name", "upn", "ip_address"))
    assert [row[1:] for row in rows] == [
        (done.stand_in, called, None, None),
        ("00000000-0000-0000-0000-000000000000", called, None, None),
        (TWIN, NAME, "twin@x.example", "192.0.2.8"),
    ]


def test_ids_made_of_the_persons_own_are_replaced_and_met_again(company: Company, lake: Lake) -> None:
    from seatwise.control import persons
    from seatwise.lake import packages

    done = forget(company)
    before = sorted(lake.rows("app_role_assignments", "assignment_id", "principal_id", "valid_to"))
    assert before[0][0] == "AAk-Twin" and before[1][0].startswith("forgotten-")
    again = Lake(persons.places_to_write(TENANT))
    seat = {"principalType": "User", "principalDisplayName": NAME, "resourceId": "00000000-0000-4000-8000-000000000320"}
    again.list_all(
        "app_role_assignments",
        {"id": "AAk-Ada", "principalId": ADA, **seat},
        {"id": "AAk-Twin", "principalId": TWIN, **seat},
    )
    assert sorted(lake.rows("app_role_assignments", "assignment_id", "principal_id", "valid_to")) == before
    assert before[1][1:] == (done.stand_in, None)
    newest = packages.newest(lake.places, "app_role_assignments")
    assert newest is not None and [page.n_forgotten for page in newest.manifest.pages] == [1]


def test_what_comes_by_import_is_cleaned_on_its_way(company: Company, lake: Lake) -> None:
    from seatwise.control import persons

    forget(company)
    Lake(persons.places_to_write(TENANT)).import_lines(
        event(7, userPrincipalName=ADDRESS, userDisplayName=NAME, createdDateTime="2026-09-29T05:15:41Z")
    )
    assert search(lake.places.home, [ADA, ADDRESS]) == []
    assert len(lake.rows("sign_ins", "event_id")) == 4


def test_texts_of_the_database_are_replaced_in_every_table(company: Company) -> None:
    from django.db import connection

    from seatwise.control import audit, decisions
    from seatwise.control.decisions import Change
    from seatwise.control.models import AuditEntry, Decision, Notice

    told = [
        Change("person", ADA, "protected", "She asked for it."),
        Change("seat", TWIN, ADDRESS, ADA),
        Change("product", TWIN, "owner", f"{NAME}, {ADDRESS}"),
    ]
    decisions.decide(company.owner, company.workspace, told)
    audit.note("person.exported", workspace=company.workspace, subject=ADA, detail={"name": NAME, "other": "Grace"})
    at = AuditEntry.objects.get(action="person.exported").at
    Notice.objects.create(workspace=company.workspace, code="x", sentence=f"{ADDRESS.title()} left.", created_at=at)
    revision = decisions.decided(company.workspace).revision
    done = forget(company)
    decided = decisions.decided(company.workspace)
    assert decided.revision > revision
    assert decided.protected == {done.stand_in}
    (seat,) = decided.hand_seats
    assert (seat.address, seat.user_id) == (f"{done.stand_in[:8]}.1@forgotten.invalid", done.stand_in)
    entry = AuditEntry.objects.get(action="person.exported")
    called = f"Forgotten person {done.stand_in[:4]}"
    assert (entry.subject, entry.detail) == (done.stand_in, {"name": called, "other": "Grace"})
    assert ADA not in str(list(Decision.objects.values())) and ADDRESS not in str(list(Notice.objects.values())).lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM control_forgetting WHERE ended_at IS NULL")
        assert cursor.fetchone() == (0,)


def test_the_log_of_another_company_says_what_it_said(company: Company) -> None:
    from seatwise.control import audit
    from seatwise.control.models import AuditEntry, Workspace

    there = Workspace.objects.get(name="Contoso")
    audit.note("sync.asked", workspace=there, tenant_id="7b2e1d63-22e5-4d8f-8b5f-1e7a3a4c9d12", subject=f"{NAME} {ADA}")
    forget(company)
    assert AuditEntry.objects.get(action="sync.asked").subject == f"{NAME} {ADA}"


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE control_auditentry SET action = 'nothing'",
        "UPDATE control_auditentry SET at = '2020-01-01'",
        "UPDATE control_auditentry SET person_id = NULL",
        "DELETE FROM control_auditentry",
    ],
)
def test_while_one_is_forgotten_texts_may_change_and_nothing_else(company: Company, attempt: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from seatwise.control import persons
    from seatwise.control.models import AuditEntry

    persons.ask(company.owner, TENANT, ADA)
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
    assert list(AuditEntry.objects.values()) == before
    AuditEntry.objects.update(subject="x")


def test_who_may_and_whom(company: Company) -> None:
    from seatwise.control import persons
    from seatwise.control.models import Forgetting

    for person, code in (
        (company.analyst, "not_allowed"),
        (company.viewer, "not_allowed"),
        (company.foreign, "not_yours"),
    ):
        refused(code, lambda by=person: persons.ask(by, TENANT, ADA))
    refused("person_unknown", lambda: persons.ask(company.admin, TENANT, "nobody@x.example"))
    refused("person_unclear", lambda: persons.ask(company.admin, TENANT, SHARED))
    assert not Forgetting.objects.exists()
    company.viewer.email = ADDRESS
    company.viewer.save()
    refused("person_is_member", lambda: persons.ask(company.owner, TENANT, ADA))


def test_who_is_no_member_any_more_loses_the_account_with_it(company: Company) -> None:
    from seatwise.control.models import Membership, Person

    company.viewer.email = ADDRESS
    company.viewer.save()
    Membership.objects.filter(person=company.viewer).delete()
    forget(company)
    assert not Person.objects.filter(pk=company.viewer.pk).exists()


def test_a_worker_does_what_was_asked_for_on_a_page(company: Company, lake: Lake) -> None:
    from seatwise.control import jobs, persons

    assert not jobs.is_due()
    row = persons.ask(company.owner, TENANT, ADA)
    assert jobs.is_due() and jobs.work_one()
    row.refresh_from_db()
    assert row.ended_at is not None and row.traces == {} and row.outcome["left"] == 0
    assert not jobs.is_due()
    assert search(lake.places.home, [ADA]) == []


def test_a_restored_backup_is_made_good_by_doing_it_again(company: Company, lake: Lake) -> None:
    from seatwise.control import persons

    done = forget(company)
    # As an older copy of the lake would: the person is there again.
    lake.list_all("users", user(ADA, ADDRESS), user(TWIN, "twin@x.example"))
    refused("person_forgotten", lambda: persons.ask(company.owner, TENANT, ADA))
    again = persons.finish(persons.ask_again(TENANT, ADA), lambda step: None)
    assert again.stand_in == done.stand_in
    assert search(lake.places.home, [ADA, ADDRESS]) == []


def test_every_table_with_texts_leads_to_a_tenant(company: Company) -> None:
    from seatwise.control.persons import texts

    assert {model.__name__ for model in texts.scoped()} >= {"AuditEntry", "Decision", "Draft", "Letter", "Link", "Run"}
