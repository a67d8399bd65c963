"""The claims of the tokens: Graph access tokens in v1.0 format, id tokens in v2.0 format.

Source: Microsoft identity platform, "access-token-claims-reference" and "id-token-claims-reference".
"""

import hashlib
import random
import secrets
import time
import uuid
from typing import Any

from entra_sandbox.identity import jwt
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.people import Person
from entra_sandbox.registrations import Registration

APP_ONLY_LIFE_S = 3599
GRAPH_AUDIENCE = "https://graph.microsoft.com"
OIDC_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
# Every principal carries this template id: "no role in particular".
_NO_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"


def user_life_s() -> int:
    """Seconds, between 60 and 90 minutes, as Microsoft spreads them."""
    return random.SystemRandom().randint(3600, 5400)


def app_token(
    sandbox: Sandbox, registration: Registration, *, by_certificate: bool, meets: dict[str, Any] | None = None
) -> str:
    """meets: the claims of a challenge that the token was asked for with."""
    claims = _common(sandbox, registration, APP_ONLY_LIFE_S, "2" if by_certificate else "1")
    claims |= {
        "idp": claims["iss"],
        "idtyp": "app",
        "oid": registration.principal_id,
        "sub": registration.principal_id,
        "wids": [_NO_ROLE],
    }
    if meets is not None:
        claims["sandbox_meets"] = meets
    if registration.granted_roles:
        claims["roles"] = sorted(registration.granted_roles)
    return sandbox.identity.key.access_token(claims)


def user_token(
    sandbox: Sandbox, registration: Registration, person: Person, scopes: frozenset[str], life_s: int, address: str
) -> str:
    claims = _common(sandbox, registration, life_s, "1")
    claims |= {
        "idtyp": "user",
        "acr": "1",
        "amr": ["pwd", "mfa"],
        "ipaddr": address,
        "name": person.name,
        "oid": person.oid,
        "scp": " ".join(sorted(scopes)),
        "signin_state": ["kmsi"],
        "sub": pairwise(registration.client_id, person.oid),
        "unique_name": person.upn,
        "upn": person.upn,
        "wids": sorted(person.wids),
    }
    return sandbox.identity.key.access_token(claims)


def id_token(
    sandbox: Sandbox, registration: Registration, person: Person, issuer: str, nonce: str | None, life_s: int
) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {
        "aud": registration.client_id,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now + life_s,
        "name": person.name,
        "oid": person.oid,
        "preferred_username": person.upn,
        "rh": _opaque("1.", 40),
        "sub": pairwise(registration.client_id, person.oid),
        "tid": sandbox.world.tenant.id,
        "uti": _opaque("", 16),
        "ver": "2.0",
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if not sandbox.identity.lies:
        return sandbox.identity.key.id_token(claims)
    lie = sandbox.identity.lies.pop(0)
    told = {name: value for name, value in (claims | lie.claims).items() if value is not None}
    return sandbox.identity.key.foreign_id_token(told) if lie.is_foreign else sandbox.identity.key.id_token(told)


def client_info(sandbox: Sandbox, person: Person) -> str:
    return jwt.part({"uid": person.oid, "utid": sandbox.world.tenant.id})


def pairwise(client_id: str, oid: str) -> str:
    return jwt.encoded(hashlib.sha256(f"{client_id} {oid}".encode()).digest())


def _common(sandbox: Sandbox, registration: Registration, life_s: int, proof: str) -> dict[str, Any]:
    now = int(time.time())
    tenant = sandbox.world.tenant.id
    return {
        "aud": GRAPH_AUDIENCE,
        "iss": f"https://sts.windows.net/{tenant}/",
        "iat": now,
        "nbf": now,
        "exp": now + life_s,
        "aio": _opaque("", 48),
        "app_displayname": registration.name,
        "appid": registration.client_id,
        "appidacr": proof,
        "rh": _opaque("1.", 40),
        "tenant_region_scope": "EU",
        "tid": tenant,
        "uti": _opaque("", 16),
        "ver": "1.0",
        "xms_tcdt": int(uuid.UUID(tenant)) % 300_000_000 + 1_400_000_000,
    }


def _opaque(start: str, n_bytes: int) -> str:
    return start + jwt.encoded(secrets.token_bytes(n_bytes))
