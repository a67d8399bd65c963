"""Charts: the sentence, the table, gaps where nothing is known, round axes, and nothing a strict policy refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from seatwise.web.charts import daily, lines, months, trend
from seatwise.web.charts.shapes import path, top


def a_day(number: int, n_people: int | None, mean: float | None = None, state: str = "complete") -> dict[str, Any]:
    return {"day": f"2026-06-{number:02}", "n_people": n_people, "mean_7d": mean, "state": state}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (1, 1)),
        ([None], (1, 1)),
        ([0, 0], (1, 1)),
        ([3], (3, 1)),
        ([72], (80, 20)),
        ([100], (100, 25)),
        ([101], (150, 50)),
        ([1248], (1500, 500)),
    ],
)
def test_the_axis_ends_round(values: list[int | None], expected: tuple[float, float]) -> None:
    assert top(values) == expected


def test_a_gap_is_a_gap_and_a_lonely_day_a_dot() -> None:
    assert path([1, 2, None, 4], 4, is_between=False, width=90, height=100) == "M0.0 75.00L30.0 50.00M90.0 0.00h.01"


def test_days_are_bars_and_unknown_ones_hatched() -> None:
    chart = daily([a_day(1, 40, 40.0), a_day(2, None, None, "missing"), a_day(3, 20, 30.0, "partial")], "People")
    assert re.findall(r'<rect class="(\w[\w-]*)"[^>]* height="([\d.]+%)"/>', chart.svg) == [
        ("day", "100.00%"),
        ("s-unknown", "100%"),
        ("part", "50.00%"),
    ]
    assert chart.sentence == "At most 40 people on one day. Nothing is known of 1 of these 3 days."
    assert [(key, cells[0], cells[2][2]) for key, _, cells in chart.rows] == [
        ("2026-06-01", ("n_people", "40", "40"), "Whole day"),
        ("2026-06-02", ("n_people", "", "Not known"), "Not known"),
        ("2026-06-03", ("n_people", "20", "20"), "In part"),
    ]
    assert "style=" not in chart.svg


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "There are no days to show yet."),
        ([a_day(1, None), a_day(2, None)], "Nothing is known of 2 of these 2 days."),
        ([a_day(1, 0, 0.0), a_day(2, 0, 0.0)], "Nobody was seen in the 2 days to 2 Jun 2026."),
        ([a_day(1, 3, 3.0), a_day(2, 3, 3.0)], "At most 3 people on one day."),
        (
            [a_day(n, n, float(n)) for n in range(1, 11)],
            "A usual day grew from 7 people in the week to 7 Jun 2026 to 9 in the week to 9 Jun 2026.",
        ),
        (
            [a_day(n, 5, 5.0) for n in range(1, 11)],
            "A usual day has 5 people, in the week to 9 Jun 2026 as in the week to 7 Jun 2026.",
        ),
        # The first week that is known whole ends on the 9th: the 2nd is a gap.
        (
            [a_day(n, None if n == 2 else n, float(n)) for n in range(1, 12)],
            "A usual day grew from 9 people in the week to 9 Jun 2026 to 10 in the week to 10 Jun 2026.",
        ),
        ([a_day(1, 1, 1.0)], "At most 1 person on one day."),
    ],
)
def test_the_sentence_claims_no_more_than_is_known(rows: list[dict[str, Any]], sentence: str) -> None:
    assert daily(rows, "People").sentence.startswith(sentence)


def test_lines_tell_where_they_began_and_ended() -> None:
    rows = [{"day": "2026-06-01", "n_week": 10, "n_month": None}, {"day": "2026-06-02", "n_week": 12, "n_month": 30}]
    chart = lines(rows, "Reach", {"n_week": "In 7 days", "n_month": "In 30 days"})
    assert chart.sentence == (
        "In 7 days: 12 (2 Jun 2026), up from 10 (1 Jun 2026). In 30 days: 30 (2 Jun 2026), nothing before is known."
    )
    assert chart.headings == ("Day", "In 7 days", "In 30 days")
    gaps = lines([{**row, "state": "missing"} for row in rows], "Reach", {"n_week": "In 7 days"})
    assert gaps.sentence == "In 7 days: 12 (2 Jun 2026)." and "the least that is true" in gaps.note


def test_days_of_which_nothing_is_known_are_one_field() -> None:
    chart = daily([a_day(1, None), a_day(2, None), a_day(3, 1), a_day(4, None)], "People")
    assert re.findall(r'<rect class="s-unknown" x="([\d.]+)%" width="([\d.]+)%"', chart.svg) == [
        ("0.000", "50.000"),
        ("75.000", "25.000"),
    ]


def test_months_known_in_part_look_so() -> None:
    rows = [
        {"month": "2026-05", "n_people": None, "n_days_known": 0, "n_days": 31},
        {"month": "2026-06", "n_people": 9, "n_days_known": 12, "n_days": 30},
    ]
    chart = months(rows, "People")
    assert re.findall(r'<rect class="([\w-]+)"', chart.svg) == ["s-unknown", "part"]
    assert [cells[-1][2] for _, _, cells in chart.rows] == ["0 of 31", "12 of 30"]


def test_the_small_line_says_where_it_goes() -> None:
    assert 'aria-label="12 weeks: down 50 percent"' in trend([8, 6, 4], "12 weeks")
    assert "not known" in trend([None, 4])
