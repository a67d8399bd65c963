"""Every page and dialog state before anything is connected."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import walks
from tests.browser.stage import Stage
from tests.browser.state import State, at, outside
from tests.browser.states_doors import invite
from tests.support.chromium import Visit

NOWHERE = "00000000-0000-4000-8000-000000000000"


def _invited(stage: Stage, seen: Visit, page: Page) -> None:
    invite(page, stage, seen)


def _remove_member(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/members/"), page)
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    page.get_by_role("dialog").wait_for()


def _open_menu(page: Page) -> None:
    """The menu of small screens, where there is one, and in it the switcher of companies."""
    opener = page.get_by_role("button", name="Open the menu")
    if opener.is_visible() and not page.locator("#side").is_visible():
        opener.click()
    if not page.locator("details.switcher[open]").count():
        page.locator("details.switcher summary").click()


def _dialog(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/"), page)
    page.locator("#connect-button").click()
    page.get_by_role("dialog").get_by_role("heading", name="Before you begin").wait_for()


def _ways(stage: Stage, seen: Visit, page: Page) -> None:
    _dialog(stage, seen, page)
    page.get_by_role("dialog").get_by_role("link", name="Continue").click()
    walks.choose_sandbox(page.get_by_role("dialog"))


def _first(stage: Stage, seen: Visit, page: Page) -> None:
    """The first way while the install's registration is not known."""
    stage.install.inside("from seatwise.control.models import Registration\nRegistration.objects.all().delete()")
    _ways(stage, seen, page)
    walks.choose(page.get_by_role("dialog"), "OAuth 2.0")
    page.get_by_role("dialog").get_by_text("Asked for once").wait_for()


def _second(stage: Stage, seen: Visit, page: Page) -> None:
    _ways(stage, seen, page)
    walks.choose(page.get_by_role("dialog"), "OAuth 2.0 Client Credentials")


def _second_refused(stage: Stage, seen: Visit, page: Page) -> None:
    _ways(stage, seen, page)
    dialog = page.get_by_role("dialog")
    walks.fill_client(dialog, "8d3a4c10-6b7f-4e2a-9c51-2f0e7ab91d34", NOWHERE, "5f1c2b7e-90aa-4d0e-8c11")
    dialog.get_by_role("button", name="Test and connect").click()
    expect(dialog.get_by_label("Tenant ID", exact=True)).to_have_attribute("aria-invalid", "true")


def _second_wrong(stage: Stage, seen: Visit, page: Page) -> None:
    _ways(stage, seen, page)
    dialog = page.get_by_role("dialog")
    walks.fill_client(dialog, stage.sandbox.client_id, "abc8Q~" + "wrong" * 7, stage.sandbox.tenant_id)
    dialog.get_by_role("button", name="Test and connect").click()
    dialog.get_by_role("alert").wait_for()


def _certificate(stage: Stage, seen: Visit, page: Page) -> None:
    _second(stage, seen, page)
    page.get_by_role("dialog").get_by_role("link", name="Use a certificate made by Seatwise").click()
    page.get_by_role("dialog").get_by_role("heading", name="Connect with a certificate").wait_for()


def _certificate_made(stage: Stage, seen: Visit, page: Page) -> None:
    _certificate(stage, seen, page)
    make = page.get_by_role("dialog").get_by_role("button", name="Make a certificate")
    if make.count():
        make.click()
    page.get_by_role("dialog").get_by_role("link", name="Download the public part").wait_for()


def _first_ready(stage: Stage, seen: Visit, page: Page) -> None:
    """The first way when the install's registration is known."""
    _know_registration(stage)
    _ways(stage, seen, page)
    walks.choose(page.get_by_role("dialog"), "OAuth 2.0")
    page.get_by_role("dialog").get_by_text("A window of Microsoft opens").wait_for()


def _know_registration(stage: Stage) -> None:
    app = stage.registered()
    stage.install.inside(
        "from seatwise.control import connections\n"
        "from seatwise.control.models import Person, Registration\n"
        "if not Registration.objects.exists():\n"
        "    connections.set_registration(Person.objects.first(), 'sandbox', given['id'], secret=given['secret'])",
        id=app["client_id"],
        secret=app["client_secret"],
    )


def _link(stage: Stage, seen: Visit, page: Page) -> None:
    _first_ready(stage, seen, page)
    page.get_by_role("dialog").get_by_role("link", name="Send a link to your administrator").click()
    page.get_by_role("dialog").get_by_role("button", name="Make the link").wait_for()


def _link_made(stage: Stage, seen: Visit, page: Page) -> None:
    _link(stage, seen, page)
    page.get_by_role("dialog").get_by_role("button", name="Make the link").click()
    page.get_by_role("dialog").get_by_label("Link", exact=True).wait_for()


def _waiting(stage: Stage, seen: Visit, page: Page) -> None:
    _first_ready(stage, seen, page)
    with page.expect_popup() as opened:
        page.get_by_role("dialog").get_by_role("button", name="Continue to Microsoft").click()
    opened.value.close()
    page.get_by_role("dialog").get_by_text("Go on in the window of Microsoft").wait_for()


def _consent(stage: Stage, seen: Visit, page: Page) -> None:
    with stage.visit(is_checked=False) as owner:
        asked = owner.page()
        _link_made(stage, owner, asked)
        link = asked.get_by_role("dialog").get_by_label("Link", exact=True).input_value()
    seen.go(link, page)


def _guide_no(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/entra/guide"), page)
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_text("What was wrong?").wait_for()


def _nothing_found(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/?q=nothing+of+the+kind"), page)


EMPTY = (
    State("overview-empty", at("")),
    State("apps-empty", at("apps/")),
    State("menu", at(""), at_width=_open_menu),
    State("members", at("settings/members/")),
    State("members-invited", _invited),
    State("members-remove", _remove_member),
    State("workspace", at("settings/workspace/")),
    State("audit", at("settings/audit/")),
    State("integrations-available", at("settings/integrations/")),
    State("integrations-nothing-found", _nothing_found),
    State("integrations-connected-empty", at("settings/integrations/?tab=connected")),
    State("connect-1-before", _dialog),
    State("connect-2-oauth-registration", _first),
    State("connect-2-client-credentials", _second),
    State("connect-2-client-credentials-fields", _second_refused),
    State("connect-2-client-credentials-refused", _second_wrong),
    State("connect-2-certificate", _certificate),
    State("connect-2-certificate-made", _certificate_made),
    State("connect-2-oauth", _first_ready),
    State("connect-2-link", _link),
    State("connect-2-link-made", _link_made),
    State("connect-3-waiting", _waiting),
    State("connect-page", at("settings/integrations/entra/connect")),
    State("consent", _consent, is_signed_in=False),
    State("consent-closed", outside("/consent/no-such-link"), is_signed_in=False, expects=("status of 4",)),
    State("guide", at("settings/integrations/entra/guide")),
    State("guide-not-helpful", _guide_no),
    State("guide-answers", at("settings/integrations/entra/guide/answers")),
)
