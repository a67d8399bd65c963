"""Which registration a token request comes from, and the proof it brings: secret or certificate assertion."""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_sandbox.identity import jwt
from entra_sandbox.identity.context import CONSUMERS, Sandbox, own_tenant
from entra_sandbox.identity.errors import Refusal, stamp
from entra_sandbox.registrations import Registration

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SHARED_TENANTS = ("common", "organizations", "consumers")
Proof = Literal["secret", "certificate"]
_SKEW_S = 300


def check_tenant(sandbox: Sandbox, name: str) -> None:
    if name not in SHARED_TENANTS and name != CONSUMERS and not own_tenant(sandbox, name):
        raise Refusal(90002, tenant=name)


def registration_for(sandbox: Sandbox, client_id: str, tenant: str) -> Registration:
    """The registration as this tenant knows it; raises Refusal 700016, 7000112 or 50194."""
    registration = sandbox.registrations.get(client_id)
    if registration is None or not registration.present:
        raise Refusal(700016, client=client_id, directory=sandbox.world.tenant.name)
    if tenant in ("common", "organizations") and not registration.multi_tenant:
        raise Refusal(50194, client=registration.client_id, name=registration.name)
    if registration.disabled:
        raise Refusal(7000112, client=registration.client_id, name=registration.name)
    return registration


def credentials(request: web.Request, form: Mapping[str, str]) -> dict[str, str]:
    """The form with client id and secret of an HTTP Basic header, if there is one, put in their places."""
    merged = dict(form)
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refusal(9002313) from error
        merged["client_id"], merged["client_secret"] = unquote(user), unquote(password)
    return merged


def prove(request: web.Request, registration: Registration, form: Mapping[str, str]) -> Proof:
    """How the client proved itself; raises Refusal when it did not."""
    if form.get("client_assertion"):
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Refusal(900144, parameter="client_assertion_type")
        _check_assertion(request, registration, form["client_assertion"])
        return "certificate"
    if not form.get("client_secret"):
        raise Refusal(7000218)
    if request.headers.get("Origin"):
        raise Refusal(9002326)
    _check_secret(registration, form["client_secret"])
    return "secret"


def _check_secret(registration: Registration, value: str) -> None:
    for secret in registration.secrets:
        if hmac.compare_digest(secret.value.encode(), value.encode()):
            if secret.is_expired(time.time()):
                raise Refusal(7000222, client=registration.client_id)
            return
    raise Refusal(7000215, client=registration.client_id)


def _check_assertion(request: web.Request, registration: Registration, text: str) -> None:
    try:
        assertion = jwt.read(text)
    except jwt.MalformedToken as error:
        raise Refusal(50013, reason="the assertion is malformed", error="invalid_client", status=401) from error
    certificate = _certificate(registration, assertion)
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not jwt.is_signed_by(assertion, key):
        raise Refusal(700027, reason="The signature does not match", thumbprint=_thumbprint(certificate))
    _check_claims(request, registration, assertion.claims)


def _certificate(registration: Registration, assertion: jwt.Jwt) -> x509.Certificate:
    # MSAL for Python leaves the padding on.
    named = {str(assertion.header[name]).rstrip("=") for name in ("x5t#S256", "x5t") if assertion.header.get(name)}
    for pem in registration.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        prints = (certificate.fingerprint(hashes.SHA256()), certificate.fingerprint(hashes.SHA1()))  # noqa: S303
        if named & {jwt.encoded(fingerprint) for fingerprint in prints}:
            return certificate
    raise Refusal(700027, reason="The key was not found", thumbprint=", ".join(sorted(named)))


def _thumbprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303


def _check_claims(request: web.Request, registration: Registration, claims: Mapping[str, object]) -> None:
    if {claims.get("iss"), claims.get("sub")} != {registration.client_id}:
        raise Refusal(50012, reason="issuer and subject of the assertion are not the client id")
    if str(claims.get("aud")) not in _audiences(request):
        raise Refusal(50012, reason="the audience of the assertion is not this token endpoint")
    now, begins, ends = time.time(), claims.get("nbf", claims.get("iat", 0)), claims.get("exp")
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        raise Refusal(50013, reason="the assertion has no time range")
    if now > ends + _SKEW_S or now < begins - _SKEW_S:
        raise Refusal(500133, now=stamp(), expires=str(int(ends)))


def _audiences(request: web.Request) -> set[str]:
    """The token endpoint, as this caller and as Microsoft's own clients write it, and the tenant's issuer."""
    tenant = request.match_info["tenant"]
    hosts = {request.host, "login.microsoftonline.com"}
    paths = (f"{tenant}/oauth2/v2.0/token", f"{tenant}/v2.0", f"{tenant}/oauth2/token")
    return {f"https://{host}/{path}" for host in hosts for path in paths}
