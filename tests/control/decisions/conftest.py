"""A company whose directory was read: three apps, two of one name among them, and two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.control.company import Company
from tests.support import database
from tests.support.tiny_lake import AS_OF, TENANT, TinyLake, at, tiny_lake


@pytest.fixture(autouse=True)
def _models_known() -> None:
    """For tests that need no database: the models can be imported."""
    import django

    assert database  # importing it says where the settings are
    django.setup()


@pytest.fixture
def read(company: Company, data: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Figma has three seats: Anna's in use, Ben's and Carla's not seen in 30 whole days; Miro has one."""
    lake = tiny_lake(data)
    for app in ("figma", "miro", "slack"):
        lake.app(app)
    lake.app("slack-2", name="Slack")
    for user in ("anna", "ben", "carla"):
        lake.user(user)
        lake.assign("figma", user)
    lake.assign("miro", "anna")
    lake.sign_in("anna", "figma", at(3))
    lake.sign_in("ben", "figma", at(29))
    lake.read_days(30)
    return published(company, lake, monkeypatch)


def published(company: Company, lake: TinyLake, monkeypatch: pytest.MonkeyPatch) -> Company:
    from seatwise.control.models import Run

    monkeypatch.setenv("SEATWISE_NOW", "2026-06-30T12:00:00Z")
    lake.derive()
    company.workspace.tenant_id = TENANT
    company.workspace.save()
    moments = {"as_of": AS_OF, "created_at": AS_OF, "started_at": AS_OF, "ended_at": AS_OF}
    Run.objects.create(tenant_id=TENANT, kind=Run.Kind.SYNC, state=Run.State.DONE, **moments)
    return company
