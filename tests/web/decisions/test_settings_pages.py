"""Usage policy with its preview, prices with their files, and the history: what each page shows and does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import Site
from tests.web.decisions.test_product_page import FORM, decided
from tests.web.test_app_pages import text


def handed_in(read: Site, file: bytes, kind: str = "prices", who: str = "analyst") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = SimpleUploadedFile("prices of ours.csv", file)
    return read.client(who).post(read.address("decide_file", kind=kind), {"file": given}, follow=True)


def test_a_policy_is_previewed_before_it_is_saved(read: Site) -> None:
    client, address = read.client("analyst"), read.address("policy")
    client.post(read.address("decide_product", product="figma"), {**FORM, "amount": "10"})
    page = text(client.get(address, {"kinds": ["interactiveUser"], "inactive_days": "7"}).content)
    assert "1 seat in 1 app would stand under another status. Nothing is saved yet." in page
    assert re.search(r"Active seats 2 1 .*Idle seats 3 4 ", page), page
    assert re.search(r"Idle, a month €10 €20", page)
    assert re.search(r"Figma before 2 1 before 1 2 ", page)
    assert decided(read).revision == 1, "a look changes nothing"
    client.post(address, {"kinds": ["interactiveUser"], "inactive_days": "7"})
    assert (decided(read).policy.kinds, decided(read).policy.inactive_days) == (("interactiveUser",), 7)
    same = text(client.get(address, {"kinds": ["interactiveUser"], "inactive_days": "7"}).content)
    assert "No seat would stand under another status" in same


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"inactive_days": "7"}, "Choose at least one"),
        ({"kinds": ["interactiveUser"], "inactive_days": "0"}, "from 1 to 365"),
        ({"kinds": ["interactiveUser"], "inactive_days": "soon"}, "not a whole number"),
        ({"kinds": ["servicePrincipal"], "inactive_days": "7"}, "not one of the available choices"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(read: Site, asked: dict[str, Any], words: str) -> None:
    client, address = read.client("analyst"), read.address("policy")
    assert words in text(client.get(address, asked).content)
    assert words in text(client.post(address, asked).content)
    assert decided(read).revision == 0


def test_before_anything_is_read_a_policy_can_be_set_all_the_same(site: Site) -> None:
    client, address = site.client("owner"), site.address("policy")
    told = text(client.get(address, {"kinds": ["interactiveUser"], "inactive_days": "7"}).content)
    assert "Nothing was read yet, so nothing changes today." in told
    client.post(address, {"kinds": ["interactiveUser"], "inactive_days": "7"})
    assert decided(site).policy.inactive_days == 7


def test_viewers_see_names_when_an_owner_or_admin_says_so(read: Site) -> None:
    from seatwise.control import decisions

    viewer = read.people["viewer"]
    assert not decisions.may_see_names(viewer, read.workspace)
    assert read.client("analyst").post(read.address("names_shown"), {"shown": "1"}).status_code == 403
    read.client("admin").post(read.address("names_shown"), {"shown": "1"})
    assert decisions.may_see_names(viewer, read.workspace)
    read.client("admin").post(read.address("names_shown"), {"shown": "0"})
    assert not decisions.may_see_names(viewer, read.workspace)


def test_the_list_of_prices_leads_to_each_and_tells_which_have_none(read: Site) -> None:
    client = read.client("analyst")
    client.post(read.address("decide_product", product="figma"), {**FORM, "amount": "10", "owner": "Dana"})
    page = text(client.get(read.address("prices")).content)
    assert re.search(r"Figma .*€10 €30", page) and "Add price of Miro" in page
    without = text(client.get(read.address("prices"), {"f_price_basis": "-"}).content)
    assert "Add price of Miro" in without and "Dana" not in without
    client.post(read.address("currency"), {"currency": "USD"})
    assert decided(read).currency == "USD"
    told = text(client.get(read.address("prices")).content)
    assert "What is priced in EUR keeps its own currency and stands outside the sums" in told
    client.post(read.address("currency"), {"currency": "XXX"})
    assert decided(read).currency == "USD"


def test_a_file_is_shown_row_by_row_confirmed_and_its_wrong_rows_handed_back(read: Site) -> None:
    client = read.client("analyst")
    page = handed_in(read, b"App;Price;Owner\nFigma;12,50;Dana\nFigmma;3;\nMiro;1,234;\n")
    told = text(page.content)
    assert "What this file would do" in told and "nothing is changed yet" in told
    assert "Would change 1 " in told and "Cannot be used 2" in told
    assert "The nearest" in told and "“Figma”" in told and "Price: €12.50 a seat and month" in told
    assert decided(read).revision == 0
    address = page.request["PATH_INFO"]
    back = client.get(address + "back")
    assert back.content.decode().splitlines()[1].startswith("Figmma,3,,")
    stale = client.post(address, {"mark": "0" * 32})
    assert "Something changed since you looked" in text(stale.content) and decided(read).revision == 0
    mark = re.search(r'name="mark" value="(\w+)"', stale.content.decode())
    assert mark
    done = client.post(address, {"mark": mark[1]}, follow=True)
    assert "1 row is in." in text(done.content) and "2 rows were left out" in text(done.content)
    assert decided(read).products[0].owner == "Dana"
    assert client.get(address + "back").content == back.content
    assert read.client("owner").get(address).status_code == 404, "a file is for who handed it in"


def test_a_file_of_seats_is_for_the_product_it_was_asked_for(read: Site) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, address = read.client("analyst"), read.address("decide_file", kind="seats") + "?product=miro"
    seats = read.address("decide_seats", product="miro")
    assert f'href="{seats}"' in client.get(address).content.decode()
    given = SimpleUploadedFile("seats.csv", b"email\nanna@x.example\nkim@y.example\n")
    page = client.post(address, {"file": given}, follow=True)
    assert "Would change 2 " in text(page.content) and f'href="{seats}"' not in page.content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page.content.decode())
    assert mark
    done = client.post(page.request["PATH_INFO"], {"mark": mark[1]}, follow=True)
    assert f'href="{seats}"' in done.content.decode()
    assert [(seat.product_id, seat.user_id) for seat in decided(read).hand_seats] == [("miro", "anna"), ("miro", None)]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "This file is empty"),
        (b"one,two\n1,2\n", "No heading of this file is known"),
        (b"PK\x03\x04\x00", "This is not a CSV file"),
        (b"name\n" + b"x" * (2 << 20), "larger than 2 MB"),
    ],
    ids=["empty", "unknown", "zip", "large"],
)
def test_a_file_that_is_none_is_refused_in_words(read: Site, file: bytes, words: str) -> None:
    assert words in text(handed_in(read, file).content)


def test_files_go_out_with_a_note_in_the_log(read: Site) -> None:
    from seatwise.control import audit

    client = read.client("analyst")
    prices = client.post(read.address("decide_file_export", kind="prices"))
    assert prices.content.decode().count("\r\n") == 4, "three apps below the headings"
    assert [entry.subject for entry in audit.entries(read.workspace, action="data.exported")] == ["decisions: prices"]
    assert client.post(read.address("decide_file_export", kind="seats")).status_code == 200
    assert client.post(read.address("decide_file_export", kind="apps")).status_code == 200
    assert client.post(read.address("decide_file_export", kind="nonsense")).status_code == 404


def test_the_history_tells_everything_and_one_thing_alone(read: Site) -> None:
    client = read.client("analyst")
    for n in range(30):
        client.post(read.address("decide_product", product="figma"), {**FORM, "owner": f"Owner {n}"})
    client.post(read.address("decide_person", person="carla"), {"reason": "On leave"})
    page = text(client.get(read.address("decisions")).content)
    assert "Protected of Carla: On leave No. 31 by Analyst Osei" in page and "25 entries on this page" in page
    older = text(client.get(read.address("decisions"), {"before": "7"}).content)
    assert "6 entries on this page" in older
    only = text(client.get(read.address("decisions"), {"kind": "person", "id": "carla"}).content)
    assert "What was decided about Carla" in only and "1 entry on this page" in only
    for told in ("?before=x", "?before=-1", "?kind=nothing", "?kind=person&id=%00", "?before=99999999999999999999"):
        assert client.get(read.address("decisions") + told).status_code == 200, told


def test_what_people_write_is_shown_as_text_and_never_as_markup(read: Site) -> None:
    client = read.client("analyst")
    evil = "<script>alert(1)</script>"
    sent = {**FORM, "amount": "1", "owner": evil, "note": evil, "name": evil, "category": evil}
    client.post(read.address("decide_product", product="figma"), sent)
    for name, named in (("decide_product", {"product": "figma"}), ("decisions", {}), ("prices", {}), ("policy", {})):
        assert evil not in client.get(read.address(name, **named)).content.decode(), name
    page = handed_in(read, f"name,owner\nFigma,{evil}2\n{evil},x\n".encode()).content.decode()
    assert evil not in page
