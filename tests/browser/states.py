"""Every page and dialog state of the product, and how a person gets there. Checked for access, and photographed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import walks
from tests.browser.stage import Stage
from tests.support.chromium import Visit

Way = Callable[[Stage, Visit, Page], None]
NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class State:
    """name: of the picture. expects: console messages that belong to it, such as the status of a refusal.

    at_width: what is opened anew after the window changed its width.
    """

    name: str
    way: Way
    is_signed_in: bool = True
    expects: tuple[str, ...] = ()
    at_width: Callable[[Page], None] | None = None


def at(path: str) -> Way:
    """A page of the workspace by its path."""
    return lambda stage, seen, page: _go(seen, page, stage.path(path))


def outside(path: str) -> Way:
    return lambda stage, seen, page: _go(seen, page, path)


def _go(seen: Visit, page: Page, path: str) -> None:
    seen.go(path, page)


# The ways in.


def _setup(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.install.owner_link(), page)


def _setup_refused(stage: Stage, seen: Visit, page: Page) -> None:
    _setup(stage, seen, page)
    page.get_by_label("Your name").fill("Kim")
    page.get_by_label("Email address").fill("kim@northwind")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name=re.compile("Become an owner|Make my account")).click()
    expect(page.get_by_label("Email address")).to_have_attribute("aria-invalid", "true")


def _refused_sign_in(_: Stage, seen: Visit, page: Page) -> None:
    seen.go("/accounts/login/", page)
    walks.sign_in(page, "nobody@northwind.example", "not the password")
    page.get_by_role("alert").first.wait_for()


def _invite(page: Page, stage: Stage, seen: Visit) -> str:
    seen.go(stage.path("settings/members/"), page)
    page.get_by_label("Who is it for?").fill("Sam, IT")
    page.get_by_role("button", name="Make an invitation link").click()
    return page.get_by_label("Send this link yourself, by mail or chat").input_value()


def _invited(stage: Stage, seen: Visit, page: Page) -> None:
    _invite(page, stage, seen)


def _invitation(stage: Stage, seen: Visit, page: Page) -> None:
    with stage.visit(is_checked=False) as owner:
        link = _invite(owner.page(), stage, owner)
    seen.go(link, page)


def _join(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(_invite(page, stage, seen), page)


def _remove_member(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/members/"), page)
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    page.get_by_role("dialog").wait_for()


def _totp(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go("/accounts/2fa/totp/activate/", page)
    password = page.get_by_label("Password", exact=True)
    if password.count():
        password.fill(stage.install.owner["password"])
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("img", name="QR code for your authenticator app").wait_for()


def _open_menu(page: Page) -> None:
    """The menu of small screens, where there is one, and in it the switcher of companies."""
    opener = page.get_by_role("button", name="Open the menu")
    if opener.is_visible() and not page.locator("#side").is_visible():
        opener.click()
    if not page.locator("details.switcher[open]").count():
        page.locator("details.switcher summary").click()


# Connecting.


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


WAYS_IN = (
    State("sign-in", outside("/accounts/login/"), is_signed_in=False),
    State("sign-in-refused", _refused_sign_in, is_signed_in=False, expects=("status of 4",)),
    State("setup", _setup, is_signed_in=False),
    State("setup-refused", _setup_refused, is_signed_in=False, expects=("status of 422",)),
    State("invitation", _invitation, is_signed_in=False),
    State("invitation-join", _join),
    State("link-closed", outside("/invite/no-such-link"), is_signed_in=False, expects=("status of 4",)),
    State("not-found", at("no-such-page/"), expects=("status of 404",)),
    State("account", outside("/account/")),
    State("password", outside("/accounts/password/change/")),
    State("second-factor", _totp),
    State("company-new", outside("/workspaces/new")),
)
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


# After connecting.


def _app(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("apps/"), page)
    page.locator("main table tbody a").first.click()
    page.wait_for_load_state()


def _tested(stage: Stage, seen: Visit, page: Page) -> None:
    _test(stage, seen, page)


def _test(stage: Stage, seen: Visit, page: Page) -> None:
    """Presses the button and waits for the new checklist."""
    seen.go(stage.path("settings/integrations/entra/"), page)
    with page.expect_response(re.compile("/entra/test$")):
        page.get_by_role("button", name="Test connection").click()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def _syncing(stage: Stage, seen: Visit, page: Page) -> None:
    """Microsoft asks for patience, so that the sync lasts as long as somebody looks at it."""
    wait = {"path": "/users", "status": 429, "retry_after": 20, "count": 2}
    stage.sandbox.control("POST", "/faults", wait)
    seen.go(stage.path("settings/integrations/?tab=connected"), page)
    page.get_by_role("button", name="Sync now").click()
    page.locator(".steps li[data-s=done], .steps li[data-s=now]").first.wait_for()


def _swap_wrong(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/entra/swap"), page)
    page.get_by_label("Client Secret", exact=True).fill("abc8Q~" + "wrong" * 7)
    page.get_by_role("button", name="Test and replace").first.click()
    page.get_by_role("alert").first.wait_for()


CONNECTED = (
    State("overview", at("")),
    State("apps", at("apps/")),
    State("app", _app),
    State("integrations-available-connected", at("settings/integrations/")),
    State("integrations-connected", at("settings/integrations/?tab=connected")),
    State("connection", at("settings/integrations/entra/")),
    State("connection-tested", _tested),
    State("runs", at("settings/integrations/entra/runs/")),
    State("swap", at("settings/integrations/entra/swap")),
    State("swap-refused", _swap_wrong, expects=("status of 422",)),
    State("disconnect", at("settings/integrations/entra/disconnect")),
    State("workspace-connected", at("settings/workspace/")),
    State("audit-full", at("settings/audit/")),
)


# What can be wrong with a connection. Each of these changes the sandbox, so they come last.


def _degraded(stage: Stage, seen: Visit, page: Page) -> None:
    _lose(stage, "AuditLog.Read.All")
    _test(stage, seen, page)
    page.reload()
    page.get_by_text("Partly working").first.wait_for()


def _lose(stage: Stage, permission: str) -> None:
    stage.sandbox.control("DELETE", "/faults")
    client = stage.install.inside(
        "from seatwise.control.models import Connection\nprint(json.dumps(Connection.objects.first().client_id))"
    )
    stage.sandbox.control("POST", "/identity", {"do": "revoke", "client_id": client, "permissions": [permission]})


def _expired(stage: Stage, seen: Visit, page: Page) -> None:
    client = stage.install.inside(
        "from seatwise.control.models import Connection\nprint(json.dumps(Connection.objects.first().client_id))"
    )
    stage.sandbox.control("POST", "/identity", {"do": "expire_secret", "client_id": client})
    _test(stage, seen, page)
    page.reload()
    page.get_by_text("Needs a new sign-in").first.wait_for()


def _overview_broken(stage: Stage, seen: Visit, page: Page) -> None:
    _expired(stage, seen, page)
    seen.go(stage.path(), page)


def _disconnected(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/entra/disconnect"), page)
    if page.get_by_role("button", name="Disconnect").count():
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("heading", name="Disconnected").wait_for()


BROKEN = (
    State("integrations-syncing", _syncing),
    State("connection-partly-working", _degraded),
    State("connection-secret-ended", _expired),
    State("overview-secret-ended", _overview_broken),
    State("disconnected", _disconnected),
)
