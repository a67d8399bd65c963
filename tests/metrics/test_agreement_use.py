"""Trends, movement, findings, cards and evidence agree with the answers that look at the same from another side."""

from __future__ import annotations

from collections import Counter

import pytest

from seatwise.catalog.cards import CARDS, SUBJECT
from seatwise.metrics.shapes import Filter
from tests.metrics.companies import Company, Row, grouped, same_money, seats, total


def cards(company: Company, card: str) -> dict[str, Row]:
    return {row["subject_id"]: row for row in company.rows("insights") if row["card"] == card}


def used_most(company: Company, n: int) -> list[Row]:
    return company.rows("products")[:n]


def test_the_last_days_of_the_trend_are_the_last_thirty_of_products(company: Company) -> None:
    for product in used_most(company, 6):
        days = company.rows("usage-days", product=product["product_id"])
        assert days[-1]["n_month"] == product["n_used_30d"]
        assert (total(days[-30:], "n_sign_ins") or 0) == (product["n_sign_ins_30d"] or 0)
        assert all((day["n_people"] or 0) <= (day["n_week"] or 0) <= (day["n_month"] or 0) for day in days)
    days = company.rows("usage-days")
    assert days[-1]["n_month"] == company.totals["n_using_30d"]
    assert (total(days[-30:], "n_sign_ins") or 0) == company.ask("products").sums["n_sign_ins_30d"]
    assert [day["state"] for day in days[-30:]].count("complete") == company.totals["n_days_complete"]


def test_months_are_made_of_days(company: Company) -> None:
    of_month = grouped(({**day, "month": day["day"][:7]} for day in company.rows("usage-days", days="200")), "month")
    for month in company.rows("usage-months", months="3"):
        days = of_month[month["month"]]
        assert month["n_days"] == len(days)
        assert month["n_days_known"] == sum(day["state"] == "complete" for day in days)
        assert month["n_sign_ins"] == total(days, "n_sign_ins")
        assert (month["n_people"] or 0) >= max(day["n_people"] or 0 for day in days)
        assert (month["n_people"] is None) == (month["n_sign_ins"] is None)


def test_movement_is_what_products_count(company: Company) -> None:
    moves = Counter((row["product_id"], row["change"]) for row in company.rows("movement"))
    of_products = company.by("movement-products", "product_id")
    for product in company.rows("products"):
        row = of_products.get(product["product_id"], {})
        for change in ("started", "stopped"):
            assert (product[f"n_{change}_30d"] or 0) == moves[product["product_id"], change]
            if row:
                assert row[f"n_{change}"] == product[f"n_{change}_30d"]
        if row:
            assert row["n_used_30d"] == product["n_used_30d"]
        else:
            assert not product["n_used_30d"]


def test_nobody_who_is_active_has_stopped(company: Company) -> None:
    statuses = {(row["product_id"], row["user_id"]): row for row in company.rows("product-users")}
    for row in company.rows("movement"):
        person = statuses[row["product_id"], row["user_id"]]
        assert person["name"] == row["name"]
        if row["change"] == "stopped":
            assert person["status"] in ("idle", "unused")
            assert row["on"] == person["last_used_at"][:10]
        else:
            assert row["on"] == person["first_used_on"]


def test_findings_and_cards_are_of_the_same_products(company: Company) -> None:
    found = grouped(company.rows("discovery"), "finding")
    products = company.by("products", "product_id")
    for card, finding in (("new_app", "new"), ("closed_in_use", "closed_in_use")):
        assert set(cards(company, card)) == {row["product_id"] for row in found[finding]}
    for row in company.rows("discovery"):
        if row["finding"] != "ignored_in_use":
            assert row["n_used_30d"] == products[row["product_id"]]["n_used_30d"]
    categories = Counter(row["category"] for row in found["same_category"])
    assert {category: row["n"] for category, row in cards(company, "overlap").items()} == dict(categories)
    assert {row["product_id"] for row in found["no_owner"]} == {
        row["product_id"]
        for row in products.values()
        if not row["owner"] and ((row["n_seats"] or 0) > 0 or (row["n_used_30d"] or 0) > 0)
    }


def test_cards_are_worth_what_products_and_licences_say(company: Company) -> None:
    products, licences = company.by("products", "product_id"), company.by("licences", "sku_id")
    unused = cards(company, "unused_seats")
    for product_id, product in products.items():
        worth = unused[product_id]["worth_month"] if product_id in unused else None
        assert (worth or 0) == (product["could_save_month"] or 0)
        assert product_id not in unused or unused[product_id]["n"] <= product["n_never"] + product["n_unused"]
    for row in cards(company, "renewal").values():
        of = products if row["subject_kind"] == "product" else licences
        assert row["worth_month"] == of[row["subject_id"]]["cost_month"]
        assert row["on"] == of[row["subject_id"]]["renewal_on"]
    for sku_id, row in cards(company, "idle_licences").items():
        assert row["n"] == sum(licences[sku_id][f"n_{name}"] for name in ("idle", "unused", "never"))
    for sku_id, row in cards(company, "disabled_licences").items():
        assert row["n"] == licences[sku_id]["n_disabled"]


COUNTED_ROWS = ("unused_seats", "leaver_seats", "guest_seats", "idle_licences", "disabled_licences", "closed_in_use")


@pytest.mark.parametrize("card", [*COUNTED_ROWS, "overlap"])
def test_the_list_behind_a_card_has_as_many_rows_as_it_says(company: Company, card: str) -> None:
    declared = CARDS[card]
    assert declared.metric is not None
    for subject, row in list(cards(company, card).items())[:6]:
        where = tuple(
            Filter(column, op, tuple(subject if value == SUBJECT else value for value in values))  # type: ignore[arg-type]  # operators are those of Filter
            for column, op, values in declared.filters
        )
        assert company.ask(declared.metric, where=where).n_rows == row["n"], subject


def test_a_wasteful_group_grants_what_seat_groups_say(company: Company) -> None:
    of_group = grouped(company.rows("seat-groups"), "group_id")
    for group_id, row in cards(company, "wasteful_group").items():
        bad = [
            granted
            for granted in of_group[group_id]
            if granted["n_seats"] >= 5 and 2 * (granted["n_never"] + granted["n_unused"]) > granted["n_seats"]
        ]
        assert row["n"] == sum(granted["n_never"] + granted["n_unused"] for granted in bad)
        ours = [granted for granted in bad if granted["currency"] == company.decided.currency]
        assert same_money(row["worth_month"], total(ours, "could_save_month"), len(ours))


def test_groups_grant_the_seats_that_people_hold(company: Company) -> None:
    granted = company.rows("seat-groups")
    assert (total(granted, "n_seats") or 0) == sum(len(row["groups"]) for row in seats(company))


def test_every_last_use_has_its_event(company: Company) -> None:
    rows = [row for row in company.rows("product-users") if row["evidence_id"]]
    assert rows
    for row in rows[:: max(1, len(rows) // 25)]:
        (event,) = company.rows("evidence", event=row["evidence_id"])
        assert (event["user_id"], event["app_id"]) == (row["user_id"], row["evidence_app_id"])
        assert (event["created_at"], event["error_code"]) == (row["last_used_at"], 0)
        assert event["package"] is not None


def test_every_seat_has_its_grounds(company: Company) -> None:
    rows = seats(company)
    for row in rows[:: max(1, len(rows) // 40)]:
        found = company.rows("seat-evidence", product=row["product_id"], user=row["user_id"] or row["upn"])
        kinds = Counter(ground["kind"] for ground in found)
        assert (kinds["assignment"] > 0) == (row["path"] in ("direct", "both")), row
        assert {ground["group"] for ground in found if ground["kind"] == "membership"} == set(row["groups"])
        if row["path"] == "hand":
            assert kinds["hand"] == 1


def test_consents_are_what_discovery_and_products_say(company: Company) -> None:
    consents = grouped(company.rows("consents"), "product_id")
    by_people = {row["product_id"]: row for row in company.rows("discovery") if row["finding"] == "consented_by_people"}
    for product in company.rows("products"):
        kinds = {row["consent"] for row in consents[product["product_id"]]}
        assert (product["consent"] or "none") == ("admin" if "admin" in kinds else "user" if kinds else "none")
        assert (product["product_id"] in by_people) == (kinds == {"user"})
