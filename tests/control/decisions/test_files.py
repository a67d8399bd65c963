"""Decisions as files: handed out, read back row by row; good rows are applied, the wrong ones come back with why."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.control.company import Company, refused
from tests.control.decisions.test_book import of_product, terms


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_of_prices_has_every_product_and_reading_it_again_changes_nothing(read: Company) -> None:
    from seatwise.control.decisions import decide
    from seatwise.control.decisions.files import export_prices, read_prices

    here, by = read.workspace, read.analyst
    contract = terms("12000.5", basis="contract", period="year", seats_bought=80, renewal_on=date(2027, 3, 31))
    decide(by, here, of_product("figma", price=contract, owner='=HYPERLINK("x")', note="two\r\nlines; and, more"))
    decide(by, here, of_product("miro", price=terms("1.234"), owner="'+quoted", state="tolerated"))
    text = export_prices(here, by)
    rows = table(text)
    assert [row["name"] for row in rows] == ["Figma", "Miro", "Slack", "Slack"]
    assert [row["seats"] for row in rows] == ["3", "1", "0", "0"]
    figma = {key: rows[0][key] for key in ("price", "basis", "period", "seats_bought", "renewal_on", "owner")}
    assert figma == {
        "price": "12000.50",
        "basis": "contract",
        "period": "year",
        "seats_bought": "80",
        "renewal_on": "2027-03-31",
        "owner": '\'=HYPERLINK("x")',
    }
    assert (rows[1]["price"], rows[2]["price"]) == ("1.2340", "")
    again = read_prices(text.encode(), here, by)
    assert (again.good, again.wrong, again.n_same) == ((), (), 4)


def test_good_rows_are_applied_and_wrong_ones_handed_back_with_their_reason(read: Company) -> None:
    from seatwise.control.decisions import decided
    from seatwise.control.decisions.files import apply, read_prices

    file = (
        "\ufeffApp;Price;Currency;Period;Renewal date;Owner;Colour\r\n"
        "Figma;1.234,50;eur;year;31.03.2027;Dana;red\r\n"
        "Figmaa;12;EUR;month;;;\r\n"
        "Slack;12;EUR;month;;;\r\n"
        "miro;1,234;EUR;month;31/03/2027;;\r\n"
        "\r\n"
        "figma;13;;;;;\r\n"
    )
    told = read_prices(file.encode(), read.workspace, read.analyst)
    assert [(line.number, line.subject, bool(line.changes)) for line in told.lines] == [
        (2, "Figma", True),
        (3, "Figmaa", False),
        (4, "Slack", False),
        (5, "Miro", False),
        (7, "Figma", False),
    ]
    assert told.sheet.unknown == ("Colour",)
    assert decided(read.workspace).prices == (), "reading a file decides nothing"
    apply(read.analyst, read.workspace, told)
    (price,) = decided(read.workspace).prices
    assert (price.subject_id, price.amount, price.currency, price.period, price.renewal_on) == (
        "figma",
        Decimal("1234.5"),
        "EUR",
        "year",
        date(2027, 3, 31),
    )
    back = table(told.handed_back())
    assert [row["App"] for row in back] == ["Figmaa", "Slack", "miro", "figma"]
    assert "is called “Figmaa”. The nearest is “Figma”" in back[0]["reason"]
    assert "2 are called “Slack”" in back[1]["reason"] and "slack-2" in back[1]["reason"]
    assert "price: “1,234” could be 1234 or 1.234" in back[2]["reason"] and "renewal_on:" in back[2]["reason"]
    assert "Row 2 says something about the same already" in back[3]["reason"]
    mended = told.handed_back().replace("Figmaa,12", "Miro,12")
    again = read_prices(mended.encode(), read.workspace, read.analyst)
    assert [line.subject for line in again.good] == ["Miro", "Figma"]
    assert again.sheet.unknown == ("Colour",), "the reasons of the last time are passed over"


def test_empty_cells_change_nothing_and_none_takes_a_decision_away(read: Company) -> None:
    from seatwise.control.decisions import decide, decided
    from seatwise.control.decisions.files import apply, read_prices

    here, by = read.workspace, read.owner
    decide(
        by,
        here,
        of_product("figma", owner="Dana", note="n", price=terms("5", seats_bought=7, link="https://a.example")),
    )
    file = b"id,owner,note,price,seats_bought,link,period\nFIGMA,,none,,none,,year\n"
    apply(by, here, read_prices(file, here, by))
    told = decided(here)
    assert (told.products[0].owner, told.products[0].note) == ("Dana", None)
    price = told.prices[0]
    assert (price.amount, price.period, price.seats_bought, price.link) == (5, "year", None, "https://a.example")
    apply(by, here, read_prices(b"id,price\nfigma,none\n", here, by))
    assert decided(here).prices == ()
    wrong = read_prices(b"id,currency\nfigma,USD\n", here, by).wrong[0]
    assert "There is no price yet" in wrong.reason


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "file_not_text"),
        (b"name,price\n", "file_empty"),
        (b"PK\x03\x04\x00\x00", "file_not_text"),
        (b"one,two\n1,2\n", "columns_missing"),
        (b"price,amount\n1,2\n", "column_twice"),
        (b"name\n" + b"x\n" * 20_001, "file_too_large"),
        (b"name\n" + b"x" * (2 << 20), "file_too_large"),
        (b'name,owner\n"' + b"x\n" * 8_000 + b",Dana\n", "cell_too_long"),
    ],
    ids=range(8),
)
def test_a_file_that_is_none_is_refused_as_a_whole(company: Company, file: bytes, code: str) -> None:
    from seatwise.control.decisions.files import read_prices

    refused(code, lambda: read_prices(file, company.workspace, company.owner))


@pytest.mark.parametrize(
    "file",
    [
        "name,owner\nFigma,Åsa\n".encode(),
        "name;owner\nFigma;Åsa\n".encode("cp1252"),
        "name\towner\r\nFigma\tÅsa\r\n".encode("utf-16"),
        "sep=;\nname;owner\nFigma;Åsa\n".encode("utf-8-sig"),
        '"Name","Owner"\n"Figma","Åsa"\n'.encode(),
    ],
    ids=["plain", "old Excel", "Unicode text", "sep", "quoted"],
)
def test_whatever_a_spreadsheet_writes_is_read(read: Company, file: bytes) -> None:
    from seatwise.control.decisions.files import read_prices

    (line,) = read_prices(file, read.workspace, read.owner).good
    assert [(change.field, change.value) for change in line.changes] == [("owner", "Åsa")]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20), max_size=4
    )
)
def test_whatever_people_write_comes_back_unchanged_and_runs_nothing(read: Company, texts: list[str]) -> None:
    from seatwise.base.spreadsheets import guarded
    from seatwise.control.decisions import decide
    from seatwise.control.decisions.files import export_prices, read_prices

    fields = dict(zip(("owner", "note", "vendor", "category"), texts, strict=False))
    decide(None, read.workspace, of_product("figma", **fields))
    file = export_prices(read.workspace)
    assert all(cell == guarded(cell) for row in csv.reader(io.StringIO(file, newline="")) for cell in row)
    again = read_prices(file.encode(), read.workspace)
    assert (again.good, again.wrong) == ((), ())


def test_apps_that_entra_does_not_know_are_added_by_a_file(read: Company) -> None:
    from seatwise.control.decisions import decided
    from seatwise.control.decisions.files import apply, apps_template, read_apps, read_prices

    here, by = read.workspace, read.analyst
    head, first = b"name,vendor,price,basis,period\n", b"Press archive,Adatum,1200,contract,year\n"
    file = head + first + b"Figma,,,,\n,x,,,\npress archive,,,,\n"
    told = read_apps(file, here, by)
    assert [line.reason.partition(".")[0] for line in told.wrong] == [
        "name: An app of this name is there already",
        "name: Write the name of the app",
        "Row 2 says something about the same already",
    ]
    assert told.mark == read_apps(file, here, by).mark, "what is confirmed is what was shown"
    apply(by, here, told)
    (made,) = decided(here).products
    assert (made.name, made.vendor, made.app_ids, decided(here).prices[0].amount) == (
        "Press archive",
        "Adatum",
        (),
        1200,
    )
    assert read_prices(b"name,price\nPress Archive,9\n", here, by).good[0].subject == "Press archive"
    assert len(read_apps(apps_template().encode(), here, by).wrong) == 1, "it is there already"


def test_seats_by_hand_come_and_go_by_a_file(read: Company) -> None:
    from seatwise.control.decisions import decided, seats
    from seatwise.control.decisions.files import apply, export_seats, read_seats

    here, by = read.workspace, read.analyst
    file = b"app,email,seat\nFigma,Anna@X.example,yes\nMiro,kim@y.example,\nMiro,ben@x.example,no\n"
    file += b"Mirro,a@b.example,\nMiro,kim,\nMiro,c@d.example,perhaps\n"
    told = read_seats(file, here, by)
    assert [line.number for line in told.good] == [2, 3] and told.n_same == 1
    assert [line.reason.partition(":")[0] for line in told.wrong] == ["app", "address", "seat"]
    apply(by, here, told)
    assert [(seat.product_id, seat.address, seat.user_id) for seat in decided(here).hand_seats] == [
        ("figma", "anna@x.example", "anna"),
        ("miro", "kim@y.example", None),
    ]
    again = read_seats(export_seats(here, by).encode(), here, by)
    assert (again.good, again.wrong, again.n_same) == ((), (), 2)
    apply(by, here, read_seats(b"address,seat\nkim@y.example,no\n", here, by, product_id="miro"))
    assert seats(here, "miro") == {}


def test_near_names_are_looked_for_a_while_and_not_for_minutes(read: Company) -> None:
    from seatwise.control.decisions.files import read_prices

    file = b"name,price\n" + b"".join(b"Figma %d,1\n" % n for n in range(3000))
    wrong = read_prices(file, read.workspace, read.owner).wrong
    assert ("The nearest" in wrong[0].reason, "The nearest" in wrong[-1].reason, len(wrong)) == (True, False, 3000)
