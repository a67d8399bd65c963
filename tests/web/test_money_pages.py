"""Overview, savings and insights: money first, claims only where proven, putting away by who may, queries counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.tiny_lake import TinyLake, at
from tests.web.conftest import Site
from tests.web.test_app_pages import queries, text


@pytest.fixture
def paid(site: Site, lake: TinyLake) -> Site:
    """Mail at 10 euros a seat: of five seats one is used, one idle, two unused or never used, one is a leaver's."""
    from seatwise.control import decisions

    lake.app("mail")
    lake.app("notes")
    for user in ("anna", "ben", "carla"):
        lake.user(user, department="Sales")
    lake.user("dora", is_enabled=False)
    lake.user("emil", department="Research")
    lake.group("g1", "anna", "ben", "carla", "dora", "emil", name="Everybody")
    lake.assign("mail", "g1", kind="Group")
    lake.read_days(100)
    lake.sign_in("anna", "mail", at(1))
    lake.sign_in("ben", "mail", at(40))
    lake.sign_in("ben", "notes", at(2))
    site.connected()
    site.synced(lake)
    price = decisions.Terms(Decimal(10), "EUR", renewal_on=date(2026, 7, 30))
    decisions.decide(
        site.people["owner"], site.workspace, [decisions.Change("product", "mail", "price", price, "Mail")]
    )
    return site


def seen(site: Site, name: str, who: str = "owner", query: str = "", **named: Any) -> str:
    return text(site.client(who).get(site.address(name, **named) + query).content)


def test_the_overview_says_what_could_be_saved_and_what_to_do_next(paid: Site) -> None:
    page = seen(paid, "overview")
    assert "Could save each month €30" in page
    assert "Take back 3 unused seats of Mail 3 of 5 seats €30 a month" in page
    assert "Seats in use 20% 1 of 5" in page
    assert "Apps cost each month €50" in page
    assert "Nothing: the connection works, sign-ins are complete and prices are there." in page


def test_savings_tell_each_proven_state_and_what_is_not_claimed(paid: Site) -> None:
    page = seen(paid, "savings")
    assert "Could save each month €30" in page
    assert "Idle, not claimed €10 a month, for 1 seat not used lately" in page
    assert "Mail" in page and "In a year" in page and "€360" in page
    assert "Without a price 0" in page
    assert "their seats are never offered" in page


def test_savings_by_group_and_team(paid: Site) -> None:
    assert "Everybody" in seen(paid, "savings_groups") and "€30" in seen(paid, "savings_groups")
    teams = seen(paid, "savings_teams")
    assert "Research" in teams and "Sales" in teams


def test_the_list_to_act_on_holds_those_whose_seat_is_proven_to_be_unused(paid: Site) -> None:
    page = seen(paid, "savings_seats")
    assert all(name in page for name in ("Carla", "Dora", "Emil"))
    assert "Anna" not in page and "Ben" not in page
    assert "1–3 of 3 seats" in page


def test_a_protected_person_is_never_on_the_list(paid: Site) -> None:
    from seatwise.control import decisions

    change = decisions.Change("person", "carla", "protected", "On leave")
    decisions.decide(paid.people["owner"], paid.workspace, [change])
    page = seen(paid, "savings_seats")
    assert "Carla" not in page and "Emil" in page
    assert "Could save each month €20" in seen(paid, "overview")


def test_the_list_comes_as_a_file_of_exactly_that(paid: Site) -> None:
    from seatwise.control.models import AuditEntry

    told = paid.client("analyst").post(paid.address("savings_seats_export") + "?format=csv")
    lines = told.content.decode().splitlines()
    assert len(lines) == 4 and "carla" in "".join(lines)
    assert "anna" not in "".join(lines)
    assert AuditEntry.objects.filter(action="data.exported").count() == 1


def test_a_viewer_sees_stand_ins_and_no_buttons_to_decide(paid: Site) -> None:
    page = seen(paid, "savings_seats", "viewer")
    assert "Carla" not in page and "1–3 of 3 seats" in page
    assert "Put away" not in seen(paid, "insights", "viewer")


def test_insights_lead_to_their_evidence_and_are_put_away_with_a_reason(paid: Site) -> None:
    client = paid.client("analyst")
    page = client.get(paid.address("insights")).content.decode()
    assert "Seats nobody uses" in page and "Leavers who still hold seats" in page
    assert "Renews on 30 Jul 2026" in text(page.encode())
    address = paid.address("insight_away") + "?card=unused_seats&kind=product&subject=mail"
    assert "Put away: Mail" in client.get(address).content.decode()
    wrong = client.post(address, {"how": "snooze", "reason": ""}).content.decode()
    assert "Choose the day on which it comes back." in wrong and "Say in a few words why" in wrong
    past = client.post(address, {"how": "snooze", "until": "2026-06-01", "reason": "x"}).content.decode()
    assert "Choose a day after today" in past
    done = client.post(address, {"how": "dismiss", "reason": "Bought <b>for</b> next year"}, follow=True)
    told = done.content.decode()
    assert "Bought &lt;b&gt;for&lt;/b&gt; next year" in told and "Put away" in told
    assert "Take back 3 unused seats of Mail" not in seen(paid, "overview")
    number = int(told.split("/back")[0].rpartition("/")[2])
    client.post(paid.address("insight_back", number=number))
    assert "Take back 3 unused seats of Mail" in seen(paid, "overview")


def test_one_kind_of_card_by_itself(paid: Site) -> None:
    page = seen(paid, "insights", query="?card=leaver_seats")
    assert "Leavers who still hold seats" in page and "Seats nobody uses" not in page
    assert seen(paid, "insights", query="?card=nonsense") == seen(paid, "insights")


def test_a_card_that_is_not_there_cannot_be_put_away(paid: Site) -> None:
    address = paid.address("insight_away") + "?card=unused_seats&kind=product&subject=nothing"
    assert paid.client("owner").get(address).status_code == 404


def test_before_anything_is_read_every_page_says_what_comes_next(site: Site) -> None:
    for name in ("savings", "savings_groups", "savings_teams", "savings_seats", "savings_licences", "insights"):
        assert "Connect Microsoft Entra ID" in seen(site, name), name


def test_pages_about_money_ask_the_database_little(paid: Site) -> None:
    client = paid.client("owner")
    for name in ("savings", "savings_seats", "insights"):
        client.get(paid.address(name))
    # The door (4) and the frame (8); two questions of 5 each; the currency of the sums, and what was decided.
    with queries(4 + 8 + 2 * 5 + 2):
        client.get(paid.address("savings"))
    with queries(4 + 8 + 2 * 5 + 1):
        client.get(paid.address("savings_seats"))
    # Cards and totals; the connection, what was put away, since when each is there.
    with queries(4 + 8 + 2 * 5 + 3):
        client.get(paid.address("insights"))


@pytest.mark.parametrize("who", ["owner", "viewer"])
def test_insights_stand_in_the_navigation_after_savings(paid: Site, who: str) -> None:
    page = paid.client(who).get(paid.address("insights")).content.decode()
    main = page.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    assert "Savings Insights Discovery" in text(main.encode())
    assert f'href="{paid.address("insights")}" aria-current="page"' in main
