"""What is typed after `seatwise ask` becomes the pieces of a question."""

from __future__ import annotations

import pytest
import typer

from seatwise.cli import asking
from seatwise.metrics.shapes import Filter, Sort


def test_conditions() -> None:
    told = ["state=closed", "state=approved", "owner=", "n_seats>=10", "cost_month<=12.50", "name!=Jira", "app_ids=a"]
    assert asking.filters("products", told) == (
        Filter("state", "is", ("closed", "approved")),
        Filter("owner", "is", (None,)),
        Filter("n_seats", "from", ("10",)),
        Filter("cost_month", "to", ("12.50",)),
        Filter("name", "not", ("Jira",)),
        Filter("app_ids", "has", ("a",)),
    )


def test_a_value_may_hold_a_sign() -> None:
    assert asking.filters("products", ["name=a=b"]) == (Filter("name", "is", ("a=b",)),)


def test_order_and_parameters() -> None:
    assert asking.orders(["n_seats:down", "name"]) == (Sort("n_seats", "down"), Sort("name"))
    assert asking.parameters(["by=job_title"]) == (("by", "job_title"),)


@pytest.mark.parametrize("wrong", [lambda: asking.filters("products", ["state"]), lambda: asking.parameters(["by"])])
def test_what_is_no_condition_is_refused(wrong: object) -> None:
    with pytest.raises(typer.BadParameter):
        wrong()  # type: ignore[operator]
