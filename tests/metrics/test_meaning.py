"""What the numbers mean, rules 1 to 12 (time, use, apps): one small world for each sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy, ProductPolicy
from tests.support.tiny_lake import AS_OF, MICROSOFT, ZERO, TinyLake, at

INTERACTIVE_ONLY = Decided(policy=Policy(kinds=("interactiveUser",)))


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    """One app with one seat holder, and every day of the last 30 read."""
    lake.app("crm")
    lake.user("ada")
    lake.assign("crm", "ada")
    lake.read_days(30)
    return lake


def one(lake: TinyLake, metric: str = "apps", **more: Any) -> dict[str, Any]:
    (row,) = lake.ask(metric, **more)
    return row


def of(lake: TinyLake, metric: str, key: str, value: str, **more: Any) -> dict[str, Any]:
    (row,) = [row for row in lake.ask(metric, **more) if row[key] == value]
    return row


def test_rule_1_everything_is_utc(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", datetime(2026, 6, 30, 1, 30, tzinfo=timezone(timedelta(hours=2))))
    assert one(crm)["last_used_at"] == "2026-06-29T23:30:00Z"
    assert one(crm, as_of=AS_OF.astimezone(timezone(timedelta(hours=-7))))["n_used_30d"] == 1


def test_rule_1_d_is_the_day_that_ends_at_as_of_and_not_the_one_that_begins(crm: TinyLake) -> None:
    midnight = datetime(2026, 7, 1, tzinfo=UTC)
    crm.sign_in("ada", "crm", at(29, "00:00:00"))
    assert one(crm, as_of=midnight)["n_used_30d"] == 1
    assert one(crm, as_of=midnight + timedelta(seconds=1))["n_used_30d"] == 0


def test_rule_1_the_last_30_days_are_whole_days_up_to_as_of(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(29, "00:00:00"))
    crm.sign_in("ada", "crm", at(30, "23:59:59"))
    crm.sign_in("ada", "crm", at(0, "11:59:59"))
    crm.sign_in("ada", "crm", AS_OF)
    assert one(crm)["n_sign_ins_30d"] == 2


def test_rule_2_what_is_older_feeds_a_number_only_when_it_was_imported(crm: TinyLake) -> None:
    assert one(crm, "app-users")["status"] == "idle"
    crm.window(at(99, "00:00:00"), at(29, "00:00:00"), feed="diagnostic")
    assert one(crm, "app-users")["status"] == "unused"


def test_rule_4_times_are_whole_seconds_cut_and_not_rounded(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1, "10:00:00.999999"))
    assert one(crm)["last_used_at"] == "2026-06-29T10:00:00Z"


def test_rule_4_on_equal_times_the_smallest_id_wins(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1, "10:00:00.9"), event_id="b")
    crm.sign_in("ada", "crm", at(1, "10:00:00.1"), event_id="a")
    assert one(crm, "app-users")["evidence_id"] == "a"


@pytest.mark.parametrize("kind", ["interactiveUser", "nonInteractiveUser"])
@pytest.mark.parametrize("user_type", ["member", "guest"])
def test_rule_5_use_is_a_success_of_a_member_or_guest_in_either_user_kind(
    crm: TinyLake, kind: str, user_type: str
) -> None:
    crm.tables["users"][0]["user_type"] = user_type
    crm.sign_in("ada", "crm", at(1), kind=kind)
    assert (one(crm)["n_used_30d"], one(crm, "app-users")["status"]) == (1, "active")


def test_rule_5_the_policy_of_the_tenant_may_count_fewer_kinds_and_recomputes_history(crm: TinyLake) -> None:
    crm.read_days(120)
    crm.sign_in("ada", "crm", at(1), kind="nonInteractiveUser")
    crm.sign_in("ada", "crm", at(100))
    before = one(crm, "app-users")
    assert (before["status"], before["last_used_at"]) == ("active", "2026-06-29T08:00:00Z")
    after = one(crm, "app-users", decided=INTERACTIVE_ONLY)
    assert (after["status"], after["n_sign_ins_30d"], after["last_used_at"]) == ("unused", 0, "2026-03-22T08:00:00Z")
    assert one(crm, "app-users") == before


def test_rule_5_the_policy_of_one_app_may_count_fewer_kinds(crm: TinyLake) -> None:
    crm.app("wiki")
    for app_id in ("crm", "wiki"):
        crm.sign_in("ada", app_id, at(1), kind="nonInteractiveUser")
    decided = Decided(policies=(ProductPolicy("wiki", kinds=("interactiveUser",)),))
    found = {row["app_id"]: row["n_used_30d"] for row in crm.ask("apps", decided=decided)}
    assert found == {"crm": 1, "wiki": 0}


def test_rule_5_failures_never_count(crm: TinyLake) -> None:
    crm.sign_in("ada", "crm", at(1), error_code=50126)
    crm.sign_in("ada", "crm", at(2), error_code=1)
    app, person = one(crm), one(crm, "app-users")
    assert (app["n_used_30d"], app["n_sign_ins_30d"], app["n_uses_30d"], app["last_used_at"]) == (0, 0, 0, None)
    assert (person["status"], person["evidence_id"], one(crm, "users")["last_used_at"]) == ("idle", None, None)


def test_rule_5_a_spray_makes_nobody_active(crm: TinyLake) -> None:
    people = [f"person{n}" for n in range(40)]
    for n, person in enumerate(people):
        crm.user(person)
        crm.assign("crm", person)
        for attempt in range(3):
            crm.sign_in(person, "crm", at(1, f"03:{n:02}:{attempt:02}"), error_code=50126, correlation_id="")
    for guess in range(20):
        crm.sign_in(f"guess{guess}", "crm", at(1, "04:00:00"), error_code=50034)
    assert {row["status"] for row in crm.ask("app-users")} == {"idle"}
    assert (one(crm)["n_used_30d"], one(crm)["n_seats_used_30d"], one(crm)["n_seats"]) == (0, 0, 41)


@pytest.mark.parametrize("kind", ["servicePrincipal", "managedIdentity"])
def test_rule_5_automation_never_counts_and_keeps_no_seat_alive(crm: TinyLake, kind: str) -> None:
    for user_id in ("", "ada"):
        crm.sign_in(user_id, "crm", at(1), kind=kind)
    assert (one(crm)["n_used_30d"], one(crm)["n_sign_ins_30d"], one(crm)["last_used_at"]) == (0, 0, None)
    assert [(row["user_id"], row["status"]) for row in crm.ask("app-users")] == [("ada", "idle")]


def test_rule_6_use_belongs_to_the_app_and_never_to_the_resource(crm: TinyLake) -> None:
    crm.app("mail")
    crm.sign_in("ada", "mail", at(1), resource_id="crm")
    assert {row["app_id"]: row["n_used_30d"] for row in crm.ask("apps")} == {"mail": 1, "crm": 0}


def test_rule_7_sign_ins_are_raw_events_and_uses_fold_the_records_of_one_action(crm: TinyLake) -> None:
    crm.user("bob")
    for n in range(4):
        crm.sign_in("ada", "crm", at(1, f"08:00:0{n}"), correlation_id="portal")
    crm.sign_in("bob", "crm", at(1), correlation_id="portal", event_id="same")
    crm.sign_in("bob", "crm", at(1), correlation_id="portal", event_id="same", feed="diagnostic")
    found = one(crm)
    assert (found["n_sign_ins_30d"], found["n_uses_30d"], found["n_used_30d"]) == (5, 2, 2)


def test_rule_8_a_person_has_an_id_that_is_not_empty_nor_zero(crm: TinyLake) -> None:
    for nobody in ("", ZERO):
        crm.sign_in(nobody, "crm", at(1))
    assert one(crm)["n_used_30d"] == 0
    assert [row["user_id"] for row in crm.ask("app-users")] == ["ada"]


def test_rule_8_the_kind_comes_from_the_directory_and_null_is_a_member(lake: TinyLake) -> None:
    lake.user("ada", user_type=None)
    lake.user("gus", user_type="guest")
    assert {row["user_id"]: row["kind"] for row in lake.ask("users")} == {"ada": "member", "gus": "guest"}


def test_rule_8_somebody_deleted_is_what_their_events_say(crm: TinyLake) -> None:
    crm.sign_in("gone", "crm", at(3), user_type="guest")
    assert of(crm, "product-users", "user_id", "gone")["kind"] == "guest"


def test_rule_9_rows_are_applications_and_what_somebody_signed_in_to(crm: TinyLake) -> None:
    crm.app("robot", principal_type="ManagedIdentity")
    crm.app("old", principal_type="Legacy")
    crm.sign_in("ada", "ghost", at(1))
    crm.sign_in("ada", "tried", at(1), error_code=50126)
    crm.sign_in("", "machine", at(1), kind="servicePrincipal")
    assert {row["app_id"] for row in crm.ask("apps")} == {"crm", "ghost"}


def test_rule_9_an_app_goes_by_its_app_id_and_not_by_its_principal(crm: TinyLake) -> None:
    assert one(crm)["app_id"] == "crm"


def test_rule_10_microsofts_own_are_known_by_their_owner_then_by_their_events(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.sign_in("ada", "office", at(1), app_owner_tenant_id=MICROSOFT)
    crm.sign_in("ada", "crm", at(1), app_owner_tenant_id=MICROSOFT)
    found = {row["app_id"]: row["is_microsoft"] for row in crm.ask("apps", microsoft=True)}
    assert found == {"teams": True, "office": True, "crm": False}


def test_rule_10_microsofts_own_are_hidden_and_their_seats_not_read(crm: TinyLake) -> None:
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.assign("teams", "ada")
    assert [row["app_id"] for row in crm.ask("apps")] == ["crm"]
    teams = of(crm, "products", "product_id", "teams", microsoft=True)
    assert (teams["n_seats"], teams["n_active"], teams["n_seats_used_30d"], teams["cost_month"]) == (None,) * 4


@pytest.mark.parametrize(
    ("facts", "origin"),
    [
        ({"owner_tenant_id": MICROSOFT, "template_id": "gallery"}, "microsoft"),
        ({"template_id": "gallery"}, "gallery"),
        ({"template_id": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"}, "custom"),
        ({"owner_tenant_id": "11111111-1111-1111-1111-111111111111"}, "own"),
        ({"owner_tenant_id": "vendor"}, "foreign"),
        ({}, "unknown"),
    ],
)
def test_rule_11_origin(lake: TinyLake, facts: dict[str, str], origin: str) -> None:
    lake.app("crm", **facts)
    assert one(lake, microsoft=True)["origin"] == origin


def test_rule_11_consent_is_its_own_column(crm: TinyLake) -> None:
    assert one(crm)["consent"] == "none"
    crm.add("oauth2_permission_grants", grant_id="1", client_id="sp-crm", consent_type="Principal", principal_id="ada")
    assert (one(crm)["consent"], one(crm)["origin"]) == ("user", "unknown")
    crm.add("oauth2_permission_grants", grant_id="2", client_id="sp-crm", consent_type="AllPrincipals")
    assert one(crm)["consent"] == "admin"


def test_rule_11_whether_assignment_is_required_is_unknown_without_a_principal(lake: TinyLake) -> None:
    lake.sign_in("ada", "ghost", at(1))
    assert one(lake)["assignment_required"] is None


def test_rule_12_a_name_is_the_principals_then_the_newest_events_then_the_id(crm: TinyLake) -> None:
    crm.sign_in("ada", "ghost", at(2), app_name="Old name")
    crm.sign_in("ada", "ghost", at(1), app_name="New name")
    crm.sign_in("ada", "nameless", at(1), app_name="")
    assert {row["app_id"]: row["name"] for row in crm.ask("apps")} == {
        "crm": "Crm",
        "ghost": "New name",
        "nameless": "nameless",
    }
