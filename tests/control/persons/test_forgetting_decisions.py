"""Forgetting and what people decide: files on their way go, and the entry that says so is no decision."""

from __future__ import annotations

from tests.control.company import Company, refused
from tests.control.persons.conftest import ADA, ADDRESS, TWIN
from tests.control.persons.test_forgetting import forget


def test_files_handed_in_go_and_the_entry_that_says_so_cannot_be_taken_back(company: Company) -> None:
    from seatwise.control import decisions
    from seatwise.control.decisions import Change, files
    from seatwise.control.models import Draft

    here, by = company.workspace, company.owner
    decisions.decide(by, here, [Change("seat", TWIN, ADDRESS, ADA)])
    files.hand_in(by, here, "seats", "seats.csv", f"app_id,address\n{TWIN},{ADDRESS}\n".encode())
    forget(company)
    assert not Draft.objects.exists()
    newest = decisions.history(here)[0]
    assert (newest.entries[0].words, newest.can_undo) == ("Forgot a person", False)
    refused("nothing_to_undo", lambda: decisions.undo(by, here, newest.number))
