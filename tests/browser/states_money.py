"""The pages about money and mail: the overview with prices, savings, insights, notifications."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.stage import Stage
from tests.browser.state import State, Way, at
from tests.support.chromium import Visit
from tests.support.mail import silence

# Prices for the apps with most seats, one contract that renews soon and is too large, and one licence.
_PRICES = """
from datetime import timedelta
from decimal import Decimal
from seatwise.base import clock
from seatwise.control import answers, decisions
from seatwise.control.models import Person, Workspace
workspace = Workspace.objects.exclude(tenant_id=None).first()
person = Person.objects.get(email=given["email"])
rows = sorted(answers.ask("products", workspace.tenant_id).result.rows, key=lambda row: -(row["n_seats"] or 0))[:6]
soon = clock.now().date() + timedelta(days=30)
changes = []
for i, row in enumerate(rows):
    terms = decisions.Terms(Decimal(str(7.5 + i)), "EUR")
    if i == 1:
        terms = decisions.Terms(Decimal(12000), "EUR", "contract", "year", row["n_seats"] + 20, soon, 30)
    changes.append(decisions.Change("product", row["product_id"], "price", terms, row["name"]))
for row in answers.ask("licences", workspace.tenant_id).result.rows[:1]:
    terms = decisions.Terms(Decimal(12), "EUR")
    changes.append(decisions.Change("licence", row["sku_id"], "price", terms, row["name"]))
decisions.decide(person, workspace, changes)
"""
_LETTERS = """
from datetime import timedelta
from seatwise.base import clock
from seatwise.control.models import Letter, Person, Workspace
workspace, person = Workspace.objects.first(), Person.objects.get(email=given["email"])
now = clock.wall()
told = {
    "sent": "It said: 250 2.0.0 Ok: queued as 4F9",
    "given_up": "The mail server refused this letter. It said: 550 5.1.1 No such mailbox here",
    "unsure": "The line broke after the letter was handed over, so it may or may not have arrived.",
    "waiting": "The mail server asked to try again later. It said: 450 Greylisted",
}
for n, (state, words) in enumerate(told.items()):
    subject = "Northwind Trading this week: €1,240 could be saved each month"
    Letter.objects.get_or_create(key=f"shown-{n}", defaults=dict(
        workspace=workspace, person=person, kind="digest", has_names=False, subject=subject, created_at=now,
        expires_at=now + timedelta(days=2), state=state, n_tries=1, next_try_at=now + timedelta(hours=1), told=words))
"""


def _priced(path: str) -> Way:
    def way(stage: Stage, seen: Visit, page: Page) -> None:
        stage.install.inside(_PRICES, email=stage.install.owner["email"])
        seen.go(stage.path(path), page)

    return way


def _away(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("insights/"), page)
    page.get_by_role("link", name=re.compile("^Put away")).first.click()
    page.get_by_role("heading", name=re.compile("^Put away")).wait_for()


def _away_wrong(stage: Stage, seen: Visit, page: Page) -> None:
    _away(stage, seen, page)
    page.get_by_role("button", name="Put away").click()
    page.get_by_text("Say in a few words why").wait_for()


def _put_away(stage: Stage, seen: Visit, page: Page) -> None:
    _away(stage, seen, page)
    page.get_by_label("For good").check()
    page.get_by_label("Why?").fill("Bought for the people who start in January")
    page.get_by_role("button", name="Put away").click()
    page.get_by_role("button", name=re.compile("^Bring back")).first.wait_for()


def _filled(stage: Stage, seen: Visit, page: Page, port: str) -> None:
    seen.go(stage.path("settings/notifications/"), page)
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    page.get_by_label("Port", exact=True).fill(port)
    page.get_by_label("Security").select_option("none")
    page.get_by_label("From", exact=True).fill("seatwise@northwind.example")
    page.get_by_role("button", name="Save the server").click()


def _server_wrong(stage: Stage, seen: Visit, page: Page) -> None:
    _filled(stage, seen, page, "x")
    page.get_by_text("A port is a number").wait_for()


def _server_tested(stage: Stage, seen: Visit, page: Page) -> None:
    """Nobody answers there any more, so the test says so; and letters of every fate stand below."""
    with silence() as port:
        gone = str(port)
    stage.install.inside(_LETTERS, email=stage.install.owner["email"])
    _filled(stage, seen, page, gone)
    page.get_by_role("button", name=re.compile("^Send a test")).click()
    page.get_by_text("The test was not sent.").wait_for()


def _stop(stage: Stage, seen: Visit, page: Page) -> None:
    script = (
        "from seatwise.control.events import unsubscribing\nfrom seatwise.control.models import Membership\n"
        "one = Membership.objects.select_related('person', 'workspace').first()\n"
        "print(json.dumps(unsubscribing.address(one.person, one.workspace)))"
    )
    address = stage.install.inside(script)
    seen.go("/mail/stop/" + address.rpartition("/")[2], page)
    page.get_by_role("heading", name="Stop these e-mails?").wait_for()


EMPTY_MONEY = (
    State("savings-empty", at("savings/")),
    State("insights-empty", at("insights/")),
    State("notifications-empty", at("settings/notifications/")),
)
MONEY = (
    State("overview-priced", _priced("")),
    State("savings", _priced("savings/")),
    State("savings-none", at("savings/?q=nothing+of+this+name")),
    State("savings-groups", at("savings/groups/")),
    State("savings-teams", at("savings/teams/")),
    State("savings-seats", at("savings/seats/")),
    State("savings-licences", at("savings/licences/?of=disabled")),
    State("insights", at("insights/")),
    State("insights-one-kind", at("insights/?card=unused_seats")),
    State("insight-away", _away),
    State("insight-away-wrong", _away_wrong),
    State("insights-put-away", _put_away),
    State("notifications-wrong", _server_wrong),
    State("notifications", _server_tested),
    State("mail-stop", _stop, is_signed_in=False),
)
