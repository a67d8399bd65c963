"""The authorize endpoint: checks a request, walks the person through picker and consent, sends the browser back.

Source: Microsoft identity platform, "v2-oauth2-auth-code-flow".
"""

import secrets
import time
import uuid
from urllib.parse import urlsplit

from aiohttp import web

from entra_sandbox.identity import clients, html, people, scopes
from entra_sandbox.identity.browser import back, refused_page, session_of, with_session
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.errors import Refusal
from entra_sandbox.identity.memory import Code, Flow
from entra_sandbox.identity.people import Person
from entra_sandbox.registrations import Registration


async def begin(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    tenant, params = request.match_info["tenant"], dict(request.query)
    try:
        registration = check_client(sandbox, tenant, params)
    except Refusal as refusal:
        return refused_page(refusal, request)
    session = session_of(request)
    flow = sandbox.identity.start_flow(session, "authorize", tenant, params)
    try:
        _check_request(sandbox, params, request.host)
        answer = _continued(request, sandbox, flow, registration)
    except Refusal as refusal:
        answer = back(request, flow, refusal=refusal)
    return with_session(answer, session)


def check_client(sandbox: Sandbox, tenant: str, params: dict[str, str]) -> Registration:
    """The registration a page belongs to; raises the Refusals that are shown and never redirected."""
    clients.check_tenant(sandbox, tenant)
    if not params.get("client_id"):
        raise Refusal(900144, parameter="client_id")
    # An app nobody consented to yet is known to sign-in: consenting is what brings it into the tenant.
    registration = sandbox.registrations.get(params["client_id"])
    if registration is None:
        raise Refusal(700016, client=params["client_id"], directory=sandbox.world.tenant.name)
    if tenant in ("common", "organizations") and not registration.multi_tenant:
        raise Refusal(50194, client=registration.client_id, name=registration.name)
    if registration.disabled:
        raise Refusal(7000112, client=registration.client_id, name=registration.name)
    if not params.get("redirect_uri"):
        raise Refusal(900971)
    if not is_registered(registration, params["redirect_uri"]):
        raise Refusal(50011, redirect=params["redirect_uri"], client=registration.client_id)
    return registration


def is_registered(registration: Registration, address: str) -> bool:
    """Exact, except that the port of http://localhost does not count (Microsoft, "reply-url", localhost exceptions)."""
    return address in registration.redirect_uris or _portless(address) in map(_portless, registration.redirect_uris)


def _portless(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname == "localhost":
        return parts._replace(netloc="localhost").geturl()
    return address


def _check_request(sandbox: Sandbox, params: dict[str, str], host: str) -> None:
    if not params.get("response_type"):
        raise Refusal(900144, parameter="response_type")
    if params["response_type"] != "code":
        raise Refusal(700051, parameter=params["response_type"])
    if params.get("response_mode", "query") not in ("query", "fragment", "form_post"):
        raise Refusal(9002313)
    if params.get("code_challenge_method", "plain") not in ("plain", "S256"):
        raise Refusal(9002313)
    scopes.read(sandbox, params.get("scope", ""), host)


def _continued(request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration) -> web.StreamResponse:
    """The first page, or straight to the end when the session already answers everything."""
    prompt = flow.params.get("prompt", "")
    person = _remembered(sandbox, flow, ask_again=prompt in ("login", "select_account"))
    if person is None:
        if prompt == "none":
            raise Refusal(50058)
        return picker(sandbox, flow, registration, flow.params.get("login_hint", ""))
    return signed_in(request, sandbox, flow, registration, person)


def _remembered(sandbox: Sandbox, flow: Flow, *, ask_again: bool) -> Person | None:
    oid = sandbox.identity.sessions.get(flow.session)
    person = people.find(sandbox, oid) if oid and not ask_again else None
    hint = flow.params.get("login_hint", "").lower()
    return None if person is None or (hint and hint != person.upn.lower()) else person


def picker(sandbox: Sandbox, flow: Flow, registration: Registration, text: str) -> web.Response:
    organization = sandbox.world.tenant.name
    found = people.search(sandbox, text)
    fixed = people.fixed_people(sandbox)
    return html.picker(flow.tenant, organization, registration.name, flow.id, flow.csrf, fixed, found, text)


def signed_in(
    request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration, person: Person
) -> web.StreamResponse:
    """After the person is known: consent when something is missing, else the code."""
    flow.oid = person.oid
    wanted = _permissions(sandbox, flow, registration, request.host)
    missing = wanted - registration.scopes_for(person.oid)
    prompt = flow.params.get("prompt", "")
    if missing and prompt == "none":
        raise Refusal(65001, error="consent_required", client=registration.client_id, name=registration.name)
    if (missing - scopes.SELF_SERVICE) and not person.can_consent:
        refusal = Refusal(90094, directory=sandbox.world.tenant.name, name=registration.name)
        return refused_page(refusal, request, flow)
    if missing or prompt == "consent":
        shown = sorted(wanted) + sorted(_oidc(sandbox, flow, request.host))
        return html.consent(
            flow.tenant, sandbox.world.tenant.name, registration.name, person, flow.id, flow.csrf, shown,
            for_all=False, offers_all=person.can_consent,
        )  # fmt: skip
    return _finished(request, sandbox, flow, registration)


def consented(
    request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration, *, for_all: bool
) -> web.StreamResponse:
    wanted = _permissions(sandbox, flow, registration, request.host)
    person = people.find(sandbox, flow.oid or "")
    if person is None:
        raise Refusal(50058)
    if (wanted - scopes.SELF_SERVICE or for_all) and not person.can_consent:
        raise Refusal(90094, directory=sandbox.world.tenant.name, name=registration.name)
    if for_all:
        registration.granted_scopes = sorted(wanted | set(registration.granted_scopes))
    else:
        registration.user_scopes[person.oid] = sorted(wanted | set(registration.user_scopes.get(person.oid, ())))
    registration.present = True
    sandbox.registrations.save()
    return _finished(request, sandbox, flow, registration)


def _permissions(sandbox: Sandbox, flow: Flow, registration: Registration, host: str) -> frozenset[str]:
    wanted = scopes.read(sandbox, flow.params.get("scope", ""), host)
    return frozenset(registration.permissions) if wanted.is_default else wanted.permissions or frozenset({"User.Read"})


def _oidc(sandbox: Sandbox, flow: Flow, host: str) -> frozenset[str]:
    return scopes.read(sandbox, flow.params.get("scope", ""), host).oidc


def _finished(request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration) -> web.StreamResponse:
    params = flow.params
    code = Code(
        value=f"1.{secrets.token_urlsafe(600)}",
        client_id=registration.client_id,
        redirect_uri=params["redirect_uri"],
        tenant_id=sandbox.world.tenant.id,
        oid=flow.oid or "",
        scopes=_permissions(sandbox, flow, registration, request.host) | _oidc(sandbox, flow, request.host),
        nonce=params.get("nonce"),
        challenge=params.get("code_challenge"),
        challenge_method=params.get("code_challenge_method", "plain"),
        issued_at=time.time(),
    )
    sandbox.identity.keep_code(code)
    sandbox.identity.flows.pop(flow.id, None)
    return back(request, flow, fields={"code": code.value, "session_state": str(uuid.uuid4())})
