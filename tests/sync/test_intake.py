"""Import from the front door: files in, an account and a lake out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatwise.base.errors import AskAdmin
from tests.lake.forms.made import (
    OTHER,
    PORTAL_2025,
    TENANT,
    diagnostic,
    event_id,
    graph,
    lines,
    log_analytics,
    portal,
)
from tests.lake.forms.test_csv_forms import download
from tests.sync.desk import Desk, at_a_fixed_time, blob, desk

__all__ = ["at_a_fixed_time", "desk"]


def test_what_is_read_is_in_the_lake_with_its_account(desk: Desk) -> None:
    desk.put("a.json", json.dumps({"value": [graph(1), graph(2)]}).encode())
    desk.put("b/c.json.gz", gzip.compress(lines(diagnostic(3), diagnostic(3), diagnostic(4, "AuditLogs"))))
    found = desk.read()
    assert (found.received, found.kept, found.unchanged) == (5, 3, 1)
    assert found.set_aside == [("audit", "category_not_kept", 1)]
    assert sorted((row["event_id"], row["feed"]) for row in desk.rows()) == [
        (event_id(1), "graph"),
        (event_id(2), "graph"),
        (event_id(3), "diagnostic"),
    ]


def test_reading_again_changes_nothing(desk: Desk) -> None:
    desk.put("a.ndjson", lines(*(diagnostic(n) for n in range(5))))
    desk.read()
    before = desk.rows()
    again = desk.read()
    assert (again.kept, again.unchanged) == (0, 5)
    assert desk.rows() == before


ROUTES = {
    "graph": lines(graph(1)),
    "diagnostic": lines(diagnostic(1)),
    "log_analytics": lines(log_analytics(1)),
    "portal": download(PORTAL_2025, portal(1)),
}


@pytest.mark.parametrize("second", ROUTES)
@pytest.mark.parametrize("first", ROUTES)
def test_the_same_event_by_two_routes_is_one_event_whichever_came_first(desk: Desk, first: str, second: str) -> None:
    from seatwise.lake.reading import Lake

    assert desk.read(desk.put("first", ROUTES[first])).kept == 1
    found = desk.read(desk.put("second", ROUTES[second]))
    assert (found.kept, found.unchanged) == (0, 1)
    with Lake(desk.places(TENANT)) as lake:
        lake.open("events")
        preferred = min((first, second), key=list(ROUTES).index)
        assert lake.rows("SELECT event_id, feed FROM events") == [(event_id(1), preferred)]


def test_two_routes_in_one_run_are_one_event_too(desk: Desk) -> None:
    for name, content in ROUTES.items():
        desk.put(name, content)
    found = desk.read()
    assert (found.received, found.kept, found.unchanged) == (4, 1, 3)


@pytest.mark.parametrize("known", [False, True])
def test_a_dry_run_counts_the_same_and_writes_nothing(desk: Desk, known: bool) -> None:
    if known:
        desk.read(desk.put("known", lines(diagnostic(1))))
    desk.put("new", lines(diagnostic(1), diagnostic(2), diagnostic(3, "AuditLogs")))
    before = desk.listing()
    dry = desk.read(dry_run=True)
    assert desk.listing() == before
    assert desk.read().to_json() == dry.to_json()


def test_other_tenants_events_are_set_aside(desk: Desk) -> None:
    desk.put("a", lines(diagnostic(1), diagnostic(2, resourceTenantId=OTHER)))
    found = desk.read()
    assert found.set_aside == [("interactiveUser", "other_tenant", 1)]
    assert found.kept == 1


def test_without_a_name_the_only_tenant_is_taken_and_with_guests_the_one_whose_logs_they_are(desk: Desk) -> None:
    desk.put("a", lines(graph(1), graph(2)))
    assert desk.read(tenant=None).tenant_id == TENANT
    desk.put("a", lines(diagnostic(3), diagnostic(4, resourceTenantId=OTHER)))
    found = desk.read(tenant=None)
    assert (found.tenant_id, found.set_aside) == (TENANT, [("interactiveUser", "other_tenant", 1)])


def test_several_tenants_are_listed_and_nothing_is_written(desk: Desk) -> None:
    desk.put("a", lines(graph(1), graph(2, resourceTenantId=OTHER)))
    with pytest.raises(AskAdmin, match=f"2 tenants: {TENANT}, {OTHER}"):
        desk.read(tenant=None)
    assert desk.listing() == []


def test_events_that_name_no_tenant_need_one_named(desk: Desk) -> None:
    desk.put("a", lines(graph(1, resourceTenantId=None)))
    with pytest.raises(AskAdmin, match="--tenant"):
        desk.read(tenant=None)
    assert desk.read().kept == 1
    assert desk.rows()[0]["event_id"] == event_id(1)


def test_events_without_a_tenant_join_those_of_the_chosen_one(desk: Desk) -> None:
    desk.put("a", lines(graph(1, resourceTenantId=None), graph(2), graph(2, resourceTenantId=None)))
    assert desk.read(tenant=None).kept == 2
    assert len(desk.rows()) == 2


@pytest.mark.parametrize("tenant", ["../../etc", "northwind.example", "1f0c"])
def test_a_tenant_is_a_guid_or_nothing_is_done(desk: Desk, tenant: str) -> None:
    with pytest.raises(AskAdmin, match="no tenant ID"):
        desk.read(desk.put("a", lines(graph(1))), tenant=tenant)


def test_files_that_are_none_of_the_forms_are_refused_and_the_others_go_on(desk: Desk) -> None:
    desk.put("a.csv", b"x,y\n1,2\n")
    desk.put("b.json", b'{"settings": {"a": 1}}')
    desk.put("c.json", lines(graph(1)))
    desk.put(".hidden", b"junk")
    found = desk.read()
    assert [Path(path).name for path, _ in found.refused] == ["a.csv", "b.json"]
    assert all("Seatwise reads" in reason for _, reason in found.refused)
    assert (found.received, found.kept) == (1, 1)
    assert "1 hidden" in found.notes[0]


def test_a_path_that_is_not_there_is_refused_in_words(desk: Desk) -> None:
    [(path, reason)] = desk.read("/nowhere/at/all").refused
    assert (path, reason) == ("/nowhere/at/all", "This file cannot be opened: No such file or directory.")


def test_many_files_become_few_packages(desk: Desk) -> None:
    from seatwise.lake import packages

    for hour in range(24):
        desk.put(blob(hour), lines(diagnostic(hour, createdDateTime=f"2026-09-30T{hour:02d}:15:32Z")))
    desk.read()
    [package] = packages.sealed(desk.places(TENANT), "sign_ins")
    assert package.manifest.n_rows == 24


def test_what_a_killed_import_sealed_is_known_to_the_next(desk: Desk) -> None:
    from seatwise.lake import packages
    from seatwise.lake.forms import encode
    from tests.lake.forms.made import only

    with packages.open_package(desk.places(TENANT), "sign_ins", {"feed": "diagnostic", "files": []}) as draft:
        draft.add_page(encode(only(lines(diagnostic(1))).sign_in) + b"\n", 1)
        draft.seal()
    found = desk.read(desk.put("a", lines(diagnostic(1), diagnostic(2))))
    assert (found.kept, found.unchanged) == (1, 1)
    assert len(desk.rows()) == 2


RECORDS = st.one_of(
    st.builds(graph, st.integers(0, 5)),
    st.builds(diagnostic, st.integers(0, 5), st.sampled_from(["SignInLogs", "AuditLogs", "Of next year"])),
    st.builds(lambda n: graph(n, resourceTenantId=OTHER), st.integers(0, 5)),
    st.builds(lambda n: graph(n, id=None), st.integers(0, 5)),
    st.builds(log_analytics, st.integers(0, 5)),
    st.just({"what": "is this"}),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(RECORDS, min_size=1, max_size=8), min_size=1, max_size=3))
def test_every_record_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[dict[str, Any]]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for at, records in enumerate(files):
        desk.put(f"{at}.ndjson", lines(*records))
    found = desk.read(dry_run=True)
    refused = {Path(path).name for path, _ in found.refused}
    assert found.received == sum(len(records) for at, records in enumerate(files) if f"{at}.ndjson" not in refused)
    for at, records in enumerate(files):
        assert (f"{at}.ndjson" in refused) == all("what" in record for record in records)
