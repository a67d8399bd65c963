"""The users answer."""

from __future__ import annotations

from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


def test_every_user_object_is_listed_and_deleted_people_never(lake: TinyLake) -> None:
    lake.user("ada", user_type=None)
    lake.user("bob", is_enabled=False)
    lake.user("guest", user_type="guest")
    lake.user("leaver", valid_to=at(1))
    lake.sign_in("gone", "crm", at(1))
    rows = lake.ask("users")
    assert [(row["user_id"], row["kind"], row["is_enabled"]) for row in rows] == [
        ("ada", "member", True),
        ("bob", "member", False),
        ("guest", "guest", True),
    ]
    assert "leaver" in {row["user_id"] for row in lake.answer("users", at(2)).rows}


def test_counts_leave_microsofts_apps_out_but_the_last_use_does_not(lake: TinyLake) -> None:
    lake.user("ada", department="Sales")
    lake.app("crm")
    lake.app("teams", owner_tenant_id=MICROSOFT)
    lake.group("sales", "ada")
    for app in ("crm", "teams"):
        lake.assign(app, "sales", "Group")
        lake.assign(app, "ada")
    lake.sign_in("ada", "crm", at(2))
    lake.sign_in("ada", "teams", at(1))
    lake.read_days(30)
    (row,) = lake.ask("users")
    assert (row["n_seats"], row["n_apps_used_30d"], row["last_used_at"]) == (1, 1, "2026-06-29T08:00:00Z")
    assert row["department"] == "Sales"


def test_an_app_without_principal_counts_as_used(lake: TinyLake) -> None:
    lake.user("ada")
    lake.sign_in("ada", "ghost", at(2))
    lake.sign_in("ada", "failed", at(2), error_code=1)
    lake.read_days(30)
    assert [row["n_apps_used_30d"] for row in lake.ask("users")] == [1]


def test_order_is_by_name_then_id(lake: TinyLake) -> None:
    for user_id, name in (("3", "Ärger"), ("2", "Zoe"), ("1", "Zoe"), ("0", "anna")):
        lake.user(user_id, name=name)
    assert [row["user_id"] for row in lake.ask("users")] == ["1", "2", "0", "3"]


def test_without_sign_ins_use_is_unknown_and_seats_are_not(lake: TinyLake) -> None:
    lake.user("ada")
    (row,) = lake.ask("users")
    assert (row["n_seats"], row["n_apps_used_30d"], row["last_used_at"]) == (0, None, None)


def test_users_never_read_give_no_rows(lake: TinyLake) -> None:
    del lake.tables["users"]
    lake.app("crm")
    assert lake.ask("users") == []


def test_a_renamed_person_has_the_name_of_the_moment(lake: TinyLake) -> None:
    lake.user("ada", name="Ada Old", valid_to=at(2))
    lake.user("ada", name="Ada New", valid_from=at(2))
    assert [row["name"] for row in lake.ask("users")] == ["Ada New"]
    names = [[row["name"] for row in lake.answer("users", moment).rows] for moment in (at(3), at(2), AS_OF)]
    assert names == [["Ada Old"], ["Ada New"], ["Ada New"]]
