"""Who a request to Graph comes from: the bearer token, checked in wall time."""

import base64
import datetime as dt
import json
import time
import uuid

from aiohttp import web

from entra_sandbox.identity import jwt
from entra_sandbox.identity.context import GRAPH_APP_ID, Caller, Sandbox
from entra_sandbox.identity.errors import correlation_id
from entra_sandbox.identity.tokens import GRAPH_AUDIENCE

_AUDIENCES = (GRAPH_AUDIENCE, f"{GRAPH_AUDIENCE}/", GRAPH_APP_ID)
_SKEW_S = 300


class _Denied(Exception):  # noqa: N818 (never leaves this module)
    """wanted: claims a new token has to be asked for with."""

    def __init__(self, message: str, wanted: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.wanted = wanted


def authenticate(request: web.Request, sandbox: Sandbox) -> Caller | web.Response:
    """The caller, or the finished 401 answer that Graph gives instead."""
    try:
        return _caller(request, sandbox)
    except _Denied as denied:
        return _unauthorized(request, str(denied), denied.wanted)


def _caller(request: web.Request, sandbox: Sandbox) -> Caller:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise _Denied("Access token is empty.")
    try:
        token = jwt.read(text.strip())
    except jwt.MalformedToken as error:
        raise _Denied("CompactToken parsing failed with error code: 80049217") from error
    claims = token.claims
    if not sandbox.identity.key.is_ours(token):
        raise _Denied("Signature verification failed.")
    if claims.get("aud") not in _AUDIENCES:
        raise _Denied("Access token validation failure. Invalid audience.")
    if not claims["nbf"] - _SKEW_S <= time.time() < claims["exp"]:
        raise _Denied("Lifetime validation failed, the token is expired.")
    if claims.get("tid") != sandbox.world.tenant.id:
        raise _Denied("Invalid tenant.")
    app_only = claims.get("idtyp") == "app"
    challenge = sandbox.identity.challenge
    if app_only and challenge is not None:
        meets = challenge.can_be_met and claims.get("sandbox_meets") == challenge.claims
        if not meets:
            message = "Continuous access evaluation resulted in challenge with result: InteractionRequired."
            raise _Denied(message, challenge.claims)
    permissions = claims.get("roles", []) if app_only else claims.get("scp", "").split()
    return Caller(
        app_only, frozenset(permissions), claims["tid"], claims["appid"], claims["oid"], frozenset(claims["wids"])
    )


def _unauthorized(request: web.Request, message: str, wanted: dict[str, object] | None) -> web.Response:
    request_id = str(uuid.uuid4())
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    inner = {"date": at, "request-id": request_id, "client-request-id": correlation_id(request)}
    content = {"error": {"code": "InvalidAuthenticationToken", "message": message, "innerError": inner}}
    challenge = (
        f'Bearer realm="", authorization_uri="https://{request.host}/common/oauth2/authorize", '
        f'client_id="{GRAPH_APP_ID}"'
    )
    if wanted is not None:
        told = base64.b64encode(json.dumps(wanted).encode()).decode()
        challenge += f', error="insufficient_claims", claims="{told}"'
    headers = {
        "WWW-Authenticate": challenge,
        "request-id": request_id,
        "client-request-id": inner["client-request-id"],
    }
    return web.json_response(content, status=401, headers=headers)
