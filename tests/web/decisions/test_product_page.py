"""Deciding about one product: saved, shown, refused in words beside the field, taken back; alike for a licence."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.support.tiny_lake import TinyLake
from tests.web.conftest import Site
from tests.web.test_app_pages import DOOR, FRAME, queries, text

# A question of somebody: is the tenant connected, which reading is the newest, was something decided since, whose
# workspace is it, and what are they there.
ASKED = 5
FORM: dict[str, Any] = {"basis": "seat", "period": "month", "currency": "EUR"}


def decided(site: Site) -> Any:
    from seatwise.control import decisions

    return decisions.decided(site.workspace)


def mark(page: bytes) -> str:
    found = re.search(r'name="mark" value="(\w+)"', page.decode())
    assert found
    return found[1]


def test_a_price_an_owner_and_a_policy_are_saved_together(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    sent = {**FORM, "amount": "12,50", "renewal_on": "31.03.2027", "notice_days": "90", "owner": "Dana Osei"}
    sent |= {"state": "approved", "kinds": "interactiveUser", "inactive_days": "60", "link": "https://x.example/c"}
    response = client.post(address, {**sent, "mark": mark(client.get(address).content)}, follow=True)
    assert response.status_code == 200 and "Saved. You can undo it in the history" in text(response.content)
    (price,), (product,), (policy,) = decided(read).prices, decided(read).products, decided(read).policies
    assert (price.amount, price.currency, str(price.renewal_on), price.notice_days) == (
        Decimal("12.5"),
        "EUR",
        "2027-03-31",
        90,
    )
    assert (product.owner, product.state, product.name, policy.inactive_days) == ("Dana Osei", "approved", None, 60)
    again = client.get(address).content.decode()
    assert 'value="12.50"' in again and 'value="2027-03-31"' in again and 'value="Dana Osei"' in again
    unchanged = client.post(address, {**sent, "renewal_on": "2027-03-31"}, follow=True)
    assert "Nothing was changed." in text(unchanged.content)
    assert decided(read).revision == 1


def test_each_fault_stands_beside_its_field_and_nothing_is_saved(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    page = client.post(
        address,
        {
            **FORM,
            "amount": "1,234",
            "renewal_on": "03/04/2027",
            "seats_bought": "0",
            "link": "javascript:x",
            "owner": "D",
        },
    )
    told = text(page.content)
    for words in ("could be 1234 or 1.234", "can be read one way only", "from 1 to 10,000,000", "begins with https://"):
        assert words in told, told
    wrong = client.post(
        address, {**FORM, "amount": "5", "seats_bought": "0", "link": "javascript:x", "notice_days": "5"}
    )
    told = text(wrong.content)
    for words in ("from 1 to 10,000,000", "begins with https://", "Add that date"):
        assert words in told, told
    assert "Write the price, too" in text(client.post(address, {**FORM, "seats_bought": "5"}).content)
    assert (decided(read).revision, 'value="5"' in wrong.content.decode()) == (0, True)


def test_what_somebody_else_decided_meanwhile_is_not_overwritten_unseen(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    before = mark(client.get(address).content)
    read.client("owner").post(address, {**FORM, "amount": "9", "owner": "Kim"})
    page = client.post(address, {**FORM, "owner": "Dana", "mark": before})
    assert "Somebody decided something about this while the page was open" in text(page.content)
    assert decided(read).products[0].owner == "Kim"
    client.post(address, {**FORM, "owner": "Dana", "mark": mark(page.content)})
    assert decided(read).products[0].owner == "Dana"


def test_it_leads_back_to_where_one_came_from_and_nowhere_else(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    prices = read.address("prices")
    page = client.get(address + f"?next={prices}").content.decode()
    assert f'name="next" value="{prices}"' in page
    assert client.post(address, {**FORM, "owner": "A", "next": prices}).headers["Location"] == prices
    elsewhere = client.post(address, {**FORM, "owner": "B", "next": "https://elsewhere.example/"})
    assert elsewhere.headers["Location"] == address


def test_an_undo_on_the_page_puts_back_what_held(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    client.post(address, {**FORM, "amount": "10"})
    client.post(address, {**FORM, "amount": "12"})
    assert re.search(
        r"Price : €10 a seat and month €12 a seat and month No\. 2 by Analyst", text(client.get(address).content)
    )
    told = client.post(read.address("decision_undo", number=2), {"next": address}, follow=True)
    assert "Taken back." in text(told.content)
    assert decided(read).prices[0].amount == 10
    again = client.post(read.address("decision_undo", number=2), follow=True)
    assert "decided again since, or taken back already" in text(again.content)
    assert client.post(read.address("decision_undo", number=99), follow=True).status_code == 200


def test_a_product_that_is_not_there_is_a_404(read: Site) -> None:
    for product in ("nothing", "'; drop table apps", "a" * 300, "%00"):
        assert read.client("owner").get(read.address("decide_product", product=product)).status_code == 404


def test_several_apps_become_one_product_and_are_taken_apart_again(read: Site) -> None:
    client = read.client("analyst")
    page = text(client.get(read.address("decide_merge", product="figma")).content)
    assert "Apps with a similar name" in page and "Figma EU" in page and "Miro" not in page
    none = client.post(read.address("decide_merge", product="figma"), {})
    assert "Choose at least one app" in text(none.content)
    gone = client.post(read.address("decide_merge", product="figma"), {"with": ["nothing"]})
    assert "not here any more" in text(gone.content)
    done = client.post(read.address("decide_merge", product="figma"), {"with": ["figma-eu"]}, follow=True)
    assert "Merged into Figma" in text(done.content) and "Split off Figma EU" in text(done.content)
    assert client.get(read.address("decide_product", product="figma-eu")).status_code == 200
    assert decided(read).products[0].app_ids == ("figma", "figma-eu")
    client.post(read.address("decide_split", product="figma"), {"app": "figma-eu"})
    assert decided(read).products == ()


def test_an_app_and_its_seats_are_added_by_hand_and_removed(read: Site) -> None:
    client = read.client("analyst")
    nameless = client.post(read.address("app_by_hand"), {**FORM, "amount": "5"})
    assert "Type the name of the app." in text(nameless.content)
    made = client.post(
        read.address("app_by_hand"), {**FORM, "name": "Press archive", "amount": "100", "basis": "contract"}
    )
    (product,) = decided(read).products
    seats = read.address("decide_seats", product=product.product_id)
    assert made.headers["Location"] == seats
    wrong = client.post(seats, {"addresses": "kim"})
    assert "is not an address" in text(wrong.content) and ">kim</textarea>" in wrong.content.decode()
    client.post(seats, {"addresses": "Anna@x.example, kim@y.example\nben@x.example"})
    page = text(client.get(seats).content)
    assert "3 seats" in page and "kim@y.example Not in the directory" in page
    assert {seat.user_id for seat in decided(read).hand_seats} == {"anna", "ben", None}
    client.post(read.address("decide_seat_remove", product=product.product_id), {"address": "ben@x.example"})
    assert len(decided(read).hand_seats) == 2
    refused = client.post(read.address("decide_remove", product="figma"), follow=True)
    assert "comes from Entra ID" in text(refused.content)
    client.post(read.address("decide_remove", product=product.product_id))
    assert (decided(read).products, decided(read).hand_seats, decided(read).prices) == ((), (), ())


def test_a_person_is_protected_and_no_longer(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_person", person="carla")
    assert client.get(read.address("decide_person", person="nobody")).status_code == 404
    client.post(address, {"reason": "On leave"})
    assert decided(read).protected == frozenset({"carla"})
    assert re.search(r"Carla On leave", text(client.get(read.address("protected")).content))
    client.post(address, {"do": "end"})
    assert decided(read).protected == frozenset()
    assert "Nobody is protected" in text(client.get(read.address("protected")).content)


def test_an_own_policy_shows_what_it_would_change_and_saves_nothing(read: Site) -> None:
    client, address = read.client("analyst"), read.address("decide_product", product="figma")
    page = client.post(address, {**FORM, "amount": "10", "inactive_days": "7", "do": "preview"})
    told = text(page.content)
    assert "1 seat would stand under another status. Nothing is saved yet." in told
    assert re.search(r"Seats before 2 1 before 1 2 0 0 0 before — none €0", told), told
    assert 'value="7"' in page.content.decode() and decided(read).revision == 0
    same = text(client.post(address, {**FORM, "inactive_days": "30", "do": "preview"}).content)
    assert "No seat would stand under another status" in same
    wrong = text(client.post(address, {**FORM, "inactive_days": "400", "do": "preview"}).content)
    assert "from 1 to 365" in wrong and "What would change" not in wrong.replace("Show what would change", "")


def test_a_licence_gets_a_price(site: Site, lake: TinyLake) -> None:
    sku = "cccccccc-0000-4000-8000-000000000001"
    lake.tables["subscribed_skus"] = []
    lake.add(
        "subscribed_skus",
        sku_id=sku,
        part_number="ENTERPRISEPACK",
        applies_to="User",
        capability_status="Enabled",
        consumed_units=3,
        enabled_units=10,
    )
    lake.read_days(30)
    site.connected()
    site.synced(lake)
    client, address = site.client("analyst"), site.address("decide_licence", sku=sku)
    page = client.get(address)
    assert "10 licences are bought" in text(page.content)
    client.post(address, {**FORM, "amount": "20", "mark": mark(page.content)})
    (price,) = decided(site).prices
    assert (price.subject_kind, price.subject_id, price.amount) == ("licence", sku, 20)
    assert re.search(
        r"Office 365 E3 ENTERPRISEPACK 10 .*€20 €200", text(client.get(site.address("licence_prices")).content)
    )
    assert client.get(site.address("decide_licence", sku="nothing")).status_code == 404


def test_pages_ask_the_database_little_however_long_the_history(read: Site) -> None:
    client = read.client("owner")
    for n in range(12):
        client.post(read.address("decide_product", product="figma"), {**FORM, "owner": f"Owner {n}"})
    client.get(read.address("decisions"))
    # History: the numbers, the entries, what they replaced, and whether something was decided since (for the names).
    with queries(DOOR + FRAME + 4 + ASKED):
        client.get(read.address("decisions"))
    # The product, its apps' categories and the names of its history are asked for, what holds is looked at five times.
    with queries(DOOR + FRAME + 5 + 3 + 3 * ASKED):
        client.get(read.address("decide_product", product="figma"))
    with queries(DOOR + FRAME + 1 + ASKED):
        client.get(read.address("prices"))
