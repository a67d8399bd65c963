"""People, Teams and Licences: numbers that can be counted on paper, what each person holds, and the files of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.tiny_lake import TinyLake, at
from tests.web.conftest import Site
from tests.web.test_app_pages import queries, text

if TYPE_CHECKING:
    from django.test import Client

E3, FREE = "05e9a617-0261-4cee-bb44-138d3ef5d965", "f30db892-07e9-47e9-837c-80727f46fd3d"


def licence(*skus: str, group: str | None = None) -> dict[str, str]:
    states = [{"skuId": sku, "assignedByGroup": group, "state": "Active"} for sku in skus]
    return {
        "assigned_licenses": json.dumps([{"disabledPlans": [], "skuId": sku} for sku in skus]),
        "license_states": json.dumps(states),
    }


def filled(lake: TinyLake) -> TinyLake:
    """Two apps at 10 EUR a seat. anna: mail in use, maps never; ben: mail by Sales, in use; carla (disabled): maps."""
    lake.user("anna", department="Research", job_title="Analyst", created_at=at(101), **licence(E3))
    lake.user("ben", department="Sales", **licence(E3, group="sales"))
    lake.user("carla", department="Sales", is_enabled=False, **licence(E3))
    lake.user("dora", user_type="guest")
    for app in ("mail", "maps"):
        lake.app(app)
    lake.assign("mail", "anna")
    lake.assign("maps", "anna")
    lake.assign("maps", "carla")
    lake.group("sales", "ben", name="Sales")
    lake.assign("mail", "sales", "Group")
    lake.add("subscribed_skus", sku_id=E3, part_number="ENTERPRISEPACK", applies_to="User", enabled_units=5)
    lake.tables.setdefault("user_activity", [])
    lake.read_days(120)
    lake.sign_in("anna", "mail", at(1), event_id="proof")
    lake.sign_in("anna", "mail", at(100))
    lake.sign_in("ben", "mail", at(3))
    # Deleted since: only their sign-in tells of them.
    lake.sign_in("gone", "mail", at(5))
    return lake


@pytest.fixture
def full(site: Site, lake: TinyLake) -> Site:
    site.connected()
    site.synced(filled(lake))
    from seatwise.control import decisions
    from seatwise.control.decisions import Change, Terms

    told = [Change("product", app, "price", Terms(Decimal(10), "EUR")) for app in ("mail", "maps")]
    decisions.decide(None, site.workspace, [*told, Change("licence", E3, "price", Terms(Decimal(20), "EUR"))])
    return site


def row(client: Client, address: str, key: str) -> dict[str, str]:
    """The raw values of one row of a list, by column."""
    page = client.get(address).content.decode()
    found = re.search(rf'<tr[^>]*data-key="{key}".*?</tr>', page, flags=re.DOTALL)
    assert found, page[:3000]
    return dict(re.findall(r'<t[hd][^>]*data-column="(\w+)" data-value="([^"]*)"', found[0]))


def rows(client: Client, address: str) -> list[dict[str, str]]:
    content = client.post(address, {"format": "csv"}).content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_people_with_their_seats_and_what_those_could_save(full: Site) -> None:
    anna = row(full.client("analyst"), full.address("people"), "anna")
    assert (anna["n_seats"], anna["cost_month"], anna["could_save_month"]) == ("2", "20.0", "10.0")
    page = text(full.client("analyst").get(full.address("people") + "?f_is_leaver=1&f_n_seats=1").content)
    assert "Carla" in page and "Disabled" in page and "Anna" not in page


def test_a_person_with_every_app_how_the_seat_came_and_when_it_was_used(full: Site) -> None:
    client = full.client("analyst")
    page = text(client.get(full.address("person", person="anna")).content)
    assert re.search(r"Mail Directly Active 1 1 day ago", page)
    assert re.search(r"Maps Directly Never used 0 Never", page)
    assert "By Sales" in text(client.get(full.address("person", person="ben")).content)
    assert "Office 365 E3" in page


def test_who_was_deleted_is_told_by_their_sign_ins(full: Site) -> None:
    page = text(full.client("analyst").get(full.address("person", person="gone")).content)
    assert "not in the directory any more" in page and "Deleted" in page
    assert full.client("analyst").get(full.address("person", person="nobody")).status_code == 404


def test_teams_by_department_by_title_and_by_group(full: Site) -> None:
    client, address = full.client("viewer"), full.address("teams")
    sales = row(client, address, "Sales")
    assert (sales["n_people"], sales["n_seats"], sales["cost_month"], sales["could_save_month"]) == (
        *("2", "2"),
        *("20.0", "10.0"),
    )
    assert row(client, address, "")["n_people"] == "1"
    assert row(full.client("analyst"), f"{address}?by=job_title", "Analyst")["n_seats"] == "2"
    assert row(client, f"{address}?by=group", "sales")["n_seats"] == "1"


def test_one_teams_apps_and_people(full: Site) -> None:
    client = full.client("analyst")
    page = client.get(full.address("team") + "?by=department&team=Sales").content
    assert "What the people of this department hold, use and cost." in text(page)
    assert re.search(r"Ben ben@x.example", text(page)) and "Anna" not in text(page)
    nobody = text(client.get(full.address("team") + "?by=department&team=").content)
    assert "No department" in nobody and "Dora" in nobody
    assert client.get(full.address("team") + "?by=department&team=Elsewhere").status_code == 404


def test_a_groups_people_and_those_in_none(full: Site) -> None:
    client = full.client("analyst")
    for key, inside, outside in (("sales", "Ben", "Anna"), ("", "Anna", "Ben")):
        told = text(client.get(full.address("team") + f"?by=group&team={key}").content)
        assert f"{inside} {inside.lower()}@x.example" in told and outside not in told
        whole = client.get(full.address("people") + f"?group={key or '-'}").content
        assert f"{inside} {inside.lower()}@x.example" in text(whole) and f"{outside} " not in text(whole)
        assert b"Everybody in the directory" in whole
        named = {row["name"] for row in rows(client, full.address("people_export") + f"?group={key or '-'}")}
        assert inside in named and outside not in named
    assert client.get(full.address("people") + "?group=elsewhere").status_code == 404


def test_licences_bought_held_by_disabled_people_and_by_nobody(full: Site) -> None:
    found = row(full.client("viewer"), full.address("licences"), E3)
    assert (found["n_assigned"], found["n_unassigned"], found["n_disabled"]) == ("3", "2", "1")
    assert (found["n_direct"], found["n_group"], found["could_save_month"]) == ("2", "1", "60.0")
    page = text(full.client("analyst").get(full.address("licence", sku=E3)).content)
    assert "3 of 5" in page and re.search(r"Ben ben@x.example .*?By Sales", page)
    assert full.client("viewer").get(full.address("licence", sku=FREE)).status_code == 404


@pytest.mark.parametrize(
    ("name", "named", "query", "key", "n"),
    [
        ("people_export", {}, "?f_n_seats=1", "user_id", 3),
        ("person_export", {"person": "anna"}, "?f_status=never", "product_id", 1),
        ("teams_export", {}, "?by=group", "team", 2),
        ("team_export", {}, "?by=department&team=Sales", "product_id", 2),
        ("licences_export", {}, "", "sku_id", 1),
        ("licence_export", {"sku": E3}, "?f_is_enabled=1", "user_id", 1),
    ],
)
def test_a_file_holds_exactly_what_its_page_shows(
    full: Site, name: str, named: dict[str, Any], query: str, key: str, n: int
) -> None:
    client = full.client("analyst")
    page = client.get(full.address(name.removesuffix("_export"), **named) + query).content.decode()
    shown = re.findall(r'<tr data-key="([^"]*)"', page.split('id="list-body"')[1].split("</section>")[0])
    told = rows(client, full.address(name, **named) + query)
    assert [line[key] for line in told] == shown
    assert len(told) == n


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_long_list_is_asked_for_by_and_by_and_its_file_is_the_same(
    full: Site, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    from seatwise.web.lists import showing

    def file() -> bytes:
        answer = full.client("analyst").post(full.address("people_export"), {"format": form})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if form != "xlsx":
            return content
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return b"".join(parts.read(name) for name in parts.namelist())

    whole = file()
    monkeypatch.setattr(showing, "_AT_ONCE", 2)
    monkeypatch.setattr(showing, "_IN_MEMORY", 10)
    assert file() == whole
    if form == "xlsx":
        assert b"people: Every person of the directory" in whole


@pytest.mark.parametrize("name", ["people", "teams", "licences"])
def test_lists_without_anything_read_lead_to_the_connection(site: Site, name: str) -> None:
    page = text(site.client("owner").get(site.address(name)).content)
    assert "Connect Microsoft Entra ID" in page


def test_a_page_asks_the_database_little_and_never_for_rows(full: Site) -> None:
    client = full.client("analyst")
    client.get(full.address("people"))
    # Session, person, workspace, role; for each of two questions whose tenant, newest sync, newest decision, whether
    # names may be seen (workspace, role); then the frame: workspaces, whether one may be added, connection, running
    # and newest sync, keys, notices, what waits to be decided.
    with queries(23):
        client.get(full.address("people"))


def test_everything_about_a_person_is_handed_out_as_an_archive(full: Site) -> None:
    answer = full.client("admin").post(full.address("person_data", person="anna"))
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert {"README.txt", "tables/users.json", "tables/sign_ins.json"} <= set(archive.namelist())


def test_answers_kept_warm_forget_at_once(full: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import jobs, persons, standing
    from tests.support.tiny_lake import TENANT

    client = full.client("owner")
    assert "Anna" in text(client.get(full.address("people")).content)
    # As for a company so large that opening its answers anew is not waited for.
    monkeypatch.setattr(standing, "_QUICK_S", 0.0)
    persons.ask(full.people["owner"], TENANT, "anna")
    assert jobs.work_one()
    for name in ("people", "teams", "licences"):
        page = client.get(full.address(name))
        assert page.status_code == 200 and "Anna" not in text(page.content)
    assert client.get(full.address("person", person="ben")).status_code == 200


def test_a_person_is_forgotten_after_their_name_was_typed(full: Site) -> None:
    from seatwise.control import jobs
    from seatwise.control.models import Forgetting

    client, address = full.client("owner"), full.address("person_forget", person="anna")
    assert "Backups made before are not reached" in text(client.get(address).content)
    refused = client.post(address, {"word": "Ben"})
    assert "Type Anna exactly" in text(refused.content) and not Forgetting.objects.exists()
    assert client.post(address, {"word": "anna"}).headers["Location"] == full.address("people")
    assert jobs.work_one()
    page = text(client.get(full.address("people")).content)
    assert "Anna" not in page and "Forgotten person" in page
    assert client.get(full.address("person", person="anna")).status_code == 404


def test_who_may_not_see_names_sees_no_job_title_and_finds_nobody_by_one(full: Site) -> None:
    viewer, analyst, people = full.client("viewer"), full.client("analyst"), full.address("people")
    for query in ("?columns=job_title", "?q=analyst&columns=job_title", "?f_job_title=Analyst"):
        assert 'data-key="anna"' in analyst.get(people + query).content.decode()
    assert "Analyst" not in text(viewer.get(people + "?columns=job_title").content).replace("f_job_title", "")
    for query in ("?q=analyst", "?f_job_title=Analyst"):
        assert 'data-key="anna"' not in viewer.get(people + query).content.decode()
    assert "Analyst" not in text(viewer.get(full.address("person", person="anna")).content)
    assert "Job titles" not in text(viewer.get(full.address("teams") + "?by=job_title").content)
    assert viewer.get(full.address("team") + "?by=job_title&team=Analyst").status_code == 404
