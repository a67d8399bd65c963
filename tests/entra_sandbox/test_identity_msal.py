"""Microsoft's own library for Python signs in at the sandbox in each of its ways."""

import time
from collections.abc import Iterator
from typing import Any

import msal
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_sandbox.certificates import pem_of, self_signed
from entra_sandbox.identity import jwt
from tests.entra_sandbox.browser import Browser
from tests.entra_sandbox.login import ADMIN, DEFAULT, REDIRECT, app_form, claims, post_token, registered
from tests.support.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _own_authority_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # These variables beat the `verify` that MSAL is given.
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    yield


def _client(tenant: Sandbox, client_id: str, credential: Any) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{tenant.authority}/{tenant.tenant_id}",
        instance_discovery=False,
        verify=str(tenant.ca),
    )


@pytest.fixture(scope="module")
def certified(tenant: Sandbox) -> dict[str, Any]:
    """A registration with a certificate, and the key to it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = self_signed("a client", key)
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    app = registered(tenant, name="Certified", secret="none", certificate_pem=pem)
    return {"client_id": app["client_id"], "key": key, "pem": pem, "certificate": certificate}


def test_by_secret(tenant: Sandbox) -> None:
    found = _client(tenant, tenant.client_id, tenant.client_secret).acquire_token_for_client([DEFAULT])
    assert found["expires_in"] == 3599
    assert tenant.get("v1.0/organization", found["access_token"])[0] == 200


def test_by_certificate_ps256(tenant: Sandbox, certified: dict[str, Any]) -> None:
    credential = {"private_key": pem_of(certified["key"]).decode(), "public_certificate": certified["pem"]}
    found = _client(tenant, certified["client_id"], credential).acquire_token_for_client([DEFAULT])
    assert claims(found["access_token"])["appidacr"] == "2"


def test_by_certificate_rs256_thumbprint(tenant: Sandbox, certified: dict[str, Any]) -> None:
    thumbprint = certified["certificate"].fingerprint(hashes.SHA1()).hex()  # noqa: S303 (the older clients' way)
    credential = {"private_key": pem_of(certified["key"]).decode(), "thumbprint": thumbprint}
    found = _client(tenant, certified["client_id"], credential).acquire_token_for_client([DEFAULT])
    assert claims(found["access_token"])["appidacr"] == "2"


def test_a_wrong_secret_comes_out_as_microsofts_error(tenant: Sandbox) -> None:
    found = _client(tenant, tenant.client_id, "wrong").acquire_token_for_client([DEFAULT])
    assert (found["error"], found["error_codes"]) == ("invalid_client", [7000215])


def test_code_flow_with_pkce_and_refresh(tenant: Sandbox) -> None:
    client, browser = _client(tenant, tenant.client_id, tenant.client_secret), Browser(tenant.ca)
    scopes = ["User.Read.All", "AuditLog.Read.All"]
    flow = client.initiate_auth_code_flow(scopes, redirect_uri=REDIRECT, response_mode="form_post")
    sent = browser.press(browser.open(flow["auth_uri"]), ADMIN).forms[0].fields
    found = client.acquire_token_by_auth_code_flow(flow, sent)
    assert found["id_token_claims"]["name"] == ADMIN
    again = client.acquire_token_silent(["User.Read.All"], client.get_accounts()[0], force_refresh=True)
    assert again is not None
    assert again["access_token"] != found["access_token"]


def test_an_unknown_tenant_is_no_authority(tenant: Sandbox) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        msal.ConfidentialClientApplication(
            tenant.client_id, client_credential="x", authority=f"{tenant.authority}/nowhere.example",
            instance_discovery=False, verify=str(tenant.ca),
        )  # fmt: skip


def _assertion(tenant: Sandbox, certified: dict[str, Any], *, key: Any = None, **changes: Any) -> dict[str, str]:
    """A token request with a hand-made assertion; changes go into its claims."""
    audience = f"{tenant.authority}/{tenant.tenant_id}/oauth2/v2.0/token"
    client, now = certified["client_id"], int(time.time())
    body = {"aud": audience, "iss": client, "sub": client, "jti": "1", "nbf": now, "exp": now + 300} | changes
    prints = certified["certificate"].fingerprint(hashes.SHA256())
    header = {"alg": "RS256", "typ": "JWT", "x5t#S256": jwt.encoded(prints)}
    signature = jwt.encoded(jwt.sign(header, body, key or certified["key"]))
    text = f"{jwt.part(header)}.{jwt.part(body)}.{signature}"
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    changes = {"client_id": client, "client_secret": None, "client_assertion": text, "client_assertion_type": kind}
    return app_form(tenant, **changes)


@pytest.mark.parametrize(
    ("claim", "value", "code"),
    [("aud", "https://elsewhere.example", 50012), ("sub", "somebody", 50012), ("exp", 1_700_000_000, 500133)],
)
def test_an_assertion_that_claims_wrongly_is_refused(
    tenant: Sandbox, certified: dict[str, Any], claim: str, value: Any, code: int
) -> None:
    _, _, body = post_token(tenant, _assertion(tenant, certified, **{claim: value}))
    assert body["error_codes"] == [code]


def test_an_assertion_signed_by_another_key_is_refused(tenant: Sandbox, certified: dict[str, Any]) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    status, _, body = post_token(tenant, _assertion(tenant, certified, key=stranger))
    assert (status, body["error"], body["error_codes"]) == (401, "invalid_client", [700027])


def test_a_certificate_that_nobody_registered_is_refused(tenant: Sandbox, certified: dict[str, Any]) -> None:
    form = _assertion(tenant, {**certified, "client_id": tenant.client_id})
    assert post_token(tenant, form)[2]["error_codes"] == [700027]
