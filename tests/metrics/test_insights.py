"""Cards: what each claims, what it is worth, and when it keeps silent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatwise.catalog.cards import CARDS as WORDS
from seatwise.catalog.cards import SUBJECT
from seatwise.metrics.decided import HandSeat, Price, Product
from seatwise.metrics.insights import CARDS
from seatwise.metrics.registry import METRICS
from tests.metrics.ten_seats import PEOPLE, cards, decided, per_seat, use
from tests.support.tiny_lake import AS_OF, MICROSOFT, D, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """Ten people with a seat each."""
    lake.app("crm")
    for person in PEOPLE:
        lake.user(person)
        lake.assign("crm", person)
    return lake


def test_every_card_has_words_and_every_words_a_card() -> None:
    assert set(WORDS) == set(CARDS)


@pytest.mark.parametrize("name", WORDS)
def test_the_list_behind_a_card_can_be_asked(name: str) -> None:
    card = WORDS[name]
    assert card.metric is not None
    metric = METRICS[card.metric]
    assert {column for column, _, _ in card.filters} <= {column.name for column in metric.columns}
    assert {parameter for parameter, _ in card.of} <= {parameter for parameter, _ in metric.parameters}
    assert any(SUBJECT in values for _, _, values in card.filters)


def test_unused_seats_are_worth_their_price(crm: TinyLake) -> None:
    crm.read_days(100)
    use(crm, PEOPLE[:4], 5)
    use(crm, PEOPLE[4:5], 50)
    assert cards(crm, "unused_seats") == {"crm": (5, None, None, None)}
    assert cards(crm, "unused_seats", decided=decided(per_seat())) == {"crm": (5, 60.0, "EUR", None)}
    kept = decided(per_seat(), protected=frozenset({"ida", "joe", "ada"}))
    assert cards(crm, "unused_seats", decided=kept) == {"crm": (3, 36.0, "EUR", None)}


def test_failures_and_automation_do_not_make_a_seat_used(crm: TinyLake) -> None:
    crm.read_days(100)
    use(crm, PEOPLE, 5, error_code=50126)
    use(crm, PEOPLE, 5, kind="servicePrincipal")
    assert cards(crm, "unused_seats")["crm"][0] == 10


def test_members_of_members_hold_no_seat_to_speak_of(lake: TinyLake) -> None:
    lake.app("crm")
    lake.user("ada", is_enabled=False)
    lake.group("outer", "ada", kind="group")
    lake.assign("crm", "outer", "Group")
    lake.read_days(100)
    assert lake.ask("insights") == []


def test_a_gap_takes_the_claim_and_its_money_away(crm: TinyLake) -> None:
    crm.window(at(99, "00:00:00"), at(10, "10:00:00"))
    crm.window(at(9, "00:00:00"), AS_OF)
    assert cards(crm, "unused_seats", decided=decided(per_seat())) == {}


def test_leavers_and_guests_are_told_whether_they_use_it_or_not(crm: TinyLake) -> None:
    crm.user("kim", is_enabled=False)
    crm.user("leo", is_enabled=False, user_type="guest")
    crm.user("mia", user_type="guest")
    for person in ("kim", "leo", "mia"):
        crm.assign("crm", person)
    use(crm, ("kim", "mia"), 3)
    crm.sign_in("gone", "crm", at(3))
    priced = decided(per_seat("10.01"))
    assert cards(crm, "leaver_seats", decided=priced) == {"crm": (2, 20.02, "EUR", None)}
    assert cards(crm, "guest_seats", decided=priced) == {"crm": (2, 20.02, "EUR", None)}
    by_hand = decided(per_seat(), hand_seats=(HandSeat("crm", "old@x.example"),), protected=frozenset({"leo"}))
    assert cards(crm, "leaver_seats", decided=by_hand) == {"crm": (2, 24.0, "EUR", None)}
    assert cards(crm, "guest_seats", decided=by_hand) == {"crm": (1, 12.0, "EUR", None)}


def test_a_group_wastes_when_more_than_half_of_five_or_more_are_unused(lake: TinyLake) -> None:
    for app in ("crm", "wiki"):
        lake.app(app)
    for person in PEOPLE:
        lake.user(person)
    lake.group("most", *PEOPLE[:5], name="Most")
    lake.group("half", *PEOPLE[:6], name="Half")
    lake.group("few", *PEOPLE[6:], name="Few")
    for group in ("most", "half", "few"):
        lake.assign("crm", group, "Group")
    lake.assign("wiki", "half", "Group")
    lake.read_days(100)
    use(lake, PEOPLE[:2], 5)  # of most 2 of 5, of half 2 of 6
    use(lake, PEOPLE[5:6], 5)  # of half 3 of 6
    assert cards(lake, "wasteful_group", decided=decided(per_seat())) == {
        "most": (3, 36.0, "EUR", None),
        "half": (6, None, None, None),  # all six of wiki, which has no price
    }
    rows = {row["subject_id"]: row for row in lake.answer("insights").rows if row["card"] == "wasteful_group"}
    assert (rows["most"]["name"], rows["most"]["detail"]) == ("Most", "3 of 5 seats in Crm")
    assert rows["half"]["detail"] == "6 of 6 seats in Wiki"


def test_overlap_tells_the_products_of_a_category(crm: TinyLake) -> None:
    crm.read_days(30)
    crm.app("wiki")
    use(crm, ("ada",), 1)
    use(crm, ("ada",), 1, "wiki")
    products = tuple(Product(app, (app,), category="Productivity") for app in ("crm", "wiki"))
    (row,) = [row for row in crm.ask("insights", decided=decided(products=products)) if row["card"] == "overlap"]
    assert (row["subject_kind"], row["subject_id"], row["n"], row["worth_month"], row["detail"]) == (
        "category",
        "Productivity",
        2,
        None,
        "Crm, Wiki",
    )


@pytest.mark.parametrize(("now", "expected"), [(5, True), (6, False)])
def test_use_falls_below_sixty_of_a_hundred(crm: TinyLake, now: int, expected: bool) -> None:
    crm.read_days(60)
    use(crm, PEOPLE, 40)
    use(crm, PEOPLE[:now], 5)
    assert cards(crm, "falling_use") == ({"crm": (now, None, None, None)} if expected else {})


def test_use_does_not_fall_with_a_gap_nor_from_fewer_than_ten(crm: TinyLake) -> None:
    use(crm, PEOPLE, 40)
    crm.read_days(59)
    assert cards(crm, "falling_use") == {}
    crm.tables["windows"] = []
    crm.window(at(59, "00:00:00"), at(5, "00:00:00"))
    crm.window(at(4, "00:00:00"), AS_OF)
    assert cards(crm, "falling_use") == {}
    crm.read_days(60)
    assert cards(crm, "falling_use") == {"crm": (0, None, None, None)}
    crm.tables["sign_ins"] = crm.tables["sign_ins"][1:]
    assert cards(crm, "falling_use") == {}


def test_a_new_app_needs_the_days_before_it(crm: TinyLake) -> None:
    use(crm, PEOPLE[:3], 6)
    crm.read_days(36)
    assert cards(crm, "new_app") == {}
    crm.read_days(37)
    assert cards(crm, "new_app") == {"crm": (3, None, None, "2026-06-24")}


def test_a_closed_app_in_use(crm: TinyLake) -> None:
    crm.read_days(60)
    use(crm, ("ada", "bob"), 29)
    closed = decided(products=(Product("crm", ("crm",), state="closed"),))
    assert cards(crm, "closed_in_use", decided=closed) == {"crm": (2, None, None, None)}
    assert cards(crm, "closed_in_use") == {}


def test_nothing_is_said_of_microsofts_and_ignored_products(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.read_days(100)
    use(crm, ("ada",), 2, "teams")
    ignored = decided(per_seat(renewal_on=D), products=(Product("crm", ("crm",), state="ignored"),))
    assert crm.ask("insights", decided=ignored) == []


def test_without_anything_read_nothing_is_claimed_of_use(crm: TinyLake) -> None:
    use(crm, PEOPLE, 40)
    assert crm.ask("insights", decided=decided(per_seat())) == []


def test_cards_stand_in_their_order_and_the_most_worth_first(crm: TinyLake) -> None:
    crm.app("wiki")
    for person in PEOPLE[:2]:
        crm.assign("wiki", person)
    crm.user("kim", is_enabled=False)
    crm.assign("wiki", "kim")
    crm.read_days(100)
    wiki = Price("product", "wiki", "seat", Decimal(100), "EUR", "month")
    rows = crm.ask("insights", decided=decided(per_seat(), wiki))
    assert [(row["card"], row["name"], row["worth_month"]) for row in rows] == [
        ("unused_seats", "Wiki", 300.0),
        ("unused_seats", "Crm", 120.0),
        ("leaver_seats", "Wiki", 100.0),
    ]
