"""The token endpoint: what it gives, and every AADSTS failure with its exact body."""

import base64
import re
from typing import Any
from urllib.parse import quote

import pytest

from entra_sandbox.identity.failures import FAILURES
from tests.entra_sandbox.login import (
    DEFAULT,
    REDIRECT,
    Answer,
    ask,
    claims,
    does,
    post_token,
    redeem,
    refresh,
    registered,
    signed_in,
    user_tokens,
    verifier,
)
from tests.support.sandbox import Sandbox

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
FIVE = ["AuditLog.Read.All", "Directory.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All"]
NEVER = "00000000-1111-4222-8333-444444444444"


def _is(answer: Answer, code: int, error: str, status: int = 400) -> dict[str, Any]:
    """Asserts a failure and the whole shape of its body."""
    got, _, body = answer
    assert (got, body["error_codes"], body["error"]) == (status, [code], error)
    assert set(body) - {"suberror", "claims"} == {
        "error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"
    }  # fmt: skip
    ids = rf"\r\nTrace ID: ({GUID})\r\nCorrelation ID: ({GUID})\r\nTimestamp: (\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\dZ)$"
    found = re.search(ids, body["error_description"])
    assert found is not None
    assert found.groups() == (body["trace_id"], body["correlation_id"], body["timestamp"])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert body["error_uri"].endswith(f"/error?code={code}")
    return body


def test_a_secret_gets_a_token_with_the_granted_roles(tenant: Sandbox) -> None:
    status, headers, body = ask(tenant)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599
    }  # fmt: skip
    assert claims(body["access_token"])["roles"] == FIVE


def test_the_secret_may_come_as_basic(tenant: Sandbox) -> None:
    pair = f"{quote(tenant.client_id)}:{quote(tenant.client_secret, safe='')}".encode()
    headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
    form = {"grant_type": "client_credentials", "scope": DEFAULT}
    assert post_token(tenant, form, headers=headers)[0] == 200


def test_no_grant_means_no_roles_claim_and_still_a_token(tenant: Sandbox) -> None:
    app = registered(tenant, name="Bare", consented=False)
    status, _, body = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])
    assert status == 200
    assert "roles" not in claims(body["access_token"])


def test_a_revoked_role_is_missing_in_the_next_token(tenant: Sandbox) -> None:
    app = registered(tenant, name="Loses one")
    does(tenant, "revoke", client_id=app["client_id"], permissions=["AuditLog.Read.All"])
    token = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])[2]["access_token"]
    assert claims(token)["roles"] == FIVE[1:]


def test_wrong_secret(tenant: Sandbox) -> None:
    body = _is(ask(tenant, client_secret="wrong"), 7000215, "invalid_client", 401)
    assert tenant.client_id in body["error_description"]


def test_the_secrets_id_in_place_of_its_value(tenant: Sandbox) -> None:
    app = registered(tenant, name="Pasted")
    answer = ask(tenant, client_id=app["client_id"], client_secret=app["secret_id"])
    _is(answer, 7000215, "invalid_client", 401)


def test_expired_secret(tenant: Sandbox) -> None:
    app = registered(tenant, name="Old", secret="expired")
    answer = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])
    _is(answer, 7000222, "invalid_client", 401)


def test_no_proof_at_all(tenant: Sandbox) -> None:
    _is(ask(tenant, client_secret=None), 7000218, "invalid_client", 401)


def test_unknown_client(tenant: Sandbox) -> None:
    _is(ask(tenant, client_id=NEVER), 700016, "unauthorized_client")


def test_a_client_without_principal_here_is_unknown(tenant: Sandbox) -> None:
    app = registered(tenant, name="Elsewhere", present=False)
    answer = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])
    _is(answer, 700016, "unauthorized_client")


def test_disabled_app(tenant: Sandbox) -> None:
    app = registered(tenant, name="Off", disabled=True)
    answer = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])
    _is(answer, 7000112, "unauthorized_client")


def test_wrong_tenant(tenant: Sandbox) -> None:
    form = {"grant_type": "client_credentials", "client_id": tenant.client_id, "client_secret": tenant.client_secret}
    _is(post_token(tenant, {**form, "scope": DEFAULT}, tenant=NEVER), 90002, "invalid_request")


@pytest.mark.parametrize("name", ["common", "consumers"])
def test_an_app_alone_needs_a_tenant_of_its_own(tenant: Sandbox, name: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": tenant.client_id, "client_secret": tenant.client_secret}
    _is(post_token(tenant, {**form, "scope": DEFAULT}, tenant=name), 9001023, "invalid_request")


@pytest.mark.parametrize(
    ("scope", "code", "error"),
    [
        ("https://graph.microsoft.com/User.Read.All", 1002012, "invalid_scope"),
        (f"{DEFAULT} offline_access", 70011, "invalid_scope"),
        ("https://nothing.example/.default", 500011, "invalid_resource"),
        (None, 900144, "invalid_request"),
    ],
)
def test_scopes_that_an_app_alone_may_not_ask(tenant: Sandbox, scope: str | None, code: int, error: str) -> None:
    _is(ask(tenant, scope=scope), code, error)


@pytest.mark.parametrize("name", ["grant_type", "client_id"])
def test_missing_parameters(tenant: Sandbox, name: str) -> None:
    body = _is(ask(tenant, **{name: None}), 900144, "invalid_request")
    assert f"'{name}'" in body["error_description"]


def test_an_unknown_grant_type(tenant: Sandbox) -> None:
    _is(ask(tenant, grant_type="password"), 70003, "unsupported_grant_type")


def test_a_browsers_origin_with_a_secret_is_refused(tenant: Sandbox) -> None:
    form = {"grant_type": "client_credentials", "client_id": tenant.client_id, "client_secret": tenant.client_secret}
    answer = post_token(tenant, {**form, "scope": DEFAULT}, headers={"Origin": "http://localhost:8000"})
    _is(answer, 9002326, "invalid_request")


def test_conditional_access_blocks_the_app(tenant: Sandbox) -> None:
    app = registered(tenant, name="Blocked")
    does(tenant, "block", client_id=app["client_id"])
    answer = ask(tenant, client_id=app["client_id"], client_secret=app["client_secret"])
    assert _is(answer, 53003, "access_denied")["suberror"] == "message_only"


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_code_of_the_table_can_be_had(tenant: Sandbox, code: int) -> None:
    app = registered(tenant, name="Planned")
    does(tenant, "fail", code=code, client_id=app["client_id"])
    proof = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    answer = ask(tenant, **proof)
    _is(answer, code, FAILURES[code].error, FAILURES[code].status)
    assert ("retry-after" in answer[1]) == (FAILURES[code].status in (429, 503))
    assert ask(tenant, **proof)[0] == 200


def test_a_code_gives_tokens_once(tenant: Sandbox) -> None:
    code = signed_in(tenant).sent()["code"]
    status, _, body = redeem(tenant, code, client_info="1")
    assert status == 200
    assert 3600 <= body["expires_in"] <= 5400
    assert "offline_access" not in body["scope"].split()
    assert {"refresh_token", "id_token", "client_info"} <= set(body)
    assert claims(body["id_token"])["nonce"] == "the nonce"
    _is(redeem(tenant, code), 54005, "invalid_grant")


def test_tokens_follow_the_scopes_asked(tenant: Sandbox) -> None:
    body = user_tokens(tenant, scope="https://graph.microsoft.com/User.Read.All")
    assert not {"refresh_token", "id_token", "client_info"} & set(body)


def test_a_delegated_token_names_person_and_scopes(tenant: Sandbox) -> None:
    found = claims(user_tokens(tenant)["access_token"])
    assert (found["idtyp"], found["name"]) == ("user", "Sandbox Administrator")
    assert set(FIVE) <= set(found["scp"].split())
    assert found["wids"] == ["62e90394-69f5-4237-9190-012177145e10"]
    assert "roles" not in found


@pytest.mark.parametrize("method", ["S256", "plain", None])
def test_pkce_binds_the_code_to_its_verifier(tenant: Sandbox, method: str | None) -> None:
    text, challenge = verifier()
    shown = challenge if method == "S256" else text
    code = signed_in(tenant, code_challenge=shown, code_challenge_method=method).sent()["code"]
    _is(redeem(tenant, code, code_verifier="wrong" * 10), 501481, "invalid_grant")
    _is(redeem(tenant, code), 501481, "invalid_grant")
    assert redeem(tenant, code, code_verifier=text)[0] == 200


def test_a_code_is_bound_to_client_redirect_and_tenant(tenant: Sandbox) -> None:
    code = signed_in(tenant).sent()["code"]
    app = registered(tenant, name="Thief")
    stolen = redeem(tenant, code, client_id=app["client_id"], client_secret=app["client_secret"])
    _is(stolen, 70000, "invalid_grant")
    _is(redeem(tenant, code, tenant="consumers"), 700005, "invalid_grant")
    _is(redeem(tenant, code, redirect_uri=REDIRECT + "/other"), 50011, "invalid_grant")
    assert redeem(tenant, code)[0] == 200


def test_an_old_code_is_refused(tenant: Sandbox) -> None:
    code = signed_in(tenant).sent()["code"]
    does(tenant, "expire_codes")
    _is(redeem(tenant, code), 70008, "invalid_grant")


def test_refresh_tokens_rotate_and_old_ones_stay_good(tenant: Sandbox) -> None:
    first = user_tokens(tenant)["refresh_token"]
    second = refresh(tenant, first)[2]["refresh_token"]
    assert second != first
    assert refresh(tenant, first)[0] == refresh(tenant, second)[0] == 200


@pytest.mark.parametrize(
    ("fixture", "code"),
    [
        ("revoke_sessions", 50173),
        ("expire_refresh", 700082),
        ("require_mfa", 50076),
        ("disable_user", 50057),
        ("delete_user", 50034),
    ],
)
def test_a_refresh_token_ends_with_its_persons_session(tenant: Sandbox, fixture: str, code: int) -> None:
    token = user_tokens(tenant)["refresh_token"]
    try:
        does(tenant, fixture, user=claims(user_tokens(tenant)["access_token"])["oid"])
        _is(refresh(tenant, token), code, "invalid_grant")
    finally:
        does(tenant, "clear")
    assert refresh(tenant, token)[0] == 200


def test_a_new_sign_in_ends_the_revocation(tenant: Sandbox) -> None:
    does(tenant, "revoke_sessions", user=claims(user_tokens(tenant)["access_token"])["upn"])
    assert refresh(tenant, user_tokens(tenant)["refresh_token"])[0] == 200


def test_consent_taken_back_ends_the_refresh_token(tenant: Sandbox) -> None:
    app = registered(tenant, name="Consent lost")
    proof = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    code = signed_in(tenant, client_id=app["client_id"]).sent()["code"]
    token = redeem(tenant, code, **proof)[2]["refresh_token"]
    does(tenant, "forget_consent", client_id=app["client_id"])
    body = _is(refresh(tenant, token, **proof), 65001, "invalid_grant")
    assert body["suberror"] == "consent_required"


def test_a_foreign_or_broken_refresh_token_is_refused(tenant: Sandbox) -> None:
    token = user_tokens(tenant)["refresh_token"]
    _is(refresh(tenant, token[:-2] + "AA"), 70000, "invalid_grant")
    app = registered(tenant, name="Other")
    proof = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    _is(refresh(tenant, token, **proof), 70000, "invalid_grant")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%ff&grant_type=client_credentials&client_id=%ff%00", b"=&=&"])
def test_nonsense_is_refused_and_never_a_server_error(tenant: Sandbox, body: bytes) -> None:
    address = f"{tenant.authority}/{tenant.tenant_id}/oauth2/v2.0/token"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert tenant.fetch(address, "POST", body, headers)[0] in (400, 401)


def test_a_second_secret_works_beside_the_first(tenant: Sandbox) -> None:
    app = registered(tenant)
    added = tenant.control("POST", "/identity", {"do": "add_secret", "client_id": app["client_id"]})
    for secret in (app["client_secret"], added["client_secret"]):
        assert ask(tenant, client_id=app["client_id"], client_secret=secret)[0] == 200
