"""Asks an install and the oracle the same questions, and tells where the answers part, whatever their order."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

from entra_sandbox.oracle import Oracle
from entra_sandbox.oracle.decided import read
from entra_sandbox.world import World
from tests.support.product import Product

Row = dict[str, Any]
Question = tuple[str, dict[str, Any]]

KEYS: dict[str, tuple[str, ...]] = {
    "apps": ("app_id",),
    "users": ("user_id",),
    "app-users": ("app_id", "user_id"),
    "coverage": ("day", "kind"),
    "products": ("product_id",),
    "product-users": ("product_id", "user_id", "upn"),
    "seat-groups": ("product_id", "group_id"),
    "people": ("user_id",),
    "teams": ("team",),
    "team-products": ("team", "product_id"),
    "licences": ("sku_id",),
    "licence-users": ("sku_id", "user_id"),
    "totals": (),
    "savings": ("subject_kind", "subject_id"),
    "usage-days": ("day",),
    "usage-months": ("month",),
    "movement": ("product_id", "user_id", "change"),
    "movement-products": ("product_id",),
    "discovery": ("finding", "product_id"),
    "consents": ("app_id", "consent"),
    "insights": ("card", "subject_kind", "subject_id"),
}
"""What tells one row of an answer from another."""

FROM_THE_CATALOGUE = ("vendor", "category", "name")
"""Compared only where the oracle has them, since it has no list of products or licences: where people decided them."""

BY = [{"by": by} for by in ("department", "job_title", "group")]
OF_ONE_KIND = ("same_category", "overlap")

QUESTIONS: tuple[Question, ...] = (
    *((name, {}) for name in KEYS if name not in ("teams", "team-products")),
    *((name, {"microsoft": True}) for name in ("apps", "app-users", "products", "product-users")),
    ("products", {"ignored": True}),
    ("people", {"of": {"group": "-"}}),
    *(("teams", {"of": of}) for of in BY),
    *(("team-products", {"of": of}) for of in BY),
)

_DECIDE = """
import json, sys
from datetime import date
from decimal import Decimal
from seatwise.server.start import start
start()
from seatwise.control import decisions
from seatwise.control.models import Connection
workspace = Connection.objects.get().workspace
def value(told):
    if not isinstance(told, dict):
        return told
    day = told.get("renewal_on")
    return decisions.Terms(**{**told, "amount": Decimal(told["amount"]),
                              "renewal_on": date.fromisoformat(day) if day else None})
changes = [decisions.Change(kind, subject, field, value(told))
           for kind, subject, field, told in json.load(sys.stdin)]
decisions.decide(None, workspace, changes)
print(json.dumps(decisions.to_json(decisions.decided(workspace))))
"""

_ASK = """
import json, sys
from seatwise.base.clock import parse_time
from seatwise.server.start import start
start()
from seatwise.control import answers
from seatwise.metrics import export
from seatwise.metrics.shapes import Filter
moment = parse_time(sys.argv[1])
found = []
for name, more in json.load(sys.stdin):
    of = tuple(more.pop("of", {}).items())
    if more.pop("ignored", False):
        more["where"] = (Filter("state", "is", ("ignored",)),)
    found.append(json.loads(export.to_json(answers.ask(name, None, moment, of=of, **more).result)))
print(json.dumps(found))
"""


def decide(install: Product, changes: list[tuple[str, str, str, Any]]) -> str:
    """Writes decisions (subject kind, subject, field, value) into the install; everything decided there, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", _DECIDE],
        env=install.environment(),
        input=json.dumps(changes),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def untruths(
    install: Product, world: World, as_of: str, decided: str = "{}", questions: tuple[Question, ...] = QUESTIONS,
    **known: Any,
) -> dict[str, list[str]]:  # fmt: skip
    """Where answers part from the oracle's, by question; empty when all are equal.

    known: what an `Oracle` is told beside the world.
    """
    oracle = Oracle(world, datetime.fromisoformat(as_of), decided=read(decided), **known)
    found = {}
    for (name, more), answer in zip(questions, answered(install, as_of, questions), strict=True):
        truth = oracle.answer(name, **more)
        if not any(product.category for product in oracle.decided.products):
            # Whose category the catalogue tells is not the oracle's business.
            answer["rows"] = [
                row for row in answer["rows"] if {row.get("finding"), row.get("card")}.isdisjoint(OF_ONE_KIND)
            ]
        if more.get("ignored"):
            truth["rows"] = [row for row in truth["rows"] if row["state"] == "ignored"]
        if wrong := differences(name, answer, truth):
            found[f"{name} {more or ''}".strip()] = wrong
    return found


def answered(install: Product, as_of: str, questions: tuple[Question, ...]) -> list[dict[str, Any]]:
    """As `seatwise ask NAME --format json` gives them, by one process: starting it costs more than an answer."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK, as_of],
        env=install.environment(),
        input=json.dumps(questions),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def differences(name: str, ours: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """Cell by cell, each row by its key."""
    columns = [c["name"] for c in truth["columns"]]
    lacking = set(columns) - {c["name"] for c in ours["columns"]}
    if lacking:
        return [f"columns we lack: {sorted(lacking)}"]
    mine, theirs = _by_key(name, ours["rows"]), _by_key(name, truth["rows"])
    found = [f"not ours: {theirs[key]}" for key in sorted(theirs.keys() - mine.keys())[:4]]
    found += [f"not true: {mine[key]}" for key in sorted(mine.keys() - theirs.keys())[:4]]
    if len(ours["rows"]) != len(truth["rows"]):
        found.append(f"{len(ours['rows'])} rows for {len(truth['rows'])}")
    parted: dict[str, int] = {}
    for key in sorted(theirs.keys() & mine.keys()):
        for column in columns:
            said, true = mine[key][column], theirs[key][column]
            if said != true and not (column in FROM_THE_CATALOGUE and true is None):
                parted[column] = parted.get(column, 0) + 1
                if parted[column] <= 2:
                    found.append(f"{key} {column}: {said!r} for {true!r}")
    return found + [f"{column} parts in {n} rows" for column, n in parted.items() if n > 2]


def _by_key(name: str, rows: list[Row]) -> dict[str, Row]:
    return {" ".join(str(row[part]) for part in KEYS[name]): row for row in rows}
