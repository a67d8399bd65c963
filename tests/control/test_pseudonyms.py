"""Who may not see names is told stand-ins through door 2, the same ones for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.control.company import Company
from tests.support.tiny_lake import TinyLake, at

if TYPE_CHECKING:
    from seatwise.control.models import Person


@pytest.fixture
def names(company: Company) -> Any:
    from seatwise.control import answers, connections
    from tests.support.tiny_lake import AS_OF, TENANT

    company.workspace.tenant_id = TENANT
    company.workspace.save()
    lake = TinyLake(connections.places(TENANT), {"service_principals": [], "app_role_assignments": []})
    lake.app("crm")
    lake.user("ada")
    lake.assign("crm", "ada")
    lake.sign_in("ada", "crm", at(1))
    lake.read_days(30)
    lake.derive()
    from seatwise.control.models import Run

    Run.objects.create(tenant_id=TENANT, kind="sync", state="done", as_of=AS_OF, created_at=AS_OF)

    def ask(by: Person | None, **more: Any) -> list[str]:
        return [row["name"] for row in answers.ask("people", TENANT, by=by, **more).result.rows]

    return ask


def test_names_by_role_and_the_same_stand_in_for_ever(names: Any, company: Company) -> None:
    from seatwise.control import pseudonyms

    assert names(None) == names(company.owner) == names(company.analyst) == ["Ada"]
    (told,) = names(company.viewer)
    assert re.fullmatch(r"Person [0-9A-F]{4}-[0-9A-F]{4}", told)
    pseudonyms._known.clear()
    assert names(company.viewer) == [told]
    assert names(company.viewer, search="Ada") == []
    assert names(company.owner) == ["Ada"]


def test_somebody_from_elsewhere_is_told_no_name(names: Any, company: Company) -> None:
    assert names(company.foreign) != ["Ada"]


def test_the_secret_is_sealed_and_another_in_every_workspace(names: Any, company: Company) -> None:
    from seatwise.control import pseudonyms
    from seatwise.control.models import Membership, Secret

    names(company.viewer)
    there = Membership.objects.get(person=company.foreign).workspace
    secret = pseudonyms.secret(company.workspace)
    assert pseudonyms.secret(there) != secret
    assert len(secret) == 32
    assert all(secret.hex().encode() not in bytes(row.sealed) for row in Secret.objects.all())
