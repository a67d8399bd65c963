"""What the pages send back: the chosen account and the decision on consent; and sign-out, userinfo, error help."""

from collections.abc import Callable

from aiohttp import web

from entra_sandbox.identity import adminconsent, authorize, html, people
from entra_sandbox.identity.bearer import authenticate
from entra_sandbox.identity.browser import back, flow_of, redirect, refused_page, session_of
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.errors import Refusal
from entra_sandbox.identity.failures import FAILURES
from entra_sandbox.identity.memory import Flow
from entra_sandbox.identity.people import Person
from entra_sandbox.identity.tokens import pairwise
from entra_sandbox.registrations import Registration


class _Named(dict[str, str]):
    """Stands in a sentence of which the page has no case at hand."""

    def __missing__(self, name: str) -> str:
        return f"‹{name}›"


async def show_picker(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    try:
        flow = flow_of(request, sandbox, request.query, changes=False)
        registration = authorize.check_client(sandbox, flow.tenant, flow.params)
    except Refusal as refusal:
        return refused_page(refusal, request)
    return authorize.picker(sandbox, flow, registration, request.query.get("q", ""))


async def choose(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    fields = await _fields(request)
    flow = None
    try:
        flow = flow_of(request, sandbox, fields, changes=True)
        registration = authorize.check_client(sandbox, flow.tenant, flow.params)
        person = _admitted(sandbox, registration, fields.get("person", ""))
    except Refusal as refusal:
        return refused_page(refusal, request, flow)
    sandbox.identity.sessions[flow.session] = person.oid
    step = adminconsent.signed_in if flow.kind in adminconsent.KINDS else authorize.signed_in
    return _or_back(request, flow, lambda: step(request, sandbox, flow, registration, person))


async def decide(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    fields = await _fields(request)
    try:
        flow = flow_of(request, sandbox, fields, changes=True)
        registration = authorize.check_client(sandbox, flow.tenant, flow.params)
        person = _admitted(sandbox, registration, flow.oid or "")
    except Refusal as refusal:
        return refused_page(refusal, request)
    accepted = fields.get("decision") == "accept"
    if flow.kind in adminconsent.KINDS:
        if not accepted:
            return _declined(sandbox, flow, adminconsent.declined(request, flow))
        return _or_back(request, flow, lambda: adminconsent.consented(request, sandbox, flow, registration, person))
    if not accepted:
        return _declined(sandbox, flow, back(request, flow, refusal=Refusal(65004)))
    for_all = fields.get("organization") == "on"
    return _or_back(request, flow, lambda: authorize.consented(request, sandbox, flow, registration, for_all=for_all))


def _or_back(request: web.Request, flow: Flow, step: Callable[[], web.StreamResponse]) -> web.StreamResponse:
    try:
        return step()
    except Refusal as refusal:
        return back(request, flow, refusal=refusal)


def _declined(sandbox: Sandbox, flow: Flow, answer: web.StreamResponse) -> web.StreamResponse:
    sandbox.identity.flows.pop(flow.id, None)
    return answer


async def log_out(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    sandbox.identity.sessions.pop(session_of(request), None)
    address = request.query.get("post_logout_redirect_uri", "")
    known = any(authorize.is_registered(registration, address) for registration in sandbox.registrations.all())
    if address and known:
        return redirect(address)
    return html.page("Signed out", "<h1>You signed out</h1><p>You can close this page.</p>")


async def user_info(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
    caller = authenticate(request, sandbox)
    if isinstance(caller, web.Response):
        return caller
    person = people.find(sandbox, caller.oid)
    if caller.app_only or person is None:
        return web.json_response({"error": "invalid_token"}, status=401)
    content = {"sub": pairwise(caller.app_id, person.oid), "name": person.name, "email": person.upn}
    return web.json_response(content)


async def explain(request: web.Request, _: Sandbox) -> web.StreamResponse:
    """The page that `error_uri` points to."""
    text = request.query.get("code", "")
    failure = FAILURES.get(int(text)) if text.isdecimal() and len(text) < 12 else None
    if failure is None:
        return html.page(
            "No such code", "<h1>No such code</h1><p>This number is not in the sandbox's table.</p>", status=404
        )
    return html.refused(f"What {failure.error} means", failure.sentence.format_map(_Named()), int(text), {})


async def _fields(request: web.Request) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in (await request.post()).items()}
    except UnicodeDecodeError:
        return {}


def _admitted(sandbox: Sandbox, registration: Registration, oid: str) -> Person:
    """The person behind an object id; raises Refusal when they may not sign in here."""
    person = people.find(sandbox, oid)
    tenant = sandbox.world.tenant.name
    if person is None:
        raise Refusal(50034, user=oid, directory=tenant)
    state = sandbox.identity.person(person.oid)
    if state.deleted:
        raise Refusal(50034, user=person.upn, directory=tenant)
    if person.kind == "personal":
        client, name = registration.client_id, registration.name
        raise Refusal(50020, user=person.upn, directory=tenant, client=client, name=name)
    if state.disabled or not person.is_enabled:
        raise Refusal(50057)
    return person
