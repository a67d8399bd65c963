"""What the book keeps about a person can be told, and taken out without a trace of them."""

from __future__ import annotations

from tests.control.company import Company
from tests.control.decisions.test_book import ANNA, FIGMA, MIRO, of_product


def test_a_forgotten_person_is_in_no_entry_and_what_others_decided_holds(company: Company) -> None:
    from seatwise.control.decisions import Change, decide, decided, forget_person, history, of_person, undo
    from seatwise.control.models import Decision

    here, by = company.workspace, company.owner
    decide(by, here, [Change("person", ANNA, "protected", "On leave"), *of_product(FIGMA, owner="Dana")])
    decide(by, here, [Change("seat", MIRO, "anna@x.example", ANNA), Change("seat", MIRO, "kim@x.example", "")])
    decide(by, here, [Change("seat", MIRO, "anna@x.example", None)])
    before = decided(here)
    assert [told["field"] for told in of_person(here, ANNA, ["Anna@x.example"])] == [
        "protected",
        "anna@x.example",
        "anna@x.example",
    ]
    assert forget_person(here, ANNA, ["Anna@x.example"]) == 3
    assert forget_person(here, ANNA, ["Anna@x.example"]) == 0
    left = str(list(Decision.objects.values_list("subject_id", "field", "value")))
    assert ANNA not in left and "anna" not in left
    now = decided(here)
    assert now.revision > before.revision and now.protected == frozenset()
    assert (now.products[0].owner, [seat.address for seat in now.hand_seats]) == ("Dana", ["kim@x.example"])
    assert (history(here)[0].entries[0].words, history(here)[0].can_undo) == ("Forgot a person", False)
    assert undo(by, here, 2).n == 1
