"""What can be decided and what cannot: each fault has its sentence beside its field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.control.decisions.test_book import ANNA, E5, FIGMA, terms


def wrong(kind: str, subject_id: str, field: str, value: Any) -> dict[str, str]:
    from seatwise.control.decisions import Change, Wrong, checked

    with pytest.raises(Wrong) as told:
        checked([Change(kind, subject_id, field, value)])  # type: ignore[arg-type]
    return told.value.fields


@pytest.mark.parametrize(
    ("part", "more", "words"),
    [
        ("amount", {"amount": Decimal("-1")}, "cannot be less than nothing"),
        ("amount", {"amount": Decimal("NaN")}, "as a number"),
        ("amount", {"amount": Decimal("1000000000")}, "a billion"),
        ("amount", {"amount": Decimal("1.23456")}, "four decimals"),
        ("amount", {"amount": 12.5}, "as a number"),
        ("currency", {"currency": "eur"}, "three letters"),
        ("currency", {"currency": "XXX"}, "three letters"),
        ("basis", {"basis": "user"}, "per “seat”"),
        ("period", {"period": "week"}, "per “month”"),
        ("seats_bought", {"seats_bought": 0}, "from 1 to"),
        ("seats_bought", {"seats_bought": True}, "from 1 to"),
        ("renewal_on", {"renewal_on": date(1999, 1, 1)}, "between the years"),
        ("notice_days", {"notice_days": -1, "renewal_on": date(2027, 1, 1)}, "from 0 to"),
        ("notice_days", {"notice_days": 30}, "Add that date"),
        ("link", {"link": "javascript:alert(1)"}, "begins with https://"),
        ("link", {"link": "https://"}, "begins with https://"),
        ("link", {"link": "https://a b"}, "begins with https://"),
        ("link", {"link": "https://x.example/" + "a" * 500}, "at most 500"),
    ],
)
def test_each_part_of_a_price_is_checked(part: str, more: dict[str, Any], words: str) -> None:
    from seatwise.control.decisions import Terms

    told = wrong("product", FIGMA, "price", Terms(**{"amount": Decimal(1), "currency": "EUR", **more}))
    assert list(told) == [part] and words in told[part]


def test_nothing_is_a_price_and_so_is_a_tenth_of_a_cent() -> None:
    from seatwise.control.decisions import Change, checked

    for amount, kept in (("0", "0"), ("0.0010", "0.001"), ("1E+3", "1000"), ("12.50", "12.5")):
        (value,) = checked([Change("licence", E5, "price", terms(amount))]).values()
        assert value["amount"] == kept


@pytest.mark.parametrize(
    ("kind", "subject", "field", "value", "words"),
    [
        ("product", FIGMA, "state", "banned", "Choose approved, tolerated, closed or ignored"),
        ("product", FIGMA, "owner", "x" * 129, "at most 128 characters; this one has 129"),
        ("product", FIGMA, "note", "x\x00", "is text"),
        ("product", FIGMA, "name", 7, "is text"),
        ("product", FIGMA, "inactive_days", 0, "from 1 to 365"),
        ("product", FIGMA, "kinds", [], "at least one"),
        ("product", FIGMA, "kinds", ["servicePrincipal"], "Kinds that can count"),
        ("product", FIGMA, "app_ids", [FIGMA], "at least two"),
        ("product", FIGMA, "colour", "red", "cannot be decided"),
        ("workspace", "", "currency", "XXX", "three letters"),
        ("workspace", "", "inactive_days", 366, "from 1 to 365"),
        ("person", ANNA, "protected", "x" * 255, "at most 254"),
        ("seat", FIGMA, "no address", "", "looks like"),
        ("seat", FIGMA, "A@x.example", "", "looks like"),
        ("product", "", "owner", "Dana", "what this is about"),
        ("product", "x" * 65, "owner", "Dana", "what this is about"),
        ("workspace", "x", "currency", "EUR", "what this is about"),
    ],
)
def test_what_makes_no_sense_cannot_be_decided(kind: str, subject: str, field: str, value: Any, words: str) -> None:
    (told,) = wrong(kind, subject, field, value).values()
    assert words in told


def test_all_faults_are_told_at_once() -> None:
    from seatwise.control.decisions import Change, Wrong, checked

    with pytest.raises(Wrong) as told:
        checked([Change("product", FIGMA, "owner", "x" * 129), Change("product", FIGMA, "state", "banned")])
    assert set(told.value.fields) == {"owner", "state"}


def test_the_json_form_has_amounts_as_text_and_days_in_iso_form() -> None:
    import json

    from seatwise.control.decisions import to_json
    from seatwise.metrics.decided import Decided, Policy, Price, ProductPolicy

    price = Price("product", FIGMA, "contract", Decimal("12000.5"), "EUR", "year", 80, date(2027, 3, 31), 90)
    made = Decided(7, policies=(ProductPolicy(FIGMA, None, 60),), prices=(price,), protected=frozenset({"b", "a"}))
    told = json.loads(json.dumps(to_json(made)))
    assert (told["revision"], told["policy"]["kinds"], told["protected"]) == (7, list(Policy().kinds), ["a", "b"])
    assert told["policies"] == [{"product_id": FIGMA, "kinds": None, "inactive_days": 60}]
    assert (told["prices"][0]["amount"], told["prices"][0]["renewal_on"]) == ("12000.5", "2027-03-31")
