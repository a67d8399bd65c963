"""The ways in: signing in, links, the account, and what is refused at a door."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import walks
from tests.browser.stage import Stage
from tests.browser.state import State, at, outside
from tests.support.chromium import Visit

_COLLEAGUE = """
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from seatwise.control.models import Membership, Person, Workspace
person, is_new = Person.objects.get_or_create(email=given["email"], defaults={"name": given["name"]})
if is_new:
    person.set_password(given["password"])
    person.save()
workspace = Workspace.objects.get(pk=given["workspace"])
Membership.objects.get_or_create(person=person, workspace=workspace, defaults={"role": "viewer"})
if given["has_app"] and is_new:
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
print(json.dumps(RecoveryCodes(person.authenticator_set.get(type="recovery_codes")).get_unused_codes()
                 if given["has_app"] else []))
"""


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


def invite(page: Page, stage: Stage, seen: Visit) -> str:
    seen.go(stage.path("settings/members/"), page)
    page.get_by_label("Who is it for?").fill("Sam, IT")
    page.get_by_role("button", name="Make an invitation link").click()
    return page.get_by_label("Send this link yourself, by mail or chat").input_value()


def _invitation(stage: Stage, seen: Visit, page: Page) -> None:
    with stage.visit(is_checked=False) as owner:
        link = invite(owner.page(), stage, owner)
    seen.go(link, page)


def _join(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(invite(page, stage, seen), page)


def _says_password_again(stage: Stage, page: Page) -> None:
    password = page.get_by_label("Password", exact=True)
    if password.count():
        password.fill(stage.install.owner["password"])
        page.get_by_role("button", name="Continue").click()


def _totp(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go("/accounts/2fa/totp/activate/", page)
    _says_password_again(stage, page)
    page.get_by_role("img", name="QR code for your authenticator app").wait_for()


def _colleague(stage: Stage, name: str, *, has_app: bool = False) -> tuple[str, list[str]]:
    """A viewer, with an authenticator app if wanted: the address, and the recovery codes."""
    email = f"{name.split()[0].lower()}@northwind.example"
    given = {"email": email, "name": name, "password": stage.install.owner["password"], "has_app": has_app}
    return email, stage.install.inside(_COLLEAGUE, workspace=stage.workspace, **given)


def _second_step(stage: Stage, seen: Visit, page: Page) -> None:
    email, _ = _colleague(stage, "Noor Haddad", has_app=True)
    seen.go("/accounts/login/", page)
    walks.sign_in(page, email, stage.install.owner["password"])
    page.get_by_role("heading", name="One more step").wait_for()


def _recovery_codes(stage: Stage, seen: Visit, page: Page) -> None:
    _, codes = _colleague(stage, "Noor Haddad", has_app=True)
    _second_step(stage, seen, page)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(walks.LATER_ROUND)
    seen.go("/accounts/2fa/recovery-codes/", page)
    _says_password_again(stage, page)
    page.locator("#codes").wait_for()


def _forbidden(stage: Stage, seen: Visit, page: Page) -> None:
    email, _ = _colleague(stage, "Robin Lindqvist")
    seen.go("/accounts/login/", page)
    walks.sign_in(page, email, stage.install.owner["password"])
    page.wait_for_url(walks.LATER_ROUND)
    seen.go(stage.path("settings/audit/"), page)


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
    State("sign-in-second-step", _second_step, is_signed_in=False),
    State("recovery-codes", _recovery_codes, is_signed_in=False),
    State("forbidden", _forbidden, is_signed_in=False, expects=("status of 403",)),
)
