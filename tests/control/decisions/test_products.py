"""Several apps made one product and taken apart; products and seats that Entra does not know."""

from __future__ import annotations

from tests.control.company import Company, refused
from tests.control.decisions.test_book import ANNA, FIGMA, MIRO, SLACK, of_product, terms


def test_a_merged_product_has_all_its_apps_and_the_others_decisions_stand_aside(company: Company) -> None:
    from seatwise.control.decisions import Change, decide, decided, merge, split
    from seatwise.metrics.decided import HandSeat, Product

    here, by = company.workspace, company.analyst
    decide(by, here, [*of_product(MIRO, owner="Ben", price=terms("7"), inactive_days=9)])
    decide(by, here, [Change("seat", MIRO, "anna@x.example", ANNA), Change("seat", FIGMA, "anna@x.example", ANNA)])
    merge(by, here, FIGMA, [MIRO])
    told = decided(here)
    assert told.products == (Product(FIGMA, (FIGMA, MIRO)),)
    assert (told.prices, told.policies) == ((), ())
    assert told.hand_seats == (HandSeat(FIGMA, "anna@x.example", ANNA),), "one person, one seat"
    split(by, here, FIGMA)
    assert decided(here).products == (Product(MIRO, (MIRO,), owner="Ben"),)
    assert (len(decided(here).prices), len(decided(here).policies), len(decided(here).hand_seats)) == (1, 1, 2)


def test_what_was_folded_comes_along_and_an_app_is_in_one_product_only(company: Company) -> None:
    from seatwise.control.decisions import decided, merge, split, undo

    here, by = company.workspace, company.owner
    merge(by, here, MIRO, [SLACK])
    merge(by, here, FIGMA, [MIRO])
    assert [(each.product_id, each.app_ids) for each in decided(here).products] == [(FIGMA, (FIGMA, MIRO, SLACK))]
    refused("app_in_two_products", lambda: merge(by, here, "dddddddd-0000-4000-8000-000000000001", [SLACK]))
    refused("decision_wrong", lambda: split(by, here, FIGMA, [FIGMA]))
    split(by, here, FIGMA, [SLACK])
    merge(by, here, "dddddddd-0000-4000-8000-000000000001", [SLACK])
    refused("app_in_two_products", lambda: undo(by, here, 3))
    split(by, here, FIGMA, [MIRO])
    assert [each.product_id for each in decided(here).products] == ["dddddddd-0000-4000-8000-000000000001"]


def test_a_product_added_by_hand_comes_and_goes_with_its_seats(company: Company) -> None:
    from seatwise.control.decisions import Change, add_app, decide, decided, merge, remove_app, seats, undo
    from seatwise.metrics.decided import Product

    here, by = company.workspace, company.analyst
    refused("decision_wrong", lambda: add_app(by, here, {"name": " "}))
    made = add_app(by, here, {"name": "Press archive", "vendor": "Adatum", "owner": None})
    decide(by, here, [Change("seat", made, "anna@x.example", ANNA), Change("seat", made, "kim@x.example", "")])
    assert decided(here).products == (Product(made, (), "Press archive", "Adatum"),)
    assert seats(here, made) == {"anna@x.example": ANNA, "kim@x.example": None}
    refused("decision_wrong", lambda: merge(by, here, FIGMA, [made]))
    refused("decision_wrong", lambda: remove_app(by, here, FIGMA))
    gone = remove_app(by, here, made)
    assert (decided(here).products, decided(here).hand_seats) == ((), ())
    undo(by, here, gone)
    assert (decided(here).products[0].name, len(decided(here).hand_seats)) == ("Press archive", 2)
