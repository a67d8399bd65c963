"""What clients ask before they sign in: the discovery document, the clouds' aliases, the signing keys.

Source: Microsoft identity platform, "v2-protocols-oidc".
"""

from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from entra_sandbox.identity.clients import SHARED_TENANTS
from entra_sandbox.identity.context import CONSUMERS, Sandbox, own_tenant
from entra_sandbox.identity.errors import Refusal, answer

_ALIASES = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PUBLIC = {"Cache-Control": "max-age=86400, private", "Access-Control-Allow-Origin": "*"}
_CLAIMS = [
    "sub",
    "iss",
    "cloud_instance_name",
    "cloud_instance_host_name",
    "cloud_graph_host_name",
    "msgraph_host",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "acr",
    "nonce",
    "preferred_username",
    "name",
    "tid",
    "ver",
    "at_hash",
    "c_hash",
    "email",
]


def base_of(request: web.Request) -> str:
    """The caller's own word for this server, so that every address we hand out stays reachable for it."""
    return f"https://{request.host}"


def is_loopback(request: web.Request) -> bool:
    return urlsplit(f"//{request.host}").hostname in _LOOPBACK


def known_name(sandbox: Sandbox, tenant: str) -> str | None:
    """The tenant's name as addresses carry it: its id for any of its names, the word itself for shared ones."""
    if tenant in SHARED_TENANTS or tenant == CONSUMERS:
        return tenant
    return sandbox.world.tenant.id if own_tenant(sandbox, tenant) else None


def issuer(request: web.Request, sandbox: Sandbox, tenant: str) -> str:
    name = known_name(sandbox, tenant)
    if tenant == "consumers":
        name = CONSUMERS
    shared = name in ("common", "organizations")
    return f"{base_of(request)}/{'{tenantid}' if shared else name}/v2.0"


async def document(request: web.Request, sandbox: Sandbox) -> web.Response:
    name = known_name(sandbox, request.match_info["tenant"])
    if name is None:
        tenant = request.match_info["tenant"]
        return answer(Refusal(90002, error="invalid_tenant", tenant=tenant), request)
    return web.json_response(_document(request, sandbox, name), headers=_PUBLIC)


def _document(request: web.Request, sandbox: Sandbox, name: str) -> dict[str, Any]:
    base = base_of(request)
    # People see the pages over plain http on loopback: the sandbox's own authority is unknown to their browser.
    pages = sandbox.pages_base if is_loopback(request) and sandbox.pages_base else base
    graph = request.host if is_loopback(request) else "graph.microsoft.com"
    return {
        "token_endpoint": f"{base}/{name}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/{name}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(request, sandbox, name),
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"https://{graph}/oidc/userinfo",
        "authorization_endpoint": f"{pages}/{name}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/{name}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{pages}/{name}/oauth2/v2.0/logout",
        "claims_supported": _CLAIMS,
        "kerberos_endpoint": f"{base}/{name}/kerberos",
        "tenant_region_scope": None if name in SHARED_TENANTS else "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": graph,
        "rbac_url": "https://pas.windows.net",
    }


async def keys(request: web.Request, sandbox: Sandbox) -> web.Response:
    tenant = request.match_info["tenant"]
    if known_name(sandbox, tenant) is None:
        return answer(Refusal(90002, error="invalid_tenant", tenant=tenant), request)
    published = sandbox.identity.key.published(issuer(request, sandbox, tenant))
    return web.json_response({"keys": [published]}, headers=_PUBLIC)


async def instance(request: web.Request, sandbox: Sandbox) -> web.Response:
    """Instance discovery: which hosts are one cloud, and where a tenant's discovery document is."""
    try:
        asked = urlsplit(request.query.get("authorization_endpoint", ""))
    except ValueError:
        return answer(Refusal(9002313), request)
    if asked.scheme != "https" or not asked.hostname:
        return answer(Refusal(900144, parameter="authorization_endpoint"), request)
    if asked.hostname not in (*_ALIASES, *_LOOPBACK):
        return answer(Refusal(90002, error="invalid_instance", tenant=asked.hostname), request)
    tenant = asked.path.strip("/").split("/")[0]
    metadata = [
        {"preferred_network": _ALIASES[0], "preferred_cache": "login.windows.net", "aliases": list(_ALIASES)},
        *({"preferred_network": host, "preferred_cache": host, "aliases": [host]} for host in (request.host,)),
    ]
    address = f"https://{asked.netloc}/{tenant}/v2.0/.well-known/openid-configuration"
    content = {"tenant_discovery_endpoint": address, "api-version": "1.1", "metadata": metadata}
    return web.json_response(content, headers=_PUBLIC)
