"""The book of decisions: what is written holds, what is taken back held before, and nothing is ever lost."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.control.company import Company, refused

FIGMA = "aaaaaaaa-0000-4000-8000-000000000001"
MIRO = "aaaaaaaa-0000-4000-8000-000000000002"
SLACK = "aaaaaaaa-0000-4000-8000-000000000003"
E5 = "cccccccc-0000-4000-8000-000000000001"
ANNA = "bbbbbbbb-0000-4000-8000-000000000001"


def of_product(product_id: str, **told: Any) -> list[Any]:
    from seatwise.control.decisions import Change

    return [Change("product", product_id, field, value) for field, value in told.items()]


def terms(amount: str, **more: Any) -> Any:
    from seatwise.control.decisions import Terms

    return Terms(Decimal(amount), more.pop("currency", "EUR"), **more)


def test_what_is_decided_is_what_a_question_carries(company: Company) -> None:
    from seatwise.control.decisions import Change, decide, decided
    from seatwise.metrics.decided import Decided, HandSeat, Policy, Price, Product, ProductPolicy

    here, by = company.workspace, company.analyst
    assert decided(here) == Decided()
    contract = terms("12000", basis="contract", period="year", seats_bought=80, renewal_on=date(2027, 3, 31))
    changes = [
        *of_product(FIGMA.upper(), owner=" Dana Osei ", category="Design", state="approved", price=terms("15.00")),
        *of_product(MIRO, inactive_days=60, kinds=["interactiveUser"]),
        Change("licence", E5, "price", contract),
        Change("person", ANNA, "protected", "On leave"),
        Change("seat", MIRO, "anna@x.example", ANNA),
        Change("seat", MIRO, "kim@x.example", ""),
        Change("workspace", "", "currency", "USD"),
        Change("workspace", "", "inactive_days", 45),
    ]
    assert decide(by, here, changes) == 1
    assert decided(here) == Decided(
        revision=1,
        currency="USD",
        policy=Policy(inactive_days=45),
        policies=(ProductPolicy(MIRO, ("interactiveUser",), 60),),
        products=(Product(FIGMA, (FIGMA,), category="Design", owner="Dana Osei", state="approved"),),
        prices=(
            Price("licence", E5, "contract", Decimal("12000"), "EUR", "year", 80, date(2027, 3, 31)),
            Price("product", FIGMA, "seat", Decimal("15"), "EUR", "month"),
        ),
        hand_seats=(HandSeat(MIRO, "anna@x.example", ANNA), HandSeat(MIRO, "kim@x.example", None)),
        protected=frozenset({ANNA}),
    )


def test_deciding_again_replaces_and_clearing_leaves_nothing(company: Company) -> None:
    from seatwise.control.decisions import decide, decided
    from seatwise.control.models import Decision

    here, by = company.workspace, company.owner
    decide(by, here, of_product(FIGMA, owner="Dana", note="x"))
    assert decide(by, here, of_product(FIGMA, owner="Kim")) == 2
    assert decide(by, here, of_product(FIGMA, owner="Kim")) == 2, "what holds already is no new entry"
    assert decided(here).products[0].owner == "Kim"
    assert decide(by, here, of_product(FIGMA, owner=None, note="  ")) == 3
    assert decided(here).products == ()
    rows = Decision.objects.filter(workspace=here).order_by("number", "field")
    assert list(rows.values_list("number", "field", "value", "replaced_by")) == [
        (1, "note", "x", 3),
        (1, "owner", "Dana", 2),
        (2, "owner", "Kim", 3),
        (3, "note", None, None),
        (3, "owner", None, None),
    ]


def test_an_undo_is_an_entry_of_its_own_and_can_itself_be_undone(company: Company) -> None:
    from seatwise.control.decisions import Undone, decide, decided, undo

    here, by = company.workspace, company.analyst
    decide(by, here, of_product(FIGMA, owner="Dana", price=terms("10")))
    decide(by, here, of_product(FIGMA, owner="Kim", price=terms("12")))
    assert undo(by, here, 2) == Undone(3, 2, 0)
    assert (decided(here).products[0].owner, decided(here).prices[0].amount) == ("Dana", Decimal(10))
    undo(by, here, 3)
    assert (decided(here).products[0].owner, decided(here).prices[0].amount) == ("Kim", Decimal(12))
    refused("nothing_to_undo", lambda: undo(by, here, 2))
    refused("entry_unknown", lambda: undo(by, here, 99))


def test_an_undo_leaves_alone_what_was_decided_again_since(company: Company) -> None:
    from seatwise.control.decisions import Undone, decide, decided, undo

    here, by = company.workspace, company.owner
    decide(by, here, of_product(FIGMA, owner="Dana", category="Design"))
    decide(by, here, of_product(FIGMA, owner="Kim"))
    assert undo(by, here, 1) == Undone(3, 1, 1)
    told = decided(here).products[0]
    assert (told.owner, told.category) == ("Kim", None)


def test_the_history_tells_who_decided_what_and_what_held_before(company: Company) -> None:
    from seatwise.control.decisions import decide, history, undo

    here = company.workspace
    decide(company.owner, here, of_product(FIGMA, owner="Dana"))
    decide(None, here, [*of_product(FIGMA, owner="Kim"), *of_product(MIRO, note="n")])
    undo(company.admin, here, 2)
    acts = history(here)
    assert [(act.number, act.by, act.undo_of, act.can_undo) for act in acts] == [
        (3, "Admin", 2, True),
        (2, "", None, False),
        (1, "Owner", None, False),
    ]
    told = [(entry.words, entry.before, entry.after) for entry in acts[1].entries]
    assert told == [("Owner", "Dana", "Kim"), ("Note", None, "n")]
    assert [act.number for act in history(here, before=3, limit=1)] == [2]
    mine = history(here, subject_kind="product", subject_id=MIRO)
    assert [(act.number, len(act.entries)) for act in mine] == [(3, 1), (2, 1)]


def test_who_may_not_decide_changes_nothing(company: Company) -> None:
    from seatwise.control.decisions import Change, decide, history, undo

    here, change = company.workspace, of_product(FIGMA, owner="Dana")
    refused("not_allowed", lambda: decide(company.viewer, here, change))
    refused("not_yours", lambda: decide(company.foreign, here, change))
    decide(company.owner, here, change)
    refused("not_allowed", lambda: undo(company.viewer, here, 1))
    refused("not_yours", lambda: undo(company.foreign, here, 1))
    shown = [Change("workspace", "", "viewers_see_names", True)]
    refused("not_allowed", lambda: decide(company.analyst, here, shown))
    decide(company.admin, here, shown)
    refused("not_allowed", lambda: undo(company.analyst, here, 2))
    assert [act.number for act in history(here)] == [2, 1]


def test_names_are_for_those_who_may_see_them(company: Company) -> None:
    from seatwise.control.decisions import Change, decide, may_see_names

    here = company.workspace
    assert [may_see_names(p, here) for p in (company.owner, company.analyst, company.viewer)] == [True, True, False]
    decide(company.owner, here, [Change("workspace", "", "viewers_see_names", True)])
    assert may_see_names(company.viewer, here) and not may_see_names(company.foreign, here)


def test_every_decision_stands_in_the_audit_log_without_addresses_of_people(company: Company) -> None:
    from seatwise.control import audit
    from seatwise.control.decisions import Change, decide, undo

    here = company.workspace
    figma = Change("product", FIGMA, "owner", "Dana", "Figma")
    decide(company.owner, here, [figma, Change("seat", FIGMA, "kim@x.example", "")], address="192.0.2.1")
    undo(company.admin, here, 1)
    undone, made = audit.entries(here)[:2]
    assert (made.action, made.address, made.detail["number"]) == ("decision.made", "192.0.2.1", 1)
    assert made.detail["changes"] == [{"subject": "product Figma", "field": "owner", "from": None, "to": "Dana"}]
    assert made.detail["seats"] == {"added": 1, "n": 1}
    assert (undone.action, undone.detail["undo_of"], undone.person_id) == ("decision.undone", 1, company.admin.pk)
    assert "kim@" not in str((made.subject, made.detail, undone.subject, undone.detail))


def test_one_company_knows_nothing_of_another_ones_decisions(company: Company) -> None:
    from seatwise.control.decisions import decide, decided, history
    from seatwise.control.models import Workspace

    there = Workspace.objects.exclude(pk=company.workspace.pk).get()
    decide(company.owner, company.workspace, of_product(FIGMA, owner="Dana"))
    assert decide(company.foreign, there, of_product(FIGMA, owner="Ben")) == 1
    assert (decided(there).products[0].owner, len(history(there))) == ("Ben", 1)


def test_an_unchanged_book_is_asked_for_with_one_query(company: Company) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from seatwise.control.decisions import decide, decided

    decide(company.owner, company.workspace, of_product(FIGMA, owner="Dana"))
    first = decided(company.workspace)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert decided(company.workspace) is first
    assert len(asked) == 1, "whether something was decided since"


def test_a_number_that_was_rolled_back_and_given_again_is_read_anew(company: Company) -> None:
    from django.db import transaction

    from seatwise.control.decisions import decide, decided

    with transaction.atomic():
        decide(company.owner, company.workspace, of_product(FIGMA, owner="Dana"))
        assert decided(company.workspace).products[0].owner == "Dana"
        transaction.set_rollback(True)
    decide(company.owner, company.workspace, of_product(FIGMA, owner="Kim"))
    assert (decided(company.workspace).revision, decided(company.workspace).products[0].owner) == (1, "Kim")


def test_people_who_decide_at_once_get_a_number_each(company: Company) -> None:
    from django.db import connection

    from seatwise.control.decisions import decide, decided, history

    def one(n: int) -> None:
        decide(company.owner, company.workspace, of_product(FIGMA, note=f"note {n}"))
        connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert decided(company.workspace).revision == 6
    assert [act.number for act in history(company.workspace)] == [6, 5, 4, 3, 2, 1]
    assert sum(act.can_undo for act in history(company.workspace)) == 1


@pytest.mark.parametrize("n", [1500])
def test_a_whole_file_of_decisions_is_one_entry(company: Company, n: int) -> None:
    from seatwise.control.decisions import decide, decided, undo

    ids = [f"aaaaaaaa-0000-4000-8000-{i:012}" for i in range(n)]
    decide(company.owner, company.workspace, [c for i in ids for c in of_product(i, owner="Dana")])
    decide(company.owner, company.workspace, [c for i in ids for c in of_product(i, owner="Kim")])
    assert {product.owner for product in decided(company.workspace).products} == {"Kim"}
    assert undo(company.owner, company.workspace, 2).n == n
    assert {product.owner for product in decided(company.workspace).products} == {"Dana"}
