"""The trip to Microsoft and back, as values: addresses that lead nowhere else, id tokens that prove something."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.base.errors import AskAdmin
from seatwise.microsoft import clouds, consent
from seatwise.microsoft.tokens import Credential
from tests.support.sandbox import Sandbox

TENANT, CLIENT = "11111111-2222-4333-8444-555555555555", "0c1d2e3f-1111-4222-8333-444455556666"
NOW = datetime(2026, 10, 14, 10, tzinfo=UTC)
ISSUER = "https://login.microsoftonline.com/{tenantid}/v2.0"
KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
TOO = {"state": "s", "nonce": "n", "challenge": "c"}


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def published(key: rsa.RSAPrivateKey = KEY, kid: str = "k1", **changed: Any) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    n, e = encoded(numbers.n.to_bytes(256)), encoded(numbers.e.to_bytes(3))
    return {"kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e, **changed}


def token(key: rsa.RSAPrivateKey = KEY, header: dict[str, Any] | None = None, **changed: Any) -> str:
    claims = {
        "iss": ISSUER.replace("{tenantid}", TENANT),
        "aud": CLIENT,
        "tid": TENANT,
        "oid": "o",
        "preferred_username": "dana@northwind.example",
        "nonce": "the nonce",
        "exp": NOW.timestamp() + 3600,
        "nbf": NOW.timestamp(),
    }
    head = {"typ": "JWT", "alg": "RS256", "kid": "k1", **(header or {})}
    parts = (head, {name: value for name, value in {**claims, **changed}.items() if value is not None})
    text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def checked(text: str, keys: list[dict[str, Any]] | None = None, now: datetime = NOW) -> consent.Claims:
    return consent.checked(text, [published()] if keys is None else keys, ISSUER, CLIENT, now)


def test_a_good_id_token_says_who_signed_in() -> None:
    found = checked(token(), [published(OTHER, "k0"), published()])
    assert (found.tenant_id, found.account, found.oid) == (TENANT, "dana@northwind.example", "o")
    assert consent.is_digest_of(consent.digest("the nonce"), found.nonce)
    assert not consent.is_digest_of(consent.digest("another"), found.nonce)


def none_at_all() -> str:
    body = token().split(".")[1]
    return f"{encoded(json.dumps({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'}).encode())}.{body}."


def signed_with_the_public_key() -> str:
    text = ".".join((encoded(json.dumps({"alg": "HS256", "kid": "k1"}).encode()), token().split(".")[1]))
    return f"{text}.{encoded(hmac.digest(published()['n'].encode(), text.encode(), 'sha256'))}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c",
        "....",
        "ä.ö.ü",
        f"{encoded(b'[]')}.{encoded(b'[]')}.{encoded(b'x')}",
        none_at_all(),
        signed_with_the_public_key(),
        token(OTHER),
        token(header={"alg": "RS512"}),
        token(header={"alg": "PS256"}),
        token(header={"kid": "k2"}),
        token(header={"kid": ""}),
        token()[:-4] + "AAAA",
        token(exp=NOW.timestamp() - 301),
        token(nbf=NOW.timestamp() + 301),
        token(exp=None),
        token(iss="https://login.microsoftonline.com/{tenantid}/v2.0"),
        token(iss=ISSUER.replace("{tenantid}", CLIENT)),
        token(aud=TENANT),
        token(aud=[CLIENT]),
        token(tid="common"),
        token(tid=None),
    ],
)
def test_an_id_token_that_proves_nothing_is_refused(text: str) -> None:
    with pytest.raises(AskAdmin, match="id_token_wrong") as told:
        checked(text)
    assert not text or text not in str(told.value)


def test_a_few_minutes_of_clock_skew_are_forgiven() -> None:
    assert checked(token(exp=NOW.timestamp() - 299)) and checked(token(nbf=NOW.timestamp() + 299))


@pytest.mark.parametrize("key", [published(use="enc"), published(kty="EC"), published(n="!"), {"kid": "k1"}])
def test_a_key_of_another_kind_signs_nothing(key: dict[str, Any]) -> None:
    with pytest.raises(AskAdmin, match="id_token_wrong"):
        checked(token(), [key])


def test_a_personal_account_is_told_so() -> None:
    issuer = ISSUER.replace("{tenantid}", consent.PERSONAL_TENANT)
    with pytest.raises(AskAdmin, match="personal_account"):
        checked(token(tid=consent.PERSONAL_TENANT, iss=issuer))


def test_pkce_and_the_random_words() -> None:
    made = [consent.pkce() for _ in range(50)]
    assert len({one.verifier for one in made}) == 50 and all(43 <= len(one.verifier) <= 128 for one in made)
    one = made[0]
    assert one.challenge == encoded(hashlib.sha256(one.verifier.encode()).digest())
    assert one.verifier not in repr(one)
    assert len(base64.urlsafe_b64decode(consent.random_word() + "=")) * 8 == 256


def test_each_cloud_has_its_own_addresses() -> None:
    for cloud in clouds.NAMED.values():
        address = consent.authorize_address(
            cloud, TENANT, CLIENT, "https://here.example/back", ["User.Read.All"], **TOO
        )
        assert address.startswith(f"{cloud.authority}/{TENANT}/oauth2/v2.0/authorize?")
        asked = dict(parse_qsl(urlsplit(address).query))
        assert f"{cloud.graph}/User.Read.All" in asked["scope"].split()
        granted = consent.admin_consent_address(cloud, TENANT, CLIENT, "https://here.example/back", state="s")
        assert dict(parse_qsl(urlsplit(granted).query))["scope"] == f"{cloud.graph}/.default"
        assert cloud.portal.startswith("https://entra.") and cloud.label


@settings(max_examples=3000, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[a-z0-9.@/\\:?#%-]{1,40}", fullmatch=True))
def test_whatever_is_typed_as_a_tenant_the_host_stays(text: str) -> None:
    try:
        Credential(text, CLIENT, secret="a secret value")
    except AskAdmin as error:
        assert error.code == "tenant_wrong"
        return
    address = consent.authorize_address(clouds.GLOBAL, text, CLIENT, "https://here.example/", [], **TOO)
    parts = urlsplit(address)
    assert parts.netloc == "login.microsoftonline.com" and parts.path.count("/") == 4


def test_the_sandbox_is_one_more_cloud(company: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    facts = {"graph": company.graph, "authority": company.authority, "pages": company.pages, "ca": str(company.ca)}
    file.write_text(json.dumps(facts))
    cloud = clouds.sandbox(file)
    assert cloud.is_custom and cloud.pages == company.pages and cloud.authority == company.authority
    for wrong in ("nothing", "[]", "{}", json.dumps({**facts, "graph": "http://elsewhere.example"})):
        file.write_text(wrong)
        with pytest.raises(AskAdmin, match=r"sandbox_unreadable|address_wrong"):
            clouds.sandbox(file)
    file.write_text(json.dumps({**facts, "pages": "http://elsewhere.example"}))
    with pytest.raises(AskAdmin, match="address_wrong"):
        clouds.sandbox(file)
