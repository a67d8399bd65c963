"""Every number on every page equals the oracle's, read from the page in the browser, for three companies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from entra_sandbox.oracle import Oracle
from entra_sandbox.oracle.decided import read
from entra_sandbox.world import World
from tests.browser import walks
from tests.journey.decisions import BUREAU, rich
from tests.journey.pages_read import Reader
from tests.journey.stack import decide
from tests.journey.test_answers_truth import DAY_ONE, at
from tests.support.chromium import Visit, chromium, visit
from tests.support.install import Install, free_port, ready_file
from tests.support.product import product
from tests.support.sandbox import running_sandbox

USERS, APPS = 70, 24
_JOIN = """
from seatwise.control.models import *
workspace = Connection.objects.get().workspace
owner = Person.objects.get(email=given["email"])
Membership.objects.filter(person=owner).exclude(workspace=workspace).delete()
Membership.objects.update_or_create(person=owner, workspace=workspace, defaults={"role": "owner"})
print(json.dumps(str(workspace.pk)))
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@dataclass
class Company:
    """One install with its owner signed in, much decided, and the truth about it."""

    oracle: Oracle
    install: Install
    seen: Visit
    workspace: str

    def go(self, page: Page, path: str) -> Page:
        answer = page.goto(f"{self.install.home}/w/{self.workspace}/{path}")
        assert answer is not None and answer.status == 200, (path, answer and answer.status)
        page.wait_for_load_state("networkidle")
        return page


@contextmanager
def company(folder: Path, browser: Browser, seed: int, days: int | None = None) -> Iterator[Company]:
    """Synced and decided by the command line, then served at the same moment. days: of imported history."""
    world, moment = World(users=USERS, apps=APPS, seed=seed), at(DAY_ONE)
    with ExitStack() as open_:
        sandbox = open_.enter_context(
            running_sandbox(users=USERS, apps=APPS, seed=seed, as_of=DAY_ONE, limits="off")
        )  # fmt: skip
        known = {"SEATWISE_SANDBOX": str(ready_file(sandbox, folder)), "SEATWISE_NOW": DAY_ONE}
        by_command = product(folder / "data", **known)
        by_command.connect(sandbox)
        if days:
            sandbox.export(folder / "export", days=days)
            by_command.run("import", str(folder / "export"))
        by_command.run("sync", "--as-of", DAY_ONE)
        decided = decide(by_command, rich(Oracle(world, moment, days=days)))
        # Served only now: a worker that sees a new connection syncs it at once.
        install = Install(by_command.data, known, free_port())
        open_.callback(install.stop)
        install.start()
        seen = open_.enter_context(visit(browser, install.home, patient_ms=60_000))
        walks.become_owner(seen, install)
        workspace = install.inside(_JOIN, email=install.owner["email"])
        yield Company(Oracle(world, moment, days=days, decided=read(decided)), install, seen, workspace)


DERIVED = {
    "Days complete": lambda oracle: sum(oracle.known.state(day)[0] == "complete" for day in oracle.known.days()[-30:]),
    "In part": lambda oracle: sum(oracle.known.state(day)[0] == "partial" for day in oracle.known.days()[-30:]),
    "Missing": lambda oracle: sum(oracle.known.state(day)[0] == "missing" for day in oracle.known.days()[-30:]),
    "Whole days on record": lambda oracle: sum(oracle.known.state(day)[0] == "complete" for day in oracle.known.days()),
}
"""Figures that stand in no answer, by their words on the page."""

EVERY_LIST = "per=100"


def paths(oracle: Oracle) -> list[str]:
    """Every page that shows numbers, with the subjects that say most."""
    products = sorted(oracle.answer("products")["rows"], key=lambda p: (-(p["n_seats"] or 0), p["product_id"]))
    merged = next(p for p in products if len(p["app_ids"]) > 1)
    people = sorted(oracle.answer("people")["rows"], key=lambda p: (-p["n_seats"], p["user_id"]))
    leaver = next((p for p in people if p["is_leaver"] and p["n_seats"]), people[-1])
    apps = [products[0], merged, products[3], products[-1]]
    skus = [r["sku_id"] for r in oracle.answer("licences")["rows"]]
    team = oracle.answer("teams")["rows"][-1]["team"]
    group = oracle.answer("teams", of={"by": "group"})["rows"][-1]["team"]
    return [
        "", f"apps/?{EVERY_LIST}", *(f"apps/{p['product_id']}/?{EVERY_LIST}" for p in apps), f"apps/{BUREAU}/",
        f"people/?{EVERY_LIST}", *(f"people/{p['user_id']}/?{EVERY_LIST}" for p in (people[0], leaver)),
        *(f"teams/?by={by}&{EVERY_LIST}" for by in ("department", "job_title", "group")),
        f"teams/one/?by=department&team={team}", f"teams/one/?by=group&team={group}",
        f"people/?group={group}&{EVERY_LIST}",
        "licences/", *(f"licences/{sku}/?{EVERY_LIST}" for sku in skus),
        "trends/", f"trends/people/?{EVERY_LIST}", "savings/", f"savings/groups/?{EVERY_LIST}",
        f"savings/teams/?{EVERY_LIST}", f"savings/seats/?{EVERY_LIST}", f"savings/licences/?{EVERY_LIST}",
        "insights/", f"discovery/?{EVERY_LIST}", f"discovery/consents/?{EVERY_LIST}", f"coverage/?{EVERY_LIST}",
    ]  # fmt: skip


@pytest.mark.parametrize(("seed", "days"), [(21, 100), (22, None), (23, None)])
def test_every_number_on_every_page_is_the_oracles(
    tmp_path: Path, browser: Browser, seed: int, days: int | None
) -> None:  # fmt: skip
    with company(tmp_path, browser, seed, days) as here:
        reader, page = Reader(here.oracle, DERIVED), here.seen.page()
        for path in paths(here.oracle):
            reader.read(here.go(page, path))
        assert reader.wrong == []
        assert reader.n_read > 2000
        told = {
            "products",
            "product-users",
            "people",
            "teams",
            "licences",
            "totals",
            "savings",
            "usage-days",
            "coverage",
        }
        assert told <= reader.metrics
