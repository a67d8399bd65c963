"""The pages a person sees: account picker, consent, refusals, admin consent, and the way back to the app."""

import re
from urllib.parse import urlencode, urlsplit

import pytest

from tests.entra_sandbox.browser import Browser, Page
from tests.entra_sandbox.login import ADMIN, REDIRECT, authorize_address, claims, does, redeem, registered, signed_in
from tests.support.sandbox import Sandbox

NEVER = "00000000-1111-4222-8333-444444444444"


def _fresh(tenant: Sandbox, **wish: object) -> dict[str, str]:
    """A registration nobody consented to, as the proof of a token request."""
    app = registered(tenant, **{"name": "Fresh app", "consented": False, **wish})
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def _consent_page(tenant: Sandbox, who: str, proof: dict[str, str], **changes: str | None) -> tuple[Browser, Page]:
    browser = Browser(tenant.ca)
    address = authorize_address(tenant, client_id=proof["client_id"], **changes)
    return browser, browser.press(browser.open(address), who)


def test_the_picker_offers_the_fixed_people_and_no_script(tenant: Sandbox) -> None:
    page = Browser(tenant.ca).open(authorize_address(tenant))
    assert page.status == 200
    for name in (ADMIN, "Sandbox Application Administrator", "Sandbox User", "Sandbox Guest", "Sandbox Personal"):
        assert any(name in form.buttons for form in page.forms)
    assert "<script" not in page.text


def test_a_person_of_the_company_can_be_found_and_signs_in(tenant: Sandbox) -> None:
    browser = Browser(tenant.ca)
    page = browser.open(authorize_address(tenant))
    name = next(iter(page.forms[-1].buttons))
    found = browser.press(page, "Search", q=name)
    assert browser.press(found, name).sent()["code"]


def test_the_answer_carries_code_state_and_session(tenant: Sandbox) -> None:
    page = signed_in(tenant)
    assert page.status == 302
    assert page.location.startswith(f"{REDIRECT}?")
    assert set(page.sent()) == {"code", "state", "session_state"}
    assert page.sent()["state"] == "the state"


def test_fragment_and_form_post_are_answered_as_asked(tenant: Sandbox) -> None:
    assert urlsplit(signed_in(tenant, response_mode="fragment").location).fragment.startswith("code=")
    form = signed_in(tenant, response_mode="form_post").forms[0]
    assert (form.method, form.action) == ("post", REDIRECT)
    assert set(form.fields) == {"code", "state", "session_state"}


def test_a_known_session_needs_no_second_choice(tenant: Sandbox) -> None:
    browser = Browser(tenant.ca)
    browser.press(browser.open(authorize_address(tenant)), ADMIN)
    assert browser.open(authorize_address(tenant)).sent()["code"]
    assert browser.open(authorize_address(tenant, prompt="none")).sent()["code"]
    assert browser.open(authorize_address(tenant, prompt="select_account")).forms
    browser.open(f"{tenant.pages}/{tenant.tenant_id}/oauth2/v2.0/logout")
    assert browser.open(authorize_address(tenant)).forms


def test_prompt_none_without_session_is_login_required(tenant: Sandbox) -> None:
    sent = Browser(tenant.ca).open(authorize_address(tenant, prompt="none")).sent()
    assert (sent["error"], sent["state"]) == ("login_required", "the state")


def test_the_consent_page_says_every_permission_in_plain_words(tenant: Sandbox) -> None:
    _, page = _consent_page(tenant, ADMIN, _fresh(tenant))
    for words in ("Fresh app", "Read the sign-in and audit logs", "Read all people&#x27;s profiles", "Sign you in"):
        assert words in page.text
    assert 'type="checkbox" name="organization"' in page.text
    assert {"Accept", "Cancel"} <= set(page.forms[0].buttons)


def test_accepting_for_oneself_leaves_others_unasked(tenant: Sandbox) -> None:
    proof = _fresh(tenant)
    browser, page = _consent_page(tenant, ADMIN, proof)
    status, _, body = redeem(tenant, browser.press(page, "Accept").sent()["code"], **proof)
    assert status == 200
    assert {"AuditLog.Read.All", "User.Read.All"} <= set(claims(body["access_token"])["scp"].split())
    assert "AADSTS90094" in _consent_page(tenant, "Sandbox User", proof)[1].text


def test_accepting_for_the_organization_lets_everybody_in(tenant: Sandbox) -> None:
    proof = _fresh(tenant)
    browser, page = _consent_page(tenant, ADMIN, proof)
    browser.press(page, "Accept", organization="on")
    assert _consent_page(tenant, "Sandbox User", proof)[1].sent()["code"]


def test_cancelling_is_access_denied(tenant: Sandbox) -> None:
    browser, page = _consent_page(tenant, ADMIN, _fresh(tenant))
    sent = browser.press(page, "Cancel").sent()
    assert (sent["error"], sent["state"]) == ("access_denied", "the state")
    assert sent["error_description"].startswith("AADSTS65004")


@pytest.mark.parametrize("who", ["Sandbox User", "Sandbox Guest"])
def test_who_is_no_administrator_needs_approval(tenant: Sandbox, who: str) -> None:
    page = _consent_page(tenant, who, _fresh(tenant))[1]
    assert (page.status, page.location) == (200, "")
    assert "Need admin approval" in page.text
    assert "AADSTS90094" in page.text


def test_a_plain_user_may_consent_to_their_own_profile(tenant: Sandbox) -> None:
    browser, page = _consent_page(tenant, "Sandbox User", _fresh(tenant), scope="openid User.Read")
    assert "organization" not in page.forms[0].fields
    assert "on behalf of" not in page.text
    assert browser.press(page, "Accept").sent()["code"]


def test_prompt_consent_asks_again(tenant: Sandbox) -> None:
    assert "Accept" in signed_in(tenant, prompt="consent").forms[0].buttons


def test_a_personal_account_is_refused(tenant: Sandbox) -> None:
    page = signed_in(tenant, "Sandbox Personal")
    assert page.status == 400
    assert "AADSTS50020" in page.text


def test_a_disabled_person_is_refused(tenant: Sandbox) -> None:
    does(tenant, "disable_user", user=claims_of(tenant, "Sandbox Guest"))
    try:
        assert "AADSTS50057" in signed_in(tenant, "Sandbox Guest").text
    finally:
        does(tenant, "clear")


def claims_of(tenant: Sandbox, who: str) -> str:
    return str(claims(redeem(tenant, signed_in(tenant, who).sent()["code"])[2]["access_token"])["oid"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uri": "http://localhost:8000/elsewhere"}, 50011),
        ({"redirect_uri": "https://localhost/connect/callback"}, 50011),
        ({"redirect_uri": None}, 900971),
        ({"client_id": NEVER}, 700016),
        ({"client_id": None}, 900144),
        ({"tenant": NEVER}, 90002),
    ],
)
def test_some_failures_stay_at_the_sign_in_host(tenant: Sandbox, changes: dict[str, str | None], code: int) -> None:
    page = Browser(tenant.ca).open(authorize_address(tenant, **changes))
    assert (page.status, page.location) == (400, "")
    assert f"AADSTS{code}" in page.text


def test_a_single_tenant_app_is_refused_on_common(tenant: Sandbox) -> None:
    proof = _fresh(tenant)
    address = authorize_address(tenant, tenant="common", client_id=proof["client_id"])
    assert "AADSTS50194" in Browser(tenant.ca).open(address).text


def test_a_multi_tenant_app_signs_in_through_organizations(tenant: Sandbox) -> None:
    page = signed_in(tenant, tenant="organizations")
    assert redeem(tenant, page.sent()["code"], tenant="organizations")[0] == 200


def test_the_port_of_localhost_does_not_count(tenant: Sandbox) -> None:
    page = signed_in(tenant, redirect_uri="http://localhost:54321/connect/callback")
    assert page.location.startswith("http://localhost:54321/connect/callback?code=")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "https://nothing.example/Read"}, "invalid_resource"),
        ({"scope": None}, "invalid_request"),
    ],
)
def test_other_failures_go_back_to_the_app(tenant: Sandbox, changes: dict[str, str | None], error: str) -> None:
    sent = Browser(tenant.ca).open(authorize_address(tenant, **changes)).sent()
    assert (sent["error"], sent["state"]) == (error, "the state")


def test_a_form_of_another_browser_or_without_our_mark_is_refused(tenant: Sandbox) -> None:
    browser = Browser(tenant.ca)
    page = browser.open(authorize_address(tenant))
    assert "AADSTS50089" in Browser(tenant.ca).press(page, ADMIN).text
    assert "AADSTS50089" in browser.press(page, ADMIN, csrf="guessed").text
    assert browser.press(page, ADMIN).sent()["code"]


def test_foreign_text_is_escaped(tenant: Sandbox) -> None:
    proof = _fresh(tenant, name='<script>alert("x")</script>')
    page = Browser(tenant.ca).open(authorize_address(tenant, client_id=proof["client_id"], login_hint='"><b>hint'))
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "<b>hint" not in page.text


def _admin_consent(tenant: Sandbox, proof: dict[str, str], version: str, who: str = ADMIN) -> tuple[Browser, Page]:
    params = {"client_id": proof["client_id"], "redirect_uri": REDIRECT, "state": "the state"}
    if version == "v2.0/":
        params["scope"] = "https://graph.microsoft.com/.default"
    browser = Browser(tenant.ca)
    address = f"{tenant.pages}/{tenant.tenant_id}/{version}adminconsent?{urlencode(params)}"
    return browser, browser.press(browser.open(address), who)


@pytest.mark.parametrize("version", ["", "v2.0/"])
def test_admin_consent_grants_the_application_permissions(tenant: Sandbox, version: str) -> None:
    proof = _fresh(tenant, present=False)
    browser, page = _admin_consent(tenant, proof, version)
    sent = browser.press(page, "Accept").sent()
    assert (sent["admin_consent"], sent["tenant"], sent["state"]) == ("True", tenant.tenant_id, "the state")
    assert ("scope" in sent) == (version == "v2.0/")
    token = tenant.token(proof["client_id"], proof["client_secret"])
    assert len(claims(token)["roles"]) == 5


@pytest.mark.parametrize(("version", "error"), [("", "permission_denied"), ("v2.0/", "consent_required")])
def test_declined_admin_consent_still_says_admin_consent(tenant: Sandbox, version: str, error: str) -> None:
    browser, page = _admin_consent(tenant, _fresh(tenant), version)
    sent = browser.press(page, "Cancel").sent()
    assert (sent["admin_consent"], sent["error"]) == ("True", error)
    assert re.match(r"AADSTS65004: .*", sent["error_description"])


@pytest.mark.parametrize("who", ["Sandbox User", "Sandbox Application Administrator"])
def test_application_permissions_need_the_highest_role(tenant: Sandbox, who: str) -> None:
    assert "AADSTS90094" in _admin_consent(tenant, _fresh(tenant), "v2.0/", who)[1].text
