"""The apps answer, on lakes small enough to count on paper."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy
from tests.support.tiny_lake import AS_OF, MICROSOFT, TENANT, ZERO, TinyLake, at

GRAPH_APP = "00000003-0000-0000-c000-000000000000"
CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


def row(lake: TinyLake, app_id: str = "crm", **more: Any) -> dict[str, Any]:
    (found,) = [row for row in lake.ask("apps", **more) if row["app_id"] == app_id]
    return found


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.read_days(30)
    return lake


def test_use_is_a_success_of_either_user_kind(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("bob", "crm", at(2), kind="nonInteractiveUser")
    crm.sign_in("eve", "crm", at(1), error_code=50126)
    found = row(crm)
    assert (found["n_used_30d"], found["n_sign_ins_30d"]) == (2, 2)


def test_automation_is_no_use_and_keeps_no_seat_alive(crm: TinyLake) -> None:
    crm.user("ada")
    crm.assign("crm", "ada")
    crm.sign_in("", "crm", at(1), kind="servicePrincipal")
    crm.sign_in("ada", "crm", at(1), kind="managedIdentity")
    found = row(crm)
    assert (found["n_used_30d"], found["n_seats_used_30d"], found["last_used_at"]) == (0, 0, None)


def test_nobody_and_zero_are_no_person(crm: TinyLake) -> None:
    crm.sign_in("", "crm", at(1))
    crm.sign_in(ZERO, "crm", at(1))
    found = row(crm)
    assert (found["n_used_30d"], found["n_sign_ins_30d"], found["n_uses_30d"]) == (0, 0, 0)


def test_the_window_begins_at_midnight_29_days_back_and_ends_before_as_of(crm: TinyLake) -> None:
    crm.sign_in("early", "crm", at(30, "23:59:59"))
    crm.sign_in("first", "crm", at(29, "00:00:00"))
    crm.sign_in("last", "crm", at(0, "11:59:59"))
    crm.sign_in("late", "crm", AS_OF)
    found = row(crm)
    assert (found["n_used_30d"], found["last_used_at"]) == (2, "2026-06-30T11:59:59Z")


def test_midnight_belongs_to_the_day_before(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(30, "23:00:00"))
    crm.sign_in("bob", "crm", at(0, "00:00:00"))
    found = row(crm, as_of=at(0, "00:00:00"))
    assert (found["n_used_30d"], found["last_used_at"]) == (1, "2026-05-31T23:00:00Z")


def test_an_as_of_inside_a_day_leaves_out_what_came_later(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(3, "09:00:00"), correlation_id="one")
    crm.sign_in("ada", "crm", at(3, "11:00:00"), correlation_id="two", app_name="Renamed")
    crm.sign_in("bob", "crm", at(2))
    found = row(crm, as_of=at(3, "10:00:00"))
    assert (found["n_used_30d"], found["n_sign_ins_30d"], found["n_uses_30d"]) == (1, 1, 1)
    assert found["last_used_at"] == "2026-06-27T09:00:00Z"


def test_uses_fold_records_of_one_action_across_kinds_and_midnight(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(2, "23:59:59"), correlation_id="one")
    crm.sign_in("ada", "crm", at(1, "00:00:01"), correlation_id="one", kind="nonInteractiveUser")
    crm.sign_in("bob", "crm", at(1), correlation_id="one")
    crm.sign_in("bob", "crm", at(1), correlation_id=None)
    crm.sign_in("bob", "crm", at(1), correlation_id="")
    found = row(crm)
    assert (found["n_sign_ins_30d"], found["n_uses_30d"]) == (5, 4)


def test_use_belongs_to_the_app_and_not_to_the_resource(crm: TinyLake) -> None:
    crm.app("api")
    crm.sign_in("ada", "crm", at(1), resource_id="api")
    assert row(crm, "api")["n_used_30d"] == 0


@pytest.mark.parametrize("order", [("graph", "diagnostic"), ("diagnostic", "graph")])
def test_one_event_by_two_feeds_counts_once_as_graph_tells_it(crm: TinyLake, order: tuple[str, str]) -> None:
    for feed in order:
        crm.sign_in("ada", "ghost", at(1), event_id="one", feed=feed, app_name=f"by {feed}")
    found = row(crm, "ghost")
    assert (found["n_sign_ins_30d"], found["n_uses_30d"], found["name"]) == (1, 1, "by graph")


def test_an_app_without_principal_needs_a_success_to_be_a_row(crm: TinyLake) -> None:
    crm.sign_in("ada", "ghost", at(5), app_name="Ghost")
    crm.sign_in("ada", "sprayed", at(5), error_code=50126)
    crm.sign_in("", "robot", at(5), kind="servicePrincipal")
    ghost = row(crm, "ghost")
    assert [found["app_id"] for found in crm.answer("apps").rows] == ["ghost", "crm"]
    assert (ghost["origin"], ghost["consent"], ghost["assignment_required"], ghost["n_seats"]) == (
        "unknown",
        "none",
        None,
        0,
    )


def test_only_principals_of_type_application_make_rows_by_themselves(crm: TinyLake) -> None:
    crm.app("robot", principal_type="ManagedIdentity")
    assert [found["app_id"] for found in crm.ask("apps")] == ["crm"]


def test_an_app_is_named_by_its_principal_then_its_newest_event_then_its_id(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), app_name="Other")
    crm.sign_in("ada", "ghost", at(3), app_name="Old")
    crm.sign_in("ada", "ghost", at(2), app_name="New", error_code=1)
    crm.sign_in("ada", "ghost", at(1), app_name="")
    crm.sign_in("ada", "plain", at(1), app_name=None)
    assert {found["app_id"]: found["name"] for found in crm.ask("apps")} == {
        "crm": "Crm",
        "ghost": "New",
        "plain": "plain",
    }


def test_on_equal_seconds_the_smallest_id_names_the_app(crm: TinyLake) -> None:
    crm.sign_in("ada", "ghost", at(1, "08:00:00.900000"), event_id="b", app_name="B")
    crm.sign_in("ada", "ghost", at(1, "08:00:00.100000"), event_id="a", app_name="A")
    assert row(crm, "ghost")["name"] == "A"


def test_microsofts_own_are_hidden_unless_asked_for_and_their_seats_not_read(crm: TinyLake) -> None:
    crm.user("ada")
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("teams", "ada")
    crm.sign_in("ada", GRAPH_APP, at(1))
    crm.sign_in("ada", "hidden", at(1), app_owner_tenant_id=MICROSOFT)
    assert [found["app_id"] for found in crm.ask("apps")] == ["crm"]
    shown = {found["app_id"]: found for found in crm.answer("apps", microsoft=True).rows}
    assert {app for app, found in shown.items() if found["is_microsoft"]} == {"teams", GRAPH_APP, "hidden"}
    assert {found["origin"] for found in shown.values()} == {"unknown", "microsoft"}
    assert (shown["teams"]["n_seats"], shown["teams"]["n_seats_used_30d"]) == (None, None)


@pytest.mark.parametrize(
    ("facts", "origin"),
    [
        ({"template_id": "t1", "owner_tenant_id": TENANT}, "gallery"),
        ({"template_id": CUSTOM_TEMPLATE, "owner_tenant_id": TENANT}, "custom"),
        ({"owner_tenant_id": TENANT}, "own"),
        ({"owner_tenant_id": "elsewhere"}, "foreign"),
        ({"template_id": "t1", "owner_tenant_id": MICROSOFT}, "microsoft"),
        ({}, "unknown"),
    ],
)
def test_origin(lake: TinyLake, facts: dict[str, str], origin: str) -> None:
    lake.app("crm", **facts)
    assert row(lake, microsoft=True)["origin"] == origin


@pytest.mark.parametrize(
    ("types", "consent"), [(("Principal", "AllPrincipals"), "admin"), (("Principal",), "user"), ((), "none")]
)
def test_consent(lake: TinyLake, types: tuple[str, ...], consent: str) -> None:
    lake.app("crm")
    for number, kind in enumerate(types):
        lake.add("oauth2_permission_grants", grant_id=str(number), client_id="sp-crm", consent_type=kind)
    assert row(lake)["consent"] == consent


def test_a_seat_is_one_existing_person_however_many_ways(crm: TinyLake) -> None:
    crm.user("ada", is_enabled=False)
    crm.user("bob", user_type="guest")
    crm.assign("crm", "ada")
    crm.assign("crm", "ada", app_role_id="other role")
    crm.group("sales", "ada", "bob", "deleted")
    crm.assign("crm", "sales", "Group")
    assert row(crm)["n_seats"] == 2


def test_nested_groups_devices_and_principals_hold_no_seat(crm: TinyLake) -> None:
    crm.user("ada")
    crm.group("inner", "ada")
    crm.group("outer", "inner", kind="group")
    crm.group("outer", "ada", kind="device")
    crm.assign("crm", "outer", "Group")
    crm.assign("crm", "ada", "ServicePrincipal")
    assert row(crm)["n_seats"] == 0


def test_a_disabled_app_counts(crm: TinyLake) -> None:
    crm.user("ada")
    crm.app("off", is_enabled=False)
    crm.assign("off", "ada")
    assert row(crm, "off")["n_seats"] == 1


def test_seats_used_never_pass_seats_but_people_may(crm: TinyLake) -> None:
    crm.user("ada")
    crm.user("bob")
    crm.assign("crm", "ada")
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("bob", "crm", at(1))
    found = row(crm)
    assert (found["n_seats"], found["n_seats_used_30d"], found["n_used_30d"]) == (1, 1, 2)


def test_seats_of_an_earlier_moment_come_from_history(crm: TinyLake) -> None:
    crm.user("ada")
    crm.user("bob", valid_from=at(2))
    crm.user("leaver", valid_to=at(2))
    for person in ("ada", "bob", "leaver"):
        crm.assign("crm", person)
    crm.assign("crm", "ada", valid_from=at(1))
    crm.group("sales", "ada")
    assert (row(crm)["n_seats"], row(crm, as_of=at(3))["n_seats"]) == (2, 2)
    crm.user("new", valid_from=at(2))
    crm.assign("crm", "new")
    assert [row(crm, as_of=moment)["n_seats"] for moment in (at(3), at(2), AS_OF)] == [2, 3, 3]


def test_counts_of_use_are_unknown_and_not_zero_without_a_covered_day(lake: TinyLake) -> None:
    lake.user("ada")
    lake.app("crm")
    lake.assign("crm", "ada")
    found = row(lake)
    assert [found[name] for name in ("n_seats_used_30d", "n_used_30d", "n_sign_ins_30d", "n_uses_30d")] == [None] * 4
    assert found["n_seats"] == 1


def test_with_some_covered_days_counts_are_lower_bounds(lake: TinyLake) -> None:
    lake.app("crm")
    lake.app("other")
    lake.sign_in("ada", "crm", at(1))
    lake.read_days(3)
    assert (row(lake)["n_used_30d"], row(lake, "other")["n_used_30d"]) == (1, 0)
    assert lake.answer("apps").coverage.state == "partial"


def test_what_a_file_of_unknown_extent_shows_is_told_and_the_rest_stays_unknown(lake: TinyLake) -> None:
    lake.app("crm")
    lake.app("other")
    lake.sign_in("ada", "crm", at(1), feed="portal")
    assert (row(lake)["n_used_30d"], row(lake, "other")["n_used_30d"]) == (1, None)


@pytest.mark.parametrize("missing", ["service_principals", "app_role_assignments", "users"])
def test_seats_are_unknown_when_what_they_rest_on_was_never_read(crm: TinyLake, missing: str) -> None:
    crm.user("ada")
    crm.assign("crm", "ada")
    crm.sign_in("ada", "crm", at(1))
    del crm.tables[missing]
    found = row(crm)
    assert (found["n_seats"], found["n_seats_used_30d"], found["n_used_30d"]) == (None, None, 1)


def test_members_never_read_matter_only_where_a_group_is_assigned(crm: TinyLake) -> None:
    crm.user("ada")
    crm.assign("crm", "ada")
    del crm.tables["group_members"]
    assert row(crm)["n_seats"] == 1
    crm.assign("crm", "sales", "Group")
    assert row(crm)["n_seats"] is None


def test_order_is_people_then_seats_then_name_by_code_point(crm: TinyLake) -> None:
    crm.user("ada")
    for app_id, name in (
        ("a1", "beta"),
        ("a2", "Zulu"),
        ("a3", "Ämter"),
        ("a4", "Zulu"),
        ("used", "used"),
        ("held", "held"),
    ):
        crm.app(app_id, name=name)
    crm.sign_in("ada", "used", at(1))
    crm.assign("held", "ada")
    assert [found["app_id"] for found in crm.ask("apps")] == ["used", "held", "crm", "a2", "a4", "a1", "a3"]


def test_a_policy_may_count_one_kind_only(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), correlation_id="one")
    crm.sign_in("bob", "crm", at(1), kind="nonInteractiveUser")
    found = row(crm, decided=Decided(policy=Policy(kinds=("interactiveUser",))))
    assert (found["n_used_30d"], found["n_uses_30d"]) == (1, 1)


def test_history_older_than_the_window_still_tells_the_last_use(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(100), feed="diagnostic")
    found = row(crm)
    assert (found["n_used_30d"], found["last_used_at"]) == (0, "2026-03-22T08:00:00Z")
