"""Between browser and flow: the session cookie, the check that a form is ours, the way back to the app."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web

from entra_sandbox.identity import errors, html
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.errors import Refusal
from entra_sandbox.identity.memory import Flow

_COOKIE = "sandbox_session"
_TITLES = {90094: "Need admin approval", 90095: "Approval required"}


def session_of(request: web.Request) -> str:
    """The browser's session, or a new one."""
    given = request.cookies.get(_COOKIE, "")
    return given if len(given) == 43 else secrets.token_urlsafe(32)


def with_session(answer: web.StreamResponse, session: str) -> web.StreamResponse:
    # Not Secure: the pages are served over plain http on loopback.
    answer.set_cookie(_COOKIE, session, path="/", httponly=True, samesite="Lax", max_age=86_400)
    return answer


def flow_of(request: web.Request, sandbox: Sandbox, fields: Mapping[str, str], *, changes: bool) -> Flow:
    """The flow a form belongs to; raises Refusal when it is old, another browser's, or not from our page."""
    flow = sandbox.identity.flows.get(fields.get("flow", ""))
    if flow is None or flow.tenant != request.match_info["tenant"] or flow.session != request.cookies.get(_COOKIE):
        raise Refusal(50089)
    if changes and not hmac.compare_digest(flow.csrf.encode(), fields.get("csrf", "").encode()):
        raise Refusal(50089)
    return flow


def back(
    request: web.Request, flow: Flow, *, fields: Mapping[str, str] | None = None, refusal: Refusal | None = None
) -> web.StreamResponse:
    """Sends the browser to the app, in the response mode it asked for, with its own state."""
    content = dict(fields or {})
    if refusal is not None:
        told = errors.body(refusal, request)
        content |= {name: str(told[name]) for name in ("error", "error_description", "error_uri")}
    if "state" in flow.params:
        content["state"] = flow.params["state"]
    address, mode = flow.params["redirect_uri"], flow.params.get("response_mode", "query")
    if mode == "form_post":
        return html.form_post(address, content)
    if mode == "fragment":
        return redirect(f"{address}#{urlencode(content)}")
    return redirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(content)}")


def redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})


def refused_page(refusal: Refusal, request: web.Request, flow: Flow | None = None) -> web.Response:
    """A failure that stays at the sign-in host: the app never hears of it.

    flow:  what the person was about to do, for the links to another account and back to the app.
    """
    told = errors.body(refusal, request)
    title = _TITLES.get(refusal.code, "Sorry, but we’re having trouble signing you in.")
    facts = {
        "Trace ID": told["trace_id"],
        "Correlation ID": told["correlation_id"],
        "Timestamp": told["timestamp"],
    }
    return html.refused(title, refusal.sentence, refusal.code, facts, _ways_on(request, flow) if flow else None)


def _ways_on(request: web.Request, flow: Flow) -> dict[str, str]:
    ways = {"Sign in with another account": f"/{quote(flow.tenant)}/login?{urlencode({'flow': flow.id})}"}
    answer = back(request, flow, refusal=Refusal(65004))
    if "Location" in answer.headers:
        ways["Return to the app without granting anything"] = answer.headers["Location"]
    return ways
