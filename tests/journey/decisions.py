"""A rich set of decisions about a made-up company, chosen from what it has, so that every kind of decision bites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from entra_sandbox.oracle import Oracle

Change = tuple[str, str, str, Any]
Row = dict[str, Any]

BUREAU = "5ea7b00c-0000-4000-8000-000000000001"
"""a product added by hand"""
CATEGORIES = ("Design", "Sales", "Planning", "Office", "Engineering")


def rich(oracle: Oracle, *, interactive_only: bool = False) -> list[Change]:
    """Prices in two currencies, contracts, a merge, states, owners, protected people, policies, seats by hand.

    interactive_only: whether the whole tenant counts fewer kinds and waits longer.
    """
    products = oracle.answer("products")["rows"]
    seated = sorted((p for p in products if p["n_seats"]), key=lambda p: (-p["n_seats"], p["product_id"]))
    used = sorted((p for p in products if p["n_used_30d"]), key=lambda p: (-p["n_used_30d"], p["product_id"]))
    changes = [*_categories(products), *_prices(oracle, seated), *_by_hand(oracle, seated)]
    changes += _licences(oracle)
    changes += [("product", p["product_id"], "owner", "Dana Osei") for p in products[::3]]
    state, leading = seated[-1]["product_id"], seated[2]["product_id"]
    others = [p["product_id"] for p in (used[-1], seated[4], seated[5]) if p["product_id"] not in (state, leading)]
    changes += [
        ("product", leading, "app_ids", sorted({leading, *others})), ("product", leading, "name", "Folded desk"),
        ("product", leading, "inactive_days", 14), ("product", leading, "kinds", ["interactiveUser"]),
        ("product", seated[0]["product_id"], "inactive_days", 60),
        ("product", seated[1]["product_id"], "kinds", ["nonInteractiveUser"]),
        ("product", seated[3]["product_id"], "kinds", ["interactiveUser", "nonInteractiveUser"]),
        ("product", used[1]["product_id"], "state", "closed"), ("product", used[2]["product_id"], "state", "approved"),
        ("product", state, "state", "ignored"), ("product", used[3]["product_id"], "state", "ignored"),
        ("product", seated[0]["product_id"], "note", "Ask Dana before taking any"),
    ]  # fmt: skip
    holders = sorted({r["user_id"] for r in oracle.answer("product-users")["rows"] if r["status"] != "active"})
    changes += [("person", user_id, "protected", "On leave") for user_id in holders[::9]]
    if interactive_only:
        changes += [("workspace", "", "kinds", ["interactiveUser"]), ("workspace", "", "inactive_days", 45)]
    return changes


def _terms(amount: str, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR", "basis": "seat", "period": "month", **more}


def _prices(oracle: Oracle, seated: list[Row]) -> list[Change]:
    """Seats and contracts, months and years, round amounts and awkward ones; every fifth is left without."""
    soon = str(oracle.known.today + timedelta(days=31))
    late = str(oracle.known.today + timedelta(days=61))
    kinds = (
        lambda n: _terms("9.99"),
        lambda n: _terms("100.1", period="year", renewal_on=soon, notice_days=30),
        lambda n: _terms("12.3456", currency="USD", seats_bought=n + 4),
        lambda n: _terms("1234.56", basis="contract", period="year", seats_bought=n + 7, renewal_on=soon),
        lambda n: None,
        lambda n: _terms("77.77", basis="contract", renewal_on=late, notice_days=0),
        lambda n: _terms("1.005", seats_bought=max(1, n - 2)),
        lambda n: _terms("0", period="year"),
    )
    told = [(p, kinds[i % len(kinds)](p["n_seats"])) for i, p in enumerate(seated)]
    return [("product", p["product_id"], "price", terms) for p, terms in told if terms]


def _licences(oracle: Oracle) -> list[Change]:
    renewal = str(oracle.known.today + timedelta(days=60))
    skus = sorted(r["sku_id"] for r in oracle.answer("licences")["rows"])
    terms = (_terms("33.33", renewal_on=renewal, notice_days=30), _terms("70", period="year", currency="USD"))
    return [("licence", sku, "price", told) for sku, told in zip(skus, terms, strict=False)]


def _categories(products: list[Row]) -> list[Change]:
    return [
        ("product", p["product_id"], "category", CATEGORIES[i % len(CATEGORIES)])
        for i, p in enumerate(sorted(products, key=lambda p: str(p["product_id"])))
    ]


def _by_hand(oracle: Oracle, seated: list[Row]) -> list[Change]:
    """A product that Entra does not know, and seats added to one that it does."""
    people = sorted(oracle.truth.users.values(), key=lambda u: u.id)
    return [
        ("product", BUREAU, "by_hand", True), ("product", BUREAU, "name", "Payroll bureau"),
        ("product", BUREAU, "category", "Payroll"),
        ("product", BUREAU, "price", _terms("20")),
        *(("seat", BUREAU, u.user_principal_name.lower(), u.id) for u in people[:7]),
        ("seat", BUREAU, "somebody@elsewhere.example", ""),
        *(("seat", seated[6]["product_id"], u.user_principal_name.lower(), u.id) for u in people[7:40:3]),
    ]  # fmt: skip
