"""The event behind a number, and what gives a seat."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, HandSeat, Product
from tests.support.tiny_lake import MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.user("ada")
    return lake


def event(lake: TinyLake, event_id: str, **more: Any) -> list[dict[str, Any]]:
    return lake.ask("evidence", of=(("event", event_id),), **more)


def test_an_event_tells_everything_and_where_it_came_from(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1, "09:10:11.9"), event_id="one", package=7, correlation_id="c1")
    crm.sign_in("ada", "crm", at(1), event_id="two", package=8)
    assert event(crm, " ONE ") == [
        {
            "event_id": "one",
            "feed": "graph",
            "created_at": "2026-06-29T09:10:11Z",
            "kind": "interactiveUser",
            "app_id": "crm",
            "app": "Crm",
            "user_id": "ada",
            "name": "Ada",
            "upn": "ada@x.example",
            "correlation_id": "c1",
            "error_code": 0,
            "package": 7,
            "feeds": ["graph"],
        }
    ]


def test_all_feeds_are_named_and_the_preferred_one_shown(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), event_id="one", feed="portal", package=3, app_name="By portal")
    crm.sign_in("ada", "crm", at(1), event_id="one", feed="diagnostic", package=2, app_name="By export")
    (row,) = event(crm, "one")
    assert (row["feed"], row["app"], row["package"], row["feeds"]) == (
        "diagnostic",
        "By export",
        2,
        ["diagnostic", "portal"],
    )


def test_a_package_that_is_not_known_is_empty(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), event_id="one")
    assert event(crm, "one")[0]["package"] is None


def test_failures_and_automation_can_be_looked_up_too(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(50), event_id="failed", error_code=50126)
    crm.sign_in("", "crm", at(1), event_id="robot", kind="servicePrincipal")
    assert event(crm, "failed")[0]["error_code"] == 50126
    assert event(crm, "robot")[0]["kind"] == "servicePrincipal"


def test_nothing_is_found_for_no_id_an_unknown_one_or_one_of_later(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), event_id="one")
    assert event(crm, "") == event(crm, "other") == event(crm, "one", as_of=at(2)) == []
    assert len(event(crm, "one", as_of=at(0))) == 1


@pytest.mark.parametrize("name", ["app-users", "product-users"])
def test_every_evidence_id_an_answer_gives_is_found(crm: TinyLake, name: str) -> None:
    for back in range(40):
        crm.sign_in(f"person{back % 7}", "crm", at(back), kind="nonInteractiveUser" if back % 2 else "interactiveUser")
    ids = {row["evidence_id"]: row["last_used_at"] for row in crm.ask(name) if row["evidence_id"]}
    assert len(ids) == 7
    for event_id, last_used_at in ids.items():
        (row,) = crm.answer("evidence", of=(("event", event_id),)).rows
        assert (row["created_at"], row["error_code"]) == (last_used_at, 0)


def test_names_are_hidden_where_they_are_to_be(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), event_id="one")
    crm.sign_in("", "crm", at(1), event_id="robot", kind="servicePrincipal", user_name=None, upn="")
    (row,) = event(crm, "one", pseudonyms=b"secret")
    (holder,) = [row for row in crm.answer("product-users", pseudonyms=b"secret").rows if row["user_id"] == "ada"]
    assert row["name"] == row["upn"] == holder["name"]
    assert "ada" not in str(row["name"]).lower()
    assert event(crm, "robot", pseudonyms=b"secret")[0]["name"] is None


def seat(lake: TinyLake, product: str, user: str, **more: Any) -> list[tuple[Any, ...]]:
    rows = lake.ask("seat-evidence", of=(("product", product), ("user", user)), **more)
    return [(row["kind"], row["assignment_id"], row["group_id"], row["group"], row["created_at"]) for row in rows]


def test_direct_and_through_groups(crm: TinyLake) -> None:
    crm.user("bob")
    crm.group("g1", "ada", "bob", name="Sales")
    crm.group("g2", "ada", kind="group")
    crm.group("g3", "ada")
    crm.assign("crm", "ada", assignment_id="As1", created_at=at(3), app_role_id="role")
    crm.assign("crm", "g1", "Group", assignment_id="aS2", created_at=at(4))
    crm.assign("crm", "g2", "Group", assignment_id="as3")
    assert seat(crm, "crm", "ADA") == [
        ("assignment", "As1", None, None, "2026-06-27T08:00:00Z"),
        ("membership", "aS2", "g1", "Sales", "2026-06-26T08:00:00Z"),
    ]
    assert [row[:3] for row in seat(crm, "crm", "bob")] == [("membership", "aS2", "g1")]


def test_only_what_holds_at_the_moment(crm: TinyLake) -> None:
    crm.assign("crm", "ada", assignment_id="old", valid_to=at(5))
    crm.assign("crm", "ada", assignment_id="new", valid_from=at(5))
    crm.assign("crm", "gone", assignment_id="gone")
    assert [row[1] for row in seat(crm, "crm", "ada")] == ["new"]
    assert [row[1] for row in seat(crm, "crm", "ada", as_of=at(6))] == ["old"]
    assert seat(crm, "crm", "gone") == []


def test_seats_of_merged_apps_and_of_microsofts(crm: TinyLake) -> None:
    crm.app("wiki")
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("wiki", "ada", assignment_id="w")
    crm.assign("teams", "ada", assignment_id="t")
    assert [row[1] for row in seat(crm, "crm", "ada")] == []
    merged = Decided(products=(Product("crm", ("crm", "wiki")),))
    assert [row[1] for row in seat(crm, "crm", "ada", decided=merged)] == ["w"]
    assert seat(crm, "teams", "ada") == []


def test_a_seat_added_by_hand_says_so(crm: TinyLake) -> None:
    by_hand = Decided(hand_seats=(HandSeat("crm", "ada@x.example", "ada"), HandSeat("crm", "Eve@x.example")))
    assert seat(crm, "crm", "ada", decided=by_hand) == [("hand", None, None, None, None)]
    assert seat(crm, "crm", "eve@x.example", decided=by_hand) == [("hand", None, None, None, None)]
