"""What people decide survives every sync: of the same moment again, and of the days after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.product import Product, product
from tests.support.sandbox import running_sandbox

DAY_ONE, LATER = "2026-10-14T10:00:00Z", "2026-10-16T10:00:00Z"

_INSIDE = """
import json, sys
from decimal import Decimal
from seatwise.base.clock import parse_time
from seatwise.server.start import start
start()
from seatwise.control import answers, decisions
from seatwise.control.decisions import Change, Terms
from seatwise.control.models import Workspace
given = json.loads(sys.argv[1])
here = Workspace.objects.get(tenant_id=answers.tenant_of(None))
def rows(name, **more):
    return answers.ask(name, None, parse_time(given["as_of"]), **more).result.rows
"""
_DECIDE = """
most = rows("products", sort=(answers.Sort("n_seats", "down"),), limit=4)
first, second, third, fourth = (row["product_id"] for row in most)
holder = next(row for row in rows("product-users") if row["product_id"] == first and row["path"] != "none")
price = Terms(Decimal("12.50"), "EUR", seats_bought=5)
decisions.decide(None, here, [
    Change("product", first, "price", price), Change("product", first, "owner", "Dana"),
    Change("product", first, "category", "Ours"), Change("product", first, "state", "tolerated"),
    Change("product", first, "inactive_days", 14), Change("product", fourth, "state", "ignored"),
    Change("person", holder["user_id"], "protected", ""), Change("workspace", "", "inactive_days", 20),
])
decisions.merge(None, here, second, [third])
made = decisions.add_app(None, here, {"name": "Press archive", "price": Terms(Decimal(100), "EUR", "contract")})
decisions.decide(None, here, [Change("seat", made, holder["upn"].lower(), holder["user_id"])])
print(json.dumps({"first": first, "second": second, "third": third, "fourth": fourth, "by_hand": made}))
"""
_TELL = """
held = decisions.to_json(decisions.decided(here))
print(json.dumps({"decided": held, "products": {row["product_id"]: row for row in rows("products")}}, default=str))
"""


def inside(install: Product, script: str, as_of: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _INSIDE + script, json.dumps({"as_of": as_of})],
        env=install.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_decisions_hold_through_a_sync_of_the_same_moment_and_of_later_days(tmp_path: Path) -> None:
    install = product(tmp_path / "data")
    with running_sandbox(users=120, apps=20, seed=3, as_of=DAY_ONE, limits="off") as sandbox:
        install.connect(sandbox)
        install.run("sync", "--as-of", DAY_ONE)
        ids = inside(install, _DECIDE, DAY_ONE)
        before = inside(install, _TELL, DAY_ONE)
        install.run("sync", "--as-of", DAY_ONE)
        assert inside(install, _TELL, DAY_ONE) == before
        sandbox.control("POST", "/clock", {"as_of": LATER})
        install.run("sync", "--as-of", LATER)
        after = inside(install, _TELL, LATER)
    assert after["decided"] == before["decided"]
    for told in (before["products"], after["products"]):
        priced, merged, by_hand = (told[ids[each]] for each in ("first", "second", "by_hand"))
        assert (priced["owner"], priced["category"], priced["state"]) == ("Dana", "Ours", "tolerated")
        assert float(priced["cost_month"]) == 12.5 * max(priced["n_seats"], 5)
        assert sorted(merged["app_ids"]) == sorted([ids["second"], ids["third"]]) and ids["third"] not in told
        assert (by_hand["name"], by_hand["n_seats"], float(by_hand["cost_month"])) == ("Press archive", 1, 100)
        assert ids["fourth"] not in told, "ignored"
