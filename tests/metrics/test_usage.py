"""Use by day and by month, on lakes small enough to count on paper."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.metrics.decided import Decided, Policy, Product, ProductPolicy
from tests.support.tiny_lake import AS_OF, MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.app("wiki")
    return lake


def days(lake: TinyLake, *of: tuple[str, str], **more: Any) -> dict[int, dict[str, Any]]:
    """Rows by days back from the last one."""
    rows = lake.ask("usage-days", of=of, **more)
    return {len(rows) - 1 - number: row for number, row in enumerate(rows)}


def test_ninety_days_end_at_the_last_one(crm: TinyLake) -> None:
    found = days(crm)
    assert (len(found), found[0]["day"], found[89]["day"]) == (90, "2026-06-30", "2026-04-02")
    assert len(days(crm, ("days", "3"))) == 3


def test_a_day_counts_people_products_and_sign_ins(crm: TinyLake) -> None:
    crm.read_days(90)
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("ada", "crm", at(1), kind="nonInteractiveUser")
    crm.sign_in("ada", "wiki", at(1))
    crm.sign_in("bob", "crm", at(1))
    crm.sign_in("bob", "crm", at(2))
    found = days(crm)
    assert [(row["n_people"], row["n_products"], row["n_sign_ins"]) for row in (found[1], found[2], found[3])] == [
        (2, 2, 4),
        (1, 1, 1),
        (0, 0, 0),
    ]
    of_wiki = days(crm, ("product", "wiki"))
    assert [(row["n_people"], row["n_products"], row["n_sign_ins"]) for row in (of_wiki[1], of_wiki[2])] == [
        (1, 1, 1),
        (0, 0, 0),
    ]


def test_failures_and_automation_are_no_use(crm: TinyLake) -> None:
    crm.read_days(90)
    crm.sign_in("eve", "crm", at(1), error_code=50126)
    crm.sign_in("", "crm", at(1), kind="servicePrincipal")
    crm.sign_in("bot", "crm", at(1), kind="managedIdentity")
    found = days(crm)[1]
    assert (found["n_people"], found["n_week"], found["n_month"], found["n_sign_ins"]) == (0, 0, 0, 0)


def test_a_person_counts_once_in_seven_days_and_once_in_thirty(crm: TinyLake) -> None:
    crm.read_days(130)
    for back in (50, 49, 40, 38):
        crm.sign_in("ada", "crm", at(back))
    crm.sign_in("bob", "wiki", at(45))
    found = days(crm)
    # ada's weeks: 50…43 (50 and 49 overlap), 40…32; bob's 45…39
    assert {back: found[back]["n_week"] for back in (51, 50, 46, 45, 43, 42, 40, 39, 38, 32, 31)} == {
        51: 0, 50: 1, 46: 1, 45: 2, 43: 2, 42: 1, 40: 2, 39: 2, 38: 1, 32: 1, 31: 0,
    }  # fmt: skip
    # months: ada 50…9 without a break, bob 45…16
    assert {back: found[back]["n_month"] for back in (51, 50, 45, 16, 15, 9, 8)} == {
        51: 0, 50: 1, 45: 2, 16: 2, 15: 1, 9: 1, 8: 0,
    }  # fmt: skip


def test_days_before_the_first_shown_one_count_in_its_month(crm: TinyLake) -> None:
    crm.read_days(130)
    crm.sign_in("ada", "crm", at(31))
    crm.sign_in("bob", "crm", at(32))
    found = days(crm, ("days", "3"))
    assert [(found[back]["n_week"], found[back]["n_month"]) for back in (2, 1, 0)] == [(0, 1), (0, 0), (0, 0)]


def test_the_mean_is_of_known_days_and_rounds_halves_up(crm: TinyLake) -> None:
    crm.read_days(90)
    for person in ("ada", "bob"):
        crm.sign_in(person, "crm", at(3))
    crm.sign_in("ada", "crm", at(2))
    # 3 people-days of 7 known days: 0.428…
    assert days(crm)[0]["mean_7d"] == 0.4
    crm.tables["windows"] = []
    crm.read_days(4)
    # of 4 known days: 0.75
    assert days(crm)[0]["mean_7d"] == 0.8


def test_a_missing_day_with_nothing_seen_is_empty_and_not_zero(crm: TinyLake) -> None:
    crm.window(at(20, "00:00:00"), at(10, "00:00:00"))
    crm.window(at(9, "00:00:00"), AS_OF)
    crm.sign_in("ada", "crm", at(21))
    found = days(crm)
    assert {back: (found[back]["state"], found[back]["n_people"]) for back in (22, 21, 20, 11, 10, 9, 0)} == {
        22: ("missing", None),
        21: ("partial", 1),
        20: ("complete", 0),
        11: ("complete", 0),
        10: ("missing", None),
        9: ("complete", 0),
        0: ("complete", 0),
    }
    assert (found[22]["n_week"], found[22]["n_month"], found[22]["mean_7d"], found[22]["n_products"]) == (None,) * 4
    assert (found[10]["n_week"], found[10]["n_month"], found[10]["n_sign_ins"]) == (0, 1, None)


def test_days_that_graph_told_stay_known_beyond_its_thirty_days(crm: TinyLake) -> None:
    crm.window(at(80, "00:00:00"), AS_OF)
    found = days(crm)
    assert (found[81]["state"], found[80]["state"], found[45]["n_people"]) == ("missing", "complete", 0)


def test_one_kind_alone_makes_a_day_partial_unless_only_that_one_counts(crm: TinyLake) -> None:
    crm.window(at(89, "00:00:00"), AS_OF, "interactiveUser")
    assert {row["state"] for row in days(crm).values()} == {"partial"}
    one = Policy(kinds=("interactiveUser",))
    assert {row["state"] for row in days(crm, decided=Decided(policy=one)).values()} == {"complete"}
    of_crm = Decided(policies=(ProductPolicy("crm", kinds=("interactiveUser",)),))
    assert {row["state"] for row in days(crm, ("product", "crm"), decided=of_crm).values()} == {"complete"}
    assert {row["state"] for row in days(crm, ("product", "wiki"), decided=of_crm).values()} == {"partial"}


def test_the_stack_leaves_out_microsofts_and_ignored_products_but_one_asked_for_is_shown(crm: TinyLake) -> None:
    crm.read_days(90)
    crm.app("teams", owner_tenant_id=MICROSOFT)
    crm.sign_in("ada", "teams", at(1))
    crm.sign_in("ada", "wiki", at(1))
    crm.sign_in("bob", "crm", at(1))
    ignored = Decided(products=(Product("wiki", ("wiki",), state="ignored"),))
    assert days(crm, decided=ignored)[1]["n_people"] == 1
    assert days(crm, decided=ignored, microsoft=True)[1]["n_people"] == 2
    assert days(crm, ("product", "wiki"), decided=ignored)[1]["n_people"] == 1
    assert days(crm, ("product", "teams"))[1]["n_people"] == 1


def test_merged_apps_count_a_person_once(crm: TinyLake) -> None:
    crm.read_days(90)
    crm.sign_in("ada", "crm", at(1))
    crm.sign_in("ada", "wiki", at(1))
    merged = Decided(products=(Product("crm", ("crm", "wiki")),))
    found = days(crm, ("product", "crm"), decided=merged)[1]
    assert (found["n_people"], found["n_products"], found["n_sign_ins"]) == (1, 1, 2)


def test_an_earlier_moment_sees_nothing_later(crm: TinyLake) -> None:
    crm.read_days(90)
    crm.sign_in("ada", "crm", at(3, "09:00:00"))
    crm.sign_in("bob", "crm", at(3, "11:00:00"))
    crm.sign_in("cyd", "crm", at(1))
    rows = crm.ask("usage-days", as_of=at(3, "10:00:00"))
    assert (rows[-1]["day"], rows[-1]["n_people"], rows[-1]["n_week"], rows[-1]["state"]) == (
        "2026-06-27",
        1,
        1,
        "complete",
    )


def months(lake: TinyLake, *of: tuple[str, str], **more: Any) -> dict[str, dict[str, Any]]:
    return {row["month"]: row for row in lake.ask("usage-months", of=of, **more)}


def test_twelve_calendar_months_end_with_the_current_one(crm: TinyLake) -> None:
    found = months(crm)
    assert (min(found), max(found), len(found)) == ("2025-07", "2026-06", 12)
    assert list(months(crm, ("months", "2"))) == ["2026-05", "2026-06"]


def test_a_month_counts_people_once_and_says_how_much_of_it_is_known(crm: TinyLake) -> None:
    crm.window(at(41, "00:00:00"), AS_OF)  # 20 May
    crm.sign_in("ada", "crm", at(2))
    crm.sign_in("ada", "wiki", at(20))
    crm.sign_in("bob", "crm", at(35))
    crm.sign_in("cyd", "crm", at(70))  # 21 April, a day of which nothing was read
    found = months(crm)
    counted = {
        month: tuple(found[month][name] for name in ("n_people", "n_products", "n_sign_ins", "n_days_known", "n_days"))
        for month in ("2026-06", "2026-05", "2026-04", "2026-03")
    }
    assert counted == {
        "2026-06": (1, 2, 2, 30, 30),
        "2026-05": (1, 1, 1, 12, 31),
        "2026-04": (1, 1, 1, 0, 30),
        "2026-03": (None, None, None, 0, 31),
    }


def test_the_current_month_ends_today_and_a_product_is_counted_alone(crm: TinyLake) -> None:
    crm.read_days(60)
    crm.sign_in("ada", "wiki", at(12))
    found = months(crm, ("product", "wiki"), as_of=at(10, "00:00:00"))
    assert found["2026-06"] | {"month": ""} == {
        "month": "",
        "n_people": 1,
        "n_products": 1,
        "n_sign_ins": 1,
        "n_days_known": 19,
        "n_days": 19,
    }
