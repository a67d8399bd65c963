"""An answer stands under what was decided, at once; and under what would be, without it being decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.control.company import Company
from tests.control.decisions.test_book import of_product, terms


def asked(**more: Any) -> dict[str, Any]:
    from seatwise.control import answers

    (row,) = answers.ask("products", where=(answers.Filter("product_id", "is", ("figma",)),), **more).result.rows
    return row


def test_a_price_shows_at_once_and_its_undo_too(read: Company) -> None:
    from seatwise.control.decisions import decide, undo

    assert asked()["cost_month"] is None, "a missing price is never zero"
    decide(read.analyst, read.workspace, of_product("figma", price=terms("10"), owner="Dana"))
    assert (asked()["cost_month"], asked()["owner"]) == (30, "Dana")
    decide(read.analyst, read.workspace, of_product("figma", price=terms("12.50")))
    assert asked()["cost_month"] == Decimal("37.50")
    undo(read.analyst, read.workspace, 2)
    assert asked()["cost_month"] == 30


def test_what_would_be_is_answered_without_being_decided(read: Company) -> None:
    from seatwise.control.decisions import Change, decided, would_be

    before = asked()
    assert (before["n_active"], before["n_idle"], before["n_unknown"]) == (2, 1, 0)
    shorter = would_be(read.workspace, [Change("workspace", "", "inactive_days", 7)])
    after = asked(decided=shorter)
    assert (after["n_active"], after["n_idle"], after["n_unknown"]) == (1, 2, 0)
    assert asked() == before and decided(read.workspace).revision == 0
