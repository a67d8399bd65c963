"""Tokens: every way to be refused is told in plain words, none tells a secret."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, TryLater
from seatwise.microsoft import aadsts, auth, clouds, login
from seatwise.microsoft.auth import Credential, TokenSource
from seatwise.microsoft.clouds import Cloud
from tests.support.sandbox import Sandbox

WRONG = "aB38Q~wrong.secret-value_0123456789abcdef"


def credential(company: Sandbox, **changed: Any) -> Credential:
    wanted = {"tenant_id": company.tenant_id, "client_id": company.client_id, "secret": company.client_secret}
    return Credential(**(wanted | changed))


def token(cloud: Cloud, who: Credential) -> auth.Token:
    return asyncio.run(TokenSource(cloud, who).token())


def refused(cloud: Cloud, who: Credential) -> SeatwiseError:
    with pytest.raises(SeatwiseError) as caught:
        token(cloud, who)
    error = caught.value
    told = f"{error} {error!r} {error.sentence} {error.detail} {error.__cause__!r}"
    assert who.secret is None or who.secret not in told
    assert error.sentence.count(". ") + error.sentence.endswith(".") >= 2, error.sentence
    return error


def test_a_secret_gives_a_token_with_its_roles(cloud: Cloud, company: Sandbox) -> None:
    found = token(cloud, credential(company))
    assert found.tenant_id == company.tenant_id
    assert "Directory.Read.All" in found.roles
    assert found.value not in repr(found) and company.client_secret not in repr(credential(company))


def test_a_certificate_gives_a_token(cloud: Cloud, company: Sandbox) -> None:
    pem, public = certificate()
    made = company.control("POST", "/registrations", {"name": "by certificate", "certificate_pem": public})
    found = token(cloud, Credential(company.tenant_id, made["client_id"], certificate=pem))
    assert found.roles


def test_a_certificate_microsoft_does_not_know(cloud: Cloud, company: Sandbox) -> None:
    error = refused(cloud, Credential(company.tenant_id, company.client_id, certificate=certificate()[0]))
    assert error.code == "certificate_unknown"


def test_a_certificate_that_is_none_or_not_the_keys(company: Sandbox) -> None:
    (mine, _), (_, other) = certificate(), certificate()
    key = mine[: mine.index("-----BEGIN CERTIFICATE")]
    for pem, code in (("-----BEGIN NONSENSE-----", "unreadable"), (other, "unreadable"), (key + other, "mismatch")):
        with pytest.raises(AskAdmin, match=f"certificate_{code}"):
            credential(company, secret=None, certificate=pem)


def test_wrong_secret(cloud: Cloud, company: Sandbox) -> None:
    assert refused(cloud, credential(company, secret=WRONG)).code == "secret_wrong"


def test_expired_secret(cloud: Cloud, company: Sandbox) -> None:
    made = company.control("POST", "/registrations", {"name": "old", "secret": "expired"})
    who = credential(company, client_id=made["client_id"], secret=made["client_secret"])
    assert refused(cloud, who).code == "secret_expired"


def test_the_secrets_id_is_recognised_before_anything_is_sent(company: Sandbox) -> None:
    with pytest.raises(AskAdmin, match="ID, not its value"):
        credential(company, secret="0c1d2e3f-1111-4222-8333-444455556666")


def test_unknown_client(cloud: Cloud, company: Sandbox) -> None:
    who = credential(company, client_id="00000000-1111-4222-8333-444444444444")
    assert refused(cloud, who).code == "client_not_found"


@pytest.mark.parametrize("tenant", ["00000000-1111-4222-8333-444444444444", "nobody.example"])
def test_wrong_tenant(cloud: Cloud, company: Sandbox, tenant: str) -> None:
    assert refused(cloud, credential(company, tenant_id=tenant)).code == "tenant_not_found"


@pytest.mark.parametrize("tenant", ["", "../common", "a b", "x/../y.example", "@attacker.example", "tenant?x=1"])
def test_a_tenant_can_never_become_another_address(company: Sandbox, tenant: str) -> None:
    with pytest.raises(AskAdmin, match="tenant_wrong"):
        credential(company, tenant_id=tenant)


def test_no_permission_granted(cloud: Cloud, company: Sandbox) -> None:
    made = company.control("POST", "/registrations", {"name": "bare", "consented": False})
    who = credential(company, client_id=made["client_id"], secret=made["client_secret"])
    assert refused(cloud, who).code == "no_permission"


@pytest.mark.parametrize("code", sorted({7000112, 90038, 53003, 50012, 500011, 650052, 7000218, 70011, 65001, 50194}))
def test_each_number_has_its_sentence(cloud: Cloud, company: Sandbox, code: int) -> None:
    company.control("POST", "/identity", {"do": "fail", "code": code, "count": 1})
    error = refused(cloud, credential(company))
    assert error.code == aadsts.meaning({"error_codes": [code]}).code
    assert str(code) in error.detail


def test_a_busy_service_is_asked_again(cloud: Cloud, company: Sandbox) -> None:
    company.control("POST", "/identity", {"do": "fail", "code": 90033, "count": 1, "retry_after": "1"})
    assert token(cloud, credential(company)).roles


def test_network_down(cloud: Cloud, company: Sandbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"https://localhost:{free.getsockname()[1]}"
    error = refused(replace(cloud, authority=closed), credential(company))
    assert isinstance(error, TryLater) and error.code == "not_reached"


def test_unknown_host(cloud: Cloud, company: Sandbox) -> None:
    error = refused(replace(cloud, authority="https://login.does-not-exist.invalid"), credential(company))
    assert error.code == "host_not_found"


def test_an_untrusted_certificate_gets_nothing(
    cloud: Cloud, company: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(certificate()[1])
    # The trap: with these set, requests would trust the sandbox after all.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(company.ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(company.ca))
    assert refused(replace(cloud, ca_file=other), credential(company)).code == "tls_not_trusted"


def test_a_ca_file_without_a_certificate(cloud: Cloud, company: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    assert refused(replace(cloud, ca_file=tmp_path / "ca.pem"), credential(company)).code == "ca_unreadable"


def test_something_else_answers(cloud: Cloud, company: Sandbox) -> None:
    # The sandbox's Graph speaks JSON that is no token endpoint at all.
    error = refused(replace(cloud, authority=f"{company.graph}/sandbox"), credential(company))
    assert isinstance(error, AskAdmin | TryLater | Broken)


def test_callers_share_one_renewal_and_a_refused_token_is_replaced_once(cloud: Cloud, company: Sandbox) -> None:
    asked: list[str] = []
    source = TokenSource(cloud, credential(company), asked.append)

    async def many() -> None:
        first = await asyncio.gather(*(source.token() for _ in range(20)))
        assert len({one.value for one in first}) == 1
        again = await asyncio.gather(*(source.token(not_this=first[0]) for _ in range(20)))
        assert len({id(one) for one in again}) == 1 and again[0] is not first[0]

    asyncio.run(many())
    assert asked.count("asked") == 2


@pytest.mark.parametrize("told", [None, 0, "soon", -5, 10**9, "3599"])
def test_any_life_of_a_token_is_survived(told: object) -> None:
    assert 60 <= login.life_s(told) - login.RENEW_EARLY_S <= 26 * 3600


def test_addresses_of_a_cloud_are_plain_https() -> None:
    assert clouds.custom("https://localhost:8443/", "https://localhost:8443", None).graph == "https://localhost:8443"
    for wrong in ("http://localhost", "https://user@host", "https://host/v1.0", "host", "https://", "https://h?x=1"):
        with pytest.raises(AskAdmin, match="address_wrong"):
            clouds.custom(wrong, "https://localhost", None)
    with pytest.raises(AskAdmin, match="cloud_unknown"):
        clouds.named("mars")


def certificate() -> tuple[str, str]:
    """A key with its certificate, and the certificate alone, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "seatwise test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return private + public, public
