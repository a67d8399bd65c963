"""A list drawn: rows, raw values, filters with counts, paging, sums, the file of what is shown."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import Site
from tests.web.lists.kit import FRUIT, Orchard, fruit

if TYPE_CHECKING:
    from seatwise.web.lists.listing import Listing


@pytest.fixture
def orchard(monkeypatch: pytest.MonkeyPatch) -> Orchard:
    from seatwise.control import answers

    made = Orchard([fruit(1), fruit(2, could_save_month=None, n_seats=None), fruit(3, n_seats=0, n_active=0)])
    made.facets = {"band": [("well", 2), ("under", 1)], "colour": [("red", 2), (None, 1)], "is_ripe": [(True, 3)]}
    made.sums = {"could_save_month": 25.0}
    monkeypatch.setattr(answers, "ask", made.ask)
    return made


def request_of(site: Site, address: str = "", who: str = "owner") -> Any:
    from django.test import RequestFactory

    from seatwise.control import access

    made = RequestFactory().get(f"/w/{site.workspace.id}/fruit/{address}")
    site.workspace.tenant_id = "11111111-1111-1111-1111-111111111111"
    made.user, made.workspace, made.role = site.people[who], site.workspace, access.Role(who)
    return made


def listed(site: Site, address: str = "") -> Listing:
    from seatwise.web.lists.listing import listing

    found = listing(request_of(site, address), FRUIT)
    assert found is not None
    return found


def test_only_the_page_is_asked_for(site: Site, orchard: Orchard) -> None:
    from seatwise.metrics.shapes import Sort

    listed(site, "?page=1&per=50&q=x")
    assert len(orchard.asked) == 1
    told = orchard.asked[0]
    assert (told["limit"], told.get("offset", 0), told["search"]) == (50, 0, "x")
    assert told["sort"] == (Sort("could_save_month", "down"),)
    assert told["facets"] == ("band", "colour", "is_ripe")
    assert told["by"] == site.people["owner"]


def test_a_page_beyond_the_last_is_the_last(site: Site, orchard: Orchard) -> None:
    orchard.rows = [fruit(number) for number in range(60)]
    found = listed(site, "?page=99")
    assert (found.first, found.last, found.total, found.after, found.before) == (51, 60, 60, "", "?page=2")


def test_every_value_stands_beside_its_words(site: Site, orchard: Orchard) -> None:
    rows = listed(site).rows
    assert '<tr data-key="f1">' in rows
    assert 'data-metric="fruit" data-column="could_save_month" data-value="12.5">€12.50<' in rows
    assert re.search(r'data-key="f1"[^>]*data-value="4">4</span> <span class="muted">of <span[^>]*>10<', rows)
    # Not known is a dash and an empty value, never a zero; no seats is said in words.
    assert 'data-column="could_save_month" data-value=""><span class="muted">—' in rows
    assert 'data-column="n_seats" data-value=""><span class="muted" title="Not known">' in rows
    assert "No seats" in rows


def test_filters_show_how_many_there_are_and_lead_on(site: Site, orchard: Orchard) -> None:
    found = listed(site, "?f_colour=red&page=2")
    assert found.segments is not None
    assert [(each.words, each.n, each.address) for each in found.segments.options] == [
        ("All", 3, "?f_colour=red"),
        ("Well eaten", 2, "?f_colour=red&f_band=well"),
        ("Hardly eaten", 1, "?f_colour=red&f_band=under"),
    ]
    (colour,) = found.choices
    assert [(each.value, each.words, each.n, each.is_on) for each in colour.options] == [
        ("red", "red", 2, True),
        ("-", "Not told", 1, False),
    ]
    assert found.chips == [("Colour: red", "?")]
    assert [(option.words, option.n) for each in found.checks for option in each.options] == [
        ("Ripe", 3),
        ("With seats", None),
    ]


def test_the_sum_is_of_all_rows(site: Site, orchard: Orchard) -> None:
    assert 'data-sum="could_save_month" data-value="25.0">€25<' in listed(site).sums


def test_hostile_names_stay_text(site: Site, orchard: Orchard) -> None:
    orchard.rows = [fruit(1, name="<script>alert(1)</script>", colour='"><b>')]
    orchard.facets = {"colour": [('"><b>', 1)]}
    found = listed(site, "?f_colour=%22%3E%3Cb%3E")
    assert "<script" not in found.rows
    assert found.chips == [('Colour: "><b>', "?")]


def test_a_file_holds_what_is_shown(site: Site, orchard: Orchard) -> None:
    from seatwise.control.models import AuditEntry
    from seatwise.web.lists.showing import send

    orchard.rows = [fruit(number) for number in range(60)]
    response = send(request_of(site, "?f_band=well&cols=n_seats&page=2", "analyst"), FRUIT)
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 60
    assert list(rows[0]) == ["fruit_id", "name", "colour", "n_seats"]
    assert [("offset" in asked, len(asked["where"])) for asked in orchard.asked] == [(False, 1)]
    assert response.headers["Content-Disposition"] == 'attachment; filename="seatwise-fruit-2026-06-30.csv"'
    assert AuditEntry.objects.get(action="data.exported").detail["rows"] == 60


def test_money_in_a_file_brings_its_currency(site: Site, orchard: Orchard) -> None:
    from seatwise.web.lists.showing import send

    response = send(request_of(site), FRUIT)
    header = response.content.decode("utf-8-sig").splitlines()[0]
    assert header == "fruit_id,name,colour,n_seats,could_save_month,currency"
