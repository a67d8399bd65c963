"""What the tests of the login half share: requests to the token endpoint and walks through the pages."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from tests.entra_sandbox.browser import Browser, Page
from tests.support.sandbox import Sandbox

REDIRECT = "http://localhost:8000/connect/callback"
SCOPES = "openid profile offline_access https://graph.microsoft.com/AuditLog.Read.All User.Read.All"
DEFAULT = "https://graph.microsoft.com/.default"
ADMIN = "Sandbox Administrator"
Answer = tuple[int, dict[str, str], dict[str, Any]]


def post_token(
    sandbox: Sandbox, form: dict[str, str], *, tenant: str | None = None, headers: dict[str, str] | None = None
) -> Answer:
    address = f"{sandbox.authority}/{tenant or sandbox.tenant_id}/oauth2/v2.0/token"
    status, got, body = sandbox.fetch(address, "POST", urlencode(form).encode(), headers or {})
    return status, got, json.loads(body)


def app_form(sandbox: Sandbox, **changes: str | None) -> dict[str, str]:
    """A good client credentials request; changes of None take a parameter away."""
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "scope": DEFAULT,
    }
    return {name: value for name, value in (form | changes).items() if value is not None}


def ask(sandbox: Sandbox, **changes: str | None) -> Answer:
    return post_token(sandbox, app_form(sandbox, **changes))


def registered(sandbox: Sandbox, **wish: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.control("POST", "/registrations", wish)
    return answer


def does(sandbox: Sandbox, name: str, **more: Any) -> None:
    sandbox.control("POST", "/identity", {"do": name, **more})


def authorize_address(sandbox: Sandbox, *, tenant: str | None = None, **changes: str | None) -> str:
    wish: dict[str, str | None] = {
        "client_id": sandbox.client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "state": "the state",
        "nonce": "the nonce",
    }
    params = {name: value for name, value in (wish | changes).items() if value is not None}
    return f"{sandbox.pages}/{tenant or sandbox.tenant_id}/oauth2/v2.0/authorize?{urlencode(params)}"


def signed_in(sandbox: Sandbox, who: str = ADMIN, **changes: str | None) -> Page:
    """The page after the account was picked."""
    browser = Browser(sandbox.ca)
    return browser.press(browser.open(authorize_address(sandbox, **changes)), who)


def verifier() -> tuple[str, str]:
    """A PKCE verifier and its S256 challenge."""
    text = secrets.token_urlsafe(48)
    return text, base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def redeem(sandbox: Sandbox, code: str, *, tenant: str | None = None, **changes: str | None) -> Answer:
    wish: dict[str, str | None] = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    form = app_form(sandbox, **{**wish, "scope": None, **changes})
    return post_token(sandbox, form, tenant=tenant)


def refresh(sandbox: Sandbox, token: str, **changes: str | None) -> Answer:
    return ask(sandbox, grant_type="refresh_token", refresh_token=token, **{"scope": None, **changes})


def user_tokens(sandbox: Sandbox, who: str = ADMIN, **changes: str | None) -> dict[str, Any]:
    """What a person's sign-in ends with."""
    status, _, answer = redeem(sandbox, signed_in(sandbox, who, **changes).sent()["code"])
    assert status == 200, answer
    return answer


def claims(token: str, part: int = 1) -> dict[str, Any]:
    text = token.split(".")[part]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found
