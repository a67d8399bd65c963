"""Answers do not contradict each other: the same seat, person or cent is the same wherever it is told.

Nothing here says what a number should be (the oracle does): only that two ways to it give the same.
"""

from __future__ import annotations

import pytest

from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Filter
from tests.metrics.companies import Company, grouped, same_money, seats, total

STATUSES = ("active", "idle", "unused", "never", "unknown")
COUNTS = tuple(f"n_{status}" for status in STATUSES)
MONEY = ("cost_month", "could_save_month", "idle_month", "unknown_month")


def test_the_company_is_worth_looking_at(company: Company) -> None:
    statuses = {row["status"] for row in company.rows("product-users")}
    assert len(company.rows("products")) > 10
    assert len(seats(company)) > 100
    assert len(statuses) > 1


SUMMED = [name for name, metric in METRICS.items() if any(column.is_summed for column in metric.columns)]


@pytest.mark.parametrize("name", SUMMED)
def test_sums_are_those_of_the_rows(company: Company, name: str) -> None:
    found = company.ask(name)
    for column in (column for column in found.columns if column.is_summed):
        rows = found.rows
        if column.type == "money" and any(c.name == "currency" for c in found.columns):
            rows = [row for row in rows if row["currency"] == company.decided.currency]
        wanted = total(rows, column.name)
        is_same = same_money(found.sums[column.name], wanted, len(rows))
        assert is_same if column.type == "money" else found.sums[column.name] == wanted, column.name


@pytest.mark.parametrize("name", ["products", "people", "teams", "team-products", "seat-groups"])
def test_the_five_states_are_all_seats(company: Company, name: str) -> None:
    for row in company.rows(name):
        counts = [row[column] for column in COUNTS]
        assert (row["n_seats"] is None) == (None in counts)
        if row["n_seats"] is not None:
            assert sum(counts) == row["n_seats"], row


def test_products_count_and_cost_what_their_people_do(company: Company) -> None:
    of_product = grouped(company.rows("product-users"), "product_id")
    for product in company.rows("products"):
        rows = of_product[product["product_id"]]
        held = [row for row in rows if row["path"] not in ("none", None)]
        if product["n_seats"] is not None:
            assert product["n_seats"] == len(held)
            assert {name: product[f"n_{name}"] for name in STATUSES} == {
                name: sum(row["status"] == name for row in held) for name in STATUSES
            }
            assert product["n_leavers"] == sum(row["is_leaver"] for row in held)
            assert product["n_guests"] == sum(row["kind"] == "guest" for row in held)
        used = [row for row in rows if row["n_sign_ins_30d"]]
        assert product["n_used_30d"] in (len(used), len(used) or None)
        assert (product["n_sign_ins_30d"] or 0) == (total(rows, "n_sign_ins_30d") or 0)
        if product["n_seats_used_30d"] is not None:
            parts = product["n_seats_used_30d"] + (product["n_without_seat_30d"] or 0)
            assert (product["n_used_30d"] or 0) == parts
        assert (product["last_used_at"] or "") == max((row["last_used_at"] or "" for row in rows), default="")
        for column in ("could_save_month", "idle_month", "unknown_month"):
            assert same_money(product[column], total(held, column), len(held))
        if product["could_save_month"] is not None:
            assert product["could_save_month"] <= product["cost_month"] + 0.01
            assert abs(product["could_save_year"] - 12 * product["could_save_month"]) <= 0.07


def test_totals_are_the_sums_of_products(company: Company) -> None:
    totals, products = company.totals, company.ask("products")
    assert totals["n_products"] == len(products.rows)
    assert totals["n_products_seated"] == sum((row["n_seats"] or 0) > 0 for row in products.rows)
    assert totals["n_products_priced"] == sum(row["price_basis"] is not None for row in products.rows)
    for column in ("n_seats", *COUNTS, "n_seats_used_30d"):
        assert totals[column] == products.sums[column], column
    assert totals["n_leaver_seats"] == products.sums["n_leavers"]
    assert totals["n_guest_seats"] == products.sums["n_guests"]
    for column in MONEY:
        assert totals[column] == products.sums[column], column
    used = sum((row["n_used_30d"] or 0) > 0 for row in products.rows)
    assert totals["n_products_used_30d"] in (used, used or None)
    assert totals["n_people"] == len(company.rows("people"))


def test_savings_are_those_of_products_and_licences(company: Company) -> None:
    savings = grouped(company.rows("savings"), "subject_kind")
    products, licences = company.by("products", "product_id"), company.by("licences", "sku_id")
    for row in savings["product"]:
        product = products[row["subject_id"]]
        assert [row[f"n_{name}"] for name in ("never", "unused", "idle", "unknown")] == [
            product[f"n_{name}"] for name in ("never", "unused", "idle", "unknown")
        ]
        for column in ("could_save_month", "could_save_year", "idle_month", "unknown_month", "currency"):
            assert row[column] == product[column], column
    for row in savings["licence"]:
        assert row["could_save_month"] == licences[row["subject_id"]]["could_save_month"]
    totals = company.totals
    of_products = company.ask("savings", where=(Filter("subject_kind", "is", ("product",)),)).sums["could_save_month"]
    of_licences = company.ask("savings", where=(Filter("subject_kind", "is", ("licence",)),)).sums["could_save_month"]
    assert (totals["could_save_month"] or 0) == (of_products or 0)
    assert (totals["licences_could_save_month"] or 0) == (of_licences or 0)
    assert (totals["all_could_save_month"] or 0) == (company.ask("savings").sums["could_save_month"] or 0)


def test_people_hold_what_products_say(company: Company) -> None:
    of_person = grouped(seats(company), "user_id")
    people = company.by("people", "user_id")
    for user_id, person in people.items():
        held = of_person.get(user_id, [])
        assert person["n_seats"] == len(held)
        assert {name: person[f"n_{name}"] for name in STATUSES} == {
            name: sum(row["status"] == name for row in held) for name in STATUSES
        }
        ours = [row for row in held if row["currency"] == company.decided.currency]
        for column in MONEY:
            assert same_money(person[column], total(ours, column), len(ours))
    of_nobody = sum(len(rows) for user_id, rows in of_person.items() if user_id not in people)
    assert total(people.values(), "n_seats") + of_nobody == company.totals["n_seats"]


def test_a_group_is_its_people(company: Company) -> None:
    """Those in no group are a team, too; who is in several stands in each."""
    teams = company.ask("teams", of=(("by", "group"),)).rows
    assert len(teams) > 2
    everybody = {row["user_id"] for row in company.rows("people")}
    seen: set[str] = set()
    for team in teams:
        people = company.ask("people", of=(("group", team["team"] or "-"),))
        seen |= {row["user_id"] for row in people.rows}
        assert len(people.rows) == team["n_people"]
        assert {column: people.sums[column] for column in ("n_seats", *COUNTS)} == {
            column: team[column] for column in ("n_seats", *COUNTS)
        }
    assert seen == everybody
    assert company.ask("people", of=(("group", "no-such-group"),)).rows == []


@pytest.mark.parametrize("by", ["department", "job_title"])
def test_teams_are_their_people_and_their_products(company: Company, by: str) -> None:
    people, teams = company.ask("people"), company.ask("teams", of=(("by", by),))
    assert total(teams.rows, "n_people") == len(people.rows)
    products = grouped(company.rows("team-products", by=by), "team")
    for column in ("n_seats", *COUNTS):
        assert teams.sums[column] == people.sums[column], column
    for column in MONEY:
        assert same_money(teams.sums[column], people.sums[column], 1), column
    for team in teams.rows:
        assert team["n_seats"] == (total(products[team["team"]], "n_seats") or 0)
        assert (team["n_sign_ins_30d"] or 0) == (total(products[team["team"]], "n_sign_ins_30d") or 0)
