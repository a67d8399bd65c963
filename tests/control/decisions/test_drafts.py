"""A file waits for its person to say yes; what it would do is read anew, and what changed meanwhile is shown again."""

from __future__ import annotations

import uuid

from tests.control.company import Company, refused
from tests.control.decisions.test_book import of_product

FILE = b"name,owner\nFigma,Dana\nFigmaa,Kim\n"


def test_a_file_is_applied_once_and_only_as_it_was_shown(read: Company) -> None:
    from seatwise.control.decisions import decide, decided, files

    here, by = read.workspace, read.analyst
    told = files.hand_in(by, here, "prices", "prices.csv", FILE)
    shown = files.read(told).mark
    assert decided(here).products == ()
    decide(read.owner, here, of_product("figma", owner="Dana"))
    refused("draft_changed", lambda: files.confirm(by, told, shown))
    decide(read.owner, here, of_product("figma", owner="Ben"))
    done = files.confirm(by, files.draft(by, here, told.pk), shown)
    assert (done.n_applied, done.applied_as, decided(here).products[0].owner) == (1, 3, "Dana")
    assert "Figmaa,Kim," in done.handed_back
    assert files.confirm(by, done, shown).applied_as == 3, "a second click does nothing"


def test_a_file_is_for_its_own_person_for_a_day(read: Company) -> None:
    from datetime import timedelta

    from seatwise.control.decisions import files
    from seatwise.control.models import Draft

    here = read.workspace
    refused("not_allowed", lambda: files.hand_in(read.viewer, here, "prices", "p.csv", FILE))
    refused("not_yours", lambda: files.hand_in(read.foreign, here, "prices", "p.csv", FILE))
    refused("file_empty", lambda: files.hand_in(read.owner, here, "prices", "p.csv", b"name\n"))
    assert not Draft.objects.exists()
    told = files.hand_in(read.owner, here, "prices", "p.csv", FILE)
    refused("draft_unknown", lambda: files.draft(read.admin, here, told.pk))
    refused("draft_unknown", lambda: files.draft(read.owner, here, uuid.uuid4()))
    Draft.objects.update(created_at=told.created_at - timedelta(days=2))
    refused("draft_unknown", lambda: files.draft(read.owner, here, told.pk))
    files.hand_in(read.admin, here, "seats", "s.csv", b"app,address\nFigma,kim@x.example\n")
    assert Draft.objects.count() == 1, "what nobody came back for is gone"
