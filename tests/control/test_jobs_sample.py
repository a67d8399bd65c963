"""The sample company goes with one click, and nothing else can be taken away that way."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin, Skip
from tests.control.test_jobs import TENANT, connected


def test_only_who_may_can_remove_the_sample_and_only_the_sample(data: Path) -> None:
    from seatwise.control import jobs
    from seatwise.control.models import Connection, Membership, Person, Run, Workspace

    connection = connected()
    workspace = jobs.mark_sample(connection)
    owner, viewer = (Person.objects.create(f"{name}@x.example", name, "correct-Horse-7") for name in ("ow", "vi"))
    Membership.objects.create(person=owner, workspace=workspace, role="owner")
    Membership.objects.create(person=viewer, workspace=workspace, role="viewer")
    places = data / "lake" / TENANT / "tables"
    places.mkdir(parents=True)
    jobs.ask_sync(TENANT)
    with pytest.raises(Skip):
        jobs.remove_sample(viewer, workspace)
    real = Workspace.objects.create(name="Real")
    Membership.objects.create(person=owner, workspace=real, role="owner")
    with pytest.raises(AskAdmin, match="not_a_sample"):
        jobs.remove_sample(owner, real)
    jobs.remove_sample(owner, workspace)
    assert list(Workspace.objects.values_list("name", flat=True)) == ["Real"]
    assert not Connection.objects.exists() and not Run.objects.exists()
    assert not places.parent.exists()
