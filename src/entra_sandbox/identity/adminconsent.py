"""Admin consent: one page on which an administrator lets an app in for the whole organization.

Source: Microsoft identity platform, "v2-admin-consent"; v1 is the older address without scopes.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from entra_sandbox.identity import html, scopes
from entra_sandbox.identity.authorize import check_client, picker
from entra_sandbox.identity.browser import back, refused_page, session_of, with_session
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.errors import Refusal
from entra_sandbox.identity.memory import Flow
from entra_sandbox.identity.people import Person
from entra_sandbox.registrations import Registration

KINDS = ("adminconsent v1", "adminconsent v2")


def begin(kind: str) -> Callable[[web.Request, Sandbox], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request, sandbox: Sandbox) -> web.StreamResponse:
        tenant, params = request.match_info["tenant"], dict(request.query)
        # Failures and successes alike come back in the query, whatever the request says.
        params["response_mode"] = "query"
        try:
            if tenant in ("common", "consumers") and kind == "adminconsent v2":
                raise Refusal(90002, tenant=tenant)
            registration = check_client(sandbox, tenant, params)
            if kind == "adminconsent v2":
                scopes.read(sandbox, params.get("scope", ""), request.host)
        except Refusal as refusal:
            return refused_page(refusal, request)
        session = session_of(request)
        flow = sandbox.identity.start_flow(session, kind, tenant, params)
        return with_session(picker(sandbox, flow, registration, params.get("login_hint", "")), session)

    return handle


def signed_in(
    request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration, person: Person
) -> web.StreamResponse:
    flow.oid = person.oid
    asks_roles = _wants_default(flow)
    if not (person.can_grant_roles if asks_roles else person.can_consent):
        refusal = Refusal(90094, directory=sandbox.world.tenant.name, name=registration.name)
        return refused_page(refusal, request, flow)
    return html.consent(
        flow.tenant, sandbox.world.tenant.name, registration.name, person, flow.id, flow.csrf,
        sorted(_permissions(sandbox, flow, registration, request.host)), for_all=True, offers_all=False,
    )  # fmt: skip


def consented(
    request: web.Request, sandbox: Sandbox, flow: Flow, registration: Registration, person: Person
) -> web.StreamResponse:
    wanted = _permissions(sandbox, flow, registration, request.host)
    if not person.can_grant_roles and (_wants_default(flow) or not person.can_consent):
        raise Refusal(90094, directory=sandbox.world.tenant.name, name=registration.name)
    registration.granted_scopes = sorted(wanted | set(registration.granted_scopes))
    if _wants_default(flow):
        registration.granted_roles = sorted(wanted | set(registration.granted_roles))
    registration.present = True
    sandbox.registrations.save()
    sandbox.identity.flows.pop(flow.id, None)
    fields = {"admin_consent": "True", "tenant": sandbox.world.tenant.id}
    if flow.kind == "adminconsent v2":
        fields["scope"] = " ".join(f"https://graph.microsoft.com/{name}" for name in sorted(wanted))
    return back(request, flow, fields=fields)


def declined(request: web.Request, flow: Flow) -> web.StreamResponse:
    # admin_consent=True stands in failures as well; that is Microsoft's answer, not a slip.
    error = "consent_required" if flow.kind == "adminconsent v2" else "permission_denied"
    return back(request, flow, fields={"admin_consent": "True"}, refusal=Refusal(65004, error=error))


def _wants_default(flow: Flow) -> bool:
    return flow.kind == "adminconsent v1" or flow.params.get("scope", "").endswith("/.default")


def _permissions(sandbox: Sandbox, flow: Flow, registration: Registration, host: str) -> frozenset[str]:
    if _wants_default(flow):
        return frozenset(registration.permissions)
    return scopes.read(sandbox, flow.params.get("scope", ""), host).permissions
