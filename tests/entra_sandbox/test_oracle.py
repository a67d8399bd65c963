"""The oracle against companies counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from entra_sandbox import oracle
from entra_sandbox.world import ZERO, Activity, AppActivity, Member, OAuth2PermissionGrant, Stamp, UserActivity
from tests.entra_sandbox.made import MICROSOFT, NOW, OLD, Made, ago, app, group, seat, sign_in, user


def rows(name: str, made: Made, **more: Any) -> list[dict[str, Any]]:
    return list(oracle.answer(name, made, NOW, **more)["rows"])


def the_app(made: Made, app_id: str = "crm", **more: Any) -> dict[str, Any]:
    return next(r for r in rows("apps", made, **more) if r["app_id"] == app_id)


def status(made: Made, **more: Any) -> str:
    return str(rows("app-users", made, **more)[0]["status"])


def test_failures_never_count() -> None:
    made = Made(
        [user("ann")], [app("crm")], events=[
            sign_in("1", "ann", "crm", ago(hours=2), error_code=50126), sign_in("2", "ann", "ghost", ago(hours=1),
            error_code=50126),
        ],
    )  # fmt: skip
    assert [(r["app_id"], r["n_used_30d"], r["n_sign_ins_30d"], r["last_used_at"]) for r in rows("apps", made)] == [
        ("crm", 0, 0, None)
    ]
    assert rows("app-users", made) == []
    assert rows("users", made)[0]["last_used_at"] is None
    assert sum(r["n_events"] for r in rows("coverage", made)) == 2


def test_a_success_without_a_principal_makes_a_row() -> None:
    made = Made([user("ann")], [], events=[sign_in("1", "ann", "gone", ago(hours=1), app_owner_tenant_id="vendor")])
    row = the_app(made, "gone")
    assert (row["name"], row["origin"], row["assignment_required"], row["n_seats"], row["n_used_30d"]) == (
        "Gone",
        "unknown",
        None,
        0,
        1,
    )


def test_machines_and_unknown_people_are_not_use() -> None:
    made = Made(apps=[app("crm")], events=[
        sign_in("1", "", "crm", ago(hours=1), kind="servicePrincipal"), sign_in("2", ZERO, "crm", ago(hours=1)),
        sign_in("3", "", "crm", ago(hours=1), kind="managedIdentity"), sign_in("4", "", "crm", ago(hours=1)),
        sign_in("5", "ann", "crm", ago(hours=1), kind="servicePrincipal"),
    ])  # fmt: skip
    assert (the_app(made)["n_used_30d"], the_app(made)["n_sign_ins_30d"]) == (0, 0)


def test_nested_groups_hold_no_seat() -> None:
    made = Made(
        [user("ann"), user("bob"), user("cy")], [app("crm")], [group("outer"), group("inner")],
        {"outer": [Member("inner", "group"), Member("ann", "user"), Member("robot", "servicePrincipal")],
        "inner": [Member("bob", "user")]},
        [seat("outer", "crm", "Group"), seat("ann", "crm"), seat("cy", "crm"), seat("robot", "crm",
        "ServicePrincipal")],
    )  # fmt: skip
    assert the_app(made)["n_seats"] == 2
    assert [(r["user_id"], r["path"], r["groups"]) for r in rows("app-users", made)] == [
        ("ann", "both", ["Outer"]),
        ("cy", "direct", []),
    ]


def test_seats_of_deleted_people_and_of_microsoft_are_none() -> None:
    made = Made([user("ann")], [app("crm"), app("teams", MICROSOFT), app("old", None, "Legacy")],
                seats=[seat("gone", "crm"), seat("ann", "teams"), seat("ann", "old")])  # fmt: skip
    assert [(r["app_id"], r["n_seats"]) for r in rows("apps", made, microsoft=True)] == [("crm", 0), ("teams", None)]
    assert rows("users", made)[0]["n_seats"] == 0


def test_on_equal_seconds_the_smallest_id_is_the_evidence() -> None:
    at = ago(hours=3).replace(microsecond=0)
    made = Made([user("ann")], [app("crm")], events=[
        sign_in("a", "ann", "crm", at + timedelta(microseconds=9)), sign_in("b", "ann", "crm",
        at + timedelta(microseconds=900_000)),
        sign_in("0", "ann", "crm", at - timedelta(microseconds=1)),
    ])  # fmt: skip
    assert rows("app-users", made)[0]["evidence_id"] == "a"


def test_another_tenants_events_are_set_aside() -> None:
    made = Made(
        [user("ann")], [app("crm")], events=[sign_in("1", "ann", "crm", ago(hours=1), resource_tenant_id="partner")]
    )
    assert the_app(made)["n_used_30d"] == 0
    assert sum(r["n_events"] for r in rows("coverage", made)) == 0
    assert next(r["n"] for r in rows("counts", made) if r["kind"] == "interactiveUser") == 1


def test_what_has_not_arrived_does_not_exist() -> None:
    late = sign_in("1", "ann", "crm", ago(hours=1), arrived_at=NOW + timedelta(seconds=1))
    made = Made([user("ann")], [app("crm")], events=[late])
    assert the_app(made)["n_used_30d"] == 0
    on_time = Made([user("ann")], [app("crm")], events=[sign_in("1", "ann", "crm", ago(hours=1), arrived_at=NOW)])
    assert the_app(on_time)["n_used_30d"] == 1


def test_many_records_of_one_action_are_one_use() -> None:
    made = Made([user("ann")], [app("crm")], events=[
        sign_in("1", "ann", "crm", ago(hours=1), correlation_id="x"), sign_in("2", "ann", "crm", ago(hours=2),
        correlation_id="x"),
        sign_in("3", "ann", "crm", ago(hours=3), correlation_id=""), sign_in("4", "ann", "crm", ago(hours=4),
        correlation_id=""),
    ])  # fmt: skip
    assert (the_app(made)["n_sign_ins_30d"], the_app(made)["n_uses_30d"]) == (4, 3)


def test_the_window_begins_with_a_whole_day() -> None:
    made = Made(
        [user("ann")], [app("crm")], events=[sign_in("1", "ann", "crm", datetime.fromisoformat("2026-05-31T23:59:59Z"))]
    )
    assert (the_app(made)["n_used_30d"], the_app(made)["last_used_at"]) == (0, "2026-05-31T23:59:59Z")
    made.events = [sign_in("1", "ann", "crm", datetime.fromisoformat("2026-06-01T00:00:00Z"))]
    assert the_app(made)["n_used_30d"] == 1


@pytest.mark.parametrize(
    ("days_ago", "days", "created", "expected"),
    [
        (29, 120, OLD, "active"), (30, 120, OLD, "idle"), (89, 120, OLD, "idle"), (90, 120, OLD, "unused"),
        (None, 120, OLD, "unused"), (None, 120, ago(days=119), "never"), (None, 120, ago(days=120), "unused"),
        (None, None, OLD, "idle"), (None, 89, OLD, "idle"), (None, 90, ago(days=89), "never"), (30, 20, OLD, "idle"),
    ],
)  # fmt: skip
def test_the_ladder_of_states(days_ago: int | None, days: int | None, created: datetime, expected: str) -> None:
    events = [] if days_ago is None else [sign_in("1", "ann", "crm", ago(days=days_ago))]
    made = Made([user("ann", created)], [app("crm")], seats=[seat("ann", "crm")], events=events)
    assert status(made, days=days) == expected


def test_without_a_licence_nothing_is_known() -> None:
    made = Made([user("ann")], [app("crm")], seats=[seat("ann", "crm")], events=[sign_in("1", "ann", "crm",
    ago(days=3))],
                activity=Activity({"ann": UserActivity(successful=Stamp(ago(days=200), "x"))}, {}))  # fmt: skip
    assert status(made, premium=False) == "unknown"
    assert (the_app(made, premium=False)["n_seats"], the_app(made, premium=False)["n_used_30d"]) == (1, None)
    assert {(r["state"], r["n_events"], r["reason"]) for r in rows("coverage", made, premium=False)} == {
        ("missing", None, "premium_missing")
    }
    assert status(made, premium=False, days=20) == "active"


def test_last_activity_proves_absence_further_back() -> None:
    made = Made([user("ann", ago(days=150))], [app("crm")], seats=[seat("ann", "crm")])
    made.activity = Activity({"ann": UserActivity(successful=Stamp(ago(days=100), "x"))}, {})
    assert status(made) == "unused"
    made.activity = Activity({}, {"crm": AppActivity(last=Stamp(ago(days=151), "x"))})
    assert status(made) == "never"
    made.activity = Activity({"ann": UserActivity(interactive=Stamp(ago(days=100), "x"))}, {})
    assert status(made) == "idle"


def test_history_is_kept_since_the_first_sync() -> None:
    made = Made([user("ann")], [app("crm")], events=[sign_in("1", "ann", "crm", ago(days=31))])
    assert rows("app-users", made) == []
    assert rows("app-users", made, first_sync=ago(days=2))[0]["status"] == "idle"


def test_deleted_people_are_named_by_their_newest_event() -> None:
    made = Made(apps=[app("crm")], events=[
        sign_in("1", "dee", "crm", ago(days=9), user_display_name="Dee Old"),
        sign_in("2", "dee", "mail", ago(days=8), user_display_name="Dee New", error_code=50126),
    ])  # fmt: skip
    assert [(r["name"], r["path"]) for r in rows("app-users", made)] == [("Dee New", "none")]
    assert rows("users", made) == []


def test_origin_and_consent() -> None:
    made = Made(apps=[app("own"), app("far", "vendor"), app("old", None)], grants=[
        OAuth2PermissionGrant("1", "sp-own", "Principal", "ann", "graph", ""), OAuth2PermissionGrant("2", "sp-own",
        "AllPrincipals", None, "graph", ""),
        OAuth2PermissionGrant("3", "sp-far", "Principal", "ann", "graph", ""),
    ])  # fmt: skip
    assert [(r["app_id"], r["origin"], r["consent"]) for r in rows("apps", made)] == [
        ("far", "foreign", "user"), ("old", "unknown", "none"), ("own", "own", "admin"),
    ]  # fmt: skip


def test_coverage_has_every_imported_day() -> None:
    days = sorted({r["day"] for r in rows("coverage", Made(), days=40)})
    assert (len(days), days[0], days[-1]) == (40, "2026-05-22", "2026-06-30")
    assert len(rows("coverage", Made())) == 30 * 4
