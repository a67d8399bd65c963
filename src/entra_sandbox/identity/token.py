"""The token endpoint: client credentials, authorization codes and refresh tokens become tokens or refusals."""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from entra_sandbox.identity import clients, people, scopes, tokens
from entra_sandbox.identity.context import CONSUMERS, Sandbox
from entra_sandbox.identity.discovery import base_of
from entra_sandbox.identity.errors import Refusal, answer, stamp
from entra_sandbox.identity.memory import CODE_LIFE_S, Code
from entra_sandbox.identity.people import Person
from entra_sandbox.registrations import Registration

REFRESH_LIFE_S = 90 * 86_400
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Grant:
    """A proven client's request: everything the three grants have in common."""

    sandbox: Sandbox
    request: web.Request
    registration: Registration
    form: Mapping[str, str]
    by_certificate: bool
    tenant: str


async def endpoint(request: web.Request, sandbox: Sandbox) -> web.Response:
    try:
        content = await _answered(request, sandbox)
    except Refusal as refusal:
        return answer(refusal, request)
    return web.json_response(content, headers=_NO_STORE)


async def _answered(request: web.Request, sandbox: Sandbox) -> dict[str, Any]:
    tenant = request.match_info["tenant"]
    # The plain site is for people's eyes only; secrets and tokens never travel over it.
    if not request.secure:
        raise Refusal(9002313)
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(900144, parameter="grant_type")
    form = clients.credentials(request, await _form(request))
    clients.check_tenant(sandbox, tenant)
    for parameter in ("grant_type", "client_id"):
        if not form.get(parameter):
            raise Refusal(900144, parameter=parameter)
    handlers = {
        "client_credentials": _client_credentials,
        "authorization_code": _authorization_code,
        "refresh_token": _refresh_token,
    }
    sandbox.identity.requests[form["grant_type"]] += 1
    handler = handlers.get(form["grant_type"])
    if handler is None:
        raise Refusal(70003, parameter=form["grant_type"])
    if form["grant_type"] == "client_credentials" and tenant in clients.SHARED_TENANTS:
        raise Refusal(9001023)
    grant = _proven(request, sandbox, form, tenant)
    return await asyncio.to_thread(handler, grant)


async def _form(request: web.Request) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in (await request.post()).items()}
    except UnicodeDecodeError as error:
        raise Refusal(9002313) from error


async def device_code(request: web.Request, _: Sandbox) -> web.Response:
    """Device codes are for public clients, and every registration here is confidential."""
    return answer(Refusal(7000218), request)


def _proven(request: web.Request, sandbox: Sandbox, form: Mapping[str, str], tenant: str) -> Grant:
    planned = sandbox.identity.planned_failure(form["client_id"].lower())
    if planned:
        raise Refusal(planned.code, retry_after=planned.retry_after, client=form["client_id"], tenant=tenant)
    registration = clients.registration_for(sandbox, form["client_id"], tenant)
    proof = clients.prove(request, registration, form)
    return Grant(sandbox, request, registration, form, proof == "certificate", tenant)


def _client_credentials(grant: Grant) -> dict[str, Any]:
    scopes.check_app_only(grant.sandbox, grant.form.get("scope", ""), grant.request.host)
    if grant.registration.blocked:
        raise Refusal(53003)
    token = tokens.app_token(
        grant.sandbox, grant.registration, by_certificate=grant.by_certificate, meets=_claims(grant)
    )
    life = tokens.APP_ONLY_LIFE_S
    return {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}


def _claims(grant: Grant) -> dict[str, Any] | None:
    """What the new token is wanted to meet; raises Refusal when that is not JSON."""
    text = grant.form.get("claims")
    if not text:
        return None
    try:
        wanted = json.loads(text)
    except ValueError as problem:
        raise Refusal(9002313) from problem
    return wanted if isinstance(wanted, dict) else None


def _authorization_code(grant: Grant) -> dict[str, Any]:
    code = _redeemed(grant)
    person = _alive(grant, code.oid)
    return _user_answer(grant, person, code.scopes, code.nonce)


def _redeemed(grant: Grant) -> Code:
    """The code, used up; raises Refusal when it is unknown, used, old, or bound to something else."""
    for parameter in ("code", "redirect_uri"):
        if not grant.form.get(parameter):
            raise Refusal(900144, parameter=parameter)
    code = grant.sandbox.identity.codes.get(grant.form["code"])
    if code is None or code.client_id != grant.registration.client_id:
        raise Refusal(70000, parameter="code")
    if code.redeemed:
        raise Refusal(54005)
    if time.time() > code.issued_at + CODE_LIFE_S:
        raise Refusal(70008)
    if grant.tenant == CONSUMERS or grant.tenant == "consumers":
        raise Refusal(700005)
    if grant.form["redirect_uri"] != code.redirect_uri:
        raise Refusal(50011, error="invalid_grant", redirect=grant.form["redirect_uri"], client=code.client_id)
    _check_verifier(code, grant.form.get("code_verifier"))
    code.redeemed = True
    return code


def _check_verifier(code: Code, verifier: str | None) -> None:
    if code.challenge is None and not verifier:
        return
    shown = verifier or ""
    if code.challenge_method == "S256":
        shown = base64.urlsafe_b64encode(hashlib.sha256(shown.encode()).digest()).rstrip(b"=").decode()
    if not hmac.compare_digest(shown.encode(), (code.challenge or "").encode()):
        raise Refusal(501481)


def _refresh_token(grant: Grant) -> dict[str, Any]:
    text = grant.form.get("refresh_token")
    if not text:
        raise Refusal(900144, parameter="refresh_token")
    content = grant.sandbox.identity.key.opened(text.removeprefix("1."))
    if content is None or content["client"] != grant.registration.client_id:
        raise Refusal(70000, parameter="refresh_token")
    person = _alive(grant, content["oid"])
    _check_still_good(grant, person, float(content["at"]))
    wanted = frozenset(content["scopes"])
    if grant.form.get("scope"):
        asked = scopes.read(grant.sandbox, grant.form["scope"], grant.request.host)
        wanted = asked.permissions | (wanted & tokens.OIDC_SCOPES) | asked.oidc
    return _user_answer(grant, person, wanted, None)


def _check_still_good(grant: Grant, person: Person, issued_at: float) -> None:
    state = grant.sandbox.identity.person(person.oid)
    issued = stamp(dt.datetime.fromtimestamp(issued_at, dt.UTC))
    if issued_at < state.valid_from:
        raise Refusal(50173, issued=issued, valid_from=stamp(dt.datetime.fromtimestamp(state.valid_from, dt.UTC)))
    if issued_at < state.inactive_before or time.time() > issued_at + REFRESH_LIFE_S:
        raise Refusal(700082, issued=issued)
    if issued_at < state.mfa_before:
        raise Refusal(50076)


def _alive(grant: Grant, oid: str) -> Person:
    state = grant.sandbox.identity.person(oid)
    person = people.find(grant.sandbox, oid)
    if state.deleted or person is None:
        raise Refusal(50034, user=oid, directory=grant.sandbox.world.tenant.name)
    if state.disabled or not person.is_enabled:
        raise Refusal(50057)
    if grant.registration.blocked:
        raise Refusal(53003)
    return person


def _user_answer(grant: Grant, person: Person, wanted: frozenset[str], nonce: str | None) -> dict[str, Any]:
    """Tokens for a person. The access token names all that is granted, whatever part of it was asked for."""
    registration, sandbox = grant.registration, grant.sandbox
    granted, oidc = registration.scopes_for(person.oid), wanted & tokens.OIDC_SCOPES
    asked = wanted - tokens.OIDC_SCOPES
    if not granted or not asked <= granted:
        raise Refusal(65001, client=registration.client_id, name=registration.name)
    life = tokens.user_life_s()
    shown = granted | (oidc - {"offline_access"})
    names = sorted(oidc - {"offline_access"}) + [f"{tokens.GRAPH_AUDIENCE}/{name}" for name in sorted(granted)]
    address = grant.request.remote or "127.0.0.1"
    content: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": " ".join(names),
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": tokens.user_token(sandbox, registration, person, shown, life, address),
    }
    if "offline_access" in oidc:
        content["refresh_token"] = _refresh(grant, person, wanted)
    if "openid" in oidc:
        issuer = f"{base_of(grant.request)}/{sandbox.world.tenant.id}/v2.0"
        content["id_token"] = tokens.id_token(sandbox, registration, person, issuer, nonce, life)
    if grant.form.get("client_info") == "1":
        content["client_info"] = tokens.client_info(sandbox, person)
    return content


def _refresh(grant: Grant, person: Person, wanted: frozenset[str]) -> str:
    content = {
        "client": grant.registration.client_id,
        "oid": person.oid,
        "scopes": sorted(wanted),
        "at": time.time(),
        "salt": secrets.token_urlsafe(64),
    }
    return "1." + grant.sandbox.identity.key.seal(content)
