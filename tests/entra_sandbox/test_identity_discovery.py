"""The discovery documents, the signing keys and the bearer check of the sandbox's login half."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_sandbox.identity import jwt
from tests.entra_sandbox.login import app_form, ask, claims, post_token, user_tokens
from tests.support.sandbox import Sandbox


def _get(sandbox: Sandbox, path: str, host: str | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Host": host} if host else {}
    status, _, body = sandbox.fetch(f"{sandbox.authority}{path}", "GET", None, headers)
    return status, json.loads(body)


def _document(sandbox: Sandbox, tenant: str, host: str | None = None) -> dict[str, Any]:
    status, found = _get(sandbox, f"/{tenant}/v2.0/.well-known/openid-configuration", host)
    assert status == 200
    return found


@pytest.fixture
def golden(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "graph" / "entra-discovery-golden.json").read_text())
    return found


@pytest.mark.parametrize("name", ["id", "common", "organizations"])
def test_the_document_has_every_recorded_field_and_value(tenant: Sandbox, golden: dict[str, Any], name: str) -> None:
    found = _document(tenant, tenant.tenant_id if name == "id" else name)
    assert set(golden["required_fields"]) <= set(found)
    values = golden["protocol_values"]
    assert found["subject_types_supported"] == values["subject_types_supported_equals"]
    for key, wanted in values.items():
        field = key.rpartition("_must_include")[0] or key.rpartition("_subset_of")[0]
        if key.endswith("_must_include"):
            assert set(wanted) <= set(found.get(field) or found[f"{field}_supported"])
        elif key.endswith("_subset_of"):
            assert set(found.get(field) or found[f"{field}_supported"]) <= set(wanted)


def test_the_document_answers_the_recorded_flags(tenant: Sandbox, golden: dict[str, Any]) -> None:
    found = _document(tenant, "common")
    ignored = set(golden["entra_only_fields_out_of_scope"])
    wanted = {k: v for k, v in golden["entra_boolean_values"].items() if isinstance(v, bool) and k not in ignored}
    assert {name: found[name] for name in wanted} == wanted


def test_shared_names_get_the_issuer_template_and_own_names_the_tenant(tenant: Sandbox) -> None:
    assert _document(tenant, "organizations")["issuer"].endswith("/{tenantid}/v2.0")
    assert _document(tenant, "common")["issuer"].endswith("/{tenantid}/v2.0")
    assert _document(tenant, tenant.tenant_id)["issuer"] == f"{tenant.authority}/{tenant.tenant_id}/v2.0"


def test_a_verified_domain_is_a_name_of_the_tenant(tenant: Sandbox) -> None:
    domain = user_tokens(tenant)["id_token"]
    domain = claims(domain)["preferred_username"].partition("@")[2]
    assert _document(tenant, domain) == _document(tenant, tenant.tenant_id)


def test_an_unknown_tenant_is_refused_with_90002(tenant: Sandbox) -> None:
    status, body = _get(tenant, "/00000000-1111-4222-8333-444444444444/v2.0/.well-known/openid-configuration")
    assert (status, body["error"], body["error_codes"]) == (400, "invalid_tenant", [90002])


def test_microsofts_host_name_gets_microsofts_addresses(tenant: Sandbox) -> None:
    found = _document(tenant, tenant.tenant_id, "login.microsoftonline.com")
    base = f"https://login.microsoftonline.com/{tenant.tenant_id}"
    assert found["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    assert found["authorization_endpoint"] == f"{base}/oauth2/v2.0/authorize"
    assert found["msgraph_host"] == "graph.microsoft.com"


@pytest.mark.parametrize("host", ["login.microsoftonline.com", "localhost:8443"])
def test_instance_discovery_knows_microsofts_hosts_and_this_one(tenant: Sandbox, host: str) -> None:
    asked = f"https://{host}/{tenant.tenant_id}/oauth2/v2.0/authorize"
    status, found = _get(tenant, f"/common/discovery/instance?api-version=1.1&authorization_endpoint={asked}")
    assert status == 200
    address = f"https://{host}/{tenant.tenant_id}/v2.0/.well-known/openid-configuration"
    assert found["tenant_discovery_endpoint"] == address
    assert any("login.microsoftonline.com" in entry["aliases"] for entry in found["metadata"])


def test_instance_discovery_refuses_strangers(tenant: Sandbox) -> None:
    asked = "https://login.stranger.example/x/oauth2/v2.0/authorize"
    status, found = _get(tenant, f"/common/discovery/instance?api-version=1.1&authorization_endpoint={asked}")
    assert (status, found["error"]) == (400, "invalid_instance")


def test_an_id_token_is_signed_by_the_published_key(tenant: Sandbox) -> None:
    token = user_tokens(tenant)["id_token"]
    _, found = _get(tenant, f"/{tenant.tenant_id}/discovery/v2.0/keys")
    key = next(key for key in found["keys"] if key["kid"] == claims(token, 0)["kid"])
    public = x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0])).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    assert jwt.is_signed_by(jwt.read(token), public)


def test_an_app_token_carries_the_documented_claims(tenant: Sandbox) -> None:
    token = ask(tenant)[2]["access_token"]
    found = claims(token)
    wanted = "aud iss appid appidacr idtyp oid sub roles tid ver iat nbf exp aio rh uti wids xms_tcdt app_displayname"
    assert set(wanted.split()) <= set(found)
    assert (found["ver"], found["idtyp"], found["appidacr"]) == ("1.0", "app", "1")
    assert found["iss"] == f"https://sts.windows.net/{tenant.tenant_id}/"
    assert found["oid"] == found["sub"] != tenant.client_id
    assert "nonce" in claims(token, 0)


def test_userinfo_answers_a_persons_token_alone(tenant: Sandbox) -> None:
    person = user_tokens(tenant)["access_token"]
    status, _, found = tenant.get("oidc/userinfo", person)
    assert (status, found["name"]) == (200, "Sandbox Administrator")
    assert tenant.get("oidc/userinfo", ask(tenant)[2]["access_token"])[0] == 401


@pytest.mark.parametrize("spoil", [lambda t: "", lambda t: "junk", lambda t: t[:-4] + "AAAA", lambda t: t + "x"])
def test_graph_refuses_a_spoilt_token(tenant: Sandbox, spoil: Any) -> None:
    token = ask(tenant)[2]["access_token"]
    status, headers, body = tenant.get("v1.0/organization", spoil(token))
    assert (status, body["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert headers["www-authenticate"].startswith("Bearer")


def test_a_token_of_another_sandbox_is_refused(tenant: Sandbox) -> None:
    header, body, signature = ask(tenant)[2]["access_token"].split(".")
    forged = claims(f"{header}.{body}.")
    forged["roles"] = ["Everything.ReadWrite.All"]
    text = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    assert tenant.get("v1.0/organization", f"{header}.{text}.{signature}")[0] == 401


def test_tokens_are_not_issued_over_plain_http(tenant: Sandbox) -> None:
    plain = Sandbox(**{**vars(tenant), "authority": tenant.pages})
    assert post_token(plain, app_form(tenant))[0] == 400
