"""Overview, apps and one app: numbers that can be counted on paper, and what stands where none is known."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.tiny_lake import MICROSOFT, TinyLake, at
from tests.web.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


def filled(lake: TinyLake, days: int = 30) -> TinyLake:
    """Three apps: mail (two of three seats used), maps (two seats, no use), notes (used without a seat)."""
    for user in ("anna", "ben", "carla", "dora"):
        lake.user(user)
    for app in ("mail", "maps", "notes"):
        lake.app(app)
    for user in ("anna", "ben", "carla"):
        lake.assign("mail", user)
    for user in ("anna", "dora"):
        lake.assign("maps", user)
    if days:
        lake.read_days(days)
        lake.sign_in("anna", "mail", at(1))
        lake.sign_in("anna", "mail", at(2))
        lake.sign_in("ben", "mail", at(3))
        lake.sign_in("dora", "notes", at(4))
    return lake


def text(page: bytes) -> str:
    """What is read, without markup, each run of space as one."""
    told = re.sub(r"<(script|style|svg).*?</\1>", " ", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", told).split())


def csv_rows(told: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"))))


@contextmanager
def queries(expected: int) -> Iterator[None]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        yield
    told = [each["sql"][:160] for each in made.captured_queries]
    assert len(told) == expected, "\n".join(told)


@contextmanager
def asked(expected: int) -> Iterator[None]:
    """How many questions go to the lake, and that none of them takes more rows than a page shows."""
    from unittest.mock import patch

    from seatwise.control import answers

    with patch.object(answers, "ask", wraps=answers.ask) as made:
        yield
    told = [(call.args[0], call.kwargs.get("limit")) for call in made.call_args_list]
    assert len(told) == expected, told
    lists = [
        limit for name, limit in told if name in ("products", "product-users", "seat-groups", "movement", "totals")
    ]
    assert all(limit is not None and limit <= 100 for limit in lists), told


def test_the_overview_sums_what_the_lake_holds(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    page = text(site.client("viewer").get(site.address("overview")).content)
    assert "Seats in use 40% 2 of 5 used in the last 30 days" in page
    assert "Could save each month — not known Entra does not know what you pay" in page
    assert "Apps in use 2 of 3 by 3 of 4 people, 30 days" in page
    assert "Apps cost each month — not known 2 apps with seats have no price" in page
    assert "Sign-ins known 30 of 30 days" in page
    assert "What Entra cannot see" in page
    assert "As of 30 Jun 2026, 12:00 UTC" in page


def test_the_list_shows_seats_people_and_last_use(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    page = text(site.client("viewer").get(site.address("apps")).content)
    assert re.search(
        r"Mail No category 2 of 3 67% 2 active, 1 idle, .*? 2 1 day ago 0 No price — none Under-used", page
    )
    assert re.search(r"Notes No category No seats 0 1 4 days ago 0 No price — none No seats", page)
    assert re.search(r"Maps No category 0 of 2 0% 0 active, 2 idle, .*? 0 None on record 0 No price", page)
    assert "No app has a price yet" in page
    assert "Sign-ins of the last 30 days are complete" in page


def test_without_sign_ins_use_is_unknown_and_never_zero(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake, days=0))
    client = site.client("viewer")
    apps, overview = text(client.get(site.address("apps")).content), text(client.get(site.address("overview")).content)
    assert re.search(r"Mail No category — not known of 3 0 active, .*? 3 not known — not known — not known", apps)
    assert "nothing is said about use" in apps
    assert "Seats in use — not known 5 seats, use not known" in overview
    assert "Apps in use — not known of 3" in overview
    assert "0%" not in apps and "0%" not in overview


def test_an_app_shows_its_people_and_what_is_claimed_of_each(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    page = text(site.client("analyst").get(site.address("app", app="mail")).content)
    assert "3 seats Active 2 67% Idle 1 33%" in page
    assert re.search(r"Anna anna@x\.example — none Active Given directly 2 .*? 1 day ago", page)
    assert re.search(r"Carla carla@x\.example — none Idle Given directly 0 ", page)
    only = text(site.client("analyst").get(site.address("app", app="mail") + "?f_status=idle").content)
    assert "Carla" in only and "Anna" not in only


def test_an_app_that_is_not_there_is_a_404(site: Site, lake: TinyLake) -> None:
    site.synced(filled(lake))
    for app in ("nothing", "'; drop table apps", "..%2f..%2fetc"):
        assert site.client("viewer").get(site.address("app", app=app)).status_code == 404


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("", ["Mail", "Notes", "Maps"]),
        ("?sort=name&way=up", ["Mail", "Maps", "Notes"]),
        ("?sort=name&way=down", ["Notes", "Maps", "Mail"]),
        ("?sort=n_seats", ["Mail", "Maps", "Notes"]),
        ("?q=MA", ["Mail", "Maps"]),
        ("?f_use_band=under", ["Mail"]),
        ("?f_use_band=none&f_use_band=mostly_unused", ["Notes", "Maps"]),
        ("?f_price_basis=1", ["Mail", "Notes", "Maps"]),
        ("?f_owner=Somebody", []),
        ("?sort=password&way=sideways&page=99&f_use_band=x&q=", ["Mail", "Notes", "Maps"]),
        ("?page=-1&page=x", ["Mail", "Notes", "Maps"]),
        ("?q=nothing", []),
    ],
)
def test_the_address_holds_search_sort_and_page(site: Site, lake: TinyLake, told: str, names: list[str]) -> None:
    site.synced(filled(lake))
    page = site.client("viewer").get(site.address("apps") + told).content.decode()
    assert re.findall(r'class="rowlink" href="/w/[^"]+/apps/[^"]+">(\w+)<', page) == names


def test_long_lists_come_in_pages(site: Site, lake: TinyLake) -> None:
    lake.read_days(30)
    for number in range(60):
        lake.app(f"app{number:02}")
    site.synced(lake)
    client, seen = site.client("viewer"), []
    for number in (1, 2, 3):
        page = client.get(site.address("apps") + f"?sort=name&page={number}").content.decode()
        seen += re.findall(r'class="rowlink" href="/w/[^"]+/apps/[^"]+">(\w+)<', page)
    assert seen == [f"App{number:02}" for number in range(60)]


def test_microsofts_own_apps_show_when_asked_for(site: Site, lake: TinyLake) -> None:
    lake.app("graph", owner_tenant_id=MICROSOFT)
    lake.app("mail")
    site.synced(lake)
    client = site.client("viewer")
    assert b">Graph<" not in client.get(site.address("apps")).content
    assert b">Graph<" in client.get(site.address("apps") + "?microsoft=1").content


def test_a_fragment_is_the_same_view_with_less_around_it(site: Site, lake: TinyLake) -> None:
    site.synced(filled(lake))
    client = site.client("viewer")
    whole = client.get(site.address("apps") + "?q=ma").content.decode()
    wanted = {"HX-Request": "true", "HX-Target": "list-body"}
    response = client.get(site.address("apps") + "?q=ma&f_use_band=&sort=name&way=up", headers=wanted)
    part = response.content.decode()
    rows = re.search(r"<tbody>.*?</tbody>", part, re.DOTALL)
    assert "<html" not in part and rows is not None and len(re.findall("<tr ", rows[0])) == 2
    assert sorted(re.findall("<tr .*?</tr>", rows[0], re.DOTALL)) == sorted(re.findall("<tr data-key.*?</tr>", whole))
    # Segments, filters, columns and the file's address go with it; the address bar holds what was asked and no more.
    assert part.count('hx-swap-oob="true"') == 4
    assert response.headers["HX-Push-Url"] == site.address("apps") + "?q=ma&sort=name&way=up"


def test_the_file_holds_the_answer_and_is_noted(site: Site, lake: TinyLake) -> None:
    from seatwise.control.models import AuditEntry

    site.synced(filled(lake))
    client = site.client("analyst")
    rows = csv_rows(client.post(site.address("apps_export")).content)
    assert [(row["name"], row["n_seats"], row["n_used_30d"]) for row in rows] == [
        ("Mail", "3", "2"),
        ("Notes", "0", "1"),
        ("Maps", "2", "0"),
    ]
    people = csv_rows(client.post(site.address("app_export", app="mail") + "?f_status=active").content)
    assert [row["user_id"] for row in people] == ["anna", "ben"]
    noted = AuditEntry.objects.filter(action="data.exported").order_by("pk").values_list("subject", flat=True)
    assert list(noted) == ["products", "product-users: Mail"]


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>alert(1)</script>",
    "{{ 7|add:7 }}{% load static %}",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e<b>gnp.exe</b>",
]


def test_names_from_a_hostile_tenant_stay_text(site: Site, lake: TinyLake) -> None:
    lake.read_days(30)
    for number, name in enumerate(PAYLOADS):
        lake.app(f"app{number}", name=name)
        lake.user(f"user{number}", name=name, upn=name)
        lake.assign(f"app{number}", f"user{number}")
        lake.group(f"group{number}", f"user{number}", name=name)
        lake.assign(f"app{number}", f"group{number}", "Group")
    site.connected(tenant_name=PAYLOADS[0], reason=PAYLOADS[1], state="degraded")
    site.synced(lake)
    site.workspace.name = PAYLOADS[2]
    site.workspace.save()
    client = site.client("owner")
    pages = [site.address(name) for name in ("overview", "apps", "members", "workspace", "audit")]
    pages += [site.address("app", app=f"app{number}") for number in range(len(PAYLOADS))]
    for address in pages:
        page = client.get(address + "?q=" + "%3Cscript%3Ealert(2)%3C/script%3E" * ("apps" in address)).content.decode()
        page += client.get(address).content.decode()
        assert not re.search(r"<script(?! src=)|<img src=x|<svg/onload|<b>gnp", page), address
        assert not re.search(r"<[^>]+ on\w+=", page), address
        assert "14" not in re.findall(r"<h1>(.*?)</h1>", page)[0], address


# The door: session, person, workspace, role. The frame: the person's workspaces, whether they may add one, connection,
# the sync that goes on, the last reading, key checks (2), notices.
DOOR, FRAME = 4, 8
# A question of the lake: is the tenant connected, which reading is the newest, was something decided since; and whether
# the person may see names: the workspace and the role in it.
QUESTION = 5


def test_pages_ask_the_database_little(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    client = site.client("owner")
    client.get(site.address("overview"))
    # Totals, coverage, cards, licences, days, new apps, who began and who stopped; the cards' connection, what was put
    # away, and since when each is there.
    with queries(DOOR + FRAME + 8 * QUESTION + 3):
        client.get(site.address("overview"))
    # The list and the totals above it; the list alone.
    with queries(DOOR + FRAME + 2 * QUESTION), asked(2):
        client.get(site.address("apps"))
    with queries(DOOR + QUESTION), asked(1):
        client.get(site.address("apps") + "?q=m", headers={"HX-Request": "true", "HX-Target": "list-body"})
    # The app, its people, use by day, consents, worth, groups, who started, who stopped; the people alone.
    with queries(DOOR + FRAME + 8 * QUESTION), asked(8):
        client.get(site.address("app", app="mail"))
    with queries(DOOR + QUESTION), asked(1):
        client.get(site.address("app", app="mail"), headers={"HX-Request": "true", "HX-Target": "list-body"})
    # Members, open links of both kinds, and the roles that say who may be handed a password link.
    with queries(DOOR + FRAME + 4):
        client.get(site.address("members"))
    with queries(DOOR + FRAME + 1):
        client.get(site.address("audit"))
    # Without a tenant there is nothing to ask of one: neither the sync nor the reading of the frame.
    site.workspace.tenant_id = None
    site.workspace.save()
    with queries(DOOR + FRAME - 2):
        client.get(site.address("overview"))
